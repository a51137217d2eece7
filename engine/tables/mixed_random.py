"""The random-effects table of ``mixed``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.inference.limits import limits
from engine.results.mixed import BlockSummary, MixedResult, VarianceParameter
from engine.spec.mixed import Metric
from engine.tables.document import Lines, Role, Row, RowKind, Table
from engine.tables.estimation import TableStyle
from engine.tables.grid import (
    ESTIMATE_END,
    ESTIMATE_WIDTH,
    GridColumn,
    estimate_column,
    interval_columns,
    layout,
    se_column,
    table_columns,
)
from engine.tables.labels import abbreviate, truncate
from engine.tables.numbers import NumberFormats, number_cell

STUB = 28
STUB_HEADING = "Random-effects parameters "
INTERVAL_END = 48
EMPTY = "(empty)"
_ABOVE_PADDING = 11
"""Blanks after ``Robust``."""


@dataclass(frozen=True, slots=True)
class RandomRow:
    """A variance parameter in the metric of display, with its limits."""

    name: str
    estimate: float
    se: float
    ll: float
    ul: float


def random_row(parameter: VarianceParameter, metric: Metric, level: float) -> RandomRow:
    """Return `parameter` as displayed."""
    ll, ul = limits(parameter, metric, level)
    if metric is Metric.STDDEVIATION:
        return RandomRow(parameter.sd_name, parameter.sd_estimate, parameter.sd_se, ll, ul)
    return RandomRow(parameter.name, parameter.estimate, parameter.se, ll, ul)


def section_title(block: BlockSummary) -> str:
    """Return ``id: Identity``, or ``id: (empty)`` for an equation without effects."""
    structure = EMPTY if block.structure is None else block.structure.value.capitalize()
    return f"{block.level_name}: {structure}"


def random_table(result: MixedResult, metric: Metric, style: TableStyle) -> Table:
    """Return the table as printed."""
    columns = _grid(style)
    rows: list[Row] = []
    for index, block in enumerate(result.blocks):
        members = (p for p in result.parameters if p.block == index)
        rows.append(_section_row(block))
        rows += [_parameter_row(parameter, metric, style, columns) for parameter in members]
        rows.append(Row(kind=RowKind.RULE))
    if result.residual is not None:
        lines = result.residual.lines
        rows += [Row(line, kind=RowKind.GROUP, left=True, name=result.residual.heading) for line in lines]
    residual = (p for p in result.parameters if p.block < 0)
    rows += [_parameter_row(parameter, metric, style, columns) for parameter in residual]
    return Table(
        id="random",
        stub=STUB_HEADING.strip(),
        columns=table_columns(STUB, columns),
        rows=tuple(rows),
        layout=layout(STUB_HEADING, STUB, columns),
    )


def random_footnotes(result: MixedResult) -> tuple[Lines, ...]:
    """Return the lines below the table that spell out shortened lists of variables."""
    footnotes = tuple(dict.fromkeys(p.footnote for p in result.parameters if p.footnote))
    return (Lines(footnotes, Role.NOTE),) if footnotes else ()


def _grid(style: TableStyle) -> tuple[GridColumn, ...]:
    columns = [
        estimate_column("Estimate", ESTIMATE_END, style.source),
        se_column(style.source, padding=_ABOVE_PADDING),
    ]
    if not style.display.noci:
        columns += interval_columns(style.level, INTERVAL_END, style.source)
    return tuple(columns)


def _section_row(block: BlockSummary) -> Row:
    title = section_title(block)
    if block.structure is None:
        name = f"{abbreviate(block.level_name, STUB - len(EMPTY) - 2)}:"
        label = f"{name}{EMPTY:>{STUB - len(name)}}"
    else:
        label = title
        if len(title) > STUB:
            room = STUB - (len(title) - len(block.level_name))
            label = f"{abbreviate(block.level_name, room)}{title[len(block.level_name) :]}"
    return Row(label, kind=RowKind.GROUP, left=True, name=title, full=title if label != title else "")


def _parameter_row(
    parameter: VarianceParameter, metric: Metric, style: TableStyle, columns: Sequence[GridColumn]
) -> Row:
    shown = random_row(parameter, metric, style.level)
    values = {"estimate": shown.estimate, "se": shown.se, "ll": shown.ll, "ul": shown.ul}
    fmt = NumberFormats.of(style.display).coefficient
    cells = tuple(number_cell(values[column.key], fmt, ESTIMATE_WIDTH) for column in columns)
    return Row(_label(parameter, shown.name), cells, name=shown.name)


def _label(parameter: VarianceParameter, name: str) -> str:
    """The name as printed: with the label of a by() value, shortened to fit."""
    value, text = parameter.by_label
    if not text:
        return name
    rest = name.removeprefix(f"{value}: ")
    return f"{truncate(text, STUB - len(rest) - 2)}: {rest}"
