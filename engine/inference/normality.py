"""Tests of normality by skewness and kurtosis, with Royston's adjustment ([R] sktest)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

LEAST_VALUES = 8
"""The approximations need at least so many values."""
_LARGEST = 1490.0
"""Beyond this exp(-K2/2) is zero in double precision."""


@dataclass(frozen=True, slots=True)
class Normality:
    """P-values of skewness and kurtosis, and the joint test; NaN where it cannot be computed."""

    n: int
    p_skewness: float
    p_kurtosis: float
    chi2: float
    p: float


_ROUNDING = 1e-14
"""Share of the size of the values below which deviations are those of rounding: the values do not vary."""
_UNKNOWN = (math.nan, math.nan)


def normality(values: npt.NDArray[np.float64], *, adjust: bool = True) -> Normality:
    """Return the tests of `values`, shape (n,); the joint one is adjusted unless `adjust` is false.

    Skewness: D'Agostino (1970) Z1; kurtosis: Anscombe and Glynn (1983) Z2, both from moment ratios with divisor n.
    """
    from scipy.special import ndtr

    n = len(values)
    deviations = values - values.mean() if n else values
    second = float(np.mean(deviations**2)) if n else 0.0
    rounding = _ROUNDING * float(np.max(np.abs(values), initial=0.0))
    if n < LEAST_VALUES or not second > rounding**2:
        return Normality(n, *_UNKNOWN, *_UNKNOWN)
    z1 = _skewness_z(float(np.mean(deviations**3)) / second**1.5, n)
    z2 = _kurtosis_z(float(np.mean(deviations**4)) / second**2, n)
    p1, p2 = (2.0 * float(ndtr(-abs(z))) for z in (z1, z2))
    k2 = z1 * z1 + z2 * z2
    chi2, p = _adjusted(k2, n) if adjust else (k2, math.exp(-k2 / 2.0))
    return Normality(n, p1, p2, chi2, p)


def _skewness_z(skewness: float, n: int) -> float:
    y = skewness * math.sqrt((n + 1) * (n + 3) / (6.0 * (n - 2)))
    beta = 3.0 * (n * n + 27 * n - 70) * (n + 1) * (n + 3) / ((n - 2) * (n + 5) * (n + 7) * (n + 9))
    w2 = math.sqrt(2.0 * (beta - 1.0)) - 1.0
    delta = 1.0 / math.sqrt(math.log(math.sqrt(w2)))
    alpha = math.sqrt(2.0 / (w2 - 1.0))
    return delta * math.asinh(y / alpha)


def _kurtosis_z(kurtosis: float, n: int) -> float:
    mean = 3.0 * (n - 1) / (n + 1)
    variance = 24.0 * n * (n - 2) * (n - 3) / ((n + 1) ** 2 * (n + 3) * (n + 5))
    x = (kurtosis - mean) / math.sqrt(variance)
    root = (
        6.0 * (n * n - 5 * n + 2) / ((n + 7) * (n + 9)) * math.sqrt(6.0 * (n + 3) * (n + 5) / (n * (n - 2) * (n - 3)))
    )
    a = 6.0 + 8.0 / root * (2.0 / root + math.sqrt(1.0 + 4.0 / root**2))
    ratio = (1.0 - 2.0 / a) / (1.0 + x * math.sqrt(2.0 / (a - 4.0)))
    return (1.0 - 2.0 / (9.0 * a) - math.copysign(abs(ratio) ** (1 / 3), ratio)) / math.sqrt(2.0 / (9.0 * a))


def _adjusted(k2: float, n: int) -> tuple[float, float]:
    """Return Royston's (1991) adjustment of K2, as a chi-squared and its p-value."""
    from scipy.special import log_ndtr, ndtr, ndtri

    if k2 > _LARGEST:
        return _UNKNOWN
    log_n = math.log(n)
    zc = -float(ndtri(math.exp(-k2 / 2.0)))
    zt = 0.55 * n**0.2 - 0.21
    a1 = (-5.0 + 3.46 * log_n) * math.exp(-1.37 * log_n)
    b1 = 1.0 + (0.854 - 0.148 * log_n) * math.exp(-0.55 * log_n)
    b2 = 2.13 / (1.0 - 2.37 * log_n) + b1
    a2 = a1 - (b2 - b1) * zt
    z = zc if zc < -1.0 else a1 + b1 * zc if zc < zt else a2 + b2 * zc
    return -2.0 * float(log_ndtr(-z)), float(ndtr(-z))
