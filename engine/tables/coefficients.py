"""Coefficients of any estimation command with their tests, as rows of tables and as r(table)."""

from __future__ import annotations

import numpy as np

from engine.frame.columns import ColumnState
from engine.inference.coefficients import coefficient_tests
from engine.results.linear import FloatArray, LinearResult
from engine.results.stored import DataRow, DataTable, Matrix
from engine.tables.estimation import Coefficient


def coefficients_of(
    result: LinearResult,
    level: float,
    *,
    vcov: FloatArray | None = None,
    df: FloatArray | None = None,
    standardized: FloatArray | None = None,
) -> tuple[Coefficient, ...]:
    """Return every column of e(b) with its test and limits, base, omitted and empty ones with NaN.

    Parameters
    ----------
    result, level
        The estimates, and the confidence level in percent.
    vcov, df
        Covariance matrix (k, k) and degrees of freedom (k,) in place of those of `result`.
    standardized
        Standardized coefficients, (k,).
    """
    estimated = np.array([column.state is ColumnState.ESTIMATED for column in result.columns], dtype=bool)
    variances = np.where(estimated, np.diag(result.vcov_beta if vcov is None else vcov), np.nan)
    k = len(result.columns)
    own = np.full(k, result.df_residual) if df is None else df
    tests = coefficient_tests(result.beta, variances, level, own)
    none = np.full(k, np.nan)
    shown = none if df is None else df
    beta = none if standardized is None else standardized
    values = (result.beta, tests.se, tests.z, tests.p, tests.ll, tests.ul, shown, beta)
    return tuple(Coefficient(column, *(float(each[i]) for each in values)) for i, column in enumerate(result.columns))


def coefficient_data(depvar: str, coefficients: tuple[Coefficient, ...], *, small: bool = False) -> DataTable:
    """Return the table ``fixed``; with `small` the degrees of freedom stand after ``p``."""
    rows = []
    for c in coefficients:
        df = (c.df,) if small else ()
        values = (c.estimate, c.se, c.statistic, c.p, *df, c.ll, c.ul)
        rows.append(DataRow(depvar, c.column.name, values, c.column.state.value))
    columns = ("estimate", "se", "statistic", "p", *(("df",) if small else ()), "ll", "ul")
    return DataTable("fixed", columns, tuple(rows))


def table_matrix(
    names: tuple[str, ...], b: FloatArray, variances: FloatArray, level: float, df: FloatArray, *, statistic: str
) -> Matrix:
    """Return r(table): a column per element of e(b) with its test and limits; infinite `df` means a normal test."""
    tests = coefficient_tests(b, variances, level, df)
    shown = np.where(np.isinf(df), np.nan, df)
    values = np.stack((b, tests.se, tests.z, tests.p, tests.ll, tests.ul, shown, tests.critical, np.zeros_like(b)))
    return Matrix(("b", "se", statistic, "pvalue", "ll", "ul", "df", "crit", "eform"), names, values)
