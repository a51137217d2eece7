"""The table of variance inflation factors."""

from __future__ import annotations

from collections.abc import Sequence

from engine.postest.vif import Inflation
from engine.results.stored import DataRow, DataTable
from engine.tables.document import Block, Cell, Column, Lines, Row, RowKind, Table, TextLayout
from engine.tables.labels import abbreviate
from engine.tables.numbers import number_text

_STUB, _WIDTH = 12, 36
_HEAD = f"{'Variable':>12} |       VIF       1/VIF  "


def vif_blocks(found: Sequence[Inflation]) -> tuple[Block, ...]:
    """Return the table and the mean below it."""
    rows = [
        Row(
            abbreviate(each.name, _STUB),
            (_factor(each.vif), Cell(number_text(each.tolerance, "%8.6f"), each.tolerance)),
            name=each.name,
        )
        for each in found
    ]
    mean = Row("Mean VIF", (_factor(sum(each.vif for each in found) / len(found)),), name="Mean VIF")
    table = Table(
        id="vif",
        stub="Variable",
        columns=(Column("vif", "VIF", 24), Column("tolerance", "1/VIF", 36)),
        rows=(*rows, Row(kind=RowKind.RULE), mean),
        layout=TextLayout(width=_WIDTH, stub=_STUB, head=(_HEAD,), top=False, bottom=False),
        data=vif_data(found),
    )
    return Lines(("",)), table


def _factor(value: float) -> Cell:
    return Cell(number_text(value, "%9.2f"), value)


def vif_data(found: Sequence[Inflation]) -> DataTable:
    """Return a row per regressor, largest factor first."""
    return DataTable("vif", ("vif", "tolerance"), tuple(DataRow("", e.name, (e.vif, e.tolerance)) for e in found))
