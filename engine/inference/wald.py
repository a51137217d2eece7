"""Wald tests of linear hypotheses on estimates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.frame.modelframe import FloatArray
from engine.inference.fixedeffects import Joint
from engine.inference.normal import chi2_tail
from engine.inference.student import f_tail

_SINGULAR = 1e-12


@dataclass(frozen=True, slots=True)
class ChiSquared:
    """A chi-squared statistic with its degrees of freedom and p-value; NaN without degrees of freedom."""

    chi2: float
    df: int
    p: float


@dataclass(frozen=True, slots=True)
class FStatistic:
    """An F statistic with both degrees of freedom and its p-value; NaN where the denominator's are not defined."""

    F: float
    df: int
    ddf: float
    p: float


def wald_test(b: FloatArray, V: FloatArray, *, most: int | None = None) -> ChiSquared:
    """Test b = 0 with b' V^- b; shapes (k,) and (k, k). The degrees of freedom are the rank of V.

    `most` is the largest rank that V can have, clusters less one where V is robust. With more coefficients than that
    there is no test of them all: statistic and p-value are NaN, the degrees of freedom tell the rank.
    """
    if not len(b):
        return ChiSquared(np.nan, 0, np.nan)
    scale = np.sqrt(np.diag(V))
    kept = scale > 0.0
    if not kept.any() or not np.all(np.isfinite(V)):
        return ChiSquared(np.nan, 0, np.nan)
    z = b[kept] / scale[kept]
    values, vectors = np.linalg.eigh(V[np.ix_(kept, kept)] / np.outer(scale[kept], scale[kept]))
    full = values > _SINGULAR * values[-1]
    rotated = vectors[:, full].T @ z
    chi2 = float(rotated @ (rotated / values[full]))
    df = int(full.sum())
    if most is not None and (df > most or df < len(z)):
        return ChiSquared(np.nan, min(df, most), np.nan)
    return ChiSquared(chi2, df, chi2_tail(chi2, df))


def f_test(b: FloatArray, V: FloatArray, joint: Joint) -> FStatistic:
    """Test b = 0, (k,) with covariance V (k, k), by the Wald statistic over its rank, scaled as `joint` says."""
    wald = wald_test(b, V)
    if not wald.df or not np.isfinite(joint.ddf):
        return FStatistic(np.nan, wald.df, np.nan, np.nan)
    F = joint.scale * wald.chi2 / wald.df
    return FStatistic(F, wald.df, joint.ddf, f_tail(F, wald.df, joint.ddf))
