"""``bootstrap`` and ``jackknife`` of regressions: their own results and tables, with what the replicates say."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context, Effects
from engine.commands.estimation.showing import show
from engine.lang.command import Part
from engine.postest.resampled import slopes_test
from engine.results.regress import RegressEstimates
from engine.results.resampling import Resampling
from engine.results.stored import Stored
from engine.results.xtreg import ModelTest, XtregEstimates

FloatArray: TypeAlias = npt.NDArray[np.float64]
Regression: TypeAlias = RegressEstimates | XtregEstimates


def resampled(estimates: Regression, how: Resampling, vcov: FloatArray) -> Regression:
    """Return a regression with the covariance matrix of its replicates, and tests that rest on it."""
    result = estimates.result
    k = len(result.columns)
    test = slopes_test(result.columns, result.beta, vcov[:k, :k], how.df)
    rank = int(np.linalg.matrix_rank(vcov))
    if isinstance(estimates, RegressEstimates):
        fitted = replace(
            estimates.result,
            vcov_beta=vcov[:k, :k],
            df_residual=how.df,
            F=test.statistic,
            p=test.p,
            rank=rank,
            n_clusters=0,
            resampling=how,
        )
        return replace(estimates, result=fitted, e=_stored(estimates.e, test))
    panel = estimates.result
    changed = replace(
        panel,
        vcov_beta=vcov[:k, :k],
        cross=vcov[:k, k:],
        vcov_theta=vcov[k:, k:],
        rho_se=_rho_error(panel.sigma_u, panel.sigma_e, vcov[k:, k:]),
        df_residual=how.df,
        test=test,
        effects_test=None,
        rank=rank,
        n_clusters=0,
        resampling=how,
    )
    return replace(estimates, result=changed, e=_stored(estimates.e, test))


def _rho_error(s: float, e: float, vcov: FloatArray) -> float:
    """Return the standard error of s^2 / (s^2 + e^2); NaN where the two were not estimated jointly."""
    if not len(vcov):
        return float("nan")
    gradient = np.array([2.0 * s * e * e, -2.0 * e * s * s]) / (s * s + e * e) ** 2
    return float(np.sqrt(gradient @ vcov @ gradient))


def _stored(before: Stored, test: ModelTest) -> Stored:
    """Return e() with the model test of the replicates in place of that of the fit."""
    gone = ("F", "chi2", "p", "df_r", "F_f", "p_f", "chi2_c")
    scalars = {name: value for name, value in before.scalars.items() if name not in gone}
    scalars |= {"F" if test.name == "F" else "chi2": test.statistic, "p": test.p}
    macros = {name: text for name, text in before.macros.items() if name not in ("chi2type", "chi2_ct")}
    return Stored(scalars, macros if test.name == "F" else macros | {"chi2type": "Wald"}, before.matrices)


def show_regression(estimates: Regression, part: Part, context: Context, level: float) -> Effects:
    """Print the regression in its own layout, without what the options of the prefix leave out."""
    from engine.tables.regress import regress_blocks, regress_data, regress_matrix
    from engine.tables.xtreg import xtreg_blocks, xtreg_data, xtreg_matrix

    own = estimates.spec.display
    display = replace(own, noheader=part.has("noheader") or own.noheader, level=level)
    table = not part.has("notable")
    if isinstance(estimates, RegressEstimates):
        return show(
            estimates.result,
            display,
            context,
            blocks=regress_blocks,
            data=regress_data,
            matrix=regress_matrix,
            table=table,
        )
    return show(
        estimates.result, display, context, blocks=xtreg_blocks, data=xtreg_data, matrix=xtreg_matrix, table=table
    )
