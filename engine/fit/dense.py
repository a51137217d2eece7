"""Elimination of the crossed columns W: one dense Schur complement with jets.

Notation as in `engine.fit.elimination` with a single group: M = W'V^-1 W and C = W'V^-1 [X r] after the chain, Psi
block diagonal. With Psi = L J L, L the block root and J the signs, K = J + L M L gives A = L K^-1 L and
log|I + Psi M| = log|det K|; an effect may have a negative "variance". Where Psi is not close to singular,
N = A Psi^-1 and F = Psi^-1 - Psi^-1 A Psi^-1 cost nothing more; elsewhere N = I - A M and F = M N.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.design.crossed import CrossedLevel
from engine.events import CancelToken
from engine.fit.afterchain import AfterChain
from engine.fit.jets import Jets, add_log
from engine.fit.layout import LevelLayout
from engine.fit.symmetric import product, symmetric_inverse
from engine.frame.modelframe import FloatArray

_SAFE = 1e-4
"""Share of Psi M below which F is computed without Psi^-1."""


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """A = (Psi^-1 + M)^-1 (m, m) and log|I + Psi M|; `regular` tells whether Psi^-1 may be used."""

    A: FloatArray
    log_det: float
    regular: bool


@dataclass(frozen=True, slots=True, eq=False)
class BlockMatrix:
    """Psi, its root or its inverse: one (q, q) matrix for all groups of each crossed level."""

    levels: tuple[CrossedLevel, ...]
    matrices: tuple[FloatArray, ...]

    def times(self, X: FloatArray) -> FloatArray:
        """Return the product with X (m, c)."""
        out = np.empty_like(X)
        for level, matrix in zip(self.levels, self.matrices, strict=True):
            part = X[level.columns]
            if level.q == 1:
                np.multiply(part, matrix[0, 0], out=out[level.columns])
            else:
                shape = (level.q, level.n_groups, X.shape[1])
                out[level.columns] = np.tensordot(matrix, part.reshape(shape), axes=1).reshape(part.shape)
        return out

    def around(self, X: FloatArray) -> FloatArray:
        """Return the product with X (m, m) from both sides; the matrices are symmetric."""
        if all(level.q == 1 for level in self.levels):
            sizes = [level.n_groups for level in self.levels]
            scale = np.repeat([matrix[0, 0] for matrix in self.matrices], sizes)
            out = np.asarray(X * scale, dtype=np.float64)
            out *= scale[:, None]
            return out
        return self.times(np.ascontiguousarray(self.times(X).T))

    def add_to(self, X: FloatArray, sign: float) -> None:
        """Add the matrix times `sign` to X (m, m)."""
        for level, matrix in zip(self.levels, self.matrices, strict=True):
            G, first = level.n_groups, level.columns.start
            index = np.arange(first, first + G)
            for e, f in zip(*np.nonzero(matrix), strict=True):
                X[index + e * G, index + f * G] += sign * matrix[e, f]


def solve_dense(
    M: FloatArray, levels: tuple[CrossedLevel, ...], Psis: Sequence[FloatArray], cancel: CancelToken
) -> Solved:
    """Invert Psi^-1 + M without needing Psi^-1, so that singular Psi do; M (Q, Q), Psi (q, q) of each level."""
    roots, signs, regular = [], np.empty(len(M)), True
    for level, Psi in zip(levels, Psis, strict=True):
        values, vectors = np.linalg.eigh(Psi)
        size = np.abs(values) if level.q == 1 else np.maximum(values, 0.0)
        roots.append((vectors * np.sqrt(size)) @ vectors.T)
        signs[level.columns] = -1.0 if values[0] < 0.0 and level.q == 1 else 1.0
        squares = np.trace(M[level.columns, level.columns]) / level.n_groups
        regular = regular and bool(size.min() * squares > _SAFE)
    root = BlockMatrix(levels, tuple(roots))
    K = root.around(M)
    K.reshape(-1)[:: len(M) + 1] += signs
    inverse, log_det = symmetric_inverse(K, cancel)
    return Solved(root.around(inverse), log_det, regular)


@dataclass(slots=True, eq=False)
class DenseStep:
    """One elimination at one theta."""

    chain: AfterChain
    levels: tuple[CrossedLevel, ...]
    layouts: tuple[LevelLayout, ...]
    Psis: tuple[FloatArray, ...]
    cancel: CancelToken

    def into(self, jets: Jets, *, with_d2log: bool) -> None:
        """Fill the jets of [X r]; without `with_d2log` the second derivatives of log_det are left out."""
        M, C, D = self.chain.value
        solved = solve_dense(M, self.levels, self.Psis, self.cancel)
        A = solved.A
        U = A @ C
        jets.log_det = self.chain.log_det + solved.log_det
        jets.S[:] = _sym(D - C.T @ U)
        if jets.order == 0:
            return
        k = len(self.chain.dlog)
        jets.dlog[:k] = self.chain.dlog
        Y = C - M @ U
        self._own_first(jets, solved, Y)
        moved = {}
        for i, (dM, dC, dD) in self.chain.first.items():
            mU = dM @ U
            jets.dlog[i] += float(np.vdot(A, dM))
            jets.dS[i] = dD - _twice((dC - 0.5 * mU).T @ U)
            moved[i] = dC - mU
        if jets.order < 2:
            return
        for key, NEY in self._own_second(jets, A, Y).items():
            for i, R in moved.items():
                _put(jets, i, key, -_twice(R.T @ NEY))
        for (i, j), (d2M, d2C, d2D) in self.chain.second.items():
            second = d2D - _twice(U.T @ (d2C - 0.5 * (d2M @ U))) - _twice(moved[i].T @ (A @ moved[j]))
            _put(jets, i, j, second)
        if with_d2log:
            jets.d2log[:k, :k] = self.chain.d2log
            self._second_log(jets, solved)

    def _own_first(self, jets: Jets, solved: Solved, Y: FloatArray) -> None:
        """Own first derivatives: tr(F E_k) and -Y'E_k Y."""
        for r, (level, layout) in enumerate(zip(self.levels, self.layouts, strict=True)):
            traces = self._traces(r, solved)
            jets.dlog[layout.parameters] = np.tensordot(layout.basis, traces, axes=2)
            y = Y[level.columns].reshape(level.q, level.n_groups, -1)
            cross = np.einsum("egi,fgj->efij", y, y)
            jets.dS[layout.parameters] = -np.tensordot(layout.basis, cross, axes=([1, 2], [0, 1]))

    def _traces(self, r: int, solved: Solved) -> FloatArray:
        """Sum over groups of the (q, q) blocks of F of level r."""
        level, own = self.levels[r], self.levels[r].columns
        A, M = solved.A, self.chain.value[0]
        if solved.regular:
            inverse = np.linalg.inv(self.Psis[r])
            return np.asarray(level.n_groups * inverse - inverse @ _blocks(level, A[own, own]) @ inverse)
        rows = M[own]
        return np.asarray(_blocks(level, M[own, own]) - _row_blocks(level, product(rows, A, self.cancel), rows))

    def _own_second(self, jets: Jets, A: FloatArray, Y: FloatArray) -> dict[int, FloatArray]:
        """Own second derivatives Y'(E_k F E_m + E_m F E_k)Y; return N E_k Y of every own parameter, (m, P)."""
        M, P = self.chain.value[0], Y.shape[1]
        keys = [k for layout in self.layouts for k in range(layout.parameters.start, layout.parameters.stop)]
        EY = np.zeros((len(Y), len(keys), P))
        first = 0
        for level, layout in zip(self.levels, self.layouts, strict=True):
            y = Y[level.columns].reshape(level.q, level.n_groups, P)
            for E in layout.basis:
                EY[level.columns, first] = np.tensordot(E, y, axes=1).reshape(-1, P)
                first += 1
        Z = EY.reshape(len(Y), -1)
        MZ = M @ Z
        AMZ = A @ MZ
        second = (Z.T @ (MZ - M @ AMZ)).reshape(len(keys), P, len(keys), P)
        for i, k in enumerate(keys):
            for j, m in enumerate(keys[i:], start=i):
                _put(jets, k, m, _twice(second[i, :, j]))
        NEY = (Z - AMZ).reshape(EY.shape)
        return {k: NEY[:, i] for i, k in enumerate(keys)}

    def _second_log(self, jets: Jets, solved: Solved) -> None:
        """Second derivatives of log_det that involve own parameters, and those of the chain's through M."""
        A, M = solved.A, self.chain.value[0]
        if solved.regular:
            inverse = BlockMatrix(
                self.levels, tuple(np.asarray(np.linalg.inv(Psi), dtype=np.float64) for Psi in self.Psis)
            )
            F = -inverse.around(A)
            inverse.add_to(F, 1.0)
            NtM = None
        else:
            inverse = None
            NtM = -product(M, A, self.cancel)
            NtM.reshape(-1)[:: len(M) + 1] += 1.0  # N' = I - M A
            F = product(NtM, M, self.cancel)
        self._own_log(jets, F)
        del F
        AdM = {}
        for i, (dM, _, _) in self.chain.first.items():
            AdM[i] = product(A, dM, self.cancel)
            inner = AdM[i] if NtM is None else product(NtM, dM, self.cancel)
            for r, (level, layout) in enumerate(zip(self.levels, self.layouts, strict=True)):
                own = level.columns
                if inverse is not None:
                    side = inverse.matrices[r]
                    traces = side @ _row_blocks(level, inner[own], A[own]) @ side
                else:
                    traces = _row_blocks(level, inner[own], NtM[own])  # type: ignore[index]  # there without inverse
                for k, E in enumerate(layout.basis):
                    add_log(jets, i, layout.parameters.start + k, float((E * traces).sum()))
        for (i, j), (d2M, _, _) in self.chain.second.items():
            add_log(jets, i, j, float(np.vdot(A, d2M)) - _trace(AdM[i], AdM[j]))

    def _own_log(self, jets: Jets, F: FloatArray) -> None:
        """-tr(F E_k F E_m) of all own parameters."""
        for left, own in zip(self.levels, self.layouts, strict=True):
            for right, other in zip(self.levels, self.layouts, strict=True):
                if right.columns.start < left.columns.start:
                    continue
                part = F[left.columns, right.columns].reshape(left.q, left.n_groups, right.q, right.n_groups)
                gram = np.einsum("agbh,cgdh->abcd", part, part, optimize=True)
                # sum over e f of E_k[a c] E_m[b d] F_ab F_cd
                values = -np.einsum("kac,mbd,abcd->km", own.basis, other.basis, gram)
                jets.d2log[own.parameters, other.parameters] = values
                jets.d2log[other.parameters, own.parameters] = values.T


def _sym(X: FloatArray) -> FloatArray:
    return 0.5 * (X + X.T)


def _twice(X: FloatArray) -> FloatArray:
    return X + X.T


def _put(jets: Jets, i: int, j: int, second: FloatArray) -> None:
    jets.d2S[i, j] = second
    jets.d2S[j, i] = second


def _blocks(level: CrossedLevel, X: FloatArray) -> FloatArray:
    """Sum over groups of the (q, q) blocks of X (qG, qG)."""
    G = level.n_groups
    parts = X.reshape(level.q, G, level.q, G)
    return np.asarray(np.einsum("egfg->ef", parts))


def _row_blocks(level: CrossedLevel, X: FloatArray, Y: FloatArray) -> FloatArray:
    """Sum over groups of the (q, q) blocks of X Y', X and Y (qG, m)."""
    shape = (level.q, level.n_groups * X.shape[1])
    return np.asarray(np.ascontiguousarray(X).reshape(shape) @ np.ascontiguousarray(Y).reshape(shape).T)


def _trace(X: FloatArray, Y: FloatArray) -> float:
    """tr(X Y)."""
    return float(np.vdot(X, Y.T))
