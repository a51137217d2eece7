"""Rows in the order of the lowest-level groups and of t(), for structured residual errors.

Groups are collected by pattern: the same value of by() and the same times (or distances in time) have the same
residual covariance matrix W.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.design.blocks import Design
from engine.design.columns import raw_columns
from engine.design.residualweights import ResidualWeights, residual_weights
from engine.events import CancelToken
from engine.frame.modelframe import FloatArray, IntArray, ModelFrame
from engine.frame.residualerrors import ResidualErrors, in_order

_NUMBERS = 1 << 21
"""Numbers of a batch's working arrays."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """Groups of equal size with the same by(), S patterns with R groups each.

    Attributes
    ----------
    by
        Index of the set of parameters.
    times
        Shape (S, T).
    rows
        Sorted rows of the groups, shape (S, T, R).
    groups
        Position of each group among all lowest-level groups, shape (S, R).
    """

    by: int
    times: FloatArray
    rows: IntArray
    groups: IntArray


@dataclass(frozen=True, eq=False)
class ResidualDesign:
    """Working columns by sorted row.

    Attributes
    ----------
    errors
        The structure.
    order
        Rows of the frame in sorted order, shape (n,); None where they lie in it.
    table
        Distinct working columns, shape (w, n).
    effects
        Rows of `table` that hold the columns of Z of all levels, without repetition.
    tail
        Rows of `table` that hold X~ and r.
    levels
        Per level of the design, rows of `table` with its own effects, and with the columns of its products.
    starts
        First sorted row of each lowest-level group, shape (G,).
    parents
        Per level of the design, its first lowest-level groups.
    times, by
        In sorted order, shape (n,); `by` of the rows.
    weights
        How often rows and lowest-level groups count; None for once each.
    """

    errors: ResidualErrors
    n_rows: int
    order: IntArray | None
    table: FloatArray
    effects: tuple[int, ...]
    tail: tuple[int, ...]
    levels: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    starts: IntArray
    parents: tuple[IntArray, ...]
    times: FloatArray
    by: IntArray
    weights: ResidualWeights | None = None

    @property
    def n_groups(self) -> int:
        """Number of lowest-level groups."""
        return len(self.starts)

    @cached_property
    def counts(self) -> IntArray:
        """Rows per group, shape (G,)."""
        return np.diff(self.starts, append=self.n_rows)

    def counted(self, groups: IntArray) -> FloatArray:
        """How often some lowest-level groups count in the likelihood, in the shape of `groups`."""
        return np.ones(groups.shape) if self.weights is None else self.weights.total[groups]

    @cached_property
    def row_total(self) -> FloatArray:
        """How often each row counts in the likelihood, shape (n,)."""
        if self.weights is None:
            return np.ones(self.n_rows)
        total = np.repeat(self.weights.total, self.counts)
        return total if self.weights.rows is None else total * self.weights.rows

    @cached_property
    def distinct_times(self) -> FloatArray:
        """The values of t()."""
        return np.unique(self.times)

    @cached_property
    def batches(self) -> tuple[Batch, ...]:
        """Groups by pattern."""
        return tuple(self._batches())

    def _batches(self) -> list[Batch]:
        out: list[Batch] = []
        group_by = self.by[self.starts]
        relative = self.errors.structures and self.errors.kind in ("ar", "ma", "toeplitz", "exponential")
        key = group_by * (int(self.counts.max()) + 1) + self.counts
        for value in np.unique(key):
            members = np.flatnonzero(key == value)
            size = int(self.counts[members[0]])
            rows = self.starts[members][:, None] + np.arange(size)
            times = self.times[rows]
            if relative:
                times = times - times[:, :1]
            out += _by_multiplicity(int(group_by[members[0]]), members, rows, times, len(self.table))
        return out


def _by_multiplicity(by: int, members: IntArray, rows: IntArray, times: FloatArray, width: int) -> list[Batch]:
    """Batches of patterns that have the same number of groups."""
    G, T = times.shape
    if (times == times[0]).all():
        pattern, n_patterns = np.zeros(G, dtype=np.int64), 1
    else:
        _, inverse = np.unique(times, axis=0, return_inverse=True)
        pattern = inverse.astype(np.int64).reshape(-1)
        n_patterns = int(pattern.max()) + 1
    order = np.argsort(pattern, kind="stable")
    first = np.searchsorted(pattern[order], np.arange(n_patterns))
    counts = np.diff(first, append=G)
    out = []
    for R in np.unique(counts):
        chosen = np.flatnonzero(counts == R)
        groups = order[first[chosen][:, None] + np.arange(R)]  # (S, R)
        most_R = max(_NUMBERS // (T * width), 1)
        most_S = max(_NUMBERS // (T * max(T, width * min(int(R), most_R))), 1)
        for s in range(0, len(chosen), most_S):
            for r in range(0, int(R), most_R):
                part = groups[s : s + most_S, r : r + most_R]
                out.append(Batch(by=by, times=times[part[:, 0]], rows=rows[part].swapaxes(1, 2), groups=members[part]))
    return out


def make_residual_design(
    frame: ModelFrame, design: Design, errors: ResidualErrors, cancel: CancelToken
) -> ResidualDesign:
    """Sort the rows of `frame` by group and time and compute their working columns."""
    basis = design.basis
    tail = (*basis.fixed, basis.residual)
    own = [tuple(c for b in level.blocks for c in basis.random[b]) for level in design.levels]
    distinct = list(dict.fromkeys((*tail, *(c for columns in own for c in columns))))
    place = {column: i for i, column in enumerate(distinct)}
    levels = []
    for depth, columns in enumerate(own):
        right = tuple(c for k in range(depth, -1, -1) for c in own[k]) + tail
        levels.append((tuple(place[c] for c in columns), tuple(place[c] for c in right)))
    order, codes, parents = _sorted_groups(frame, design, errors)
    starts = np.concatenate(([0], np.flatnonzero(codes[1:] != codes[:-1]) + 1))
    rows = slice(None) if order is None else order
    return ResidualDesign(
        errors=errors,
        n_rows=len(codes),
        order=order,
        table=_table(frame, design, order, distinct, cancel),
        effects=tuple(dict.fromkeys(i for columns, _ in levels for i in columns)),
        tail=tuple(place[c] for c in tail),
        levels=tuple(levels),
        starts=starts,
        parents=tuple(np.searchsorted(group[starts], np.arange(design.levels[k].n_groups)) for k, group in parents),
        times=errors.times[rows],
        by=errors.by_codes[rows],
        weights=residual_weights(frame, [level.level for level in design.levels], order, starts),
    )


def _sorted_groups(
    frame: ModelFrame, design: Design, errors: ResidualErrors
) -> tuple[IntArray | None, IntArray, list[tuple[int, IntArray]]]:
    """Row order (None where rows lie in it), and of each sorted row the lowest group and that of every design level."""
    positions = []
    for level in design.levels:
        position = np.empty(frame.levels[level.level].n_groups, dtype=np.int64)
        position[level.codes] = np.arange(level.n_groups)
        positions.append(position[frame.levels[level.level].codes])
    if in_order(errors.codes, errors.times) and (not positions or np.all(np.diff(positions[-1]) >= 0)):
        return None, errors.codes, list(enumerate(positions))
    keys = [errors.times, errors.codes] + ([positions[-1]] if positions else [])
    order = np.lexsort(keys)
    return order, errors.codes[order], [(k, position[order]) for k, position in enumerate(positions)]


def _table(
    frame: ModelFrame, design: Design, order: IntArray | None, distinct: list[int], cancel: CancelToken
) -> FloatArray:
    basis = design.basis
    out = np.ones((len(distinct), design.n_rows))
    slots = [i for i, column in enumerate(distinct) if column > 0]
    wanted = [distinct[i] - 1 for i in slots]
    weights, constants = basis.weights[wanted], basis.constants[wanted][:, None]
    for first, last, W in raw_columns(frame).chunks(basis.shift, order, cancel):
        out[slots, first:last] = weights @ W + constants
    return out
