"""The fixed-effects table of ``mixed``."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.frame.columns import ColumnState
from engine.inference.coefficients import coefficient_tests
from engine.results.mixed import MixedResult
from engine.tables.document import Table
from engine.tables.estimation import Coefficient, TableStyle, coefficient_table


def fixed_coefficients(result: MixedResult, level: float) -> tuple[Coefficient, ...]:
    """Return every fixed column with its test and its limits, base, omitted and empty ones with NaN.

    Under ``dfmethod()`` the tests are those of its degrees of freedom and covariance matrix.
    """
    estimated = np.array([column.state is ColumnState.ESTIMATED for column in result.columns], dtype=bool)
    ddf = result.ddf
    variances = np.where(estimated, np.diag(result.vcov_beta if ddf is None else ddf.vcov), np.nan)
    tests = coefficient_tests(result.beta, variances, level, None if ddf is None else ddf.df)
    return tuple(
        Coefficient(
            column,
            float(result.beta[i]),
            float(tests.se[i]),
            float(tests.z[i]),
            float(tests.p[i]),
            float(tests.ll[i]),
            float(tests.ul[i]),
            float("nan") if ddf is None else float(ddf.df[i]),
        )
        for i, column in enumerate(result.columns)
    )


def fixed_table(result: MixedResult, style: TableStyle) -> Table:
    """Return the fixed-effects table as printed."""
    if result.ddf is not None:
        style = replace(style, statistic="t")
    return coefficient_table(result.depvar, fixed_coefficients(result, style.level), style)
