"""Many small matrices at once: row and column indices first, the group index last and contiguous."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.frame.modelframe import FloatArray

_WIDE = 8
"""Rows from which matrices are handled one by one, by LAPACK, where groups are few."""


def _few_and_wide(rows: int, n_groups: int) -> bool:
    return rows > _WIDE and n_groups < 4 * rows


def _by_group(A: FloatArray) -> FloatArray:
    return np.moveaxis(A, -1, 0)


def _in_place(A: FloatArray) -> FloatArray:
    return np.ascontiguousarray(np.moveaxis(A, 0, -1))


def multiply(A: FloatArray, B: FloatArray) -> FloatArray:
    """Return A B per group; (a, b, G) by (b, c, G) gives (a, c, G)."""
    if _few_and_wide(len(B), B.shape[-1]):
        return _in_place(np.matmul(_by_group(A), _by_group(B)))
    out = A[:, 0, None] * B[None, 0]
    for k in range(1, B.shape[0]):
        out += A[:, k, None] * B[None, k]
    return out


def cross(A: FloatArray, B: FloatArray) -> FloatArray:
    """Return A' B per group; (a, b, G) by (a, c, G) gives (b, c, G)."""
    if _few_and_wide(len(A), A.shape[-1]):
        return _in_place(np.matmul(_by_group(A).swapaxes(1, 2), _by_group(B)))
    out = A[0, :, None] * B[0, None]
    for k in range(1, A.shape[0]):
        out += A[k, :, None] * B[k, None]
    return out


def combine(E: FloatArray, B: FloatArray) -> FloatArray:
    """Return E B for one (a, b) matrix and all groups of B (b, c, G); zeros of E cost nothing."""
    out = np.zeros((E.shape[0], *B.shape[1:]))
    for i, j in zip(*np.nonzero(E), strict=True):
        out[i] += B[j] if E[i, j] == 1.0 else E[i, j] * B[j]
    return out


def matrix_times(E: FloatArray, B: FloatArray) -> FloatArray:
    """Return E B for one dense (a, b) matrix and all groups of B (b, c, G)."""
    return np.tensordot(E, B, axes=1) if len(E) > 2 else _few_rows(E, B)


def _few_rows(E: FloatArray, B: FloatArray) -> FloatArray:
    out = np.empty((len(E), *B.shape[1:]))
    for i, row in enumerate(E):
        np.multiply(B[0], row[0], out=out[i])
        for j in range(1, len(row)):
            if row[j] != 0.0:
                out[i] += row[j] * B[j]
    return out


@dataclass(frozen=True, slots=True, eq=False)
class Kernel:
    """Per group, from M = Z'V^-1 Z and Psi: N = (I + Psi M)^-1, F = M N, log|I + Psi M|; A = N Psi = Psi N'."""

    Psi: FloatArray
    N: FloatArray
    F: FloatArray
    log_det: FloatArray

    @property
    def A(self) -> FloatArray:
        """(Psi^-1 + M)^-1, shape (q, q, G)."""
        return matrix_times(self.Psi, self.N.swapaxes(0, 1))


_ROUNDING = 1e-12


def kernel(Psi: FloatArray, M: FloatArray) -> Kernel:
    """Compute the kernel of all groups of M (q, q, G); Psi (q, q) may be singular."""
    q = len(Psi)
    if q == 1:
        return _scalar(Psi, M)
    if q == 2:
        return _pair(Psi, M)
    return _general(Psi, M)


def _scalar(Psi: FloatArray, M: FloatArray) -> Kernel:
    product = Psi[0, 0] * M
    log_det = np.log1p(product[0, 0])
    product += 1.0
    N = np.reciprocal(product, out=product)
    return Kernel(Psi, N, M * N, log_det)


def _pair(Psi: FloatArray, M: FloatArray) -> Kernel:
    a, b, c = Psi[0, 0], Psi[0, 1], Psi[1, 1]
    m11, m12, m22 = M[0, 0], M[0, 1], M[1, 1]
    det_m = m11 * m22 - m12 * m12
    N, F = np.empty_like(M), np.empty_like(M)
    # I + Psi M = [[1 + w11, w12], [w21, 1 + w22]]; N is its adjugate over its determinant 1 + excess
    if b == 0.0:
        w11, w22 = a * m11, c * m22
        np.multiply(m12, -a, out=N[0, 1])
        np.multiply(m12, -c, out=N[1, 0])
    else:
        bm = b * m12
        w11, w22 = a * m11 + bm, c * m22 + bm
        np.add(m12 * -a, m22 * -b, out=N[0, 1])
        np.add(m11 * -b, m12 * -c, out=N[1, 0])
    excess = w11 + w22
    excess += (a * c - b * b) * det_m
    np.add(w22, 1.0, out=N[0, 0])
    np.add(w11, 1.0, out=N[1, 1])
    inverse = 1.0 / (1.0 + excess)
    N *= inverse
    np.multiply(det_m, c, out=F[0, 0])
    F[0, 0] += m11
    np.multiply(det_m, -b, out=F[0, 1])
    F[0, 1] += m12
    np.multiply(det_m, a, out=F[1, 1])
    F[1, 1] += m22
    F[1, 0] = F[0, 1]
    F *= inverse
    return Kernel(Psi, N, F, np.log1p(excess))


def _general(Psi: FloatArray, M: FloatArray) -> Kernel:
    """Unrolled Cholesky of I + T'MT, T the symmetric root of Psi."""
    q = len(Psi)
    values, vectors = np.linalg.eigh(Psi)
    if values[0] < -_ROUNDING * max(values[-1], 0.0):
        return _indefinite(Psi, M)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    if _few_and_wide(q, M.shape[-1]):
        return _wide(Psi, root, M)
    K = np.tensordot(root, np.tensordot(root, M, axes=1), axes=([1], [1])).swapaxes(0, 1)
    L = np.empty_like(M)
    W = np.empty_like(M)  # L^-1 T
    log_det = np.zeros(M.shape[-1])
    for j in range(q):
        pivot = 1.0 + K[j, j]
        for k in range(j):
            pivot -= L[j, k] * L[j, k]
        log_det += np.log(pivot)
        scale = 1.0 / np.sqrt(pivot)
        for i in range(j + 1, q):
            entry = K[i, j].copy()
            for k in range(j):
                entry -= L[i, k] * L[j, k]
            L[i, j] = entry * scale
        row = np.repeat(root[j][:, None], M.shape[-1], axis=1)
        for k in range(j):
            row -= L[j, k] * W[k]
        W[j] = row * scale
    N = -multiply(cross(W, W), M)
    for j in range(q):
        N[j, j] += 1.0
    F = multiply(M, N)
    return Kernel(Psi, N, 0.5 * (F + F.swapaxes(0, 1)), log_det)


def _wide(Psi: FloatArray, root: FloatArray, M: FloatArray) -> Kernel:
    """Cholesky of I + T'MT by LAPACK, T the symmetric `root` of Psi."""
    by_group = _by_group(M)
    L = np.linalg.cholesky(np.eye(len(Psi)) + root @ by_group @ root)
    W = np.linalg.solve(L, np.broadcast_to(root, by_group.shape))
    A = W.swapaxes(1, 2) @ W
    N: FloatArray = np.asarray(np.eye(len(Psi)) - A @ by_group, dtype=np.float64)
    F = np.asarray(by_group @ N, dtype=np.float64)
    F = 0.5 * (F + F.swapaxes(1, 2))
    log_det = 2.0 * np.log(np.diagonal(L, axis1=1, axis2=2)).sum(axis=1)
    return Kernel(Psi, _in_place(N), _in_place(np.asarray(F, dtype=np.float64)), np.asarray(log_det))


def _indefinite(Psi: FloatArray, M: FloatArray) -> Kernel:
    """Batched elimination: Psi has a negative direction (`engine.covariance.factor`), I + Psi M still is regular."""
    by_group = _by_group(M)
    system = np.eye(len(Psi)) + Psi @ by_group
    N = np.asarray(np.linalg.inv(system), dtype=np.float64)
    F = np.asarray(by_group @ N, dtype=np.float64)
    log_det = np.linalg.slogdet(system)[1]
    return Kernel(Psi, _in_place(N), _in_place(np.asarray(0.5 * (F + F.swapaxes(1, 2)))), np.asarray(log_det))
