"""The result of fitting a linear mixed model: estimates, criterion, tests and how they were reached."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.frame.columns import Column
from engine.frame.constraints import Constraints
from engine.frame.weighting import WeightNames
from engine.results.boundary import BoundaryTest
from engine.results.explained import ExplainedVariance
from engine.results.resampling import Resampling
from engine.results.smallsample import DegreesOfFreedom, VarianceUncertainty
from engine.results.verdict import Verdict
from engine.spec.mixed import CovarianceKind, Method

FloatArray: TypeAlias = npt.NDArray[np.float64]

_TITLE_WIDTH = 28
"""Letters of a section title on one line."""
_TOGETHER = "(not in Stata)"
"""Words of a title that stay on one line."""


class ParameterRole(Enum):
    """What a variance parameter is; it decides the scale of its confidence interval."""

    VARIANCE = "variance"
    COVARIANCE = "covariance"
    CORRELATION = "correlation"
    PROPORTION = "proportion"
    COEFFICIENT = "coefficient"


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelSummary:
    """Rows per group of one level."""

    name: str
    n_groups: int
    smallest: int
    average: float
    largest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockSummary:
    """One random-effects equation as fitted; `structure` is None when it is empty.

    `Sigma` is the (q, q) covariance matrix of its effects in the metric of the data. An equation of ``R.`` has one
    effect per value of the factor: `Sigma` holds their variance, `n_values` their number (0 for other equations) and
    `covariance` that of any two of them.
    """

    level_name: str
    structure: CovarianceKind | None
    columns: tuple[Column, ...]
    Sigma: FloatArray
    n_values: int = 0
    covariance: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResidualSummary:
    """Residual errors that are not independent with one variance.

    Attributes
    ----------
    kind, order, title
        Full word, order (0 where there is none) and section title without by(): ``AR(2)``.
    by, by_values, by_labels
        Variable of ``by()``, its values and what they are called; empty without.
    t, times
        Variable of ``t()`` and its distinct values; empty without.
    n_parameters
        Residual parameters besides the reference variance.
    theta
        These parameters, variances and covariances relative to the reference variance, shape (n_parameters,).
    """

    kind: str
    order: int
    title: str
    by: str
    by_values: tuple[float, ...]
    by_labels: tuple[str, ...]
    t: str
    times: tuple[float, ...]
    n_parameters: int
    theta: FloatArray

    @property
    def lines(self) -> tuple[str, ...]:
        """The section title as printed: ``Residual: AR(2)``; by() stands on a line of its own, long titles break."""
        title = f"Residual: {self.title}" + ("," if self.by else "")
        glued = title.replace(_TOGETHER, _TOGETHER.replace(" ", "\xa0"))
        broken = textwrap.wrap(glued, _TITLE_WIDTH, subsequent_indent="    ", break_long_words=False)
        lines = tuple(line.replace("\xa0", " ") for line in broken)
        return (*lines, f"    by {self.by}") if self.by else lines

    @property
    def heading(self) -> str:
        """The section title on one line."""
        return " ".join(line.strip() for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class VarianceParameter:
    """One printed line of the random-effects table, in both metrics.

    Attributes
    ----------
    block
        Index of the equation in `MixedResult.blocks`; -1 for the residual.
    name, sd_name
        ``var(week)``/``sd(week)``, ``cov(week,_cons)``/``corr(week,_cons)``, ``var(Residual)``/``sd(Residual)``.
    estimate, se
        Variance or covariance; NaN where a standard error is not available (boundary).
    sd_estimate, sd_se
        Standard deviation or correlation.
    footnote
        ``(1) x1 x2 …`` where the name is too long for the table and abbreviated to ``var(x1..x5)(1)``.
    """

    block: int
    role: ParameterRole
    name: str
    sd_name: str
    estimate: float
    se: float
    sd_estimate: float
    sd_se: float
    footnote: str = ""
    by_label: tuple[str, str] = ("", "")
    """Value of the residuals' by() variable that the name begins with, and what it is called where it has a label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptimizationRecord:
    """How the optimum was reached.

    Attributes
    ----------
    em_iterations, iterations
        Number of EM and of gradient-based iterations.
    converged
        Whether the stopping rule was met.
    decrement
        Last Newton decrement g' H^-1 g of the criterion, in the optimiser's metric.
    at_boundary
        Names of parameters estimated at the edge of their range (a variance of zero, a correlation of one).
    verdict
        What was checked at the estimates, and whether they can be trusted.
    metric, technique, emonly
        How the search was made: ``matsqrt`` or ``matlog``, the techniques in turn, whether by EM alone.
    """

    em_iterations: int
    iterations: int
    converged: bool
    decrement: float
    at_boundary: tuple[str, ...] = ()
    verdict: Verdict | None = None
    metric: str = "matsqrt"
    technique: str = "nr"
    emonly: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustVariance:
    """How standard errors were made robust ([ME] mixed, *Methods and formulas*).

    Attributes
    ----------
    clustvar
        Variable whose values are the clusters; empty where every observation is one.
    n_clusters
        Number of clusters.
    given
        Whether ``vce(cluster …)`` named it; otherwise it is the top level.
    cross
        Robust covariances of beta and theta, shape (k_f, len(theta)).
    model_beta, model_theta
        Model-based variances of beta and theta, between which the scores stand.
    """

    clustvar: str
    n_clusters: int
    given: bool
    cross: FloatArray
    model_beta: FloatArray
    model_theta: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedResult:
    """Estimates of one model.

    Attributes
    ----------
    columns, beta, vcov_beta
        All k_f fixed columns; beta (k_f,) and vcov_beta (k_f, k_f) hold 0 for those not estimated.
    parameters
        Variance parameters in printed order, the residual last.
    theta_names, theta, vcov_theta
        Estimation metric in e(b) order (``lns1_1_1``, ``atr1_1_1_2``, ``lnsig_e``): log standard deviations and
        atanh correlations, and the inverse of the observed information with beta profiled out (NaN if unavailable).
    ll
        Log likelihood, restricted under REML.
    ll_linear, df_linear, chi2_linear, p_linear, chibar
        Comparison with the linear model: its log likelihood, number of extra parameters, statistic, p-value,
        and whether the p-value is that of chibar2(01). NaN/0/False when there is none.
    chi2, df_model, p_model
        Wald test of the slopes; NaN when there is no slope.
    rank
        Rank of e(V).
    sample_rows
        `Dataset.row_ids` of the estimation sample, shape (n,).
    uncertainty
        What approximate degrees of freedom rest on; None where there is none (ML).
    ddf
        Small-sample inference; None without ``dfmethod()``.
    robust
        How standard errors were made robust; None for those of the model.
    weights
        What the observations and groups were weighted by; None without weights.
    constraints
        Linear constraints on the fixed effects that the estimates meet; None without.
    explained
        Variance by source; None where there is no one residual variance.
    null_cone
        Gives boundary-correct p-values of the comparison with the linear model; None where there is none.
    residual
        Structure of the residual errors; None where they are independent with one variance, which is `sigma2`;
        otherwise `sigma2` is the reference variance, that of the first group and time.
    """

    method: Method
    depvar: str
    columns: tuple[Column, ...]
    beta: FloatArray
    vcov_beta: FloatArray
    sigma2: float
    levels: tuple[LevelSummary, ...]
    blocks: tuple[BlockSummary, ...]
    parameters: tuple[VarianceParameter, ...]
    theta_names: tuple[str, ...]
    theta: FloatArray
    vcov_theta: FloatArray
    n_obs: int
    ll: float
    ll_linear: float
    df_linear: int
    chi2_linear: float
    p_linear: float
    chibar: bool
    chi2: float
    df_model: int
    p_model: float
    rank: int
    record: OptimizationRecord
    sample_rows: npt.NDArray[np.int64]
    uncertainty: VarianceUncertainty | None = None
    ddf: DegreesOfFreedom | None = None
    robust: RobustVariance | None = None
    weights: WeightNames | None = None
    constraints: Constraints | None = None
    explained: ExplainedVariance | None = None
    null_cone: BoundaryTest | None = None
    residual: ResidualSummary | None = None
    signature: str = ""
    """Checksum of the data by which changes are noticed, with the variables it covers; empty where there is none."""
    signed_variables: tuple[str, ...] = ()
    resampling: Resampling | None = None
    """Where standard errors come from replicates; None for those of the model or robust ones."""

    @property
    def df_residual(self) -> float:
        """Infinite where inference is by z; in small samples see `ddf`; replicates less one after ``jackknife``."""
        return math.inf if self.resampling is None else self.resampling.df
