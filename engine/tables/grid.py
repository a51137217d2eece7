"""Where the columns of estimation tables end, and their heading line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.tables.document import Column, TextLayout


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column relative to the bar: where its values and its heading end; several keys may share one heading."""

    key: str
    heading: str
    end: int
    head_end: int


ESTIMATE_END, ESTIMATE_WIDTH = 11, 9
SE_END = 22


def interval_columns(level: float, end: int) -> tuple[GridColumn, GridColumn]:
    """Return the two limits under ``[95% conf. interval]``, whose bracket closes `end` columns after the bar."""
    heading = f"[{level:g}% conf. interval]"
    return GridColumn("ll", heading, end - 12, end), GridColumn("ul", "", end, end)


def heading_line(stub_text: str, stub: int, columns: Iterable[GridColumn]) -> str:
    """Return the literal heading: the stub's text, the bar and each heading at its place."""
    line = f"{stub_text:>{stub}} |"
    for column in columns:
        if column.heading:
            line += column.heading.rjust(stub + 2 + column.head_end - len(line))
    return line


def layout(stub_text: str, stub: int, columns: Sequence[GridColumn]) -> TextLayout:
    """Return the text layout of a table with these columns."""
    return TextLayout(width=stub + 2 + columns[-1].end, stub=stub, head=(heading_line(stub_text, stub, columns),))


def table_columns(stub: int, columns: Sequence[GridColumn]) -> tuple[Column, ...]:
    """Return the document's columns, with ends counted from the left edge."""
    return tuple(Column(column.key, column.heading, stub + 2 + column.end) for column in columns)
