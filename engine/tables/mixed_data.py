"""The tables of ``mixed`` as data: every row at full precision, whatever the printed output hides."""

from __future__ import annotations

import numpy as np

from engine.results.mixed import MixedResult
from engine.results.mixed_stored import stripe
from engine.results.stored import DataRow, DataTable, Matrix
from engine.spec.mixed import Metric
from engine.tables.coefficients import coefficient_data, table_matrix
from engine.tables.mixed_fixed import fixed_coefficients
from engine.tables.mixed_notes import has_lr_test
from engine.tables.mixed_random import random_row, section_title

RESIDUAL = "Residual"


def data_tables(result: MixedResult, level: float, metric: Metric) -> tuple[DataTable, ...]:
    """Return ``groups``, ``fixed``, ``random`` and, where there is one, ``lrtest``.

    `level` is the confidence level in percent, `metric` that of the random-effects parameters.
    """
    tables = (groups_data(result), fixed_data(result, level), random_data(result, level, metric))
    return (*tables, lrtest_data(result)) if has_lr_test(result) else tables


def groups_data(result: MixedResult) -> DataTable:
    """Return a row per level variable, top level first."""
    rows = (
        DataRow("", level.name, (float(level.n_groups), float(level.smallest), level.average, float(level.largest)))
        for level in result.levels
    )
    return DataTable("groups", ("groups", "min", "avg", "max"), tuple(rows))


def fixed_data(result: MixedResult, level: float) -> DataTable:
    """Return a row per fixed column of e(b); ``df`` stands after ``p`` under ``dfmethod()``."""
    return coefficient_data(result.depvar, fixed_coefficients(result, level), small=result.ddf is not None)


def random_data(result: MixedResult, level: float, metric: Metric) -> DataTable:
    """Return a row per printed variance parameter, named in the metric of display."""
    residual = RESIDUAL if result.residual is None else result.residual.heading
    rows = []
    for parameter in result.parameters:
        shown = random_row(parameter, metric, level)
        title = section_title(result.blocks[parameter.block]) if parameter.block >= 0 else residual
        rows.append(DataRow(title, shown.name, (shown.estimate, shown.se, shown.ll, shown.ul)))
    return DataTable("random", ("estimate", "se", "ll", "ul"), tuple(rows))


def lrtest_data(result: MixedResult) -> DataTable:
    """Return the comparison with the linear model."""
    name = "chibar2(01)" if result.chibar else f"chi2({result.df_linear})"
    values = (result.chi2_linear, float(result.df_linear), result.p_linear)
    return DataTable("lrtest", ("chi2", "df", "p"), (DataRow("", name, values),))


def coefficient_matrix(result: MixedResult, level: float) -> Matrix:
    """Return r(table): a column per element of e(b), in the metric of e(b), with its test and limits.

    Tests are normal, under ``dfmethod()`` those of the fixed effects Student's t.
    """
    ddf = result.ddf
    beta = np.concatenate((result.beta, result.theta))
    vcov = result.vcov_beta if ddf is None else ddf.vcov
    variances = np.concatenate((np.diag(vcov), np.diag(result.vcov_theta)))
    normal = np.full_like(beta, np.inf)
    df = normal if ddf is None else np.concatenate((ddf.df, np.full_like(result.theta, np.inf)))
    statistic = "z" if ddf is None else "t"
    return table_matrix(stripe(result), beta, variances, level, df, statistic=statistic)
