"""Where the columns of estimation tables end, and their heading line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from engine.tables.document import Column, TextLayout


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column relative to the bar: where its values and its heading end; several keys may share one heading.

    `above` stands above the heading, up to `above_end`.
    """

    key: str
    heading: str
    end: int
    head_end: int
    above: str = ""
    above_end: int = 0


class SeSource(Enum):
    """Where standard errors come from; the value stands above their heading."""

    MODEL = ""
    ROBUST = "Robust"
    HC2 = "Robust HC2"
    HC3 = "Robust HC3"
    BOOTSTRAP = "Bootstrap"
    JACKKNIFE = "Jackknife"


ESTIMATE_END, ESTIMATE_WIDTH = 11, 9
SE_END = 22
_ROBUST_END = 21
_NORMAL_END = 4
"""Columns between the end of ``Normal-based`` and the bracket below it."""


def estimate_column(heading: str, head_end: int, source: SeSource) -> GridColumn:
    """Return the column of estimates; beside bootstrap standard errors they are called observed."""
    if source is SeSource.BOOTSTRAP:
        return GridColumn("estimate", heading.lower(), ESTIMATE_END, head_end, "Observed", ESTIMATE_END)
    return GridColumn("estimate", heading, ESTIMATE_END, head_end)


def se_column(source: SeSource = SeSource.MODEL, *, padding: int = 0) -> GridColumn:
    """Return the column of standard errors under the word for their source, and `padding` blanks after ``Robust``."""
    if source is SeSource.MODEL:
        return GridColumn("se", "Std. err.", SE_END, SE_END + 1)
    if source is SeSource.ROBUST:
        return GridColumn("se", "std. err.", SE_END, SE_END + 1, "Robust" + " " * padding, _ROBUST_END + padding)
    return GridColumn("se", "std. err.", SE_END, SE_END + 1, source.value, SE_END + 1)


def interval_columns(level: float, end: int, source: SeSource = SeSource.MODEL) -> tuple[GridColumn, GridColumn]:
    """Return the two limits under ``[95% conf. interval]``, whose bracket closes `end` columns after the bar."""
    heading = f"[{level:g}% conf. interval]"
    above = ("Normal-based", end - _NORMAL_END) if source is SeSource.BOOTSTRAP else ("", 0)
    return GridColumn("ll", heading, end - 12, end, *above), GridColumn("ul", "", end, end)


def heading_line(stub_text: str, stub: int, columns: Iterable[GridColumn]) -> str:
    """Return the literal heading: the stub's text, the bar and each heading at its place."""
    line = f"{stub_text:>{stub}} |"
    for column in columns:
        if column.heading:
            line += column.heading.rjust(stub + 2 + column.head_end - len(line))
    return line


def layout(stub_text: str, stub: int, columns: Sequence[GridColumn]) -> TextLayout:
    """Return the text layout of a table with these columns."""
    head = (*_above_line(stub, columns), heading_line(stub_text, stub, columns))
    return TextLayout(width=stub + 2 + columns[-1].end, stub=stub, head=head)


def _above_line(stub: int, columns: Sequence[GridColumn]) -> tuple[str, ...]:
    """Return the line above the headings; none where nothing stands there."""
    line = f"{'':{stub}} |"
    bare = line
    for column in columns:
        if column.above:
            line += column.above.rjust(stub + 2 + column.above_end - len(line))
    return (line,) if line != bare else ()


def table_columns(stub: int, columns: Sequence[GridColumn]) -> tuple[Column, ...]:
    """Return the document's columns, with ends counted from the left edge."""
    return tuple(
        Column(column.key, f"{column.above.strip()} {column.heading}".lstrip(), stub + 2 + column.end)
        for column in columns
    )
