"""Panel regressions by least squares: fixed effects, random effects (GLS) and between.

Formulas: [XT] xtreg, *Methods and formulas*. y_it = a + x_it b + u_i + e_it.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from engine.errors import StataError
from engine.fit.leastsquares import LeastSquares, in_places, least_squares
from engine.fit.paneldata import PanelData, clustered, n_clusters, panel_data, r_squared, sum_of_squares, within_frame
from engine.fit.panels import correlation
from engine.frame.collinear import independent_columns
from engine.frame.columnvalues import FloatArray
from engine.frame.linearframe import LinearFrame
from engine.inference.student import f_tail
from engine.inference.wald import wald_test
from engine.results.xtreg import ModelTest, XtregResult
from engine.spec.regression import PanelModel, Vce

_ROUNDING = 1e-9
"""A correlation below this is rounding of zero."""


def fit_fe(frame: LinearFrame, vce: Vce, sample_rows: npt.NDArray[np.int64], *, dfadj: bool = False) -> XtregResult:
    """Fit the within regression ([XT] xtreg, *Methods and formulas*); `frame` comes from `within_frame`.

    `dfadj` counts the panels' intercepts as coefficients in the small-sample factor of robust standard errors.

    Raises
    ------
    StataError
        r(2001) where the panels take up all observations.
    """
    data = panel_data(frame)
    panels, w, n, K, M = data.panels, data.w, data.n, data.K, data.summary.n_groups
    df = n - M - K
    if df < 1:
        raise StataError(2001, "insufficient observations: the panels take up all of them")
    solved, moved = _within(data)
    s2 = solved.rss / df
    model = s2 * solved.inverse
    V = clustered(data, moved, solved, K + (M if dfadj else 1)) if vce.is_robust else model
    xb = data.X @ solved.b[:-1]
    u = panels.means(frame.y - xb) - solved.b[-1]
    corr = correlation(u[panels.codes], xb, w) if K else 0.0
    df_test = float(n_clusters(frame) - 1 if vce.is_robust else df)
    grown = least_squares(frame.X, frame.y, w).rss - solved.rss
    F_u = grown / (M - 1) / s2 if s2 > 0.0 else math.nan
    test_u = ModelTest(name="F", statistic=F_u, df=M - 1, p=f_tail(F_u, M - 1, df), ddf=df)
    within = sum_of_squares(panels.less_means(frame.y), w)
    return _result(
        data,
        PanelModel.FE,
        solved.b,
        V,
        sample_rows,
        vce=vce,
        test=_model_test(solved.b[:-1], V[:-1, :-1], frame, vce, ddf=df_test),
        sigma=(float(np.std(u, ddof=1)), math.sqrt(s2)),
        corr=0.0 if abs(corr) < _ROUNDING or math.isnan(corr) else corr,
        df_residual=df_test,
        ll=_log_likelihood(solved.rss, n),
        effects_test=None if vce.is_robust else test_u,
        model_vcov=model if vce.is_robust else None,
        figures={
            "mss": within - solved.rss,
            "tss": within,
            "rss": solved.rss,
            "r2": 1.0 - solved.rss / within if within > 0 else math.nan,
            "r2_a": 1.0 - (solved.rss / df) / (within / (n - 1)) if within > 0 else math.nan,
            "rmse": math.sqrt(s2),
            "df_m": float(K + M - 1),
            "df_a": float(M - 1),
            "df_b": float(K),
            "ll_0": _log_likelihood(within, n),
        }
        | ({} if vce.is_robust else {"F_f": F_u, "p_f": test_u.p}),
    )


def _within(data: PanelData) -> tuple[LeastSquares, FloatArray]:
    """Regress y_it - mean_i + mean on the same of X and a constant; return that design too."""
    panels, y, w = data.panels, data.frame.y, data.w
    moved_y = panels.less_means(y) + np.average(y, weights=w)
    centre = np.average(data.X, axis=0, weights=w) if data.K else np.zeros(0)
    moved = np.column_stack([panels.less_means(data.X) + centre, np.ones(len(y))])
    return least_squares(moved, moved_y, w), moved


def fit_re(frame: LinearFrame, vce: Vce, sample_rows: npt.NDArray[np.int64], *, sa: bool = False) -> XtregResult:
    """Fit the random-effects regression by generalised least squares ([XT] xtreg, *Methods and formulas*).

    sigma_u is that of Swamy and Arora with the harmonic mean of the panel sizes; with `sa` the exact one for unequal
    sizes (Baltagi and Chang 1994).

    Raises
    ------
    StataError
        r(2001) where too few observations tell sigma_u from sigma_e, r(459) where sigma_e is zero.
    """
    data = panel_data(frame)
    panels, y, n = data.panels, frame.y, data.n
    inside, slopes_inside, vcov_inside = _within_parts(data)
    if not inside > np.finfo(float).eps * float(np.var(y)):
        why = "the response does not vary within panels, or the regression fits it exactly"
        raise StataError(459, f"sigma_e is 0: {why}, so that random effects cannot be weighed")
    sigma_u2 = _exact_between_variance(data, inside) if sa else _between_variance(data, inside)
    outside = panels.sizes * sigma_u2 + inside
    theta = 1.0 - np.sqrt(np.divide(inside, outside, out=np.ones_like(outside), where=outside > 0.0))
    X = panels.less_means(np.column_stack([data.X, np.ones(n)]), theta)
    solved = least_squares(X, panels.less_means(y, theta))
    s2 = solved.rss / (n - X.shape[1])
    V = clustered(data, X, solved, X.shape[1]) if vce.is_robust else s2 * solved.inverse
    figures = dict(zip(("thta_min", "thta_5", "thta_50", "thta_95", "thta_max"), _quantiles(theta), strict=True))
    if data.summary.smallest == data.summary.largest:
        figures = {"theta": float(theta[0])}
    return _result(
        data,
        PanelModel.RE,
        solved.b,
        V,
        sample_rows,
        vce=vce,
        test=_model_test(solved.b[:-1], V[:-1, :-1], frame, vce),
        sigma=(math.sqrt(sigma_u2), math.sqrt(inside)),
        corr=0.0,
        df_residual=math.inf,
        ll=math.nan,
        theta_i=theta,
        figures=figures | {"rmse": math.sqrt(s2)},
        within_fit=(slopes_inside, vcov_inside),
    )


def fit_be(frame: LinearFrame, sample_rows: npt.NDArray[np.int64], *, wls: bool = False) -> XtregResult:
    """Fit the regression of panel means, weighted by the panels' sizes with `wls`; `frame` is a `between_frame`.

    Raises
    ------
    StataError
        r(2001) where there are no more panels than coefficients.
    """
    data = panel_data(frame)
    M, K = data.summary.n_groups, data.K
    df = M - K - 1
    if df < 1:
        raise StataError(2001, f"insufficient observations: {M} panel means cannot determine {K + 1} coefficients")
    w = data.panels.sizes * (M / data.panels.sizes.sum()) if wls else None
    solved = _between(data, w)[0]
    s2 = solved.rss / df
    V = s2 * solved.inverse
    tss = sum_of_squares(data.panels.means(frame.y), w)
    return _result(
        data,
        PanelModel.BE,
        solved.b,
        V,
        sample_rows,
        vce=Vce.CONVENTIONAL,
        test=_model_test(solved.b[:-1], V[:-1, :-1], frame, Vce.CONVENTIONAL, ddf=float(df)),
        sigma=(math.nan, math.nan),
        corr=0.0,
        df_residual=float(df),
        ll=_log_likelihood(solved.rss, M),
        figures={
            "rmse": math.sqrt(s2),
            "rss": solved.rss,
            "mss": tss - solved.rss,
            "r2": 1.0 - solved.rss / tss if tss > 0.0 else math.nan,
            "r2_a": 1.0 - (solved.rss / df) / (tss / (M - 1)) if tss > 0.0 else math.nan,
            "ll_0": _log_likelihood(tss, M),
        },
    )


def _model_test(
    slopes: FloatArray, V: FloatArray, frame: LinearFrame, vce: Vce, *, ddf: float | None = None
) -> ModelTest:
    """Return the test of the slopes: F with denominator `ddf`, else the Wald statistic."""
    wald = wald_test(slopes, V, most=n_clusters(frame) - 1 if vce.is_robust else None)
    df = len(slopes)
    if ddf is None:
        return ModelTest(name="Wald chi2", statistic=wald.chi2, df=df, p=wald.p)
    F = wald.chi2 / df if df else 0.0
    return ModelTest(name="F", statistic=F, df=df, p=f_tail(F, df, ddf) if df else math.nan, ddf=ddf)


def _within_parts(data: PanelData) -> tuple[float, FloatArray, FloatArray]:
    """Return sigma_e^2 of the within regression on the columns that vary there, its b and V in all k columns."""
    frame = within_frame(data.frame)
    own = panel_data(frame)
    df = own.n - own.summary.n_groups - own.K
    if df < 1:
        raise StataError(2001, "insufficient observations: the panels are too short to tell sigma_e from sigma_u")
    solved = _within(own)[0]
    s2, index, k = solved.rss / df, np.array(frame.estimated, dtype=np.intp), len(frame.columns)
    return s2, in_places(solved.b, index, k), in_places(s2 * solved.inverse, index, k)


def _between_variance(data: PanelData, sigma_e2: float) -> float:
    """Return sigma_u^2 = max(0, s_b^2 - sigma_e^2 / T), T the harmonic mean of the panel sizes."""
    solved, kept = _between(data)
    df = _between_df(data, kept)
    return max(0.0, solved.rss / df - sigma_e2 / data.harmonic)


def _exact_between_variance(data: PanelData, sigma_e2: float) -> float:
    """Return sigma_u^2 = max(0, (SSR_b - (n - K) sigma_e^2) / (N - tr)), tr = trace((X'PX)^-1 X'ZZ'X).

    SSR_b = sum_i T_i (residual of panel mean i)^2 of the regression weighted by T_i.
    """
    T = data.panels.sizes
    solved, kept = _between(data, T)
    means = np.column_stack([data.panels.means(data.X)[:, kept], np.ones(len(T))])
    trace = float((solved.inverse * (means.T @ (means * (T * T)[:, None]))).sum())
    return max(0.0, (solved.rss - _between_df(data, kept) * sigma_e2) / (float(T.sum()) - trace))


def _between_df(data: PanelData, kept: npt.NDArray[np.bool_]) -> int:
    M = data.summary.n_groups
    df = M - int(np.count_nonzero(kept)) - 1
    if df < 1:
        raise StataError(2001, f"insufficient observations: {M} panels cannot determine sigma_u beside the slopes")
    return df


def _between(data: PanelData, w: FloatArray | None = None) -> tuple[LeastSquares, npt.NDArray[np.bool_]]:
    """Regress the panel means, on the columns that are independent there; return which those are."""
    X = data.panels.means(data.X)
    kept = independent_columns(X, constant=True).kept if data.K else np.zeros(0, dtype=bool)
    table = np.column_stack([X[:, kept], np.ones(len(X))])
    return least_squares(table, data.panels.means(data.frame.y), w), kept


def _log_likelihood(rss: float, n: int) -> float:
    return -0.5 * n * (math.log(2.0 * math.pi) + math.log(rss / n) + 1.0) if rss > 0.0 else math.nan


def _quantiles(theta: FloatArray) -> tuple[float, ...]:
    """Return minimum, 5th, 50th, 95th percentile and maximum, by the rule of ``summarize, detail``."""
    return tuple(
        float(value) for value in np.quantile(theta, [0.0, 0.05, 0.5, 0.95, 1.0], method="averaged_inverted_cdf")
    )


def _result(
    data: PanelData,
    model: PanelModel,
    b: FloatArray,
    V: FloatArray,
    sample_rows: npt.NDArray[np.int64],
    *,
    vce: Vce,
    test: ModelTest,
    sigma: tuple[float, float],
    corr: float,
    df_residual: float,
    ll: float,
    figures: dict[str, float],
    effects_test: ModelTest | None = None,
    theta_i: FloatArray | None = None,
    model_vcov: FloatArray | None = None,
    within_fit: tuple[FloatArray, FloatArray] | None = None,
) -> XtregResult:
    frame = data.frame
    index, k = np.array(frame.estimated, dtype=np.intp), len(frame.columns)
    total = sigma[0] ** 2 + sigma[1] ** 2
    named = frame.clusters.name if frame.clusters is not None else data.summary.name
    return XtregResult(
        model=model,
        panel=data.summary.name,
        depvar=frame.depvar,
        columns=frame.columns,
        beta=in_places(b, index, k),
        vcov_beta=in_places(V, index, k),
        n_obs=data.n,
        groups=data.summary,
        r2=r_squared(data, b[: data.K]),
        test=test,
        sigma_u=sigma[0],
        sigma_e=sigma[1],
        rho=sigma[0] ** 2 / total if total > 0.0 else math.nan,
        corr=corr,
        df_residual=df_residual,
        ll=ll,
        rank=len(b) if not vce.is_robust else min(len(b), n_clusters(frame) - 1),
        sample_rows=sample_rows,
        vce=vce,
        clustvar=named if vce.is_robust else "",
        n_clusters=n_clusters(frame) if vce.is_robust else 0,
        effects_test=effects_test,
        theta_i=np.zeros(0) if theta_i is None else theta_i,
        model_vcov=None if model_vcov is None else in_places(model_vcov, index, k),
        within_fit=within_fit,
        weighting=None if frame.weights is None else (frame.weights.kind, frame.weights.expression),
        figures={"Tbar": data.harmonic} | figures,
    )
