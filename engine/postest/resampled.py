"""What replicates say of statistics: covariance, bias, confidence limits ([R] bootstrap, [R] jackknife)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from engine.frame.columns import Column, ColumnState
from engine.inference.normal import critical_value
from engine.inference.student import f_tail
from engine.inference.wald import wald_test
from engine.results.mixed import MixedResult, ParameterRole, VarianceParameter
from engine.results.xtreg import ModelTest

FloatArray: TypeAlias = npt.NDArray[np.float64]
_SAME = 1e-6
"""Relative difference up to which a displayed parameter is the transform of one of e(b)."""


def covariance(draws: FloatArray, *, jackknife: bool, centre: FloatArray | None = None) -> FloatArray:
    """Return the covariance matrix (k, k) of replicates (R, k), about their mean or about `centre` (option mse).

    Bootstrap: sum of products over R - 1, over R about a centre; jackknife: times (R - 1)/R.
    """
    n = len(draws)
    deviations = draws - (draws.mean(axis=0) if centre is None else centre)
    # centred columns of what never varies have rounding noise, not a variance
    deviations[:, np.ptp(draws, axis=0) == 0.0] = 0.0
    factor = (n - 1) / n if jackknife else 1.0 / (n - 1 if centre is None else n)
    return np.asarray(factor * deviations.T @ deviations)


def bias(draws: FloatArray, observed: FloatArray, *, jackknife: bool) -> FloatArray:
    """Return the estimated bias, (k,): mean less observed, for the jackknife times R - 1."""
    return np.asarray((draws.mean(axis=0) - observed) * (len(draws) - 1 if jackknife else 1))


def percentile(draws: FloatArray, share: FloatArray) -> FloatArray:
    """Return the quantile `share` (k,) of each column of (R, k): of ordered x, x_(i), averaged where R p is whole."""
    ordered = np.sort(draws, axis=0)
    n = len(ordered)
    places = n * share
    whole = np.isclose(places, np.rint(places), rtol=0.0, atol=1e-9)
    upper = np.where(whole, np.rint(places), np.floor(places)).astype(np.intp)
    lower = np.where(whole, upper - 1, upper)
    columns = np.arange(ordered.shape[1])
    pair = [ordered[np.clip(index, 0, n - 1), columns] for index in (lower, upper)]
    return np.asarray(0.5 * (pair[0] + pair[1]))


def percentile_limits(draws: FloatArray, level: float) -> FloatArray:
    """Return percentile limits, (2, k)."""
    tail = (1.0 - level / 100.0) / 2.0
    k = draws.shape[1]
    return np.stack([percentile(draws, np.full(k, tail)), percentile(draws, np.full(k, 1.0 - tail))])


def bias_corrected_limits(
    draws: FloatArray, observed: FloatArray, level: float, acceleration: FloatArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """Return bias-corrected limits (2, k), NaN where all replicates lie on one side, and z0 (k,).

    With `acceleration` (k,) the shares are those at z0 + (z0 + z) / (1 - a (z0 + z)).
    """
    share = (draws <= observed).mean(axis=0)
    usable = (share > 0.0) & (share < 1.0)
    z0 = np.where(usable, ndtri(np.where(usable, share, 0.5)), np.nan)
    limits = []
    for z in (-critical_value(level), critical_value(level)):
        moved = np.nan_to_num(z0) + z
        grown = moved if acceleration is None else moved / (1.0 - acceleration * moved)
        shares = ndtr(np.nan_to_num(z0) + grown)
        limits.append(np.where(usable, percentile(draws, shares), np.nan))
    return np.stack(limits), z0


def acceleration_of(left_out: FloatArray) -> FloatArray:
    """Return sum d^3 / (6 (sum d^2)^1.5), (k,), with d the mean less the values without one unit each (n, k)."""
    d = left_out.mean(axis=0) - left_out
    squares = (d * d).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(squares > 0.0, (d**3).sum(axis=0) / (6.0 * squares**1.5), 0.0))


def slopes_test(columns: Sequence[Column], beta: FloatArray, vcov: FloatArray, df: float) -> ModelTest:
    """Return the test of the slopes in beta (k,), vcov (k, k): chi-squared, or F with `df` (the jackknife)."""
    slopes = [i for i, c in enumerate(columns) if not c.is_constant and c.state is ColumnState.ESTIMATED]
    found = wald_test(beta[slopes], vcov[np.ix_(slopes, slopes)])
    if not np.isfinite(df):
        return ModelTest(name="Wald chi2", statistic=found.chi2, df=found.df, p=found.p)
    F = found.chi2 / found.df if found.df else np.nan
    return ModelTest(name="F", statistic=F, df=found.df, p=f_tail(F, found.df, df), ddf=df)


def with_standard_errors(
    result: MixedResult, V_theta: FloatArray, shown: FloatArray, *, jackknife: bool
) -> tuple[VarianceParameter, ...]:
    """Return the variance parameters with standard errors by the delta method from the covariance matrix of theta.

    `shown` (R, 2 m) holds the displayed parameters of the replicates; where one is no transform of elements of theta
    that is known here (structured residual errors) the spread of its replicates is taken.
    """
    spread = np.sqrt(np.diag(covariance(shown, jackknife=jackknife))).reshape(-1, 2)
    out = []
    for i, parameter in enumerate(result.parameters):
        own = _delta(parameter, result, V_theta)
        se, sd_se = own if own is not None else (float(spread[i, 0]), float(spread[i, 1]))
        out.append(replace(parameter, se=se or np.nan, sd_se=sd_se or np.nan))
    return tuple(out)


def _delta(parameter: VarianceParameter, result: MixedResult, V: FloatArray) -> tuple[float, float] | None:
    """Return the standard errors in both metrics, None for what is not exp(theta) or tanh(theta)."""
    theta, names = result.theta, result.theta_names
    se = np.sqrt(np.diag(V))
    if parameter.role is ParameterRole.VARIANCE:
        found = [k for k, name in enumerate(names) if name.startswith("lns") and _alike(np.exp(theta[k]), parameter)]
        if len(found) != 1:
            return None
        k = found[0]
        return 2.0 * parameter.estimate * float(se[k]), parameter.sd_estimate * float(se[k])
    if parameter.role is not ParameterRole.COVARIANCE:
        return None
    found = [k for k, name in enumerate(names) if name.startswith("atr") and _alike(np.tanh(theta[k]), parameter)]
    if len(found) != 1 or parameter.sd_estimate == 0.0:
        return None
    k = found[0]
    equation, first, second = _pair(names[k])
    scales = [names.index(name) for name in (f"{equation}_{first}", f"{equation}_{second}") if name in names]
    if len(scales) != 2:
        return None
    slope = 1.0 - parameter.sd_estimate**2
    gradient = np.zeros(len(theta))
    gradient[k] = slope * parameter.estimate / parameter.sd_estimate
    for scale in scales:
        gradient[scale] += parameter.estimate
    return float(np.sqrt(gradient @ V @ gradient)), float(slope * se[k])


def _alike(value: float, parameter: VarianceParameter) -> bool:
    return bool(abs(value - parameter.sd_estimate) <= _SAME * abs(parameter.sd_estimate))


def _pair(name: str) -> tuple[str, str, str]:
    """Return ``lns1_1``, ``1``, ``2`` for ``atr1_1_1_2``."""
    head, first, second = name.rsplit("_", 2)
    return f"lns{head.removeprefix('atr')}", first, second
