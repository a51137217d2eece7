"""The table of ``estat ranova``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from engine.postest.leftout import LeftOut
from engine.results.mixed import MixedResult
from engine.results.stored import DataRow, DataTable
from engine.spec.mixed import Method
from engine.tables.document import Block, Cell, Lines, Role, Row, RowKind, Table
from engine.tables.grid import GridColumn, layout, table_columns
from engine.tables.labels import abbreviate
from engine.tables.numbers import CHI2, LIKELIHOOD, PROBABILITY, number_cell, number_text

_STUB = 17
_COLUMNS = (
    GridColumn("ll", "Log likelihood", 15, 15),
    GridColumn("df", "df", 21, 21),
    GridColumn("chi2", "LR chi2", 32, 32),
    GridColumn("p", "Prob > chi2", 45, 45),
    GridColumn("p_boundary", "Corrected", 58, 58),
)
_NOTE = (
    "Note: The hypothesis of no variance lies on the boundary, so Prob > chi2 is",
    "      conservative. Corrected: half chi2(df-1) and half chi2(df).",
)


def ranova_blocks(result: MixedResult, found: Sequence[LeftOut]) -> tuple[Block, ...]:
    """Return what is printed: a row per random effect, under its level."""
    kind = "Restricted log likelihood" if result.method is Method.REML else "Log likelihood"
    rows: list[Row] = []
    for level, effects in groupby(found, key=lambda each: each.level_name):
        rows.append(Row(abbreviate(level, _STUB), kind=RowKind.GROUP, left=True, name=level))
        rows += [_row(each) for each in effects]
    table = Table(
        id="ranova",
        stub="Left out",
        columns=table_columns(_STUB, _COLUMNS),
        rows=tuple(rows),
        layout=layout("Left out", _STUB, _COLUMNS),
        title="Tests of the random effects",
        data=ranova_data(found),
    )
    blocks: tuple[Block, ...] = (
        Lines(("", "Tests of the random effects, each left out in turn (not in Stata)"), Role.TITLE),
        Lines((f"{kind} of the model = {number_text(result.ll, LIKELIHOOD)}", "")),
        table,
        Lines(_NOTE, Role.NOTE),
    )
    failed = [each.effect for each in found if not each.converged]
    if failed:
        words = f"Note: The model without {', '.join(failed)} did not converge; its test cannot be trusted."
        blocks = (*blocks, Lines((words,), Role.WARNING))
    return blocks


def _row(each: LeftOut) -> Row:
    cells = (
        number_cell(each.ll, LIKELIHOOD, 14),
        Cell(str(each.test.df), float(each.test.df)),
        number_cell(each.test.chi2, CHI2, 9),
        number_cell(each.test.p, PROBABILITY, 6),
        number_cell(each.p_boundary, PROBABILITY, 6),
    )
    label = abbreviate(each.effect, _STUB)
    return Row(label, cells, name=each.effect, full=each.effect if label != each.effect else "")


def ranova_data(found: Sequence[LeftOut]) -> DataTable:
    """Return log likelihoods and tests as data."""
    rows = (
        DataRow(
            each.level_name, each.effect, (each.ll, float(each.test.df), each.test.chi2, each.test.p, each.p_boundary)
        )
        for each in found
    )
    return DataTable("ranova", ("ll", "df", "chi2", "p", "p_boundary"), tuple(rows))
