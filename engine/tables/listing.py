"""The boxes of ``list``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.tables.data import shortened
from engine.tables.document import Cell, Column, Row, Table, TextLayout

_SHORT_NAME = 8
_GAP = "   "
_STRETCH = 1000
"""Observations per table: a long listing appears, and can be stopped, while it is drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListColumn:
    """One listed variable: its printed values, and whether they stand at the left; see `list_column`.

    `heading` is the name as the box shows it, `width` the characters the column takes.
    """

    name: str
    texts: tuple[str, ...]
    left: bool
    heading: str
    width: int

    def cell(self, row: int) -> str:
        """Return one value filled to the column's width."""
        return self.fill(self.texts[row])

    def fill(self, text: str) -> str:
        """Return `text` filled to the column's width."""
        return text.ljust(self.width) if self.left else text.rjust(self.width)


def list_column(name: str, texts: tuple[str, ...], *, left: bool, shortest: int = _SHORT_NAME) -> ListColumn:
    """Return a column whose name is abbreviated to `shortest` characters, or to the width of its values."""
    widest = max((len(text) for text in texts), default=0)
    heading = shortened(name, max(shortest, widest))
    return ListColumn(name=name, texts=texts, left=left, heading=heading, width=max(len(heading), widest))


@dataclass(frozen=True, slots=True, kw_only=True)
class ListStyle:
    """How a listing is drawn: `separated` holds the rows (0-based) after which a rule stands."""

    linesize: int
    clean: bool = False
    numbered: bool = True
    separated: frozenset[int] = frozenset()


def list_tables(columns: Sequence[ListColumn], numbers: Sequence[int], style: ListStyle) -> Iterator[Table]:
    """Return the listing of the observations whose 1-based `numbers` are given, a stretch of it at a time."""
    margin = max(5, len(str(numbers[-1])) + 2) if style.numbered else 2
    width = sum(column.width for column in columns) + len(_GAP) * (len(columns) - 1)
    heads = tuple(Column(column.name, column.name, left=column.left) for column in columns)
    draw = _clean if style.clean else _box if margin + width + 4 <= style.linesize else _stacked
    for start in range(0, len(numbers), _STRETCH):
        rows = range(start, min(start + _STRETCH, len(numbers)))
        drawn = draw(columns, numbers, rows, style, margin)
        shown = tuple(
            Row(f"{numbers[k]}.", tuple(Cell(c.texts[k], c.texts[k]) for c in columns), name=str(numbers[k]))
            for k in rows
        )
        yield Table("list", "", heads, shown, TextLayout(width=width, stub=margin, drawn=tuple(drawn)))


def _number(number: int, margin: int, style: ListStyle) -> str:
    return f"{number:>{margin - 2}}. " if style.numbered else " " * margin


def _box(
    columns: Sequence[ListColumn], numbers: Sequence[int], rows: range, style: ListStyle, margin: int
) -> list[str]:
    """Return a box; its head stands above the first stretch, its foot below the last."""
    heading = _GAP.join(column.fill(column.heading) for column in columns)
    blank, line = " " * margin, "-" * (len(heading) + 2)
    last = len(numbers) - 1
    drawn = [] if rows.start else [f"{blank}+{line}+", f"{blank}| {heading} |", f"{blank}|{line}|"]
    for k in rows:
        cells = _GAP.join(column.cell(k) for column in columns)
        drawn.append(f"{_number(numbers[k], margin, style)}| {cells} |")
        if k in style.separated and k < last:
            drawn.append(f"{blank}|{line}|")
    return drawn if rows.stop <= last else [*drawn, f"{blank}+{line}+"]


def _clean(
    columns: Sequence[ListColumn], numbers: Sequence[int], rows: range, style: ListStyle, margin: int
) -> list[str]:
    heading = " " * (margin + 2) + _GAP.join(column.fill(column.heading) for column in columns)
    drawn = [] if rows.start else [heading]
    for k in rows:
        drawn.append(f"{_number(numbers[k], margin, style)}  {_GAP.join(column.cell(k) for column in columns)}")
    return [line.rstrip() for line in drawn]


def _stacked(
    columns: Sequence[ListColumn], numbers: Sequence[int], rows: range, style: ListStyle, margin: int
) -> list[str]:
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
    for k in rows:
        drawn.append(edge)
        for position, (line, line_widths) in enumerate(zip(lines, widths, strict=True)):
            if position:
                drawn.append(f"{blank}|{'-' * inner}|")
            head = blank if position else _number(numbers[k], margin, style)
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
