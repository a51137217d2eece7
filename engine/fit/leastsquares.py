"""Weighted least squares by orthogonal reduction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.frame.columnvalues import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LeastSquares:
    """Solution of min sum w (y - X b)^2.

    Attributes
    ----------
    b, inverse
        Coefficients (p,) and (X'WX)^-1 (p, p).
    residuals
        y - X b, shape (n,).
    rss
        sum w e^2.
    """

    b: FloatArray
    inverse: FloatArray
    residuals: FloatArray
    rss: float


def least_squares(X: FloatArray, y: FloatArray, w: FloatArray | None = None) -> LeastSquares:
    """Solve by QR of sqrt(W) X, one step of refinement; `X` (n, p) has full column rank, `w` (n,) is positive."""
    p = X.shape[1]
    if not p:
        rss = float(y @ y) if w is None else float(w @ (y * y))
        return LeastSquares(b=np.zeros(0), inverse=np.zeros((0, 0)), residuals=y.copy(), rss=rss)
    root = None if w is None else np.sqrt(w)
    scaled = X if root is None else X * root[:, None]
    size = np.sqrt(np.einsum("ij,ij->j", scaled, scaled))
    Q, R = np.linalg.qr(scaled / size)
    back = np.linalg.inv(R) / size[:, None]
    b = np.zeros(p)
    residuals = y
    for _ in range(2):
        b = b + back @ (Q.T @ (residuals if root is None else root * residuals))
        residuals = y - X @ b
    rss = float(residuals @ residuals) if w is None else float(w @ (residuals * residuals))
    return LeastSquares(b=b, inverse=back @ back.T, residuals=residuals, rss=rss)


def leverages(X: FloatArray, inverse: FloatArray) -> FloatArray:
    """Return x'(X'WX)^-1 x of each row, shape (n,)."""
    return np.asarray(np.einsum("ij,ij->i", X @ inverse, X))


def in_places(values: FloatArray, index: npt.NDArray[np.intp], k: int) -> FloatArray:
    """Put values of the estimated columns, (p,) or (p, p), into places `index` among all k; 0 for the others."""
    out = np.zeros((k,) * values.ndim)
    out[np.ix_(*[index] * values.ndim)] = values
    return out
