"""The grid of ``table``: groups in rows and columns, statistics where they fit ([R] table)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import numpy.typing as npt

from engine.data.formats import format_value
from engine.results.stored import DataRow, DataTable
from engine.tables.document import Cell, Column, Row, RowKind, Table, TextLayout

_INDENT = 2
_GAP = 3
TOTAL = "Total"


@dataclass(frozen=True, slots=True)
class Dimension:
    """A variable of rows or columns: the texts of its values as shown (labels) and as they are."""

    name: str
    title: str
    shown: tuple[str, ...]
    plain: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """One statistic: its word, variable, label, the variable's label and the display format."""

    statistic: str
    variable: str | None
    label: str
    title: str
    fmt: str

    @property
    def key(self) -> str:
        """Name of the statistic in the table's data: ``frequency``, ``mean(x)``."""
        return self.statistic if self.variable is None else f"{self.statistic}({self.variable})"

    def with_format(self, fmt: str) -> Result:
        """Return the statistic in another display format."""
        return replace(self, fmt=fmt)


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """The numbers: `values` of each result and `counts` have one more place than values per dimension, for totals."""

    results: tuple[Result, ...]
    counts: npt.NDArray[np.float64]
    values: tuple[npt.NDArray[np.float64], ...]
    row_total: bool
    column_total: bool


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the body: its label, depth, and the place of its numbers (None for a heading)."""

    label: str
    depth: int
    place: tuple[int, ...] | None = None
    result: int = 0


def grid_table(rows: Sequence[Dimension], columns: Sequence[Dimension], figures: Figures, linesize: int = 80) -> Table:
    """Return the table; statistics stand in columns of their own unless variables take the columns.

    Where it is wider than `linesize` its columns are drawn in panels below one another, each with the labels.
    """
    in_rows = bool(columns) and len(figures.results) > 1
    heads, places = _columns(columns, figures)
    lines = _lines(rows, figures, in_rows=in_rows)
    texts = [_texts(line, places, figures, by_row=bool(columns)) for line in lines]
    widths = [max([len(heads[-1][k]), *(len(text[k]) for text in texts if text)]) for k in range(len(places))]
    if len(heads) > 1 and len(widths) == 1:
        widths[0] = max(widths[0], len(heads[0][0]))
    stub = max([12, *(len(line.label) + _INDENT * line.depth for line in lines)])
    drawn: list[str] = []
    for panel in _panels(widths, linesize - stub - 2):
        own = [text[panel] for text in texts]
        drawn += ["", *_drawn([head[panel] for head in heads], widths[panel], lines, own, stub)]
    drawn = drawn[1:]
    data = _data(rows, columns, figures, lines, places)
    shown = tuple(
        Row(
            "\u2003" * line.depth + line.label,
            tuple(Cell(t, v) for t, v in zip(text, _numbers(line, places, figures, by_row=bool(columns)), strict=True))
            if text
            else (),
            kind=RowKind.DATA if text else RowKind.GROUP,
            name=line.label,
            left=True,
        )
        for line, text in zip(lines, texts, strict=True)
    )
    keys = tuple(Column(f"c{k + 1}", " ".join(filter(None, (head[k] for head in heads)))) for k in range(len(places)))
    title = " and ".join(dimension.title for dimension in (*rows, *columns))
    layout = TextLayout(width=max(map(len, drawn)), stub=stub, drawn=tuple(drawn))
    return Table("table", title, keys, shown, layout, data=data)


def _panels(widths: Sequence[int], room: int) -> list[slice]:
    """Return the stretches of columns that fit beside the labels, at least one column in each."""
    panels: list[slice] = []
    first, used = 0, 0
    for k, width in enumerate(widths):
        needed = width + (_GAP if k > first else _INDENT)
        if k > first and used + needed > room:
            panels.append(slice(first, k))
            first, used, needed = k, 0, width + _INDENT
        used += needed
    return [*panels, slice(first, len(widths))]


def _columns(
    columns: Sequence[Dimension], figures: Figures
) -> tuple[list[list[str]], list[tuple[tuple[int, ...], int]]]:
    """Return heading lines, one text per column, and the place and statistic of each column."""
    if not columns:
        results = figures.results
        several = len({result.variable for result in results if result.variable}) > 1
        heads = [[result.label for result in results]]
        if several:
            heads.append([result.title for result in results])
        return heads, [((), k) for k in range(len(results))]
    sizes = [len(dimension.shown) + figures.column_total for dimension in columns]
    places = [(place, 0) for place in product(*(range(size) for size in sizes))]
    heads = []
    for depth, dimension in enumerate(columns):
        words = [*dimension.shown, TOTAL]
        heads.append([dimension.title] * len(places))
        heads.append([words[place[depth]] for place, _ in places])
    return heads, places


def _lines(rows: Sequence[Dimension], figures: Figures, *, in_rows: bool) -> list[_Line]:
    """Return the lines of the body, nested by variable."""
    lines: list[_Line] = []

    def numbers(label: str, depth: int, place: tuple[int, ...]) -> None:
        if not in_rows:
            lines.append(_Line(label, depth, place))
            return
        if label:
            lines.append(_Line(label, depth))
        for k, result in enumerate(figures.results):
            several = len({other.variable for other in figures.results}) > 1
            words = f"{result.label}: {result.title}" if several and result.title else result.label
            lines.append(_Line(words, depth + bool(label), place, k))

    def descend(level: int, depth: int, place: tuple[int, ...]) -> None:
        dimension = rows[level]
        lines.append(_Line(dimension.title, depth))
        words = (*dimension.shown, TOTAL) if figures.row_total else dimension.shown
        for k, word in enumerate(words):
            here = (*place, k)
            if not np.nansum(figures.counts[here]) > 0:
                continue
            if level + 1 == len(rows):
                numbers(word, depth + 1, here)
            else:
                lines.append(_Line(word, depth + 1))
                descend(level + 1, depth + 2, here)

    if rows:
        descend(0, 0, ())
    else:
        numbers("", 0, ())
    return lines


def _numbers(
    line: _Line, places: Sequence[tuple[tuple[int, ...], int]], figures: Figures, *, by_row: bool
) -> list[float | None]:
    """Return the numbers of a line, None where no observation is."""
    if line.place is None:
        return []
    found: list[float | None] = []
    for place, result in places:
        whole = (*line.place, *place)
        empty = not figures.counts[whole] > 0
        value = float(figures.values[line.result if by_row else result][whole])
        found.append(None if empty or math.isnan(value) else value)
    return found


def _texts(line: _Line, places: Sequence[tuple[tuple[int, ...], int]], figures: Figures, *, by_row: bool) -> list[str]:
    found = _numbers(line, places, figures, by_row=by_row)
    results = [figures.results[line.result if by_row else result] for _, result in places]
    return ["" if v is None else format_value(v, r.fmt) for v, r in zip(found, results, strict=False)]


def _drawn(
    heads: Sequence[Sequence[str]],
    widths: list[int],
    lines: Sequence[_Line],
    texts: Sequence[Sequence[str]],
    stub: int,
) -> list[str]:
    """Return the table as lines of text."""
    spans = _spans(heads, widths)
    inner = sum(widths) + _GAP * (len(widths) - 1) + _INDENT
    rule = "-" * (stub + 2 + inner)
    drawn = [rule]
    for head, own in zip(heads, spans, strict=True):
        cells, at = "", 0
        for first, last in own:
            width = sum(widths[first : last + 1]) + _GAP * (last - first)
            lead = _INDENT if first == 0 else _GAP
            word = head[first].center(width) if last > first else head[first].rjust(width)
            cells += " " * lead + word[:width]
            at = last
        drawn.append(f"{'':<{stub}} |{cells}".rstrip() if at else f"{'':<{stub}} |{cells}")
    drawn.append("-" * (stub + 1) + "+" + "-" * inner)
    for line, text in zip(lines, texts, strict=True):
        label = " " * (_INDENT * line.depth) + line.label
        cells = "".join(
            " " * (_INDENT if k == 0 else _GAP) + cell.rjust(width)
            for k, (cell, width) in enumerate(zip(text, widths, strict=False))
        )
        drawn.append(f"{label:<{stub}} |{cells}".rstrip())
    return [*drawn, rule]


def _spans(heads: Sequence[Sequence[str]], widths: list[int]) -> list[list[tuple[int, int]]]:
    """Return, for each heading line, the runs of columns that share a heading; widen columns under a long one.

    The last line has a heading per column; the others are shared by neighbours under the same headings so far.
    """
    found: list[list[tuple[int, int]]] = []
    above = [""] * len(widths)
    for number, head in enumerate(heads):
        own: list[tuple[int, int]] = []
        keys = [f"{a}\0{h}" for a, h in zip(above, head, strict=True)]
        for k, key in enumerate(keys):
            if own and number < len(heads) - 1 and keys[own[-1][0]] == key:
                own[-1] = (own[-1][0], k)
            else:
                own.append((k, k))
        found.append(own)
        above = keys
    for texts, runs in zip(heads, found, strict=True):
        for first, last in runs:
            width = sum(widths[first : last + 1]) + _GAP * (last - first)
            widths[last] += max(len(texts[first]) - width, 0)
    return found


def _data(
    rows: Sequence[Dimension],
    columns: Sequence[Dimension],
    figures: Figures,
    lines: Sequence[_Line],
    places: Sequence[tuple[tuple[int, ...], int]],
) -> DataTable:
    """Return the numbers at full precision: a row per line of numbers, named by the values of its variables."""

    def named(dimensions: Sequence[Dimension], place: tuple[int, ...]) -> str:
        words = ((*dimension.plain, TOTAL)[k] for dimension, k in zip(dimensions, place, strict=True))
        return "#".join(words)

    keys = tuple(named(columns, place) if columns else figures.results[k].key for place, k in places)
    data = []
    for line in lines:
        if line.place is None:
            continue
        found = _numbers(line, places, figures, by_row=bool(columns))
        numbers = tuple(math.nan if value is None else value for value in found)
        eq = figures.results[line.result].key if columns else ""
        data.append(DataRow(eq, named(rows, line.place), numbers))
    return DataTable("table", keys, tuple(data))
