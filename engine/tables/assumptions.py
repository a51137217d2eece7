"""What ``estat assumptions`` prints."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from engine.postest.assumptions import Concern, Finding
from engine.results.stored import DataRow, DataTable
from engine.tables.document import Block, Lines, Role
from engine.tables.numbers import number_text

_MARKS = {Concern.NONE: "ok", Concern.LOOK: "look", Concern.ACT: "act", Concern.UNKNOWN: "?"}
_WIDTH = 78
_INDENT = 6
_NOTE = (
    "Note: Marks go by the size of a departure, not by its p-value: in large samples small departures are significant. "
    "They say where to look, not what is wrong."
)


def assumption_blocks(found: Sequence[Finding]) -> tuple[Block, ...]:
    """Return title, a paragraph per assumption with its plot, and what the marks mean."""
    lines: list[str] = []
    for each in found:
        lines.append(f"{_MARKS[each.concern]:<{_INDENT - 1}} {each.title}")
        indent = " " * _INDENT
        lines += textwrap.wrap(each.sentence, _WIDTH, initial_indent=indent, subsequent_indent=indent)
        numbers = f"{each.measure} = {number_text(each.value, '%9.3g')}"
        if each.p == each.p:
            numbers += f" (p = {number_text(each.p, '%6.4f')})"
        lines.append(f"{indent}{numbers}")
        if each.plot:
            lines.append(f"{indent}see {each.plot}")
        lines.append("")
    title = Lines(("", "Assumptions of the model (not in Stata)", ""), Role.TITLE)
    return (
        title,
        Lines(tuple(lines)),
        Lines(tuple(textwrap.wrap(_NOTE, 76, subsequent_indent=" " * _INDENT)), Role.NOTE),
    )


def assumption_data(found: Sequence[Finding]) -> DataTable:
    """Return numbers and p-values, a row per assumption whose status is ``look``, ``act`` or empty."""
    rows = (
        DataRow("", each.key, (each.value, each.p), "" if each.concern is Concern.NONE else each.concern.value)
        for each in found
    )
    return DataTable("assumptions", ("value", "p"), tuple(rows))
