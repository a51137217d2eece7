"""Cross-products of a model by group: all that a fit with independent errors ever needs of the rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.design.bases import Basis, make_basis
from engine.design.columns import RawColumns, raw_columns
from engine.design.grouping import Grouping, group_rows
from engine.design.weights import LevelWeights, RowWeights, level_weights, row_weights
from engine.events import CancelToken
from engine.frame.modelframe import FloatArray, IntArray, ModelFrame


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LevelDesign:
    """One level with random effects.

    Attributes
    ----------
    level
        Index into the frame's levels; the outermost where several define the same groups.
    blocks
        Indices of the frame's blocks with these groups, in order.
    q
        Number of random effects, all blocks together.
    products
        ``Z_l' [Z_l Z_{depth-1} … Z_1 X r]`` per group, shape (q, q + d, G), groups in hierarchical order.
    codes
        The frame's code of each group, shape (G,).
    starts
        For each level k above, the first of these groups within each of its groups.
    weights
        How often the groups count; None for once each.
    """

    level: int
    blocks: tuple[int, ...]
    q: int
    products: FloatArray
    codes: IntArray
    starts: tuple[IntArray, ...]
    weights: LevelWeights | None = None

    @property
    def n_groups(self) -> int:
        """Number of groups."""
        return len(self.codes)

    @property
    def n_counted(self) -> float:
        """Number of groups, counted by their weights."""
        return self.n_groups if self.weights is None else float(self.weights.total.sum())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Design:
    """Working cross-products of a model; `gram` is [X r]'[X r], shape (p+1, p+1), `levels` runs top down.

    `n` is the sum of the weights of all rows, their number `n_rows` without weights.
    """

    n: float
    n_rows: int
    p: int
    basis: Basis
    levels: tuple[LevelDesign, ...]
    gram: FloatArray


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The pairs of columns whose products are summed per level, the columns of [X r], and how rows and groups count."""

    pairs: list[list[tuple[int, int]]]
    tail: tuple[int, ...]
    weights: RowWeights | None
    counted: tuple[LevelWeights | None, ...]


def make_design(frame: ModelFrame, cancel: CancelToken, *, nested: int | None = None) -> Design:
    """Reduce a frame to cross-products: two passes over the rows, in chunks.

    With `nested` only that many levels, from the top, are nested and reduced here.
    """
    raw = raw_columns(frame)
    basis = make_basis(frame, raw, cancel)
    homes = _homes(frame)
    inside = [nested is None or block.level < nested for block in frame.blocks]
    used = sorted(
        {homes[b.level] for b, own in zip(frame.blocks, inside, strict=True) if own and b.structure is not None}
    )
    grouping = group_rows([frame.levels[i] for i in used], len(frame.y))
    tail = (*basis.fixed, basis.residual)
    blocks = [
        tuple(b for b, block in enumerate(frame.blocks) if inside[b] and homes[block.level] == i and len(raw.random[b]))
        for i in used
    ]
    effects = [tuple(column for b in members for column in basis.random[b]) for members in blocks]
    # columns of level depth: its own effects, those of the levels above from near to far, X, r
    columns = [tuple(c for k in range(depth, -1, -1) for c in effects[k]) + tail for depth in range(len(used))]
    pairs = [
        list(dict.fromkeys(_pair(a, c) for a in own for c in right))
        for own, right in zip(effects, columns, strict=True)
    ]
    weights = row_weights(frame, used, grouping)
    counted = level_weights(frame, used, grouping)
    sums, gram = _sum_rows(raw, basis, grouping, _Wanted(pairs, tail, weights, counted), cancel)
    levels = []
    for depth, index in enumerate(used):
        where = {pair: i for i, pair in enumerate(pairs[depth])}
        rows = np.array([[where[_pair(a, c)] for c in columns[depth]] for a in effects[depth]], dtype=np.intp)
        levels.append(
            LevelDesign(
                level=index,
                blocks=blocks[depth],
                q=len(effects[depth]),
                products=sums[depth][rows],
                codes=grouping.levels[depth].codes,
                starts=tuple(grouping.first_children(k, depth) for k in range(depth)),
                weights=counted[depth],
            )
        )
    n = len(frame.y)
    sum_of_weights = n if weights is None else float(weights.total.sum())
    return Design(n=sum_of_weights, n_rows=n, p=frame.X.shape[1], basis=basis, levels=tuple(levels), gram=gram)


def _homes(frame: ModelFrame) -> list[int]:
    """Return for each level the outermost one that defines the same groups, where its effects are eliminated.

    Levels are nested, so as many groups are the same groups; a list in the wrong order consists of nothing else.
    """
    homes: list[int] = []
    for i, level in enumerate(frame.levels):
        same = i > 0 and frame.weights is None and level.n_groups == frame.levels[i - 1].n_groups
        homes.append(homes[-1] if same else i)
    return homes


def _pair(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a <= b else (b, a)


def _from_rows(pair: tuple[int, int], weights: RowWeights | None) -> bool:
    """Whether a product is summed over rows: the constant's is the number of rows unless they have weights."""
    return pair != (0, 0) or weights is not None


def _sum_rows(
    raw: RawColumns,
    basis: Basis,
    grouping: Grouping,
    wanted: _Wanted,
    cancel: CancelToken,
) -> tuple[list[FloatArray], FloatArray]:
    """Sum products of working columns over the groups of each level; return them and the Gram matrix of [X r].

    A product that a lower level needs too is summed over rows there only, and added up from its groups.
    """
    weights = wanted.weights
    n = grouping.n_rows
    pairs, tail = wanted.pairs, wanted.tail
    from_rows = [
        [pair for pair in level if _from_rows(pair, weights) and not any(pair in lower for lower in pairs[depth + 1 :])]
        for depth, level in enumerate(pairs)
    ]
    sums = [np.zeros((len(level), grouped.n_groups)) for level, grouped in zip(pairs, grouping.levels, strict=True)]
    work = [
        [(*pair, sums[depth][pairs[depth].index(pair)]) for pair in needed] for depth, needed in enumerate(from_rows)
    ]
    order = grouping.permutation
    gram = np.zeros((len(tail), len(tail)))
    size = len(basis.weights) + 1
    table = np.empty(0)
    for first, last, W in raw.chunks(basis.shift, order, cancel):
        m = last - first
        if table.size != size * m:
            table = np.ones((size, m))
            product = np.empty(m)
        np.matmul(basis.weights, W, out=table[1:])
        if basis.constants.any():
            table[1:] += basis.constants[:, None]
        T = table[list(tail)] if tail != tuple(range(size)) else table
        gram += T @ T.T if weights is None else (T * weights.total[first:last]) @ T.T
        for depth, (grouped, items) in enumerate(zip(grouping.levels, work, strict=True)):
            if not items:
                continue
            head = int(np.searchsorted(grouped.starts, first, side="right")) - 1
            end = int(np.searchsorted(grouped.starts, last, side="left"))
            cuts = grouped.starts[head:end] - first
            cuts[0] = 0
            for a, b, target in items:
                values = table[b] if a == 0 else np.multiply(table[a], table[b], out=product)
                if weights is not None:
                    values = np.multiply(values, weights.below[depth][first:last], out=product)
                target[head:end] += np.add.reduceat(values, cuts)
    for depth, level in enumerate(pairs):
        for i, pair in enumerate(level):
            if not _from_rows(pair, weights):
                sums[depth][i] = grouping.levels[depth].counts(n)
    for depth in range(len(pairs) - 2, -1, -1):
        own = set(from_rows[depth])
        for i, pair in enumerate(pairs[depth]):
            if not _from_rows(pair, weights) or pair in own:
                continue
            below = next(k for k in range(depth + 1, len(pairs)) if pair in pairs[k])
            values = sums[below][pairs[below].index(pair)]
            passed = wanted.counted[below]
            if passed is not None:
                values = values * passed.upward[depth]
            sums[depth][i] = np.add.reduceat(values, grouping.first_children(depth, below))
    return sums, gram
