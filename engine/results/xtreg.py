"""The result of a panel regression."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.frame.columns import Column
from engine.results.estimates import Estimates
from engine.results.mixed import LevelSummary
from engine.results.resampling import Resampling
from engine.spec.regression import PanelModel, RegressionSpec, Vce

FloatArray: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class RSquared:
    """Squared correlations of X beta with the response: within panels, of panel means, of all observations."""

    within: float
    between: float
    overall: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTest:
    """Test of the slopes, or of all u_i = 0; `name` is ``F``, ``Wald chi2`` or ``LR chi2``, `ddf` of F only."""

    name: str
    statistic: float
    df: int
    p: float
    ddf: float = math.inf


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class XtregResult:
    """Estimates of ``xtreg``.

    Attributes
    ----------
    columns, beta, vcov_beta
        All k columns of e(b); 0 for those not estimated.
    theta_names, theta, vcov_theta
        sigma_u and sigma_e of the maximum likelihood model; empty for the others.
    groups
        Panels and their sizes.
    sigma_u, sigma_e, rho
        Standard deviations of the panel effects and of the residuals, and the share of the former's variance.
    corr
        Correlation of u_i and X beta (``fe``), else 0.
    effects_test
        Test that there are no effects; None where there is none.
    theta_i
        How much of the panel means the random-effects transformation takes off, one per panel; empty for others.
    cross
        Covariances of beta with theta, (k, 2); empty without theta.
    model_vcov
        Covariance matrix of beta without robust standard errors, None where that is `vcov_beta`.
    within_fit
        Coefficients and covariance matrix of the regression within panels, which ``re`` takes sigma_e from.
    weighting
        Kind and expression of the weights.
    resampling
        Where standard errors come from replicates.
    figures
        Further scalars of e().
    """

    model: PanelModel
    panel: str
    depvar: str
    columns: tuple[Column, ...]
    beta: FloatArray
    vcov_beta: FloatArray
    n_obs: int
    groups: LevelSummary
    r2: RSquared
    test: ModelTest
    sigma_u: float
    sigma_e: float
    rho: float
    corr: float
    df_residual: float
    ll: float
    rank: int
    sample_rows: npt.NDArray[np.int64]
    vce: Vce
    clustvar: str = ""
    n_clusters: int = 0
    effects_test: ModelTest | None = None
    theta_i: FloatArray = field(default_factory=lambda: np.zeros(0))
    theta_names: tuple[str, ...] = ()
    theta: FloatArray = field(default_factory=lambda: np.zeros(0))
    vcov_theta: FloatArray = field(default_factory=lambda: np.zeros((0, 0)))
    rho_se: float = math.nan
    cross: FloatArray = field(default_factory=lambda: np.zeros((0, 0)))
    model_vcov: FloatArray | None = None
    within_fit: tuple[FloatArray, FloatArray] | None = None
    weighting: tuple[str, str] | None = None
    resampling: Resampling | None = None
    figures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class XtregEstimates(Estimates):
    """Results of ``xtreg`` with what was asked."""

    result: XtregResult
    spec: RegressionSpec
