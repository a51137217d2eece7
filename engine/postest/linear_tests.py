"""Estimates and tests of linear combinations of all elements of e(b), after any estimation command.

``small`` uses the covariance matrix and the degrees of freedom of ``dfmethod()``; without it z and chi-squared, or t
and F with the residual degrees of freedom of the command where it has some.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.errors import StataError
from engine.inference.coefficients import CoefficientTests, coefficient_tests
from engine.inference.contrast import f_contrast
from engine.inference.student import f_tail
from engine.inference.wald import wald_test
from engine.postest.parameters import FloatArray, Parameters
from engine.results.estimates import Hypotheses
from engine.results.mixed import MixedResult

_DEPENDENT = 1e-10
"""Share of a hypothesis' variance that earlier ones have to leave for it to be one of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearTest:
    """A Wald test: `statistic` is F where `ddf` is finite, else chi-squared; `dropped` are hypotheses left out."""

    statistic: float
    df: int
    ddf: float
    p: float
    dropped: tuple[int, ...] = ()

    @property
    def is_f(self) -> bool:
        """Whether the statistic is F."""
        return not np.isposinf(self.ddf)


@dataclass(frozen=True, slots=True, eq=False)
class Combinations:
    """Estimates (m,) with their tests; `df` (m,) is infinite for z."""

    estimates: FloatArray
    tests: CoefficientTests
    df: FloatArray

    @property
    def statistic(self) -> str:
        """The letter of the statistic: ``z`` or ``t``."""
        return "z" if np.all(np.isposinf(self.df)) else "t"


def combinations(
    parameters: Parameters, L: FloatArray, level: float, *, small: bool = False, df: float | None = None
) -> Combinations:
    """Return L b with standard errors, tests and limits; L has shape (m, K), `df` replaces the degrees of freedom.

    Raises
    ------
    StataError
        r(198) for `small` where the fit has no degrees of freedom of its own.
    """
    V = covariance(parameters, small=small)
    variances = np.einsum("ij,jk,ik->i", L, V, L)
    scale = np.einsum("ij,j->i", np.abs(L), np.sqrt(np.abs(np.diag(V)))) ** 2
    variances = np.where(variances > 1e-15 * scale, variances, 0.0)
    if df is not None:
        each = np.full(len(L), df)
    elif small:
        each = np.array([_single_df(parameters, c) for c in L])
    else:
        each = np.full(len(L), parameters.result.df_residual)
    estimates = parameters.combined(L)
    tests = coefficient_tests(estimates, variances, level, None if np.all(np.isposinf(each)) else each)
    return Combinations(estimates, tests, each)


def joint_test(
    parameters: Parameters, asked: Hypotheses, *, small: bool = False, df: float | None = None
) -> LinearTest:
    """Test R b = r. Hypotheses that follow from earlier ones are left out.

    Raises
    ------
    StataError
        r(198) for `small` where the fit has no degrees of freedom of its own.
    """
    R, r = asked.R, asked.r
    V = covariance(parameters, small=small)
    kept = independent(R @ V @ R.T)
    dropped = tuple(i for i in range(len(R)) if i not in kept)
    ddf = parameters.result.df_residual if df is None else df
    if not kept:
        return LinearTest(statistic=np.nan, df=0, ddf=np.nan if small else ddf, p=np.nan, dropped=dropped)
    R, r = R[kept], r[kept]
    if small:
        result = _small_result(parameters)
        found = f_contrast(result, _fixed_part(parameters, R).T, r)
        return LinearTest(statistic=found.F, df=found.df, ddf=found.ddf, p=found.p, dropped=dropped)
    wald = wald_test(parameters.combined(R) - r, R @ V @ R.T)
    if np.isposinf(ddf):
        return LinearTest(statistic=wald.chi2, df=wald.df, ddf=ddf, p=wald.p, dropped=dropped)
    F = wald.chi2 / wald.df if wald.df else np.nan
    return LinearTest(statistic=F, df=wald.df, ddf=ddf, p=f_tail(F, wald.df, ddf), dropped=dropped)


def constrained(parameters: Parameters, asked: Hypotheses, level: float) -> Combinations:
    """Return the coefficients nearest to the estimates, in the metric of e(V), that meet R b = r."""
    V, k, R = parameters.V, parameters.n_columns, asked.R
    gain = V @ R.T @ np.linalg.pinv(R @ V @ R.T)
    b = (parameters.b - gain @ (parameters.combined(R) - asked.r))[:k]
    before = np.diag(V)[:k]
    variances = np.diag(V - gain @ R @ V)[:k]
    variances = np.where(variances > 1e-12 * before, variances, 0.0)
    b = np.where((variances == 0.0) & (np.abs(b) < 1e-10 * np.sqrt(before)), 0.0, b)
    df = np.full(k, parameters.result.df_residual)
    return Combinations(b, coefficient_tests(b, variances, level, df), df)


def independent(W: FloatArray) -> list[int]:
    """Return which of m hypotheses do not follow from earlier ones, given the covariance matrix W (m, m) of all."""
    kept: list[int] = []
    for i in range(len(W)):
        own = float(W[i, i])
        if not own > 0.0:
            continue
        rest = own
        if kept:
            solved = np.linalg.lstsq(W[np.ix_(kept, kept)], W[kept, i], rcond=None)[0]
            rest = own - float(W[i, kept] @ solved)
        if rest > _DEPENDENT * own:
            kept.append(i)
    return kept


def covariance(parameters: Parameters, *, small: bool) -> FloatArray:
    """Return e(V), or with `small` that of ``dfmethod()`` for the fixed effects, shape (K, K)."""
    if not small:
        return parameters.V
    ddf = _small_result(parameters).ddf
    assert ddf is not None
    k = parameters.n_columns
    V = parameters.V.copy()
    V[:k, :k] = ddf.vcov
    return V


def _small_result(parameters: Parameters) -> MixedResult:
    result = parameters.result
    if not isinstance(result, MixedResult) or result.ddf is None:
        raise StataError(198, "option small needs degrees of freedom: fit the model with mixed and dfmethod()")
    return result


def _fixed_part(parameters: Parameters, R: FloatArray) -> FloatArray:
    """Return the columns of the fixed effects; r(198) where other parameters take part."""
    k = parameters.n_columns
    if np.any(R[:, k:] != 0.0):
        raise StataError(198, "option small is for fixed effects; variance parameters have no degrees of freedom")
    return R[:, :k]


def _single_df(parameters: Parameters, c: FloatArray) -> float:
    result = _small_result(parameters)
    C = _fixed_part(parameters, c[None, :]).T
    return f_contrast(result, C).ddf if np.any(C != 0.0) else float("nan")
