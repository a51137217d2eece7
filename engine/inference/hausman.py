"""Hausman's specification test ([R] hausman, *Methods and formulas*)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.inference.normal import chi2_tail

FloatArray = npt.NDArray[np.float64]

_SMALL = 1e-10
"""Eigenvalues below this share of the largest count as zero."""


@dataclass(frozen=True, slots=True, eq=False)
class Hausman:
    """Statistic (b-B)'(V_b-V_B)^-1(b-B), its degrees of freedom, and standard errors of the differences.

    `rank` is that of V_b - V_B; `definite` tells whether that matrix is positive definite; `se` is NaN where a variance
    would be negative.
    """

    chi2: float
    df: int
    p: float
    se: FloatArray
    definite: bool
    rank: int


def hausman(b: FloatArray, V_b: FloatArray, B: FloatArray, V_B: FloatArray, *, df: int | None = None) -> Hausman:
    """Compare consistent `b` with efficient `B`, (k,), given their covariance matrices (k, k).

    A singular difference of covariance matrices is inverted on its range, whose rank is the degrees of freedom unless
    `df` gives them.
    """
    difference, D = b - B, V_b - V_B
    scale = np.sqrt(np.abs(np.diag(D)))
    scale = np.where(scale > 0.0, scale, 1.0)
    values, vectors = np.linalg.eigh(D / np.outer(scale, scale))
    kept = np.abs(values) > _SMALL * np.abs(values).max(initial=0.0)
    along = vectors.T @ (difference / scale)
    chi2 = float((along[kept] ** 2 / values[kept]).sum())
    rank = int(np.count_nonzero(kept))
    df = rank if df is None else df
    diagonal = np.diag(D)
    se = np.sqrt(np.where(diagonal >= 0.0, diagonal, np.nan))
    p = chi2_tail(chi2, df) if chi2 >= 0.0 and df else float("nan")
    return Hausman(chi2, df, p, se, definite=bool((values > 0.0).all() and kept.all()), rank=rank)
