"""The boxes of ``list``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.tables.data import shortened
from engine.tables.document import Cell, Column, Row, Table, TextLayout

_SHORT_NAME = 8
_GAP = "   "


@dataclass(frozen=True, slots=True, kw_only=True)
class ListColumn:
    """One listed variable: its printed values, and whether they stand at the left."""

    name: str
    texts: tuple[str, ...]
    left: bool

    @property
    def heading(self) -> str:
        """The name as the box shows it: abbreviated to 8 characters, or to the width of the values."""
        return shortened(self.name, max(_SHORT_NAME, self._value_width))

    @property
    def width(self) -> int:
        """Characters the column takes."""
        return max(len(self.heading), self._value_width)

    @property
    def _value_width(self) -> int:
        return max((len(text) for text in self.texts), default=0)

    def cell(self, row: int) -> str:
        """Return one value filled to the column's width."""
        return self.fill(self.texts[row])

    def fill(self, text: str) -> str:
        """Return `text` filled to the column's width."""
        return text.ljust(self.width) if self.left else text.rjust(self.width)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListStyle:
    """How a listing is drawn: `separated` holds the rows (0-based) after which a rule stands."""

    linesize: int
    clean: bool = False
    numbered: bool = True
    separated: frozenset[int] = frozenset()


def list_table(columns: Sequence[ListColumn], numbers: Sequence[int], style: ListStyle) -> Table:
    """Return the listing of the observations whose 1-based `numbers` are given."""
    margin = max(5, len(str(numbers[-1])) + 2) if len(numbers) and style.numbered else (5 if style.numbered else 2)
    width = sum(column.width for column in columns) + len(_GAP) * (len(columns) - 1)
    if style.clean:
        drawn = _clean(columns, numbers, style)
    elif margin + width + 4 <= style.linesize:
        drawn = _box(columns, numbers, style, margin)
    else:
        drawn = _stacked(columns, numbers, style, margin)
    rows = tuple(
        Row(f"{number}.", tuple(Cell(column.texts[k], column.texts[k]) for column in columns), name=str(number))
        for k, number in enumerate(numbers)
    )
    heads = tuple(Column(column.name, column.name, left=column.left) for column in columns)
    return Table("list", "", heads, rows, TextLayout(width=width, stub=margin, drawn=tuple(drawn)))


def _number(number: int, margin: int, style: ListStyle) -> str:
    return f"{number:>{margin - 2}}. " if style.numbered else " " * margin


def _box(columns: Sequence[ListColumn], numbers: Sequence[int], style: ListStyle, margin: int) -> list[str]:
    heading = _GAP.join(column.fill(column.heading) for column in columns)
    blank, line = " " * margin, "-" * (len(heading) + 2)
    drawn = [f"{blank}+{line}+", f"{blank}| {heading} |", f"{blank}|{line}|"]
    last = len(numbers) - 1
    for k, number in enumerate(numbers):
        cells = _GAP.join(column.cell(k) for column in columns)
        drawn.append(f"{_number(number, margin, style)}| {cells} |")
        if k in style.separated and k < last:
            drawn.append(f"{blank}|{line}|")
    drawn.append(f"{blank}+{line}+")
    return drawn


def _clean(columns: Sequence[ListColumn], numbers: Sequence[int], style: ListStyle) -> list[str]:
    margin = (max(5, len(str(numbers[-1])) + 2) if len(numbers) else 5) if style.numbered else 0
    drawn = [" " * (margin + 2) + _GAP.join(column.fill(column.heading) for column in columns)]
    for k, number in enumerate(numbers):
        head = _number(number, margin, style) if style.numbered else ""
        drawn.append(f"{head}  {_GAP.join(column.cell(k) for column in columns)}")
    return [line.rstrip() for line in drawn]


def _stacked(columns: Sequence[ListColumn], numbers: Sequence[int], style: ListStyle, margin: int) -> list[str]:
    """Return one box per observation, its variables in as many rows of cells as the line needs."""
    room = max(style.linesize - margin - 1, 20)
    lines: list[list[ListColumn]] = [[]]
    used = 1
    for column in columns:
        if lines[-1] and used + column.width + 3 > room:
            lines.append([])
            used = 1
        lines[-1].append(column)
        used += column.width + 3
    widths = [_stretched([column.width for column in line], room) for line in lines]
    inner = max(sum(line) + 3 * len(line) - 1 for line in widths)
    blank = " " * margin
    edge = f"{blank}+{'-' * inner}+"
    drawn: list[str] = []
    for k, number in enumerate(numbers):
        drawn.append(edge)
        for position, (line, line_widths) in enumerate(zip(lines, widths, strict=True)):
            if position:
                drawn.append(f"{blank}|{'-' * inner}|")
            head = blank if position else _number(number, margin, style)
            drawn.append(head + _cells([column.heading for column in line], line, line_widths))
            drawn.append(blank + _cells([column.texts[k] for column in line], line, line_widths))
        drawn += [edge, ""] if k < len(numbers) - 1 else [edge]
    return drawn


def _stretched(widths: list[int], room: int) -> list[int]:
    """Return widths with the rest of the line shared out, so that all rows of a box are equally long."""
    spare = max(room - 2 - (sum(widths) + 3 * len(widths) - 1), 0)
    share, rest = divmod(spare, len(widths))
    return [width + share + (k < rest) for k, width in enumerate(widths)]


def _cells(texts: Sequence[str], columns: Sequence[ListColumn], widths: Sequence[int]) -> str:
    shown = [
        text.ljust(width) if column.left else text.rjust(width)
        for text, column, width in zip(texts, columns, widths, strict=True)
    ]
    return "| " + " | ".join(shown) + " |"
