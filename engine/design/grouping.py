"""Rows in hierarchical order: where each group starts, and which group of the level above it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.frame.modelframe import IntArray, Level

_RADIX = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupedLevel:
    """The groups of one level, in hierarchical order.

    Attributes
    ----------
    starts
        First sorted row of each group, shape (G,), strictly increasing.
    codes
        The frame's code of each group, shape (G,).
    """

    starts: IntArray
    codes: IntArray

    @property
    def n_groups(self) -> int:
        """Number of groups."""
        return len(self.starts)

    def counts(self, n_rows: int) -> IntArray:
        """Rows per group, shape (G,)."""
        return np.diff(self.starts, append=n_rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """A hierarchical order of n rows; `permutation` is None when they lie in it already."""

    n_rows: int
    permutation: IntArray | None
    levels: tuple[GroupedLevel, ...]

    def first_children(self, upper: int, lower: int) -> IntArray:
        """Return the first group of level `lower` within each group of level `upper`, shape (G_upper,)."""
        return np.searchsorted(self.levels[lower].starts, self.levels[upper].starts)


def group_rows(levels: Sequence[Level], n_rows: int) -> Grouping:
    """Order rows so that the groups of every level lie together.

    Parameters
    ----------
    levels
        Nested levels, top first; every group of a level lies within one group of the level above.
    n_rows
        Number of rows.
    """
    if not levels:
        return Grouping(n_rows=n_rows, permutation=None, levels=())
    if all(_is_grouped(level) for level in levels):
        grouped = tuple(_run_starts(level.codes) for level in levels)
        return Grouping(
            n_rows=n_rows,
            permutation=None,
            levels=tuple(
                GroupedLevel(starts=starts, codes=level.codes[starts])
                for starts, level in zip(grouped, levels, strict=True)
            ),
        )
    lowest = levels[-1]
    representative = np.empty(lowest.n_groups, dtype=np.int64)
    representative[lowest.codes[::-1]] = np.arange(n_rows - 1, -1, -1)
    paths = [level.codes[representative] for level in levels]
    order = np.lexsort(paths[::-1])
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    new_codes = rank[lowest.codes]
    lowest_starts = np.concatenate(([0], np.cumsum(np.bincount(new_codes, minlength=lowest.n_groups))[:-1]))
    out = []
    for path in paths:
        codes = path[order]
        first = _run_starts(codes)
        out.append(GroupedLevel(starts=lowest_starts[first], codes=codes[first]))
    return Grouping(n_rows=n_rows, permutation=counting_sort(new_codes, lowest.n_groups), levels=tuple(out))


def counting_sort(codes: IntArray, n_groups: int) -> IntArray:
    """Return the stable permutation (n,) that sorts `codes` (n,) in 0 … n_groups-1, in linear time.

    numpy sorts 16-bit integers by radix, so two stable passes over half-words do for up to 2^32 groups.
    """
    low = np.argsort((codes % _RADIX).astype(np.uint16), kind="stable")
    if n_groups <= _RADIX:
        return low
    high = (codes // _RADIX).astype(np.uint16)
    return low[np.argsort(high[low], kind="stable")]


def _is_grouped(level: Level) -> bool:
    """Whether each group's rows are consecutive."""
    codes = level.codes
    return int(np.count_nonzero(codes[1:] != codes[:-1])) == level.n_groups - 1


def _run_starts(codes: npt.NDArray[np.int64]) -> IntArray:
    return np.concatenate(([0], np.flatnonzero(codes[1:] != codes[:-1]) + 1))
