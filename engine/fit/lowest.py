"""Elimination of the lowest level by pattern: coefficients per pattern times sums of products made once.

Every contribution of the lowest level has the form sum_ab K_ab C_a[i] C_b[j] with a (q, q) matrix K per pattern:

    value -A,    dS_k  -N E_k N',    d2S_km  N (E_k F E_m + E_m F E_k) N'
"""

from __future__ import annotations

import numpy as np

from engine.design.patterns import CellSums, Patterns
from engine.fit.elimination import Receivers, add_own_log, pairs
from engine.fit.jets import add_final
from engine.fit.layout import LevelLayout
from engine.fit.smallmatrix import Kernel, combine, kernel, multiply
from engine.frame.modelframe import FloatArray


def eliminate_patterns(patterns: Patterns, Psi: FloatArray, own: LevelLayout, to: Receivers) -> None:
    """Eliminate the lowest level; the same contributions as `engine.fit.elimination.eliminate_lowest`."""
    jets = to.jets
    small = kernel(Psi, patterns.M)
    jets.log_det += float(small.log_det @ patterns.counts)
    if jets.order >= 1:
        add_own_log(small.F, own.basis, own.parameters, jets, patterns.counts)
    keys, K = coefficients(small, own, jets.order)
    q, P, T = len(Psi), len(jets.S), patterns.M.shape[-1]
    table = patterns.final.transpose(0, 1, 4, 2, 3).reshape(q * q * T, P * P)
    for key, part in zip(keys, (K.reshape(len(K), -1) @ table).reshape(-1, P, P), strict=True):
        add_final(jets, key, part)
    for above, cells in zip(to.upper, patterns.upper, strict=True):
        for key, part in zip(keys, _summed(K, cells), strict=True):
            above.rows.add(key, part)


def coefficients(small: Kernel, own: LevelLayout, order: int) -> tuple[list[tuple[int, ...]], FloatArray]:
    """Keys of the jets and their K, shape (number of keys, q, q, T)."""
    keys: list[tuple[int, ...]] = [()]
    out = [-small.A]
    first = own.parameters.start
    transposed = small.N.swapaxes(0, 1)
    if order >= 1:
        right = [combine(E, transposed) for E in own.basis]  # E_k N'
        for k, part in enumerate(right):
            keys.append((first + k,))
            out.append(-multiply(small.N, part))
        if order == 2:
            left = [part.swapaxes(0, 1) for part in right]  # N E_k
            for k, m in pairs(len(own.basis)):
                keys.append((first + k, first + m))
                half = multiply(left[k], multiply(small.F, right[m]))
                out.append(half + half.swapaxes(0, 1))
    return keys, np.array(out)


def _summed(K: FloatArray, cells: CellSums) -> FloatArray:
    """Return sums over the cells of each upper group, shape (number of keys, rows, columns, G)."""
    by_cell = K[..., cells.pattern]
    q = K.shape[1]
    total = by_cell[:, 0, 0, None, None] * cells.products[0, 0]
    for a in range(q):
        for b in range(q):
            if a or b:
                total += by_cell[:, a, b, None, None] * cells.products[a, b]
    return np.asarray(np.add.reduceat(total, cells.starts, axis=-1))
