"""Cross-products of a model whose effects are not all nested: a chain of levels, and columns W crossed with it.

W holds one column per group and effect of every crossed level, effect by effect; their order is that of the levels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from engine.design.blocks import Design, LevelDesign, make_design
from engine.design.columns import raw_columns
from engine.design.coupling import Coupling, DenseCoupling, make_coupling
from engine.design.equivalent import Equivalent
from engine.events import CancelToken
from engine.frame.modelframe import FloatArray, IntArray, ModelFrame


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CrossedLevel:
    """One level outside the chain.

    Attributes
    ----------
    level, blocks, q
        As in `engine.design.blocks.LevelDesign`, of the equivalent frame.
    codes
        Group of each row, shape (n,).
    columns
        Its columns of W; effect e of group g is column ``columns.start + e * n_groups + g``.
    squares
        Sum over rows of the squares of each effect, shape (q,).
    """

    level: int
    blocks: tuple[int, ...]
    q: int
    codes: IntArray
    n_groups: int
    columns: slice
    squares: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CrossedDesign:
    """Cross-products of chain and crossed levels.

    Attributes
    ----------
    chain
        Design of the chain. With several levels its final block is [W X r] instead of [X r].
    p
        Columns of X.
    crossed
        Levels outside the chain.
    WW, WX
        W'W (m, m) and W'[X r] (m, p + 1).
    coupling
        Products of a chain of one level with W; None where they are part of `chain`.
    rows_of
        Group of the chain's lowest level, in the design's order, of each row.
    """

    chain: Design
    p: int
    crossed: tuple[CrossedLevel, ...]
    WW: FloatArray
    WX: FloatArray
    coupling: Coupling | None
    rows_of: IntArray

    @property
    def m(self) -> int:
        """Columns of W."""
        return len(self.WW)


def make_crossed_design(model: Equivalent, cancel: CancelToken) -> CrossedDesign:
    """Reduce an equivalent frame to cross-products; of weights only observations may have any."""
    frame = model.frame
    design = make_design(frame, cancel, nested=model.nested)
    weights = None if frame.weights is None else frame.weights.rows
    table = _Rows(_working_columns(frame, design, cancel), weights)
    basis = design.basis
    tail = (*basis.fixed, basis.residual)
    crossed = _levels(frame, model.nested, basis.random, table)
    WW = _within(crossed, frame, basis.random, table, cancel)
    WX = np.zeros((len(WW), len(tail)))
    for level, effect, columns in _effects(crossed, basis.random):
        for t, c in enumerate(tail):
            WX[columns, t] = np.bincount(level.codes, weights=table.times(effect, c), minlength=level.n_groups)
    rows_of = [_positions(level, frame) for level in design.levels]
    coupling: Coupling | None = None
    if len(design.levels) == 1:
        effects = _level_effects(design.levels[0], basis.random)
        coupling = make_coupling(_entries(rows_of[0], effects, crossed, basis.random, table), design.levels[0], len(WW))
    elif crossed:
        design = _with_columns(design, rows_of, crossed, table, (WW, WX))
    return CrossedDesign(
        chain=design,
        p=frame.X.shape[1],
        crossed=crossed,
        WW=WW,
        WX=WX,
        coupling=coupling,
        rows_of=rows_of[-1],
    )


def _working_columns(frame: ModelFrame, design: Design, cancel: CancelToken) -> FloatArray:
    """All working columns of all rows, shape (w + 1, n), the constant first."""
    raw, basis = raw_columns(frame), design.basis
    out = np.ones((len(basis.weights) + 1, raw.n_rows))
    for first, last, part in raw.chunks(basis.shift, None, cancel):
        np.matmul(basis.weights, part, out=out[1:, first:last])
        out[1:, first:last] += basis.constants[:, None]
    return out


def _levels(
    frame: ModelFrame, nested: int, random: tuple[tuple[int, ...], ...], table: _Rows
) -> tuple[CrossedLevel, ...]:
    out = []
    at = 0
    for k in range(nested, len(frame.levels)):
        level = frame.levels[k]
        blocks = tuple(b for b, block in enumerate(frame.blocks) if block.level == k)
        effects = [c for b in blocks for c in random[b]]
        width = len(effects) * level.n_groups
        out.append(
            CrossedLevel(
                level=k,
                blocks=blocks,
                q=len(effects),
                codes=level.codes,
                n_groups=level.n_groups,
                columns=slice(at, at + width),
                squares=np.array([table.squares(c) for c in effects]),
            )
        )
        at += width
    return tuple(out)


def _level_effects(level: LevelDesign | CrossedLevel, random: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    return tuple(c for b in level.blocks for c in random[b])


def _effects(
    crossed: tuple[CrossedLevel, ...], random: tuple[tuple[int, ...], ...]
) -> Iterator[tuple[CrossedLevel, int, slice]]:
    """Yield each crossed level, the working column of each of its effects, and that effect's columns of W."""
    for level in crossed:
        for e, effect in enumerate(_level_effects(level, random)):
            first = level.columns.start + e * level.n_groups
            yield level, effect, slice(first, first + level.n_groups)


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Working columns (w + 1, n), the constant first, and how often each row counts; None for once."""

    columns: FloatArray
    weights: FloatArray | None

    def times(self, a: int, b: int) -> FloatArray | None:
        """Product of two columns, counted by the weights; None for a product of ones."""
        table, weights = self.columns, self.weights
        if a == 0 and b == 0:
            return weights
        product = table[max(a, b)] if min(a, b) == 0 else table[a] * table[b]
        return np.asarray(product if weights is None else product * weights)

    def squares(self, a: int) -> float:
        """Sum of squares of a column, counted by the weights."""
        column = self.columns[a]
        return float(column @ column if self.weights is None else (column * self.weights) @ column)


def _within(
    crossed: tuple[CrossedLevel, ...],
    frame: ModelFrame,
    random: tuple[tuple[int, ...], ...],
    table: _Rows,
    cancel: CancelToken,
) -> FloatArray:
    """W'W."""
    members = list(_effects(crossed, random))
    m = members[-1][2].stop if members else 0
    out = np.zeros((m, m))
    for i, (left, a, rows) in enumerate(members):
        for right, b, columns in members[i:]:
            cancel.check()
            values = table.times(a, b)
            if left is right:
                sums = np.bincount(left.codes, weights=values, minlength=left.n_groups)
                np.fill_diagonal(out[rows, columns], sums)
                np.fill_diagonal(out[columns, rows], sums)
                continue
            key = left.codes * right.n_groups + right.codes
            sums = np.bincount(key, weights=values, minlength=left.n_groups * right.n_groups)
            out[rows, columns] = sums.reshape(left.n_groups, right.n_groups)
            out[columns, rows] = out[rows, columns].T
    return out


def _positions(level: LevelDesign, frame: ModelFrame) -> IntArray:
    """Group of each row in the order of a design's level, shape (n,)."""
    place = np.empty(level.n_groups, dtype=np.int64)
    place[level.codes] = np.arange(level.n_groups)
    return place[frame.levels[level.level].codes]


def _entries(
    groups: IntArray,
    effects: tuple[int, ...],
    crossed: tuple[CrossedLevel, ...],
    random: tuple[tuple[int, ...], ...],
    table: _Rows,
) -> Iterator[tuple[int, IntArray, IntArray, FloatArray | None]]:
    """Yield for each effect of a level and each effect in W: its number, the rows' groups, columns of W, products."""
    for a, effect in enumerate(effects):
        for level, other, columns in _effects(crossed, random):
            yield a, groups, level.codes + columns.start, table.times(effect, other)


def _with_columns(
    design: Design,
    rows_of: list[IntArray],
    crossed: tuple[CrossedLevel, ...],
    table: _Rows,
    block: tuple[FloatArray, FloatArray],
) -> Design:
    """Put the columns W before X in the final block of a chain's products."""
    WW, WX = block
    m, P = WX.shape
    levels = []
    for level, groups in zip(design.levels, rows_of, strict=True):
        random = design.basis.random
        entries = _entries(groups, _level_effects(level, random), crossed, random, table)
        dense = DenseCoupling.of(entries, (level.q, level.n_groups, m)).B.transpose(0, 2, 1)
        products = np.concatenate((level.products[:, :-P], dense, level.products[:, -P:]), axis=1)
        levels.append(replace(level, products=products))
    gram = np.block([[WW, WX], [WX.T, design.gram]])
    return replace(design, p=design.p + m, levels=tuple(levels), gram=gram)
