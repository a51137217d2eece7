"""The tables of all of e(b) equation by equation: ``estmetric`` and ``coeflegend``."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.inference.coefficients import coefficient_tests
from engine.results.mixed import MixedResult
from engine.results.stored import DataRow, DataTable
from engine.tables.document import Cell, Row, RowKind, Table, TextLayout
from engine.tables.estimation import RIGHT_OF_STUB, TableStyle
from engine.tables.grid import ESTIMATE_END, ESTIMATE_WIDTH, GridColumn, table_columns
from engine.tables.labels import abbreviate
from engine.tables.mixed_fixed import fixed_table
from engine.tables.numbers import NumberFormats, number_cell


def estimation_table(result: MixedResult, style: TableStyle) -> Table:
    """Return the fixed effects and the variance parameters in the metric of e(b), tested against zero."""
    fixed = fixed_table(result, style)
    stub = fixed.layout.stub if fixed.layout else 0
    formats = NumberFormats.of(style.display)
    rows = [Row(abbreviate(result.depvar, stub), kind=RowKind.GROUP, left=True, name=result.depvar), *fixed.rows]
    for data in estimation_data(result, style.level).rows:
        values = dict(zip(("estimate", "se", "statistic", "p", "ll", "ul"), data.values, strict=True))
        widths = {"statistic": (formats.statistic, 8), "p": (formats.p, 5)}
        cells = tuple(
            number_cell(values.get(column.key, np.nan), *widths.get(column.key, (formats.coefficient, ESTIMATE_WIDTH)))
            for column in fixed.columns
        )
        rows += [*_equation(data.eq, stub), Row("_cons", cells, name=f"{data.eq}:_cons")]
    return replace(fixed, rows=tuple(rows))


def estimation_data(result: MixedResult, level: float) -> DataTable:
    """Return the variance parameters in the metric of e(b): log standard deviations, inverse hyperbolic tangents."""
    variances = np.diag(result.vcov_theta)
    tests = coefficient_tests(result.theta, np.where(variances > 0.0, variances, np.nan), level)
    columns = (result.theta, tests.se, tests.z, tests.p, tests.ll, tests.ul)
    rows = tuple(
        DataRow(name, "_cons", tuple(float(column[i]) for column in columns))
        for i, name in enumerate(result.theta_names)
    )
    return DataTable("estmetric", ("estimate", "se", "statistic", "p", "ll", "ul"), rows)


def legend_table(result: MixedResult, style: TableStyle) -> Table:
    """Return every element of e(b) with the name that expressions use for it."""
    fixed = fixed_table(result, style)
    stub = fixed.layout.stub if fixed.layout else 0
    columns = (GridColumn("estimate", "Coefficient", ESTIMATE_END, ESTIMATE_END + 1),)
    marked = {column.name: column.marked_name for column in result.columns}
    rows: list[Row] = [Row(abbreviate(result.depvar, stub), kind=RowKind.GROUP, left=True, name=result.depvar)]
    for row in fixed.rows:
        named = bool(row.cells)
        note = f"_b[{result.depvar}:{marked.get(row.name, row.name)}]" if named else row.note
        rows.append(replace(row, cells=row.cells[:1], note=note))
    fmt = NumberFormats.of(style.display).coefficient
    for name, value in zip(result.theta_names, result.theta, strict=True):
        cell: Cell = number_cell(float(value), fmt, ESTIMATE_WIDTH)
        rows += [*_equation(name, stub), Row("_cons", (cell,), name=f"{name}:_cons", note=f"_b[{name}:_cons]")]
    head = f"{abbreviate(result.depvar, stub):>{stub}} | Coefficient  Legend"
    return replace(
        fixed,
        columns=table_columns(stub, columns),
        rows=tuple(rows),
        layout=TextLayout(width=stub + RIGHT_OF_STUB, stub=stub, head=(head,)),
        data=None,
    )


def _equation(name: str, stub: int) -> tuple[Row, Row]:
    return Row(kind=RowKind.RULE), Row(abbreviate(name, stub), kind=RowKind.GROUP, left=True, name=name)
