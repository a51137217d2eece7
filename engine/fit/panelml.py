"""Panel regression with normal random effects by maximum likelihood ([XT] xtreg, *Methods and formulas*, xtreg, mle).

With s = sigma_u, e = sigma_e, D_i = T_i s^2 + e^2, S_i and Q_i the sum of a panel's residuals and of their squares,

    l_i = -1/2 [Q_i / e^2 - s^2 S_i^2 / (e^2 D_i) + ln D_i + (T_i - 1) ln e^2 + T_i ln 2 pi].

The coefficients and e are profiled out: what is searched for is lambda = s^2 / e^2, in its logarithm.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.errors import StataError
from engine.events import CancelToken
from engine.fit.leastsquares import in_places, least_squares
from engine.fit.paneldata import PanelData, cluster_sums, n_clusters, panel_data
from engine.frame.columnvalues import FloatArray
from engine.frame.linearframe import LinearFrame
from engine.inference.normal import chi2_tail
from engine.inference.wald import wald_test
from engine.results.xtreg import ModelTest, RSquared, XtregResult
from engine.spec.regression import PanelModel, Vce

Log = Callable[[float], None]
"""Told of the log likelihood of each step."""

_STEPS = 200
_SMALLEST, _LARGEST = 1e-12, 1e12
"""Range of lambda that is searched; below it the effects have no variance."""
_CLOSE = 1e-13
"""Change of ln lambda at which the search ends."""
_SETTLED = 1e-9
"""Relative change of the log likelihood from which on further steps only polish, and are not told."""
_FLAT = 1e-12
"""Derivative per observation at which it ends."""


@dataclass(frozen=True, slots=True, eq=False)
class _Point:
    """The profile at one lambda: estimates, log likelihood and its derivative with respect to ln lambda."""

    ratio: float
    b: FloatArray
    sigma_e2: float
    ll: float
    slope: float


def fit_mle(
    frame: LinearFrame,
    vce: Vce,
    sample_rows: npt.NDArray[np.int64],
    *,
    null_log: Log,
    log: Log,
    cancel: CancelToken,
) -> XtregResult:
    """Fit the model; `null_log` hears of the model with the constant only, `log` of the full one.

    Raises
    ------
    StataError
        r(2001) where nothing is left to vary within the panels.
    """
    data = panel_data(frame)
    n, p = data.n, frame.X.shape[1]
    if n <= p + 1:
        raise StataError(2001, "insufficient observations")
    if data.summary.largest == 1:
        message = f"each {data.summary.name} has one observation: sigma_u and sigma_e cannot be told apart"
        raise StataError(2001, message)
    least = least_squares(frame.X, frame.y)
    ll_c = _pooled(least.rss, n)
    null = None
    if data.K and frame.constant and not vce.is_robust:
        null = _maximize(data, np.ones((n, 1)), null_log, cancel)
    found = _maximize(data, frame.X, log, cancel)
    s, e = math.sqrt(found.ratio * found.sigma_e2), math.sqrt(found.sigma_e2)
    scores, hessian = _derivatives(data, frame.X, found.b, s, e)
    free = np.array([True] * p + [s > 0.0, True])
    V = _inverse_information(-hessian, free)
    if vce.is_robust:
        summed = cluster_sums(frame, scores)
        M = n_clusters(frame)
        V = V @ (summed.T @ summed) @ V * (M / (M - 1.0))
    return _result(data, found, V, vce, sample_rows, null=null, ll_c=ll_c)


def _inverse_information(information: FloatArray, free: npt.NDArray[np.bool_]) -> FloatArray:
    """Return the inverse on the free parameters, that of the coefficients alone where the whole is not definite."""
    k = len(free)
    for kept in (free, free & (np.arange(k) < k - 2)):
        block = information[np.ix_(kept, kept)]
        V = np.zeros((k, k))
        try:
            np.linalg.cholesky(block)
        except np.linalg.LinAlgError:
            continue
        V[np.ix_(kept, kept)] = np.linalg.inv(block)
        return V
    raise StataError(430, "convergence not achieved: the information matrix is not positive definite")


def _maximize(data: PanelData, X: FloatArray, log: Log, cancel: CancelToken) -> _Point:
    """Search the root of the profile's derivative, by steps kept inside of a bracket that shrinks."""
    none = _profile(data, X, 0.0)
    if _slope_at_zero(data, X, none) <= 0.0:
        log(none.ll)
        return none
    here = _profile(data, X, _start(data, X))
    log(here.ll)
    left, right = math.log(_SMALLEST), math.log(_LARGEST)
    before: _Point | None = None
    settled = False
    for _ in range(_STEPS):
        cancel.check()
        place = math.log(here.ratio)
        left, right = (place, right) if here.slope > 0.0 else (left, place)
        step = _step(data, here, before, (left, right))
        if abs(step - place) < _CLOSE * max(1.0, abs(place)) or abs(here.slope) < _FLAT * data.n:
            break
        before, here = here, _profile(data, X, math.exp(step))
        if not settled:
            log(here.ll)
        settled = abs(here.ll - before.ll) < _SETTLED * abs(here.ll)
    return here


def _step(data: PanelData, here: _Point, before: _Point | None, bracket: tuple[float, float]) -> float:
    """Return the next ln lambda: by the secant, first by the expected curvature, else the middle of the bracket."""
    place = math.log(here.ratio)
    if before is None or here.slope == before.slope:
        grown = data.panels.sizes * here.ratio
        curvature = -0.5 * float(((grown / (1.0 + grown)) ** 2).sum())
    else:
        curvature = (here.slope - before.slope) / (place - math.log(before.ratio))
    step = place - here.slope / curvature if curvature < 0.0 else math.nan
    left, right = bracket
    return step if left < step < right else 0.5 * (left + right)


def _start(data: PanelData, X: FloatArray) -> float:
    """Return a first lambda from the residuals of least squares: variances between and within panels."""
    residuals = least_squares(X, data.frame.y).residuals
    within = float((data.panels.less_means(residuals) ** 2).sum()) / max(data.n - data.summary.n_groups, 1)
    between = float(np.var(data.panels.means(residuals), ddof=1)) - within / data.harmonic
    return min(max(between / within, 1e-3), 1e3) if within > 0.0 else 1.0


def _profile(data: PanelData, X: FloatArray, ratio: float) -> _Point:
    """Return the profile at lambda, from y_it - theta_i mean_i with theta_i = 1 - (1 + T_i lambda)^-1/2."""
    panels, y, n = data.panels, data.frame.y, data.n
    grown = 1.0 + panels.sizes * ratio
    theta = 1.0 - 1.0 / np.sqrt(grown)
    solved = least_squares(panels.less_means(X, theta), panels.less_means(y, theta))
    if not solved.rss > 0.0:
        raise StataError(2001, "nothing is left to vary within the panels")
    S = panels.sums(y - X @ solved.b)
    rss_slope = -float((S * S / (grown * grown)).sum())
    slope = ratio * (-0.5 * n * rss_slope / solved.rss - 0.5 * float((panels.sizes / grown).sum()))
    ll = _pooled(solved.rss, n) - 0.5 * float(np.log(grown).sum())
    return _Point(ratio, solved.b, solved.rss / n, ll, slope)


def _slope_at_zero(data: PanelData, X: FloatArray, point: _Point) -> float:
    """Return the derivative with respect to lambda itself at 0."""
    S = data.panels.sums(data.frame.y - X @ point.b)
    return 0.5 * float((S * S).sum()) / point.sigma_e2 - 0.5 * float(data.panels.sizes.sum())


def _pooled(rss: float, n: int) -> float:
    return -0.5 * n * (math.log(2.0 * math.pi) + math.log(rss / n) + 1.0) if rss > 0.0 else math.nan


def _derivatives(data: PanelData, X: FloatArray, b: FloatArray, s: float, e: float) -> tuple[FloatArray, FloatArray]:
    """Return the scores of the rows, (n, p + 2), and the Hessian (p + 2, p + 2), for (b, sigma_u, sigma_e).

    Of a panel's scores for the two standard deviations each row holds an equal share, so that sums over panels count.
    """
    panels, T, p = data.panels, data.panels.sizes, X.shape[1]
    r = data.frame.y - X @ b
    S, Q, SX, rX = panels.sums(r), panels.sums(r * r), panels.sums(X), panels.sums(X * r[:, None])
    D = T * s * s + e * e
    A = s * s / (e * e * D)
    A_s, A_e = 2.0 * s / D**2, -2.0 * s * s * (1.0 / (e**3 * D) + 1.0 / (e * D**2))
    A_ee = 2.0 * s * s * (3.0 / (e**4 * D) + 3.0 / (e * e * D**2) + 4.0 / D**3)
    by_s = S * S * s / D**2 - T * s / D
    by_e = Q / e**3 + 0.5 * S * S * A_e - e / D - (T - 1.0) / e
    scores = np.empty((len(r), p + 2))
    scores[:, :p] = X * (r / (e * e) - (A * S)[panels.codes])[:, None]
    scores[:, p], scores[:, p + 1] = (by_s / T)[panels.codes], (by_e / T)[panels.codes]
    H = np.empty((p + 2, p + 2))
    H[:p, :p] = -(X.T @ X) / (e * e) + SX.T @ (SX * A[:, None])
    H[:p, p] = H[p, :p] = -(SX.T @ (A_s * S))
    H[:p, p + 1] = H[p + 1, :p] = -2.0 * rX.sum(axis=0) / e**3 - SX.T @ (A_e * S)
    H[p, p] = float((S * S * (1.0 / D**2 - 4.0 * T * s * s / D**3) - T / D + 2.0 * T * T * s * s / D**2).sum())
    H[p, p + 1] = H[p + 1, p] = float((-4.0 * s * e * S * S / D**3 + 2.0 * T * s * e / D**2).sum())
    H[p + 1, p + 1] = float(
        (-3.0 * Q / e**4 + 0.5 * S * S * A_ee - 1.0 / D + 2.0 * e * e / D**2 + (T - 1.0) / (e * e)).sum()
    )
    return scores, H


def _model_test(data: PanelData, found: _Point, V: FloatArray, null: _Point | None, vce: Vce) -> ModelTest:
    """Return the likelihood-ratio test against the constant only, else the Wald test."""
    K = data.K
    if null is not None:
        chi2 = max(2.0 * (found.ll - null.ll), 0.0)
        return ModelTest(name="LR chi2", statistic=chi2, df=K, p=chi2_tail(chi2, K))
    most = n_clusters(data.frame) - 1 if vce.is_robust else None
    wald = wald_test(found.b[:K], V[:K, :K], most=most)
    return ModelTest(name="Wald chi2", statistic=wald.chi2 if K else 0.0, df=K, p=wald.p)


def _result(
    data: PanelData,
    found: _Point,
    V: FloatArray,
    vce: Vce,
    sample_rows: npt.NDArray[np.int64],
    *,
    null: _Point | None,
    ll_c: float,
) -> XtregResult:
    frame, p = data.frame, len(found.b)
    s2, e2 = found.ratio * found.sigma_e2, found.sigma_e2
    s, e, total = math.sqrt(s2), math.sqrt(e2), s2 + e2
    rho = s2 / total
    gradient = np.array([2.0 * s * e2, -2.0 * e * s2]) / total**2
    index, k = np.array(frame.estimated, dtype=np.intp), len(frame.columns)
    cross = np.zeros((k, 2))
    cross[index] = V[:p, p:]
    chi2_c = max(2.0 * (found.ll - ll_c), 0.0)
    named = frame.clusters.name if frame.clusters is not None else data.summary.name
    clusters = n_clusters(frame) if vce.is_robust else 0
    return XtregResult(
        model=PanelModel.MLE,
        panel=data.summary.name,
        depvar=frame.depvar,
        columns=frame.columns,
        beta=in_places(found.b, index, k),
        vcov_beta=in_places(V[:p, :p], index, k),
        n_obs=data.n,
        groups=data.summary,
        r2=RSquared(within=math.nan, between=math.nan, overall=math.nan),
        test=_model_test(data, found, V, null, vce),
        sigma_u=s,
        sigma_e=e,
        rho=rho,
        corr=0.0,
        df_residual=math.inf,
        ll=found.ll,
        rank=p + 1 + (s > 0.0),
        sample_rows=sample_rows,
        vce=vce,
        clustvar=named if clusters else "",
        n_clusters=clusters,
        effects_test=None
        if clusters
        else ModelTest(name="LR chi2", statistic=chi2_c, df=1, p=0.5 * chi2_tail(chi2_c, 1) if s > 0.0 else 1.0),
        theta_names=("sigma_u", "sigma_e"),
        theta=np.array([s, e]),
        vcov_theta=V[p:, p:],
        cross=cross,
        rho_se=float(np.sqrt(gradient @ V[p:, p:] @ gradient)) if s > 0.0 and V[p, p] > 0.0 else math.nan,
        figures={"ll_c": ll_c, "chi2_c": chi2_c} | ({"ll_0": null.ll} if null is not None else {}),
    )
