"""The tables of ``estat``: degrees of freedom, information criteria, intraclass correlations."""

from __future__ import annotations

from collections.abc import Sequence

from engine.postest.icc import IntraclassCorrelation
from engine.results.mixed import MixedResult
from engine.results.smallsample import DegreesOfFreedom
from engine.results.stored import DataRow, DataTable
from engine.tables.document import Block, Cell, Column, Lines, Role, Row, RowKind, Table, TextLayout
from engine.tables.estimation import Coefficient, TableStyle, coefficient_rows
from engine.tables.grid import (
    ESTIMATE_END,
    ESTIMATE_WIDTH,
    GridColumn,
    interval_columns,
    layout,
    se_column,
    table_columns,
)
from engine.tables.labels import FactorLabels, abbreviate
from engine.tables.mixed_fixed import fixed_coefficients
from engine.tables.mixed_random import INTERVAL_END, STUB
from engine.tables.numbers import GENERAL, number_cell

_DF_WIDTH = 16
"""Columns per method in ``estat df``."""
_ICC_COLUMNS = ("icc", "se", "ll", "ul")


def df_blocks(
    result: MixedResult, found: Sequence[DegreesOfFreedom], labels: FactorLabels, linesize: int
) -> tuple[Block, ...]:
    """Return what ``estat df`` prints: a column per method, a row per coefficient."""
    style = TableStyle(labels=labels, linesize=linesize)
    coefficients = fixed_coefficients(result, style.level)
    place = {id(coefficient): i for i, coefficient in enumerate(coefficients)}

    def cells(member: Coefficient) -> tuple[Cell, ...]:
        i = place[id(member)]
        return tuple(number_cell(float(each.df[i]), GENERAL, ESTIMATE_WIDTH) for each in found)

    stub, rows = coefficient_rows(result.depvar, coefficients, style, cells)
    head = f"{'':{stub}} |" + "".join(f"{each.request.method.title:>{_DF_WIDTH}}" for each in found)
    width = stub + 2 + _DF_WIDTH * len(found)
    columns = tuple(
        Column(each.request.method.value, each.request.method.title, stub + 2 + _DF_WIDTH * (i + 1))
        for i, each in enumerate(found)
    )
    name = abbreviate(result.depvar, stub)
    first = Row(name, kind=RowKind.GROUP, left=True, name=result.depvar)
    table = Table(
        id="df",
        stub=result.depvar,
        columns=columns,
        rows=(first, *rows),
        layout=TextLayout(width=width, stub=stub, head=(head,)),
        title="Degrees of freedom",
        data=df_data(result, found),
    )
    return (Lines(("", "Degrees of freedom"), Role.TITLE), table)


def df_data(result: MixedResult, found: Sequence[DegreesOfFreedom]) -> DataTable:
    """Return degrees of freedom as data, a column per method."""
    rows = (
        DataRow(result.depvar, column.name, tuple(float(each.df[i]) for each in found), column.state.value)
        for i, column in enumerate(result.columns)
    )
    return DataTable("df", tuple(each.request.method.value for each in found), tuple(rows))


def icc_blocks(result: MixedResult, found: Sequence[IntraclassCorrelation], level: float) -> tuple[Block, ...]:
    """Return what ``estat icc`` prints."""
    slopes = any(not column.is_constant for block in result.blocks for column in block.columns)
    covariates = any(not column.is_constant for column in result.columns)
    kind = "Conditional intraclass" if slopes else "Residual intraclass" if covariates else "Intraclass"
    title = f"{kind} correlation"
    columns = (
        GridColumn("icc", "ICC", ESTIMATE_END, ESTIMATE_END),
        se_column(),
        *interval_columns(level, INTERVAL_END),
    )
    rows = []
    for each in found:
        values = (each.icc, each.se, each.ll, each.ul)
        cells = tuple(number_cell(value, GENERAL, ESTIMATE_WIDTH) for value in values)
        label = abbreviate(each.level, STUB)
        rows.append(Row(label, cells, name=each.level, full=each.level if label != each.level else ""))
    table = Table(
        id="icc",
        stub="Level",
        columns=table_columns(STUB, columns),
        rows=tuple(rows),
        layout=layout("Level", STUB, columns),
        title=title,
        data=icc_data(found),
    )
    blocks: tuple[Block, ...] = (Lines(("", title, ""), Role.TITLE), table)
    if not slopes:
        return blocks
    note = "Note: ICC is conditional on zero values of random-effects covariates."
    return (*blocks, Lines((note,), Role.NOTE))


def icc_data(found: Sequence[IntraclassCorrelation]) -> DataTable:
    """Return intraclass correlations as data."""
    rows = (DataRow("", each.level, (each.icc, each.se, each.ll, each.ul)) for each in found)
    return DataTable("icc", _ICC_COLUMNS, tuple(rows))
