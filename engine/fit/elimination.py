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
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from engine.design.blocks import LevelDesign
from engine.events import NEVER, CancelToken
from engine.fit.jets import Jets, Rows, add_final, add_log
from engine.fit.layout import LevelLayout
from engine.fit.smallmatrix import combine, cross, kernel, matrix_times, multiply
from engine.frame.modelframe import FloatArray, IntArray

_BLOCK = 16384
"""Groups whose working arrays fit the second-level cache."""
_WIDE = 8
"""Effects of an upper level from which sums over its groups are matrix products, one for each group."""
_ENTRIES = 1 << 9
"""Entries of F from which their Gram matrix would be large."""


@dataclass(frozen=True, slots=True, eq=False)
class Upper:
    """The rows of one upper level as a lower level sees them.

    Attributes
    ----------
    rows
        What the contributions are added to.
    own, columns
        Row and column ranges within C.
    starts
        The first of our groups in each of its groups.
    weights
        How often each of our groups counts there, shape (G,); None for once.
    """

    rows: Rows
    own: slice
    columns: slice
    starts: IntArray
    weights: FloatArray | None


@dataclass(frozen=True, slots=True, eq=False)
class Receivers:
    """Where the contributions of one level's groups go: the rows of every upper level, and the final [X r] block.

    `weights` (G,) tells how often each group counts in the end, all levels above included; None for once. `cancel` is
    checked with every contribution.
    """

    upper: tuple[Upper, ...]
    final: slice
    jets: Jets
    weights: FloatArray | None
    cancel: CancelToken = field(default=NEVER, kw_only=True)

    def add(self, key: tuple[int, ...], left: FloatArray, right: FloatArray, *, sign: float, sym: bool) -> None:
        """Add ``sign * left'right`` (plus its transpose with `sym`) summed over groups; both are (a, d, G)."""
        self.add_upper(key, left, right, sign=sign, sym=sym)
        self.add_final(key, left[:, self.final], right[:, self.final], sign=sign, sym=sym)

    def add_final(self, key: tuple[int, ...], left: FloatArray, right: FloatArray, *, sign: float, sym: bool) -> None:
        """Add the part that belongs to the [X r] block; both are (a, P, G)."""
        part = np.matmul(self.weigh(left), right.swapaxes(1, 2)).sum(axis=0)
        if sym:
            part = part + part.T
        add_final(self.jets, key, part if sign == 1.0 else sign * part)

    def add_upper(self, key: tuple[int, ...], left: FloatArray, right: FloatArray, *, sign: float, sym: bool) -> None:
        """Add the part that belongs to the rows of upper levels."""
        self.cancel.check()
        for above in self.upper:
            if above.own.stop - above.own.start > _WIDE:
                above.rows.add(key, _wide_sums(above, left, right, sign=sign, sym=sym))
                continue
            part = cross(left[:, above.own], right[:, above.columns])
            if sym:
                part += cross(right[:, above.own], left[:, above.columns])
            if sign != 1.0:
                part *= sign
            if above.weights is not None:
                part *= above.weights
            above.rows.add(key, np.add.reduceat(part, above.starts, axis=-1))

    def add_log_det(self, values: FloatArray) -> None:
        """Add log|I + Psi M| of each group, shape (G,)."""
        self.jets.log_det += float(values.sum() if self.weights is None else values @ self.weights)

    def add_log_slope(self, i: int, A: FloatArray, B: FloatArray) -> None:
        """Add tr(A B) of each group to the derivative of log_det with respect to parameter i."""
        self.jets.dlog[i] += trace(self.weigh(A), B)

    def add_own_log(self, F: FloatArray, own: LevelLayout) -> None:
        """Add the own-parameter derivatives of log|I + Psi M|."""
        add_own_log(F, own.basis, own.parameters, self.jets, self.weights)

    def weigh(self, values: FloatArray) -> FloatArray:
        """Return values (..., G) times the weights of the groups."""
        return values if self.weights is None else values * self.weights


def receivers(
    level: LevelDesign, upper: list[tuple[LevelDesign, Rows]], jets: Jets, *, cancel: CancelToken = NEVER
) -> Receivers:
    """Receivers of one level; `upper` runs from the level just above to the top."""
    P = len(jets.S)
    width = level.products.shape[1] - level.q
    weights = level.weights
    return Receivers(
        upper=uppers(level, upper),
        final=slice(width - P, width),
        jets=jets,
        weights=None if weights is None else weights.total,
        cancel=cancel,
    )


def uppers(level: LevelDesign, upper: list[tuple[LevelDesign, Rows]]) -> tuple[Upper, ...]:
    """Return how `level` sees the levels above it, from the level just above to the top."""
    width = level.products.shape[1] - level.q
    at = 0
    out = []
    for k, (above, rows) in zip(range(len(upper) - 1, -1, -1), upper, strict=True):
        counted = None if level.weights is None else level.weights.upward[k]
        out.append(Upper(rows, slice(at, at + above.q), slice(at, width), level.starts[k], counted))
        at += above.q
    return tuple(out)


def eliminate_lowest(products: FloatArray, Psi: FloatArray, own: LevelLayout, to: Receivers) -> None:
    """Eliminate a level whose products (q, q + d, G) carry no jets yet.

    Groups are taken in blocks that stay in the cache, cut between groups of the top level.
    """
    if len(Psi) > _WIDE:
        eliminate(Rows(products), Psi, own, range(0), to)
        return
    if to.upper:
        _eliminate_in_parts(products, Psi, own, to)
        return
    for first in range(0, products.shape[-1], _BLOCK):
        to.cancel.check()
        block = slice(first, first + _BLOCK)
        part = to if to.weights is None else replace(to, weights=to.weights[block])
        _eliminate_block(products[..., block], Psi, own, part)


def _eliminate_in_parts(products: FloatArray, Psi: FloatArray, own: LevelLayout, to: Receivers) -> None:
    """Take blocks of whole top-level groups; what levels above receive is put together again at the end."""
    G = products.shape[-1]
    tops = to.upper[-1].starts
    wanted = np.searchsorted(tops, np.arange(_BLOCK, G, _BLOCK))
    cuts = np.unique(np.concatenate(([0], tops[wanted[wanted < len(tops)]], [G])))
    if len(cuts) == 2:
        _eliminate_block(products, Psi, own, to)
        return
    pieces: list[list[Rows]] = [[] for _ in to.upper]
    for first, last in pairwise(cuts):
        to.cancel.check()
        block = slice(int(first), int(last))
        parts = tuple(_within(above, block) for above in to.upper)
        for kept, part in zip(pieces, parts, strict=True):
            kept.append(part.rows)
        weights = None if to.weights is None else to.weights[block]
        _eliminate_block(products[..., block], Psi, own, replace(to, upper=parts, weights=weights))
    for above, kept in zip(to.upper, pieces, strict=True):
        for key in kept[0].first:
            above.rows.first[key] = np.concatenate([part.first[key] for part in kept], axis=-1)
        for pair in kept[0].second:
            above.rows.second[pair] = np.concatenate([part.second[pair] for part in kept], axis=-1)


def _within(above: Upper, block: slice) -> Upper:
    """What the groups of a block see of a level above: a view of its values, jets of its own."""
    first, last = np.searchsorted(above.starts, (block.start, block.stop))
    return replace(
        above,
        rows=Rows(above.rows.value[..., first:last]),
        starts=above.starts[first:last] - block.start,
        weights=None if above.weights is None else above.weights[block],
    )


def _eliminate_block(products: FloatArray, Psi: FloatArray, own: LevelLayout, to: Receivers) -> None:
    """Few large matrix products instead of many small ones; U = A C = Psi Y."""
    q = len(Psi)
    C = products[:, q:]
    basis, parameters, jets = own.basis, own.parameters, to.jets
    small = kernel(Psi, products[:, :q])
    to.add_log_det(small.log_det)
    Y = cross(small.N, C)
    final = Y[:, to.final]
    P = final.shape[1]
    both = C[:, to.final].reshape(q * P, -1) @ to.weigh(final).reshape(q * P, -1).T
    jets.S -= np.einsum("aibj,ab->ij", both.reshape(q, P, q, P), Psi)
    if to.upper:
        to.add_upper((), C, matrix_times(Psi, Y), sign=-1.0, sym=False)
    if jets.order == 0:
        return
    to.add_own_log(small.F, own)
    _own_final(final, small.F, own, to)
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
    if jets.order == 2 and q * q > _ENTRIES:
        products = [combine(E, F) for E in basis]
        for k, j in pairs(m):
            counted = products[k] if weights is None else products[k] * weights
            add_log(jets, parameters.start + k, parameters.start + j, -trace(counted, products[j]))
    elif jets.order == 2:
        gram = (weighted @ flat.T).reshape(q, q, q, q)
        left = np.tensordot(basis, gram, axes=([1, 2], [1, 2]))  # k, a, d
        jets.d2log[parameters, parameters] -= np.tensordot(left, basis, axes=([1, 2], [2, 1]))


def _own_final(Y: FloatArray, F: FloatArray, own: LevelLayout, to: Receivers) -> None:
    """Own-parameter derivatives of the [X r] block from Gram matrices of Y (q, P, G)."""
    basis, parameters, jets = own.basis, own.parameters, to.jets
    q, P, _ = Y.shape
    flat = Y.reshape(q * P, -1)
    weighted = to.weigh(flat)
    gram = (weighted @ flat.T).reshape(q, P, q, P).transpose(0, 2, 1, 3).reshape(q * q, P * P)
    jets.dS[parameters] -= (basis.reshape(len(basis), q * q) @ gram).reshape(-1, P, P)
    if jets.order < 2:
        return
    second = np.empty((q, q, q, P, q, P))
    for c in range(q):
        for e in range(c, q):
            second[c, e] = ((weighted * F[c, e]) @ flat.T).reshape(q, P, q, P)
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
    to.add_log_det(small.log_det)
    Y = cross(small.N, C)
    U = matrix_times(Psi, Y)
    to.add((), C, U, sign=-1.0, sym=False)
    if jets.order == 0:
        return
    A = small.A
    to.add_own_log(small.F, own)
    EY = [combine(E, Y) for E in basis]
    for k, product in enumerate(EY):
        to.add((parameters.start + k,), Y, product, sign=-1.0, sym=False)
    dM, R = {}, {}
    for i in lower:
        first = rows.first[i]
        dM[i] = first[:, :q]
        moved = multiply(dM[i], U)
        to.add_log_slope(i, A, dM[i])
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
    counted = to.weigh(A)
    for i in lower:
        inner = to.weigh(cross(small.N, multiply(dM[i], small.N))).sum(axis=-1)  # N' dM_i N
        for k, E in enumerate(basis):
            key = (parameters.start + k, i)
            to.add(key, R[i], NEY[k], sign=-1.0, sym=True)
            add_log(jets, *key, float((E * inner).sum()))
        for j in range(i, lower.stop):
            second = rows.second.get((i, j))
            if second is None:
                to.add((i, j), R[i], AR[j], sign=-1.0, sym=True)
                add_log(jets, i, j, -trace(to.weigh(AdM[i]), AdM[j]))
                continue
            moved = second[:, q:] - 0.5 * multiply(second[:, :q], U)
            # sym(U' moved) + sym(R_i' A R_j) in one product
            to.add((i, j), np.concatenate((U, R[i])), np.concatenate((moved, AR[j])), sign=-1.0, sym=True)
            add_log(jets, i, j, trace(counted, second[:, :q]) - trace(to.weigh(AdM[i]), AdM[j]))


def _wide_sums(above: Upper, left: FloatArray, right: FloatArray, *, sign: float, sym: bool) -> FloatArray:
    """Return ``sign * left'right`` (plus its transpose with `sym`) summed over the groups of each group above."""
    left, right = (np.moveaxis(part, 1, 0) for part in (left, right))  # columns, a, G
    weighted = (left[above.own], right[above.own])
    if above.weights is not None:
        weighted = (weighted[0] * above.weights, weighted[1] * above.weights)
    ends = np.append(above.starts[1:], left.shape[-1])
    rows, columns = len(weighted[0]), right[above.columns]
    out = np.empty((rows, len(columns), len(ends)))
    for g, (first, last) in enumerate(zip(above.starts, ends, strict=True)):
        part = weighted[0][..., first:last].reshape(rows, -1) @ columns[..., first:last].reshape(len(columns), -1).T
        if sym:
            other = left[above.columns][..., first:last].reshape(len(columns), -1)
            part = part + weighted[1][..., first:last].reshape(rows, -1) @ other.T
        out[..., g] = sign * part
    return out


def trace(A: FloatArray, B: FloatArray) -> float:
    """Sum over groups of tr(A B); shapes (q, m, G) and (m, q, G)."""
    return float(np.vdot(A, B.swapaxes(0, 1)))


def pairs(m: int) -> Iterator[tuple[int, int]]:
    """Pairs k <= m of parameters."""
    return ((k, j) for k in range(m) for j in range(k, m))
