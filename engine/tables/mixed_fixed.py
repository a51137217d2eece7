"""The fixed-effects table of ``mixed``."""

from __future__ import annotations

import math
from dataclasses import replace

from engine.frame.columns import ColumnState
from engine.results.mixed import MixedResult
from engine.tables.coefficients import coefficients_of
from engine.tables.document import Table
from engine.tables.estimation import Coefficient, TableStyle, coefficient_table


def fixed_coefficients(result: MixedResult, level: float) -> tuple[Coefficient, ...]:
    """Return every fixed column with its test and its limits, base, omitted and empty ones with NaN.

    Under ``dfmethod()`` the tests are those of its degrees of freedom and covariance matrix.
    """
    ddf = result.ddf
    found = coefficients_of(result, level) if ddf is None else coefficients_of(result, level, vcov=ddf.vcov, df=ddf.df)
    if result.constraints is None:
        return found
    return tuple(
        replace(each, constrained=each.column.state is ColumnState.ESTIMATED and math.isnan(each.se)) for each in found
    )


def fixed_table(result: MixedResult, style: TableStyle) -> Table:
    """Return the fixed-effects table as printed."""
    if result.ddf is not None or math.isfinite(result.df_residual):
        style = replace(style, statistic="t")
    return coefficient_table(result.depvar, fixed_coefficients(result, style.level), style)
