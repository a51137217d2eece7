"""Polynomial least-squares fits over the range of x (``twoway lfit``, ``qfit`` and their confidence bands)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.errors import StataError
from engine.graphs.graphspec import FloatArray

POINTS = 100
"""Places at which a fit is drawn, equally spaced from the smallest to the largest x."""


@dataclass(frozen=True, slots=True)
class PolynomialFit:
    """A fit at equally spaced places, shape (POINTS,), with limits of its mean or of a new observation."""

    x: FloatArray
    y: FloatArray
    ll: FloatArray
    ul: FloatArray


def polynomial_fit(
    y: FloatArray, x: FloatArray, *, degree: int, level: float = 95.0, forecast: bool = False
) -> PolynomialFit:
    """Return the least-squares polynomial and its limits ``y ± t(n - k) * se`` ([R] regress postestimation).

    The standard error is that of the fitted mean (``stdp``), or with `forecast` of a new observation (``stdf``).

    Raises
    ------
    StataError
        2000 or 2001 with too few observations, 459 when x takes too few values.
    """
    from scipy.special import stdtrit

    n = len(x)
    if n <= degree:
        raise StataError(2001 if n else 2000, "insufficient observations" if n else "no observations")
    low, high = float(x.min()), float(x.max())
    middle, half = (low + high) / 2, (high - low) / 2 or 1.0
    X = np.vander((x - middle) / half, degree + 1, increasing=True)
    beta, _, rank, _ = np.linalg.lstsq(X, y, rcond=None)
    if rank <= degree:
        raise StataError(459, f"a line of degree {degree} needs {degree + 1} different values along the x axis")
    at: FloatArray = np.linspace(low, high, POINTS)
    A = np.vander((at - middle) / half, degree + 1, increasing=True)
    fitted: FloatArray = A @ beta
    free = n - degree - 1
    if free < 1:
        return PolynomialFit(at, fitted, fitted, fitted)
    residuals = y - X @ beta
    variance = float(residuals @ residuals) / free
    leverage = np.einsum("ij,jk,ik->i", A, np.linalg.inv(X.T @ X), A)
    t = float(stdtrit(free, 0.5 + level / 200))
    half_width = t * np.sqrt(variance * (leverage + (1.0 if forecast else 0.0)))
    return PolynomialFit(at, fitted, fitted - half_width, fitted + half_width)
