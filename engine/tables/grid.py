"""Where the columns of estimation tables end, and their heading line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.tables.document import Column, TextLayout


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column relative to the bar: where its values and its heading end; several keys may share one heading.

    `above` stands above the headings, from the place where ``Robust`` does.
    """

    key: str
    heading: str
    end: int
    head_end: int
    above: str = ""


ESTIMATE_END, ESTIMATE_WIDTH = 11, 9
SE_END = 22
_ABOVE_START = 15
"""Columns between the bar and what stands above the headings."""


def se_column(*, robust: bool, padding: int = 0) -> GridColumn:
    """Return the column of standard errors, under ``Robust`` and `padding` blanks where they are robust."""
    if robust:
        return GridColumn("se", "std. err.", SE_END, SE_END + 1, "Robust" + " " * padding)
    return GridColumn("se", "Std. err.", SE_END, SE_END + 1)


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
    above = tuple(f"{'':{stub}} |{'':{_ABOVE_START}}{column.above}" for column in columns if column.above)
    head = (*above, heading_line(stub_text, stub, columns))
    return TextLayout(width=stub + 2 + columns[-1].end, stub=stub, head=head)


def table_columns(stub: int, columns: Sequence[GridColumn]) -> tuple[Column, ...]:
    """Return the document's columns, with ends counted from the left edge."""
    return tuple(
        Column(column.key, f"{column.above.strip()} {column.heading}".lstrip(), stub + 2 + column.end)
        for column in columns
    )
