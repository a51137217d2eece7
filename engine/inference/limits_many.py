"""p-values and critical values for several comparisons: Bonferroni, Sidak, Scheffe ([R] pwcompare)."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.inference.multiplicity import bonferroni, sidak
from engine.inference.normal import chi2_tail
from engine.inference.student import f_tail, t_critical

FloatArray: TypeAlias = npt.NDArray[np.float64]


def adjusted_p(method: str, z: FloatArray, p: FloatArray, df: FloatArray, *, comparisons: int, rank: int) -> FloatArray:
    """Return adjusted p-values (m,) of statistics z with unadjusted p and degrees of freedom df, (m,) each.

    `comparisons` is how many Bonferroni and Sidak count, `rank` that of all comparisons of the term (Scheffe);
    [R] pwcompare, *Methods and formulas*.
    """
    if method == "bonferroni":
        return bonferroni(p, comparisons)
    if method == "sidak":
        return sidak(p, comparisons)
    if not rank:
        return np.full_like(p, np.nan)
    squares = z**2
    return np.array([_scheffe(square, rank, own) for square, own in zip(squares, df, strict=True)])


def _scheffe(square: float, rank: int, df: float) -> float:
    return chi2_tail(square, rank) if np.isposinf(df) else f_tail(square / rank, rank, df)


def adjusted_critical(method: str, level: float, df: FloatArray, *, comparisons: int, rank: int) -> FloatArray:
    """Return the numbers of standard errors from estimates to limits at `level` percent of all comparisons, (m,)."""
    if method == "scheffe":
        return np.array([_scheffe_critical(level, rank, own) for own in df])
    alpha = 1.0 - level / 100.0
    each = alpha / comparisons if method == "bonferroni" else -np.expm1(np.log1p(-alpha) / comparisons)
    return np.array([t_critical(100.0 * (1.0 - each), own) for own in df])


def _scheffe_critical(level: float, rank: int, df: float) -> float:
    from scipy.special import chdtri, fdtri

    if not rank:
        return float("nan")
    tail = 1.0 - level / 100.0
    if np.isposinf(df):
        return float(np.sqrt(chdtri(rank, tail)))
    return float(np.sqrt(rank * fdtri(rank, df, 1.0 - tail))) if df > 0.0 else float("nan")
