"""Sums of [X e] e over the rows of each top-level group, e the residual of the fixed part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.design.blocks import Design
from engine.design.columns import raw_columns
from engine.design.grouping import group_rows
from engine.design.weights import row_weights
from engine.events import CancelToken
from engine.frame.modelframe import FloatArray, IntArray, ModelFrame


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RowScores:
    """Per group of the top level with random effects, per row where there is none.

    Attributes
    ----------
    products
        ``[X~ r]' W e`` with e = r - X~ b, shape (p+1, G).
    n
        Sum of weights, shape (G,).
    first
        A row of the frame in each group, shape (G,).
    """

    products: FloatArray
    n: FloatArray
    first: IntArray


def row_scores(frame: ModelFrame, design: Design, b: FloatArray, cancel: CancelToken) -> RowScores:
    """Make one pass over the rows; b (p,) are coefficients of X~."""
    raw, basis, n = raw_columns(frame), design.basis, len(frame.y)
    used = [level.level for level in design.levels]
    grouping = group_rows([frame.levels[i] for i in used], n)
    weights = row_weights(frame, used, grouping)
    starts = grouping.levels[0].starts if used else np.arange(n)
    tail = np.array([*basis.fixed, basis.residual])
    out = np.zeros((len(tail), len(starts)))
    for first, last, W in raw.chunks(basis.shift, grouping.permutation, cancel):
        table = np.ones((len(basis.weights) + 1, last - first))
        np.matmul(basis.weights, W, out=table[1:])
        table[1:] += basis.constants[:, None]
        T = table[tail]
        e = T[-1] - b @ T[:-1]
        if weights is not None:
            e *= weights.total[first:last]
        head = int(np.searchsorted(starts, first, side="right")) - 1
        end = int(np.searchsorted(starts, last, side="left"))
        cuts = starts[head:end] - first
        cuts[0] = 0
        out[:, head:end] += np.add.reduceat(T * e, cuts, axis=1)
    counts = np.diff(starts, append=n).astype(np.float64) if weights is None else np.add.reduceat(weights.total, starts)
    return RowScores(
        products=out, n=counts, first=starts if grouping.permutation is None else grouping.permutation[starts]
    )
