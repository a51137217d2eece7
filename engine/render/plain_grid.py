"""A table as rows of texts: what LaTeX, Markdown, word processors and spreadsheets are made from."""

from __future__ import annotations

from dataclasses import dataclass

from engine.tables.document import Row, RowKind, Table


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row: its label, a text per column, the numbers behind them, and whether it heads a group or ends a section.

    Attributes
    ----------
    indented
        The row belongs to the group above it.
    rule
        A rule stands above the row.
    """

    label: str
    texts: tuple[str, ...]
    values: tuple[float | None, ...]
    heading: bool = False
    indented: bool = False
    rule: bool = False


def grid_head(table: Table) -> tuple[tuple[str, int], ...]:
    """Return the headings with how many columns each spans: the two limits of an interval share one."""
    found: list[tuple[str, int]] = []
    for column in table.columns:
        if not column.heading and found:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((" ".join(column.heading.split()), 1))
    return tuple(found)


def grid_rows(table: Table) -> tuple[GridRow, ...]:
    """Return the rows that have something to show."""
    found: list[GridRow] = []
    inside = ruled = False
    for row in table.rows:
        if row.kind in {RowKind.RULE, RowKind.BLANK}:
            inside = False
            ruled = ruled or row.kind is RowKind.RULE
            continue
        heading = row.kind is RowKind.GROUP
        label = " ".join(row.caption.split())
        texts, values = ((), ()) if heading else _cells(row, len(table.columns))
        found.append(GridRow(label, texts, values, heading, inside and not heading, ruled and bool(found)))
        inside, ruled = inside or heading, False
    return tuple(found)


def _cells(row: Row, width: int) -> tuple[tuple[str, ...], tuple[float | None, ...]]:
    texts = [cell.text.strip() for cell in row.cells]
    values = [float(cell.value) if isinstance(cell.value, (int, float)) else None for cell in row.cells]
    if row.note and len(texts) < width:
        texts.append(row.note.strip())
        values.append(None)
    rest = width - len(texts)
    return (*texts, *[""] * rest), (*values, *[None] * rest)
