"""Many small matrices at once: row and column indices first, the group index last and contiguous."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.frame.modelframe import FloatArray


def multiply(A: FloatArray, B: FloatArray) -> FloatArray:
    """Return A B per group; (a, b, G) by (b, c, G) gives (a, c, G)."""
    out = A[:, 0, None] * B[None, 0]
    for k in range(1, B.shape[0]):
        out += A[:, k, None] * B[None, k]
    return out


def cross(A: FloatArray, B: FloatArray) -> FloatArray:
    """Return A' B per group; (a, b, G) by (a, c, G) gives (b, c, G)."""
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


@dataclass(frozen=True, slots=True, eq=False)
class Kernel:
    """Per group, from M = Z'V^-1 Z and Psi: N = (I + Psi M)^-1, A = N Psi, F = M N, log|I + Psi M|."""

    N: FloatArray
    A: FloatArray
    F: FloatArray
    log_det: FloatArray


def kernel(Psi: FloatArray, root: FloatArray, M: FloatArray) -> Kernel:
    """Compute the kernel of all groups; Psi (q, q) may be singular, `root` is its symmetric square root."""
    q = len(Psi)
    if q == 1:
        return _scalar(float(Psi[0, 0]), M)
    if q == 2:
        return _pair(Psi, M)
    return _general(root, M)


def _scalar(psi: float, M: FloatArray) -> Kernel:
    product = psi * M
    N = 1.0 / (1.0 + product)
    return Kernel(N, psi * N, M * N, np.log1p(product[0, 0]))


def _pair(Psi: FloatArray, M: FloatArray) -> Kernel:
    a, b, c = Psi[0, 0], Psi[0, 1], Psi[1, 1]
    m11, m12, m22 = M[0, 0], M[0, 1], M[1, 1]
    det_psi = a * c - b * b
    det_m = m11 * m22 - m12 * m12
    w11, w12 = a * m11 + b * m12, a * m12 + b * m22
    w21, w22 = b * m11 + c * m12, b * m12 + c * m22
    excess = w11 + w22 + det_psi * det_m
    inverse = 1.0 / (1.0 + excess)
    N, A, F = np.empty_like(M), np.empty_like(M), np.empty_like(M)
    N[0, 0], N[0, 1] = (1.0 + w22) * inverse, -w12 * inverse
    N[1, 0], N[1, 1] = -w21 * inverse, (1.0 + w11) * inverse
    A[0, 0] = (a + det_psi * m22) * inverse
    A[0, 1] = A[1, 0] = (b - det_psi * m12) * inverse
    A[1, 1] = (c + det_psi * m11) * inverse
    det_m *= inverse
    F[0, 0] = m11 * inverse + c * det_m
    F[0, 1] = F[1, 0] = m12 * inverse - b * det_m
    F[1, 1] = m22 * inverse + a * det_m
    return Kernel(N, A, F, np.log1p(excess))


def _general(root: FloatArray, M: FloatArray) -> Kernel:
    """Unrolled Cholesky of I + T'MT, T the root of Psi."""
    q = len(root)
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
    A = cross(W, W)
    N = -multiply(A, M)
    for j in range(q):
        N[j, j] += 1.0
    F = multiply(M, N)
    return Kernel(N, A, 0.5 * (F + F.swapaxes(0, 1)), log_det)
