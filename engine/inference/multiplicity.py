"""p-values and limits of several comparisons at once: Bonferroni, Holm, Sidak, Scheffe ([R] test, [R] pwcompare)."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float64]


def bonferroni(p: FloatArray, m: int) -> FloatArray:
    """Return min(1, m p) of p-values (k,), m comparisons in all."""
    return np.minimum(1.0, m * p)


def sidak(p: FloatArray, m: int) -> FloatArray:
    """Return 1 - (1 - p)^m of p-values (k,), without loss of digits for small p."""
    with np.errstate(divide="ignore"):
        return np.asarray(-np.expm1(m * np.log1p(-p)))


def holm(p: FloatArray) -> FloatArray:
    """Return Holm's (1979) step-down p-values of p (k,); missing ones stay missing and count."""
    order = np.argsort(p, kind="stable")
    m = len(p)
    stepped = np.maximum.accumulate(np.minimum(1.0, (m - np.arange(m)) * p[order]))
    out = np.empty(m)
    out[order] = stepped
    return np.where(np.isnan(p), np.nan, out)
