"""The table of ``estat influence``."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.frame.modelframe import FloatArray
from engine.inference.normal import chi2_tail
from engine.postest.groupsummary import GroupSummary
from engine.postest.influence import Influence
from engine.results.stored import DataRow, DataTable
from engine.tables.document import Block, Cell, Lines, Role, Row, Table
from engine.tables.grid import GridColumn, layout, table_columns
from engine.tables.labels import abbreviate
from engine.tables.numbers import COUNT, GENERAL, number_cell, number_text

_STUB = 17
_COLUMNS = (
    GridColumn("n", "Obs", 8, 8),
    GridColumn("cooksd", "Cook's D", 19, 19),
    GridColumn("mdffits", "MDFFITS", 30, 30),
    GridColumn("covratio", "COVRATIO", 41, 41),
    GridColumn("change", "Largest change", 59, 59),
)
_NAME_WIDTH = 10


def influence_blocks(
    summary: GroupSummary,
    influence: Influence,
    names: Sequence[str],
    *,
    level: str,
    columns: Sequence[str],
    shown: int,
) -> tuple[Block, ...]:
    """Return what is printed: the `shown` groups with the largest Cook's distances, in `columns` of e(b)."""
    order = np.argsort(-np.nan_to_num(influence.cooksd, nan=np.inf), kind="stable")[:shown]
    dfbetas = influence.dfbetas
    rows = tuple(_row(g, names[g], influence, dfbetas[g], columns) for g in order)
    table = Table(
        id="influence",
        stub=level,
        columns=table_columns(_STUB, _COLUMNS),
        rows=rows,
        layout=layout(abbreviate(level, _STUB), _STUB, _COLUMNS),
        title=f"Estimates without each group of {level}",
        data=influence_data(summary, influence, names, level=level, columns=columns),
    )
    count = f"{len(names):,} group{'s' if len(names) != 1 else ''}"
    which = f"The {len(rows)} most influential of {count}" if len(rows) < len(names) else count[0].upper() + count[1:]
    head = Lines(("", f"Fixed effects without each group of {level} (not in Stata)", which, ""), Role.TITLE)
    note = Lines(
        (
            "Note: Variance parameters are held at their estimates. Largest change: the",
            "      coefficient that moves most, and by how many of its standard errors.",
        ),
        Role.NOTE,
    )
    return (head, table, note) if rows else (head, note)


def _row(g: int, name: str, influence: Influence, dfbetas: FloatArray, columns: Sequence[str]) -> Row:
    known = np.nan_to_num(np.abs(dfbetas), nan=0.0)
    largest = int(np.argmax(known))
    moved = number_text(float(dfbetas[largest]), "%6.2f")
    text = f"{abbreviate(columns[largest], _NAME_WIDTH)} {moved:>6}" if known[largest] else "."
    cells = (
        Cell(number_text(float(influence.n_rows[g]), COUNT), float(influence.n_rows[g])),
        *(number_cell(float(values[g]), GENERAL, 9) for values in (influence.cooksd, influence.mdffits)),
        number_cell(float(influence.covratio[g]), GENERAL, 9),
        Cell(text, float(dfbetas[largest])),
    )
    label = abbreviate(name, _STUB)
    return Row(label, cells, name=name, full=name if label != name else "")


def influence_data(
    summary: GroupSummary, influence: Influence, names: Sequence[str], *, level: str, columns: Sequence[str]
) -> DataTable:
    """Return everything that is known of each group, also of those not shown."""
    estimated = [int(k) for k in np.flatnonzero(influence.se > 0.0)]
    heads = (
        "n",
        "mean",
        *(f"blup_{name}" for name in summary.effects),
        *(f"se_{name}" for name in summary.effects),
        "distance",
        "p_distance",
        "cooksd",
        "mdffits",
        "covtrace",
        "covratio",
        *(f"dfbetas_{columns[k]}" for k in estimated),
    )
    p = [chi2_tail(float(d), summary.df) for d in summary.distance]
    table = np.column_stack(
        [
            influence.n_rows,
            summary.mean,
            summary.blup,
            summary.se,
            summary.distance,
            p,
            influence.cooksd,
            influence.mdffits,
            influence.covtrace,
            influence.covratio,
            influence.dfbetas[:, estimated],
        ]
    )
    rows = tuple(DataRow(level, name, tuple(map(float, values))) for name, values in zip(names, table, strict=True))
    return DataTable("influence", heads, rows)
