"""Which number of a block stands at a place of its text: the renderer's layout read backwards."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.render.text import render_block, row_line
from engine.tables.document import Block, Header, RowKind, Table

_FIGURE = re.compile(
    r"(?P<label>[A-Za-z](?:[^\s=(]|\([^()=]*\)|>=| (?=\S))*?)\s+=\s+(?P<number>-?[\d,]*\.?\d+(?:e[-+]?\d+)?)(?![\w.])"
)
"""``Prob > chi2 = 0.0000``"""


@dataclass(frozen=True, slots=True)
class TablePlace:
    """A cell of a table: index of its row and key of its column, and where its text stands in the line."""

    row: int
    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FigurePlace:
    """A number with a label, ``label = text``, and where it stands in the line."""

    label: str
    value: float
    text: str
    start: int
    end: int


def places(block: Block, line: int, linesize: int = 80) -> tuple[TablePlace | FigurePlace, ...]:
    """Return the numbers in a line of a block's text, from left to right."""
    if isinstance(block, Table):
        lines = render_block(block, linesize)
        text = lines[line] if line < len(lines) else ""
        figures = figures_in(text) if block.layout.drawn else ()
        taken = figures[0].start if figures else len(text)
        return (*_cells(block, line, text[:taken]), *figures)
    lines = render_block(block, linesize)
    text = lines[line] if line < len(lines) else ""
    if isinstance(block, Header) and line < len(block.right):
        figure = block.right[line]
        if figure is not None and figure.text and isinstance(figure.value, (int, float)):
            start = text.rfind(figure.text)
            own = FigurePlace(figure.label, float(figure.value), figure.text, start, start + len(figure.text))
            return (*(each for each in figures_in(text[:start]) if each.label not in text[start:]), own)
    return figures_in(text)


def figures_in(text: str) -> tuple[FigurePlace, ...]:
    """Return the numbers with labels that a line of text holds."""
    found = []
    for match in _FIGURE.finditer(text):
        number = match["number"]
        value = float(number.replace(",", ""))
        found.append(FigurePlace(match["label"].strip(), value, number, match.start("number"), match.end("number")))
    return tuple(found)


def _cells(table: Table, line: int, text: str) -> tuple[TablePlace, ...]:
    if table.layout.drawn:
        return _drawn(table, text)
    layout = table.layout
    at = int(layout.top) + len(layout.head) + int(bool(layout.head) and layout.head_rule)
    for index, row in enumerate(table.rows):
        height = 1 if row.kind is RowKind.RULE else len(row.label.split("\n"))
        if at <= line < at + height:
            if row.kind is not RowKind.DATA or line != at + height - 1:
                return ()
            spans = row_line(row, table)[1]
            return tuple(
                TablePlace(index, column.key, start + layout.indent, end + layout.indent)
                for (start, end), column in zip(spans, table.columns, strict=False)
                if end > start
            )
        at += height
    return ()


def _drawn(table: Table, text: str) -> tuple[TablePlace, ...]:
    """Return the cells of a line that a command has drawn itself: that of the row whose texts stand in it in order."""
    for index, row in enumerate(table.rows):
        if row.kind is not RowKind.DATA or not row.cells or row.label not in text:
            continue
        at, found = text.find(row.label) + len(row.label), []
        for cell, column in zip(row.cells, table.columns, strict=False):
            shown = cell.text.strip()
            start = text.find(shown, at) if shown else at
            if start < 0:
                break
            at = start + len(shown)
            found += [TablePlace(index, column.key, start, at)] if shown else []
        else:
            return tuple(found)
    return ()
