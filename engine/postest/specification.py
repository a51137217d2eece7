"""Tests of a linear regression's assumptions: equal variances, and powers left out.

Breusch and Pagan (1979), Cook and Weisberg (1983), Koenker (1981), Ramsey (1969); [R] regress postestimation.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from engine.fit.leastsquares import least_squares
from engine.frame.collinear import independent_columns
from engine.frame.columnvalues import FloatArray
from engine.inference.normal import chi2_tail
from engine.inference.student import f_tail

_POWERS = (2, 3, 4)


class ErrorTerms(Enum):
    """What a test of equal variances assumes of the errors, and which statistic it gives."""

    NORMAL = "normal"
    IID = "iid"
    F = "fstat"


@dataclass(frozen=True, slots=True)
class SpecificationTest:
    """A chi-squared or F statistic; `ddf` is NaN for chi-squared."""

    statistic: float
    df: int
    p: float
    ddf: float = float("nan")


def equal_variances(e: FloatArray, Z: FloatArray, w: FloatArray | None, assumed: ErrorTerms) -> SpecificationTest:
    """Regress squared residuals `e` (n,) on `Z` (n, m): half the model's sum of squares, n R^2, or F.

    Squares are scaled by their mean; `w` counts observations.
    """
    counts = np.ones(len(e)) if w is None else w
    n = float(counts.sum())
    squared = e * e / (float(counts @ (e * e)) / n)
    kept = independent_columns(Z, constant=True).kept
    df = int(kept.sum())
    design = np.column_stack([Z[:, kept], np.ones(len(e))])
    rss = least_squares(design, squared, counts).rss
    moved = squared - 1.0  # the mean of the scaled squares is one
    tss = float(counts @ (moved * moved))
    if assumed is ErrorTerms.NORMAL:
        chi2 = 0.5 * (tss - rss)
        return SpecificationTest(chi2, df, chi2_tail(chi2, df))
    if assumed is ErrorTerms.IID:
        chi2 = n * (1.0 - rss / tss)
        return SpecificationTest(chi2, df, chi2_tail(chi2, df))
    ddf = n - df - 1.0
    F = (tss - rss) / df / (rss / ddf)
    return SpecificationTest(F, df, f_tail(F, df, ddf), ddf)


def powers_left_out(y: FloatArray, X: FloatArray, bases: FloatArray, w: FloatArray | None) -> SpecificationTest:
    """Test the second to fourth powers of `bases` (n, m), scaled to [0, 1], beside `X` (n, p), constant last."""
    low, high = bases.min(axis=0), bases.max(axis=0)
    scaled = (bases - low) / np.where(high > low, high - low, 1.0)
    powers = np.column_stack([scaled**power for power in _POWERS])
    plain = X[:, :-1]
    kept = independent_columns(np.column_stack([plain, powers]), constant=True).kept[plain.shape[1] :]
    df = int(kept.sum())
    before = least_squares(X, y, w).rss
    after = least_squares(np.column_stack([X, powers[:, kept]]), y, w).rss
    n = float(len(y) if w is None else w.sum())
    ddf = n - X.shape[1] - df
    F = (before - after) / df / (after / ddf) if df else float("nan")
    return SpecificationTest(F, df, f_tail(F, df, ddf), ddf)
