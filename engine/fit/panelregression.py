"""Panel regressions by least squares: fixed effects, random effects (GLS) and between.

Formulas: [XT] xtreg, *Methods and formulas*; random effects after Swamy and Arora (1972) with the harmonic mean of the
panel sizes. y_it = a + x_it b + u_i + e_it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engine.errors import StataError
from engine.fit.leastsquares import LeastSquares, least_squares
from engine.fit.panels import Panels, correlation, squared_correlation
from engine.frame.collinear import independent_columns
from engine.frame.columns import Column, ColumnState
from engine.frame.columnvalues import FloatArray
from engine.frame.linearframe import LinearFrame
from engine.inference.student import f_tail
from engine.inference.wald import wald_test
from engine.results.mixed import LevelSummary
from engine.results.xtreg import ModelTest, RSquared, XtregResult
from engine.spec.regression import PanelModel, Vce

_CONSTANT = 1e-11
"""A column that varies within panels by less than this share of its size does not vary there."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PanelData:
    """A frame cut by panels: X without the constant, which every model has."""

    frame: LinearFrame
    panels: Panels
    X: FloatArray
    summary: LevelSummary

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.frame.y)

    @property
    def K(self) -> int:
        """Number of slopes."""
        return int(self.X.shape[1])


def panel_data(frame: LinearFrame) -> PanelData:
    """Cut a bound frame by its panel variable; r(459) where there is one panel."""
    assert frame.panel is not None
    codes = frame.panel.codes
    if codes.n_groups < 2:
        raise StataError(459, f"{frame.panel.name} has only one value in the sample: there are no panels to compare")
    panels = Panels(codes.values, codes.n_groups)
    sizes = panels.sizes
    summary = LevelSummary(
        name=frame.panel.name,
        n_groups=codes.n_groups,
        smallest=int(sizes.min()),
        average=float(sizes.mean()),
        largest=int(sizes.max()),
    )
    X = frame.X[:, :-1] if frame.constant else frame.X
    return PanelData(frame=frame, panels=panels, X=X, summary=summary)


def check_clusters(frame: LinearFrame) -> None:
    """Refuse clusters that cut panels: the effect of a panel would be shared between clusters."""
    if frame.clusters is None or frame.panel is None:
        return
    panels = frame.panel.codes.values
    first = np.zeros(frame.panel.codes.n_groups, dtype=np.int64)
    first[panels] = frame.clusters.codes
    if (first[panels] != frame.clusters.codes).any():
        raise StataError(498, f"panels are not nested within clusters: {frame.panel.name} in {frame.clusters.name}")


def within_frame(frame: LinearFrame) -> LinearFrame:
    """Return the frame less the columns that do not vary within panels, which fixed effects take up."""
    data = panel_data(frame)
    moved = data.panels.less_means(data.X)
    size = np.abs(data.X).max(axis=0, initial=0.0)
    moved[:, np.abs(moved).max(axis=0, initial=0.0) <= _CONSTANT * size] = 0.0
    kept = independent_columns(moved, constant=False).kept if data.K else np.zeros(0, dtype=bool)
    if kept.all():
        return frame
    columns: list[Column] = list(frame.columns)
    notes = list(frame.notes)
    for i, keep in zip(frame.estimated, np.append(kept, True), strict=True):
        if not keep:
            columns[i] = Column(columns[i].parts, ColumnState.OMITTED)
            notes.append(f"note: {columns[i].name} omitted because of collinearity.")
    return replace(frame, X=frame.X[:, np.append(kept, True)], columns=tuple(columns), notes=tuple(notes))


def fit_fe(frame: LinearFrame, vce: Vce, sample_rows: npt.NDArray[np.int64]) -> XtregResult:
    """Fit the within regression; `frame` comes from `within_frame`."""
    data = panel_data(frame)
    panels, y, n, K, M = data.panels, frame.y, data.n, data.K, data.summary.n_groups
    df = n - M - K
    if df < 1:
        raise StataError(2001, "insufficient observations: the panels take up all of them")
    y_within = panels.less_means(y) + y.mean()
    X_within = np.column_stack([panels.less_means(data.X) + data.X.mean(axis=0), np.ones(n)])
    solved = least_squares(X_within, y_within)
    s2 = solved.rss / df
    V = s2 * solved.inverse if not vce.is_robust else _clustered(frame, X_within, solved, K + 1)
    slopes, xb = solved.b[:-1], data.X @ solved.b[:-1]
    u = panels.means(y - xb) - solved.b[-1]
    sigma_u = float(np.std(u, ddof=1))
    df_test = float(_clusters(frame) - 1 if vce.is_robust else df)
    wald = wald_test(slopes, V[:-1, :-1], most=_clusters(frame) - 1 if vce.is_robust else None)
    F = wald.chi2 / wald.df if wald.df else 0.0
    pooled = least_squares(frame.X, y).rss
    F_u = (pooled - solved.rss) / (M - 1) / s2
    tss = float(((y_within - y.mean()) ** 2).sum())
    ll = -0.5 * n * (math.log(2.0 * math.pi) + math.log(solved.rss / n) + 1.0)
    return _result(
        data,
        PanelModel.FE,
        solved.b,
        V,
        sample_rows,
        vce=vce,
        r2=_r_squared(data, slopes),
        test=ModelTest(name="F", statistic=F, df=K, p=f_tail(F, K, df_test), ddf=df_test),
        sigma=(sigma_u, math.sqrt(s2)),
        corr=correlation(u[panels.codes], xb) if K else 0.0,
        df_residual=df_test,
        ll=ll,
        effects_test=None
        if vce.is_robust
        else ModelTest(name="F", statistic=F_u, df=M - 1, p=f_tail(F_u, M - 1, df), ddf=df),
        figures={
            "mss": tss - solved.rss,
            "tss": tss,
            "rss": solved.rss,
            "r2": 1.0 - solved.rss / tss if tss > 0 else math.nan,
            "r2_a": 1.0 - (solved.rss / df) / (tss / (n - 1)) if tss > 0 else math.nan,
            "rmse": math.sqrt(s2),
            "df_a": float(M - 1),
            "df_b": float(K),
            "F_f": F_u,
            "ll_0": -0.5 * n * (math.log(2.0 * math.pi) + math.log(pooled_total(y) / n) + 1.0),
        },
    )


def pooled_total(y: FloatArray) -> float:
    """Return the sum of squares of y about its mean."""
    return float(((y - y.mean()) ** 2).sum())


def fit_re(frame: LinearFrame, vce: Vce, sample_rows: npt.NDArray[np.int64]) -> XtregResult:
    """Fit the random-effects regression by generalised least squares."""
    data = panel_data(frame)
    panels, y, n, M = data.panels, frame.y, data.n, data.summary.n_groups
    sigma_e2 = _within_variance(data)
    sigma_u2 = _between_variance(data, sigma_e2)
    theta = 1.0 - np.sqrt(sigma_e2 / (panels.sizes * sigma_u2 + sigma_e2))
    X = panels.less_means(np.column_stack([data.X, np.ones(n)]), theta)
    solved = least_squares(X, panels.less_means(y, theta))
    V = solved.rss / (n - X.shape[1]) * solved.inverse
    if vce.is_robust:
        V = _clustered(frame, X, solved, X.shape[1])
    slopes = solved.b[:-1]
    wald = wald_test(slopes, V[:-1, :-1], most=_clusters(frame) - 1 if vce.is_robust else None)
    quantiles = dict(zip(("min", "5", "50", "95", "max"), _quantiles(theta), strict=True))
    return _result(
        data,
        PanelModel.RE,
        solved.b,
        V,
        sample_rows,
        vce=vce,
        r2=_r_squared(data, slopes),
        test=ModelTest(name="Wald chi2", statistic=wald.chi2, df=wald.df, p=wald.p),
        sigma=(math.sqrt(sigma_u2), math.sqrt(sigma_e2)),
        corr=0.0,
        df_residual=math.inf,
        ll=math.nan,
        theta_i=theta,
        figures={"thta_" + name: value for name, value in quantiles.items()}
        | {"rmse": math.sqrt(solved.rss / (n - X.shape[1])), "Tbar": M / float((1.0 / panels.sizes).sum())},
    )


def fit_be(frame: LinearFrame, sample_rows: npt.NDArray[np.int64]) -> XtregResult:
    """Fit the regression of panel means."""
    data = panel_data(frame)
    solved, kept = _between(data)
    M, K = data.summary.n_groups, data.K
    if not kept.all() or M <= K + 1:
        raise StataError(2001, f"insufficient observations: {M} panel means cannot determine {K + 1} coefficients")
    df = M - K - 1
    s2 = solved.rss / df
    V = s2 * solved.inverse
    wald = wald_test(solved.b[:-1], V[:-1, :-1])
    F = wald.chi2 / wald.df if wald.df else 0.0
    means = data.panels.means(frame.y)
    tss = pooled_total(means)
    return _result(
        data,
        PanelModel.BE,
        solved.b,
        V,
        sample_rows,
        vce=Vce.CONVENTIONAL,
        r2=_r_squared(data, solved.b[:-1]),
        test=ModelTest(name="F", statistic=F, df=K, p=f_tail(F, K, df), ddf=float(df)),
        sigma=(math.nan, math.nan),
        corr=0.0,
        df_residual=float(df),
        ll=-0.5 * M * (math.log(2.0 * math.pi) + math.log(solved.rss / M) + 1.0),
        figures={"rmse": math.sqrt(s2), "rss": solved.rss, "mss": tss - solved.rss, "r2": 1.0 - solved.rss / tss},
    )


def _within_variance(data: PanelData) -> float:
    """Return sigma_e^2 of the within regression on the columns that vary there."""
    frame = within_frame(data.frame)
    own = panel_data(frame)
    df = own.n - own.summary.n_groups - own.K
    if df < 1:
        raise StataError(2001, "insufficient observations: the panels are too short to tell sigma_e from sigma_u")
    return least_squares(own.panels.less_means(own.X), own.panels.less_means(frame.y)).rss / df


def _between_variance(data: PanelData, sigma_e2: float) -> float:
    """Return sigma_u^2 = max(0, s_b^2 - sigma_e^2 / T), T the harmonic mean of the panel sizes."""
    solved, kept = _between(data)
    M = data.summary.n_groups
    df = M - int(np.count_nonzero(kept)) - 1
    if df < 1:
        raise StataError(2001, f"insufficient observations: {M} panels cannot determine sigma_u beside the slopes")
    T = M / float((1.0 / data.panels.sizes).sum())
    return max(0.0, solved.rss / df - sigma_e2 / T)


def _between(data: PanelData) -> tuple[LeastSquares, npt.NDArray[np.bool_]]:
    """Regress the panel means, on the columns that are independent there; return which those are."""
    X = data.panels.means(data.X)
    kept = independent_columns(X, constant=True).kept if data.K else np.zeros(0, dtype=bool)
    table = np.column_stack([X[:, kept], np.ones(len(X))])
    return least_squares(table, data.panels.means(data.frame.y)), kept


def _r_squared(data: PanelData, slopes: FloatArray) -> RSquared:
    xb, y, panels = data.X @ slopes, data.frame.y, data.panels
    return RSquared(
        within=squared_correlation(panels.less_means(xb), panels.less_means(y)),
        between=squared_correlation(panels.means(xb), panels.means(y)),
        overall=squared_correlation(xb, y),
    )


def _clusters(frame: LinearFrame) -> int:
    if frame.clusters is not None:
        return frame.clusters.n_clusters
    return frame.panel.codes.n_groups if frame.panel is not None else 0


def _clustered(frame: LinearFrame, X: FloatArray, solved: LeastSquares, k: int) -> FloatArray:
    """Return the covariance matrix clustered on the panels or on a variable above them."""
    assert frame.panel is not None
    codes = frame.panel.codes.values if frame.clusters is None else frame.clusters.codes
    M, n = _clusters(frame), len(frame.y)
    scores = Panels(codes, M).sums(X * solved.residuals[:, None])
    factor = M / (M - 1.0) * (n - 1.0) / (n - k)
    return np.asarray(factor * solved.inverse @ (scores.T @ scores) @ solved.inverse)


def _quantiles(theta: FloatArray) -> tuple[float, ...]:
    return tuple(float(value) for value in np.quantile(theta, [0.0, 0.05, 0.5, 0.95, 1.0]))


def _result(
    data: PanelData,
    model: PanelModel,
    b: FloatArray,
    V: FloatArray,
    sample_rows: npt.NDArray[np.int64],
    *,
    vce: Vce,
    r2: RSquared,
    test: ModelTest,
    sigma: tuple[float, float],
    corr: float,
    df_residual: float,
    ll: float,
    figures: dict[str, float],
    effects_test: ModelTest | None = None,
    theta_i: FloatArray | None = None,
) -> XtregResult:
    frame = data.frame
    index, k = np.array(frame.estimated, dtype=np.intp), len(frame.columns)
    beta, vcov = np.zeros(k), np.zeros((k, k))
    beta[index], vcov[np.ix_(index, index)] = b, V
    total = sigma[0] ** 2 + sigma[1] ** 2
    named = frame.clusters.name if frame.clusters is not None else data.summary.name
    return XtregResult(
        model=model,
        panel=data.summary.name,
        depvar=frame.depvar,
        columns=frame.columns,
        beta=beta,
        vcov_beta=vcov,
        n_obs=data.n,
        groups=data.summary,
        r2=r2,
        test=test,
        sigma_u=sigma[0],
        sigma_e=sigma[1],
        rho=sigma[0] ** 2 / total if total > 0.0 else math.nan,
        corr=corr,
        df_residual=df_residual,
        ll=ll,
        rank=len(b),
        sample_rows=sample_rows,
        vce=vce,
        clustvar=named if vce.is_robust else "",
        n_clusters=_clusters(frame) if vce.is_robust else 0,
        effects_test=effects_test,
        theta_i=np.zeros(0) if theta_i is None else theta_i,
        figures={"Tbar": data.n / data.summary.n_groups} | figures,
    )
