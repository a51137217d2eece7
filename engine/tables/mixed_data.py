"""The tables of ``mixed`` as data: every row at full precision, whatever the printed output hides."""

from __future__ import annotations

import numpy as np

from engine.inference.coefficients import coefficient_tests
from engine.inference.normal import critical_value
from engine.results.mixed import MixedResult
from engine.results.mixed_stored import stripe
from engine.results.stored import DataRow, DataTable, Matrix
from engine.spec.mixed import Metric
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
    """Return a row per fixed column of e(b)."""
    rows = (
        DataRow(
            result.depvar,
            c.column.name,
            (c.estimate, c.se, c.statistic, c.p, c.ll, c.ul),
            c.column.state.value,
        )
        for c in fixed_coefficients(result, level)
    )
    return DataTable("fixed", ("estimate", "se", "statistic", "p", "ll", "ul"), tuple(rows))


def random_data(result: MixedResult, level: float, metric: Metric) -> DataTable:
    """Return a row per printed variance parameter, named in the metric of display."""
    rows = []
    for parameter in result.parameters:
        shown = random_row(parameter, metric, level)
        title = section_title(result.blocks[parameter.block]) if parameter.block >= 0 else RESIDUAL
        rows.append(DataRow(title, shown.name, (shown.estimate, shown.se, shown.ll, shown.ul)))
    return DataTable("random", ("estimate", "se", "ll", "ul"), tuple(rows))


def lrtest_data(result: MixedResult) -> DataTable:
    """Return the comparison with the linear model."""
    name = "chibar2(01)" if result.chibar else f"chi2({result.df_linear})"
    values = (result.chi2_linear, float(result.df_linear), result.p_linear)
    return DataTable("lrtest", ("chi2", "df", "p"), (DataRow("", name, values),))


def coefficient_matrix(result: MixedResult, level: float) -> Matrix:
    """Return r(table): a column per element of e(b), in the metric of e(b), with normal tests and limits."""
    beta = np.concatenate((result.beta, result.theta))
    variances = np.concatenate((np.diag(result.vcov_beta), np.diag(result.vcov_theta)))
    tests = coefficient_tests(beta, variances, level)
    df = np.full_like(beta, np.nan)
    crit = np.full_like(beta, critical_value(level))
    values = np.stack((beta, tests.se, tests.z, tests.p, tests.ll, tests.ul, df, crit, np.zeros_like(beta)))
    return Matrix(("b", "se", "z", "pvalue", "ll", "ul", "df", "crit", "eform"), stripe(result), values)
