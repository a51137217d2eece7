"""The result of a linear regression by least squares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.frame.columns import Column
from engine.results.estimates import Estimates
from engine.results.resampling import Resampling
from engine.spec.regression import RegressionSpec, Vce

FloatArray: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowWeighting:
    """Weights as the command names them; `total` is the sum of the sampling weights as typed."""

    kind: str
    expression: str
    total: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegressResult:
    """Estimates of ``regress``.

    Attributes
    ----------
    columns, beta, vcov_beta
        All k columns of e(b); 0 for those not estimated.
    model_vcov
        Covariance matrix of beta without robust standard errors, (k, k).
    inverse
        (X'WX)^-1 in all k columns, 0 for those not estimated; W scaled as in `engine.frame.linearframe`.
    spread, raw
        Weighted sum of squares of each column about its mean (about zero without a constant), and about zero, (k,).
    mss, rss
        Model and residual sum of squares; total is their sum, about the mean where there is a constant.
    df_model, df_error
        Their degrees of freedom; `df_residual` is that of the tests, clusters less one where clustered.
    F, p
        Test of the slopes.
    ll_0
        Log likelihood of the model with the constant only.
    clustvar, n_clusters
        Clusters of the standard errors; empty and 0 without.
    """

    depvar: str
    columns: tuple[Column, ...]
    beta: FloatArray
    vcov_beta: FloatArray
    model_vcov: FloatArray
    inverse: FloatArray
    spread: FloatArray
    raw: FloatArray
    constant: bool
    n_obs: int
    mss: float
    rss: float
    df_model: int
    df_error: int
    df_residual: float
    F: float
    p: float
    ll: float
    ll_0: float
    rank: int
    sample_rows: npt.NDArray[np.int64]
    vce: Vce
    clustvar: str = ""
    n_clusters: int = 0
    weighting: RowWeighting | None = None
    resampling: Resampling | None = None
    """Where standard errors and the test of the slopes come from replicates; F is chi-squared without `df`."""

    @property
    def theta_names(self) -> tuple[str, ...]:
        """None: e(b) holds coefficients only."""
        return ()

    @property
    def theta(self) -> FloatArray:
        """Empty."""
        return np.zeros(0)

    @property
    def vcov_theta(self) -> FloatArray:
        """Empty."""
        return np.zeros((0, 0))

    @property
    def tss(self) -> float:
        """Total sum of squares."""
        return self.mss + self.rss

    @property
    def standardized(self) -> FloatArray:
        """Coefficients in units of standard deviations, (k,); NaN for the constant."""
        with np.errstate(divide="ignore", invalid="ignore"):
            values = self.beta * np.sqrt(self.spread / self.tss)
        constant = np.array([column.is_constant for column in self.columns], dtype=bool)
        return np.where(constant, np.nan, values)

    @property
    def r2(self) -> float:
        """Share of the total sum of squares that the model explains."""
        return self.mss / self.tss if self.tss > 0.0 else float("nan")

    @property
    def r2_adjusted(self) -> float:
        """R-squared adjusted for degrees of freedom."""
        total = self.n_obs - self.constant
        return 1.0 - (1.0 - self.r2) * total / self.df_error if self.df_error > 0 else float("nan")

    @property
    def sigma2(self) -> float:
        """Residual variance; NaN without degrees of freedom."""
        return self.rss / self.df_error if self.df_error > 0 else float("nan")

    @property
    def rmse(self) -> float:
        """Root of the residual variance."""
        return float(np.sqrt(self.sigma2))


@dataclass(frozen=True, slots=True, kw_only=True)
class RegressEstimates(Estimates):
    """Results of ``regress`` with what was asked."""

    result: RegressResult
    spec: RegressionSpec
