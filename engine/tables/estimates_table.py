"""The table of ``estimates table``: coefficients of several fits side by side, with errors, stars and statistics.

Widths: a column is a format wide, with one blank before and two behind, and three more where there are stars.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np

from engine.data.formats import format_value
from engine.frame.columns import Column as FrameColumn
from engine.frame.columns import ColumnState
from engine.tables.document import Block, Cell, Column, Lines, Role, Row, RowKind, Table, TextLayout
from engine.tables.estimates_compared import (
    FREE,
    STATISTICS,
    Compared,
    Entry,
    Key,
    TableRequest,
    comparison_data,
    keys_of,
    statistic,
)
from engine.tables.estimation import Coefficient, TableStyle, coefficient_rows
from engine.tables.labels import abbreviate

BETA = "%10.0g"
"""Usual format of coefficients."""
STUB = 12
_LABEL_WIDTH = 32
"""Most characters of a variable label."""
_STARS_WIDTH = 3
_WIDTH = re.compile(r"%-?0?(\d+)")


def comparison_blocks(models: Sequence[Compared], request: TableRequest) -> tuple[Block, ...]:
    """Return the table and its legend."""
    fmt_width = int(match[1]) if (match := _WIDTH.match(request.formats["b"])) else 10
    starred = _STARS_WIDTH if request.stars else 0
    inner = max(fmt_width + 2 + starred, request.width)
    rows, stub = _rows(models, request, inner)
    width = stub + 2 + len(models) * (inner + 1)
    columns = tuple(Column(model.name, model.name, stub + 2 + (i + 1) * (inner + 1)) for i, model in enumerate(models))
    names = [f"{abbreviate(model.name, inner):^{inner}}" for model in models]
    separated = " ".join([names[0], *(f"|{name[1:]}" for name in names[1:])])
    heads = f" {separated}" if request.lines == "columns" else f"{' '.join(names)} "
    head = f"{'Variable':>{stub}} |{heads}"
    table = Table(
        id="estimates",
        stub="Variable",
        columns=columns,
        rows=tuple(rows),
        layout=TextLayout(width=width, stub=stub, head=(head,), head_rule=request.lines != "noline"),
        title=request.title,
        data=comparison_data(models, request),
    )
    legend = [f"Legend: {'/'.join(request.formats)}"] if len(request.formats) > 1 else []
    if request.stars:
        parts = [f"{'*' * i} p<{level:g}" for i, level in enumerate(request.stars, start=1)]
        legend.append(f"Legend: {'; '.join(parts)}")
    title = (request.title,) if request.title else ()
    blocks: list[Block] = [Lines(("", *title), Role.TITLE), table]
    return (*blocks, Lines(tuple(f"{line:>{width}}" for line in legend))) if legend else tuple(blocks)


def _rows(models: Sequence[Compared], request: TableRequest, inner: int) -> tuple[list[Row], int]:
    keys = keys_of(models, request)
    several = any(equation for equation, _ in keys)
    style = TableStyle(labels={})
    rows: list[Row] = []
    stub = request.stub or STUB
    for equation, group in groupby(keys, key=lambda key: key[0]):
        members = [_shown(models, key) for key in group]
        own, made = coefficient_rows("", members, style, lambda member: ())
        known = [request.labels[row.name] for row in made if row.name in request.labels]
        own = max([own, *(min(len(label), _LABEL_WIDTH) for label in known)])
        stub = max(stub, own) if not request.stub else stub
        if several:
            rows += [Row(kind=RowKind.RULE)] if rows else []
        if several and equation != FREE:
            rows.append(Row(abbreviate(equation, stub), kind=RowKind.GROUP, left=True, name=equation))
        for plain in made:
            label = request.labels.get(plain.name)
            row = plain if label is None else replace(plain, label=abbreviate(label, stub))
            if equation == FREE:
                row = replace(row, label=FREE + row.label)
            rows += _lines(models, (equation, row.name), row, request, inner) if row.name else [row]
    if request.stats:
        rows.append(Row(kind=RowKind.RULE))
        if several:
            rows.append(Row(STATISTICS, kind=RowKind.GROUP, left=True, name=STATISTICS))
        rows += [_statistic_row(models, name, request, inner) for name in request.stats]
    return rows, stub


def _shown(models: Sequence[Compared], key: Key) -> Coefficient:
    """Return a coefficient whose column lays out the row; what it holds is not looked at."""
    columns = (model.entries.get(key, (None, None))[0] for model in models)
    known = [column for column in columns if column is not None]
    column = next((c for c in known if c.state is ColumnState.ESTIMATED), known[0] if known else FrameColumn(()))
    return Coefficient(column, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def _lines(models: Sequence[Compared], key: Key, row: Row, request: TableRequest, inner: int) -> list[Row]:
    """Return a row for the coefficient and one for each further number below it."""
    out = []
    for position, kind in enumerate(request.formats):
        cells = tuple(_cell(model.entries.get(key), kind, request, inner) for model in models)
        cells = _separated(cells, request, inner)
        label = row.label if position == 0 else ""
        name = row.name if position == 0 else f"{row.name} {kind}"
        out.append(Row(label, cells, name=name, pad=row.pad if position == 0 else 0, full=row.full))
    return out


def _cell(found: tuple[FrameColumn | None, Entry] | None, kind: str, request: TableRequest, inner: int) -> Cell:
    if found is None:
        return Cell()
    entry = found[1]
    room = inner - 2 - (_STARS_WIDTH if request.stars else 0)
    if entry.mark:
        return Cell(f"{entry.mark:>{room}}".ljust(inner), 0.0) if kind == "b" else Cell()
    value = float(getattr(entry, kind))
    text = format_value(value, request.formats[kind]).strip() if np.isfinite(value) else "."
    stars = "*" * sum(entry.p < level for level in request.stars) if kind == "b" and request.stars else ""
    return Cell(f"{text:>{room}}{stars}".ljust(inner), value)


def _separated(cells: tuple[Cell, ...], request: TableRequest, inner: int) -> tuple[Cell, ...]:
    """Return the cells with a bar before all but the first where columns are separated."""
    if request.lines != "columns":
        return cells
    first, *others = cells
    return (first, *(Cell(f"|{cell.text[1:]:<{inner - 1}}", cell.value) for cell in others))


def _statistic_row(models: Sequence[Compared], name: str, request: TableRequest, inner: int) -> Row:
    cells = []
    room = inner - 2 - (_STARS_WIDTH if request.stars else 0)
    for model in models:
        value = statistic(model.estimates, name)
        if not np.isfinite(value):
            cells.append(Cell())
            continue
        whole = value == int(value) and not request.stats_format
        fmt = "%9.0f" if whole else request.stats_format or request.formats["b"]
        cells.append(Cell(f"{format_value(value, fmt).strip():>{room}}".ljust(inner), value))
    return Row(abbreviate(name, STUB), _separated(tuple(cells), request, inner), name=name)
