"""Groups of the lowest level that share M = Z'Z are eliminated together, whatever their number.

Such groups (equal sizes, balanced times) have the same N, A and F; only sums of products of their C enter. The kernel
then runs over a few patterns instead of all groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.design.blocks import Design, LevelDesign
from engine.frame.modelframe import FloatArray, IntArray

_DIGITS = 1e12
"""M is compared after rounding to this many parts of its largest entry."""
_SHARE = 0.2
_SAMPLE = 2000
_FEW = 64
_NUMBERS = 1 << 24
"""Largest array of products that is worth making."""


@dataclass(frozen=True, slots=True, eq=False)
class CellSums:
    """Sums of C_a[i] C_b[j] over the groups of a cell: one pattern within one group of an upper level.

    Attributes
    ----------
    products
        Shape (q, q, rows, columns, cells).
    pattern
        Pattern of each cell, shape (cells,).
    starts
        First cell of each group of the upper level; None where the level is the whole sample.
    """

    products: FloatArray
    pattern: IntArray
    starts: IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Patterns:
    """The lowest level by pattern.

    Attributes
    ----------
    M
        Shape (q, q, T).
    counts
        Groups per pattern, counted by their weights, shape (T,).
    final
        Sums of C_a[i] C_b[j] over all groups of a pattern for the [X r] block, shape (q, q, P, P, T).
    upper
        The same for the rows of every upper level, from the level just above to the top.
    """

    M: FloatArray
    counts: FloatArray
    final: FloatArray
    upper: tuple[CellSums, ...]


def find_patterns(design: Design) -> Patterns | None:
    """Compress the lowest level; None where too few groups share a pattern for it to pay."""
    if not design.levels:
        return None
    lowest = design.levels[-1]
    q, P = lowest.q, design.p + 1
    keys = _keys(lowest.products[:, :q])
    sample = keys[:: max(lowest.n_groups // _SAMPLE, 1)]
    worthwhile = max(_FEW, _SHARE * len(sample))
    if _count(sample) > worthwhile:
        return None
    values, first, pattern = np.unique(keys, return_index=True, return_inverse=True)
    T = len(values)
    if max(_SHARE * lowest.n_groups, 1) < T or (q > 1 and T > _FEW) or q * q * P * P * T > _NUMBERS:
        return None
    C = lowest.products[:, q:]
    order = np.argsort(pattern, kind="stable")
    starts = np.searchsorted(pattern[order], np.arange(T))
    total = None if lowest.weights is None else lowest.weights.total
    final = _gram_by_pattern(C[:, -P:], order, starts, total)
    upper = tuple(_cells(design, k, C, pattern, T) for k in range(len(design.levels) - 2, -1, -1))
    if any(cells is None for cells in upper):
        return None
    return Patterns(
        M=np.ascontiguousarray(lowest.products[:, :q, first]),
        counts=np.bincount(pattern, weights=total, minlength=T).astype(np.float64),
        final=final,
        upper=tuple(cells for cells in upper if cells is not None),
    )


def _keys(M: FloatArray) -> FloatArray:
    """One number per group that is equal where M is equal up to rounding."""
    q = len(M)
    top = float(np.abs(M).max()) or 1.0
    entries = np.round(M[np.triu_indices(q)] * (_DIGITS / top))
    weights = np.sqrt(np.arange(2.0, 2.0 + len(entries)))  # square roots of integers do not add up by chance
    # element by element: a matrix product may round equal columns differently
    return np.asarray((weights[:, None] * entries).sum(axis=0))


def _count(keys: FloatArray) -> int:
    ordered = np.sort(keys)
    return 1 + int(np.count_nonzero(ordered[1:] != ordered[:-1]))


def _gram_by_pattern(C: FloatArray, order: IntArray, starts: IntArray, weights: FloatArray | None) -> FloatArray:
    """Sum C_a[i] C_b[j] over the groups of each pattern, one matrix product per pattern or row by row."""
    q, P, G = C.shape
    T = len(starts)
    flat = C.reshape(q * P, G)
    ordered = flat if T == 1 else flat[:, order]
    weighted = ordered if weights is None else ordered * weights[order]
    out = np.empty((q * P, q * P, T))
    if T <= _FEW:
        ends = np.append(starts[1:], G)
        for t in range(T):
            part = slice(starts[t], ends[t])
            out[:, :, t] = weighted[:, part] @ ordered[:, part].T
    else:
        for i in range(q * P):
            out[i, i:] = np.add.reduceat(weighted[i] * ordered[i:], starts, axis=-1)
            out[i:, i] = out[i, i:]
    return np.ascontiguousarray(out.reshape(q, P, q, P, T).transpose(0, 2, 1, 3, 4))


def _cells(design: Design, k: int, C: FloatArray, pattern: IntArray, T: int) -> CellSums | None:
    """Sums for the rows of upper level k; None where cells are nearly as many as groups."""
    lowest, above = design.levels[-1], design.levels[k]
    near = _width(design.levels[k + 1 : -1])
    rows, columns = slice(near, near + above.q), slice(near, C.shape[1])
    group = np.repeat(np.arange(above.n_groups), np.diff(lowest.starts[k], append=lowest.n_groups))
    cell = group * T + pattern
    sorted_already = bool(np.all(cell[1:] >= cell[:-1]))
    order = slice(None) if sorted_already else np.argsort(cell, kind="stable")
    ordered = cell[order]
    starts = np.concatenate(([0], np.flatnonzero(ordered[1:] != ordered[:-1]) + 1))
    if len(starts) > 0.5 * lowest.n_groups:
        return None
    left, right = C[:, rows][..., order], C[:, columns][..., order]
    if lowest.weights is not None:
        left = left * lowest.weights.upward[k][order]
    q = len(C)
    products = np.empty((q, q, above.q, columns.stop - near, len(starts)))
    for a in range(q):
        for b in range(q):
            for i in range(above.q):
                products[a, b, i] = np.add.reduceat(left[a, i] * right[b], starts, axis=-1)
    first = ordered[starts]
    return CellSums(products, first % T, np.searchsorted(first // T, np.arange(above.n_groups)))


def _width(levels: tuple[LevelDesign, ...]) -> int:
    return sum(level.q for level in levels)
