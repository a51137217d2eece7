"""Inverse and determinant of a large symmetric matrix, in steps that are short and let other threads run.

A single LAPACK call on thousands of rows would hold up the window; the recursion over halves consists of matrix
products, which release the interpreter lock, and costs 4/3 m^3 multiplications.
"""

from __future__ import annotations

import numpy as np

from engine.events import CancelToken
from engine.frame.modelframe import FloatArray

_SMALL = 96
_STRIPE = 1 << 29
"""Multiplications per product: some 30 ms."""


def symmetric_inverse(K: FloatArray, cancel: CancelToken) -> tuple[FloatArray, float]:
    """Return K^-1 and log|det K| of a symmetric matrix (m, m) whose leading blocks are not singular.

    Raises
    ------
    LinAlgError
        When a leading block is singular.
    """
    out = np.empty_like(K)
    log_det = _invert(K, out, cancel)
    return out, log_det


def _invert(K: FloatArray, out: FloatArray, cancel: CancelToken) -> float:
    m = len(K)
    if m <= _SMALL:
        sign, log_det = np.linalg.slogdet(K)
        if sign == 0.0:
            raise np.linalg.LinAlgError("singular matrix")
        inverse = np.linalg.inv(K)
        out[:] = 0.5 * (inverse + inverse.T)
        return float(log_det)
    cancel.check()
    h = m // 2
    head, side, tail = K[:h, :h], K[:h, h:], K[h:, h:]
    first = _invert(head, out[:h, :h], cancel)
    moved = product(out[:h, :h], side, cancel)
    second = _invert(tail - product(side.T, moved, cancel), out[h:, h:], cancel)
    corner = product(moved, out[h:, h:], cancel)
    out[:h, :h] += product(corner, moved.T, cancel)
    np.negative(corner, out=out[:h, h:])
    out[h:, :h] = out[:h, h:].T
    return first + second


def product(A: FloatArray, B: FloatArray, cancel: CancelToken) -> FloatArray:
    """Return A @ B, (m, k) and (k, n), in stripes of rows where it is large, so that a stop is heard in between."""
    rows = max(_STRIPE // max(A.shape[1] * B.shape[1], 1), 64)
    if len(A) <= rows:
        return np.asarray(A @ B)
    out = np.empty((len(A), B.shape[1]))
    for first in range(0, len(A), rows):
        cancel.check()
        np.matmul(A[first : first + rows], B, out=out[first : first + rows])
    return out
