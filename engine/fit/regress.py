"""Linear regression: least squares with its conventional, robust and clustered covariance matrices.

Formulas: [R] regress, *Methods and formulas*; MacKinnon and White (1985) for HC2 and HC3.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from engine.fit.leastsquares import LeastSquares, in_places, least_squares, leverages
from engine.frame.columnvalues import FloatArray
from engine.frame.linearframe import LinearFrame
from engine.inference.student import f_tail
from engine.inference.wald import wald_test
from engine.results.regress import RegressResult, RowWeighting
from engine.spec.regression import Vce

_ROUNDING = 1e-20
"""A mean square below this is rounding."""


def fit_regress(
    frame: LinearFrame, vce: Vce, sample_rows: npt.NDArray[np.int64], *, hascons: bool = False
) -> RegressResult:
    """Fit the regression of `frame` with standard errors of kind `vce`.

    With `hascons` its columns add up to a constant, and sums of squares and the test are those of a model with one.
    """
    constant = frame.constant or hascons
    w = None if frame.weights is None else frame.weights.values
    n, p = frame.n_obs, frame.X.shape[1]
    solved = least_squares(frame.X, frame.y, w)
    tss = _total(frame.y, w, centred=constant)
    rss = min(solved.rss, tss) if constant else solved.rss
    df_error = n - p
    s2 = rss / df_error if df_error > 0 else math.nan
    model = s2 * solved.inverse
    V = model if not vce.is_robust else robust_vcov(frame, solved, vce)
    slopes = p - constant
    clusters = frame.clusters.n_clusters if frame.clusters is not None else 0
    df = float(clusters - 1 if clusters else df_error)
    N = _beside_constant(frame.X) if hascons else np.eye(p)[:, :slopes]
    F = _F(N.T @ solved.b, N.T @ V @ N, df, clusters)
    index = np.array(frame.estimated, dtype=np.intp)
    k = len(frame.columns)
    return RegressResult(
        depvar=frame.depvar,
        columns=frame.columns,
        beta=in_places(solved.b, index, k),
        vcov_beta=in_places(V, index, k),
        model_vcov=in_places(model, index, k),
        inverse=in_places(solved.inverse, index, k),
        spread=in_places(_squares(frame.X, w, centred=constant), index, k),
        raw=in_places(_squares(frame.X, w, centred=False), index, k),
        constant=constant,
        n_obs=n,
        mss=max(tss - rss, 0.0),
        rss=rss,
        df_model=slopes,
        df_error=df_error,
        df_residual=df,
        F=F,
        p=f_tail(F, slopes, df) if slopes else math.nan,
        ll=_log_likelihood(rss, n),
        ll_0=_log_likelihood(tss, n),
        rank=p if not clusters else min(p, clusters - 1),
        sample_rows=sample_rows,
        vce=vce,
        clustvar=frame.clusters.name if frame.clusters is not None else "",
        n_clusters=clusters,
        weighting=_weighting(frame),
    )


def robust_vcov(frame: LinearFrame, solved: LeastSquares, vce: Vce) -> FloatArray:
    """Return the robust covariance matrix of the estimated coefficients, (p, p).

    Scores are w e x; a frequency weight counts the observation so often, other weights belong to the score. HC2 and HC3
    divide squared residuals by 1 - h and its square. Small-sample factors: n/(n-p), none for HC2 and HC3, and
    M/(M-1) (n-1)/(n-p) with M clusters.
    """
    n, p = frame.n_obs, frame.X.shape[1]
    weights = frame.weights
    w = np.ones(len(frame.y)) if weights is None else weights.values
    counted = weights is not None and weights.is_count
    e = solved.residuals
    if frame.clusters is not None:
        scores = frame.X * (w * e)[:, None]
        M = frame.clusters.n_clusters
        summed = np.stack(
            [np.bincount(frame.clusters.codes, weights=column, minlength=M) for column in scores.T], axis=1
        )
        meat = summed.T @ summed * (M / (M - 1.0) * (n - 1.0) / max(n - p, 1))
        return np.asarray(solved.inverse @ meat @ solved.inverse)
    squared = e * e
    factor = n / (n - p) if n > p else math.nan
    if vce in (Vce.HC2, Vce.HC3):
        h = leverages(frame.X, solved.inverse) * (1.0 if counted else w)
        squared = squared / (1.0 - h) ** (1 if vce is Vce.HC2 else 2)
        factor = 1.0
    meat = frame.X.T @ (frame.X * ((w if counted else w * w) * squared)[:, None])
    return np.asarray(factor * solved.inverse @ meat @ solved.inverse)


def has_constant(frame: LinearFrame) -> bool:
    """Tell whether the columns of a frame without a constant add up to one."""
    n = len(frame.y)
    return bool(least_squares(frame.X, np.ones(n)).rss < _ROUNDING * n)


def _beside_constant(X: FloatArray) -> FloatArray:
    """Return an orthonormal basis (p, p - 1) of the combinations that are zero where X b is constant."""
    a = least_squares(X, np.ones(len(X))).b
    return np.asarray(np.linalg.qr(a[:, None], mode="complete")[0][:, 1:])


def _F(b: FloatArray, V: FloatArray, df: float, clusters: int) -> float:
    if not len(b):
        return 0.0
    wald = wald_test(b, V, most=clusters - 1 if clusters else None)
    return wald.chi2 / wald.df if wald.df and df > 0 else math.nan


def _total(y: FloatArray, w: FloatArray | None, *, centred: bool) -> float:
    """Return the weighted sum of squares of y, about its mean where `centred`."""
    if centred:
        y = y - np.average(y, weights=w)
        y = y - np.average(y, weights=w)
    return float(y @ y) if w is None else float(w @ (y * y))


def _log_likelihood(rss: float, n: int) -> float:
    """Return the log likelihood under normal errors, -n/2 (ln 2 pi + ln(rss/n) + 1)."""
    return -0.5 * n * (math.log(2.0 * math.pi) + math.log(rss / n) + 1.0) if rss > 0.0 else math.nan


def _squares(X: FloatArray, w: FloatArray | None, *, centred: bool) -> FloatArray:
    """Return the weighted sum of squares of each column, (p,)."""
    return np.array([_total(x, w, centred=centred) for x in X.T])


def _weighting(frame: LinearFrame) -> RowWeighting | None:
    weights = frame.weights
    if weights is None:
        return None
    return RowWeighting(kind=weights.kind, expression=weights.expression, total=weights.total)
