"""The rank of fixed and random effects together, group by group."""

from __future__ import annotations

import numpy as np

from engine.design.blocks import make_design
from engine.events import CancelToken
from engine.frame.modelframe import FloatArray, ModelFrame

_SINGULAR = 1e-10
"""Share of a column's sum of squares that must remain once other columns explain the rest."""


def rank_of_fixed_and_random(frame: ModelFrame) -> int:
    """Return rank([X Z]): level after level, lowest first, what is left of each group's columns is counted.

    Columns of a group are those of its effects; a level is projected out of all above it and out of X.
    """
    design = make_design(frame, CancelToken())
    p = design.p
    gram = design.gram[:p, :p].copy()
    rows = [level.products.copy() for level in design.levels]
    total = 0
    for depth in range(len(design.levels) - 1, -1, -1):
        level = design.levels[depth]
        q = level.q
        rank, A = _inverse(rows[depth][:, :q], level.products[:, :q])
        total += rank
        C = rows[depth][:, q:-1]  # without the residual
        U = A[:, 0, None] * C[None, 0]
        for j in range(1, q):
            U += A[:, j, None] * C[None, j]
        at = 0
        for k in range(depth - 1, -1, -1):
            own = slice(at, at + design.levels[k].q)
            part = np.einsum("aig,ajg->ijg", C[:, own], U[:, at:])
            rows[k][:, :-1] -= np.add.reduceat(part, level.starts[k], axis=-1)
            at = own.stop
        gram -= np.tensordot(C[:, at:], U[:, at:], axes=([0, 2], [0, 2]))
    return total + int(np.sum(np.linalg.eigvalsh(gram) > _SINGULAR * design.n))


def _inverse(M: FloatArray, before: FloatArray) -> tuple[int, FloatArray]:
    """Return the summed rank of M (q, q, G) and its generalised inverses; `before` holds M before any elimination.

    One column after the other is swept; one of which nothing is left is set to zero.
    """
    A = M.copy()
    rank = 0
    for k in range(len(A)):
        pivot = A[k, k]
        kept = pivot > _SINGULAR * before[k, k]
        rank += int(np.count_nonzero(kept))
        inverse = np.where(kept, 1.0 / np.where(kept, pivot, 1.0), 0.0)
        column, row = A[:, k].copy(), A[k] * inverse
        A -= column[:, None] * row[None]
        A[:, k] = -column * inverse
        A[k] = row
        A[k, k] = inverse
    return rank, A
