"""The normal and chi-squared distributions, as far as tables need them."""

from __future__ import annotations

import numpy as np


def critical_value(level: float) -> float:
    """Return z with P(|Z| <= z) = level percent."""
    from scipy.special import ndtri

    return float(ndtri(0.5 + level / 200.0))


def two_sided(z: float) -> float:
    """Return P(|Z| > |z|); NaN for NaN."""
    from scipy.special import ndtr

    return float(2.0 * ndtr(-abs(z)))


def chi2_tail(x: float, df: int) -> float:
    """Return P(chi2(df) > x); NaN for NaN or without degrees of freedom."""
    from scipy.special import chdtrc

    if not df or np.isnan(x):
        return float("nan")
    return float(chdtrc(df, max(x, 0.0)))
