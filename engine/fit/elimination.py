"""The Schur recursion: integrate out one level after the other, lowest first, carrying second-order jets.

Notation per group of the level: M = Z'V^-1 Z and C = Z'V^-1 [upper Z, X, r], both after the levels below; N, A, F as in
`engine.fit.smallmatrix.Kernel`; Y = N'C, U = A C. What remains changes by S = D - C'U and log|H| by log|I + Psi M|;
the derivatives are those of this map, own parameters k, m and parameters i, j of lower levels:

    dS_k  = -Y'E_k Y                              d2S_km = Y'(E_k F E_m + E_m F E_k)Y
    dS_i  = dD_i - sym((dC_i - dM_i U / 2)'U)     d2S_ij = d2D - sym(U'(d2C - d2M U / 2)) - sym(R_i'A R_j)
    R_i   = dC_i - dM_i U                         d2S_ik = -sym(R_i'N E_k Y)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.design.blocks import LevelDesign
from engine.fit.jets import Jets, Rows, add_final, add_log
from engine.fit.layout import LevelLayout
from engine.fit.smallmatrix import combine, cross, kernel, matrix_times, multiply
from engine.frame.modelframe import FloatArray, IntArray

_BLOCK = 8192
"""Groups whose working arrays fit the second-level cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Receivers:
    """Where the contributions of one level's groups go: the rows of every upper level, and the final [X r] block."""

    upper: tuple[tuple[Rows, slice, slice, IntArray], ...]
    """Per upper level: its rows, its row and column ranges within C, the first of our groups in each of its groups."""
    final: slice
    jets: Jets

    def add(self, key: tuple[int, ...], left: FloatArray, right: FloatArray, *, sign: float, sym: bool) -> None:
        """Add ``sign * left'right`` (plus its transpose with `sym`) summed over groups; both are (a, d, G)."""
        self.add_upper(key, left, right, sign=sign, sym=sym)
        part = np.matmul(left[:, self.final], right[:, self.final].swapaxes(1, 2)).sum(axis=0)
        if sym:
            part = part + part.T
        add_final(self.jets, key, part if sign == 1.0 else sign * part)

    def add_upper(self, key: tuple[int, ...], left: FloatArray, right: FloatArray, *, sign: float, sym: bool) -> None:
        """Add the part that belongs to the rows of upper levels."""
        for rows, own, columns, starts in self.upper:
            part = cross(left[:, own], right[:, columns])
            if sym:
                part += cross(right[:, own], left[:, columns])
            if sign != 1.0:
                part *= sign
            rows.add(key, np.add.reduceat(part, starts, axis=-1))


def receivers(level: LevelDesign, upper: list[tuple[LevelDesign, Rows]], jets: Jets) -> Receivers:
    """Receivers of one level; `upper` runs from the level just above to the top."""
    P = len(jets.S)
    width = level.products.shape[1] - level.q
    at = 0
    out = []
    for k, (above, rows) in zip(range(len(upper) - 1, -1, -1), upper, strict=True):
        out.append((rows, slice(at, at + above.q), slice(at, width), level.starts[k]))
        at += above.q
    return Receivers(tuple(out), slice(width - P, width), jets)


def eliminate_lowest(products: FloatArray, Psi: FloatArray, own: LevelLayout, to: Receivers) -> None:
    """Eliminate a level whose products (q, q + d, G) carry no jets yet.

    Without levels above, groups are taken in blocks that stay in the cache.
    """
    if to.upper:
        _eliminate_block(products, Psi, own, to)
        return
    for first in range(0, products.shape[-1], _BLOCK):
        _eliminate_block(products[..., first : first + _BLOCK], Psi, own, to)


def _eliminate_block(products: FloatArray, Psi: FloatArray, own: LevelLayout, to: Receivers) -> None:
    """Few large matrix products instead of many small ones; U = A C = Psi Y."""
    q = len(Psi)
    C = products[:, q:]
    basis, parameters, jets = own.basis, own.parameters, to.jets
    small = kernel(Psi, products[:, :q])
    jets.log_det += float(small.log_det.sum())
    Y = cross(small.N, C)
    final = Y[:, to.final]
    P = final.shape[1]
    both = C[:, to.final].reshape(q * P, -1) @ final.reshape(q * P, -1).T
    jets.S -= np.einsum("aibj,ab->ij", both.reshape(q, P, q, P), Psi)
    if to.upper:
        to.add_upper((), C, matrix_times(Psi, Y), sign=-1.0, sym=False)
    if jets.order == 0:
        return
    add_own_log(small.F, basis, parameters, jets)
    _own_final(final, small.F, basis, parameters, jets)
    if not to.upper:
        return
    EY = [combine(E, Y) for E in basis]
    for k in range(len(basis)):
        to.add_upper((parameters.start + k,), Y, EY[k], sign=-1.0, sym=False)
    if jets.order == 2:
        for k, m in pairs(len(basis)):
            key = (parameters.start + k, parameters.start + m)
            to.add_upper(key, EY[k], multiply(small.F, EY[m]), sign=1.0, sym=True)


def add_own_log(
    F: FloatArray, basis: FloatArray, parameters: slice, jets: Jets, weights: FloatArray | None = None
) -> None:
    """Add the own-parameter derivatives of log|I + Psi M|: tr(F E_k) and -tr(F E_k F E_m); `weights` per group."""
    m, q, _ = basis.shape
    flat = F.reshape(q * q, -1)
    weighted = flat if weights is None else flat * weights
    jets.dlog[parameters] += basis.reshape(m, q * q) @ weighted.sum(axis=1)
    if jets.order == 2:
        gram = (weighted @ flat.T).reshape(q, q, q, q)
        left = np.tensordot(basis, gram, axes=([1, 2], [1, 2]))  # k, a, d
        jets.d2log[parameters, parameters] -= np.tensordot(left, basis, axes=([1, 2], [2, 1]))


def _own_final(Y: FloatArray, F: FloatArray, basis: FloatArray, parameters: slice, jets: Jets) -> None:
    """Own-parameter derivatives of the [X r] block from Gram matrices of Y (q, P, G)."""
    q, P, _ = Y.shape
    flat = Y.reshape(q * P, -1)
    gram = (flat @ flat.T).reshape(q, P, q, P).transpose(0, 2, 1, 3).reshape(q * q, P * P)
    jets.dS[parameters] -= (basis.reshape(len(basis), q * q) @ gram).reshape(-1, P, P)
    if jets.order < 2:
        return
    second = np.empty((q, q, q, P, q, P))
    for c in range(q):
        for e in range(c, q):
            second[c, e] = ((flat * F[c, e]) @ flat.T).reshape(q, P, q, P)
            second[e, c] = second[c, e]
    left = np.tensordot(basis, second, axes=([1, 2], [2, 0]))  # k, e, i, b, j
    both = np.tensordot(left, basis, axes=([1, 3], [1, 2]))  # k, i, j, m
    both = both.transpose(0, 3, 1, 2)
    jets.d2S[parameters, parameters] += both + both.swapaxes(2, 3)


def eliminate(rows: Rows, Psi: FloatArray, own: LevelLayout, lower: range, to: Receivers) -> None:
    """Eliminate a level whose products carry the jets of the parameters `lower`."""
    q = len(Psi)
    C = rows.value[:, q:]
    basis, parameters, jets = own.basis, own.parameters, to.jets
    small = kernel(Psi, rows.value[:, :q])
    jets.log_det += float(small.log_det.sum())
    Y = cross(small.N, C)
    U = matrix_times(Psi, Y)
    to.add((), C, U, sign=-1.0, sym=False)
    if jets.order == 0:
        return
    A = small.A
    add_own_log(small.F, basis, parameters, jets)
    EY = [combine(E, Y) for E in basis]
    for k, product in enumerate(EY):
        to.add((parameters.start + k,), Y, product, sign=-1.0, sym=False)
    dM, R = {}, {}
    for i in lower:
        first = rows.first[i]
        dM[i] = first[:, :q]
        moved = multiply(dM[i], U)
        jets.dlog[i] += _trace(A, dM[i])
        to.add((i,), first[:, q:] - 0.5 * moved, U, sign=-1.0, sym=True)
        R[i] = first[:, q:] - moved
    if jets.order < 2:
        return
    for k, m in pairs(len(basis)):
        key = (parameters.start + k, parameters.start + m)
        to.add(key, EY[k], multiply(small.F, EY[m]), sign=1.0, sym=True)
    NEY = [multiply(small.N, product) for product in EY]
    AR = {i: multiply(A, R[i]) for i in lower}
    AdM = {i: multiply(A, dM[i]) for i in lower}
    for i in lower:
        inner = cross(small.N, multiply(dM[i], small.N)).sum(axis=-1)  # N' dM_i N
        for k, E in enumerate(basis):
            key = (parameters.start + k, i)
            to.add(key, R[i], NEY[k], sign=-1.0, sym=True)
            add_log(jets, *key, float((E * inner).sum()))
        for j in range(i, lower.stop):
            second = rows.second[i, j]
            moved = second[:, q:] - 0.5 * multiply(second[:, :q], U)
            # sym(U' moved) + sym(R_i' A R_j) in one product
            to.add((i, j), np.concatenate((U, R[i])), np.concatenate((moved, AR[j])), sign=-1.0, sym=True)
            add_log(jets, i, j, _trace(A, second[:, :q]) - _trace(AdM[i], AdM[j]))


def _trace(A: FloatArray, B: FloatArray) -> float:
    """Sum over groups of tr(A B)."""
    return float(np.vdot(A, B.swapaxes(0, 1)))


def pairs(m: int) -> Iterator[tuple[int, int]]:
    """Pairs k <= m of parameters."""
    return ((k, j) for k in range(m) for j in range(k, m))
