"""What ``margins`` prints: title, legend of ``at()``, and the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

import numpy as np
import numpy.typing as npt

from engine.postest.linear_tests import Combinations
from engine.results.margins import AtSet, MarginRow
from engine.results.stored import DataRow, DataTable
from engine.spec.mixed import DisplayOptions
from engine.tables.document import Block, Cell, Lines, Role, Row, RowKind, Table, TextLayout
from engine.tables.effects import Effect, EffectColumns, effect_cells
from engine.tables.estimation import Coefficient, TableStyle, coefficient_rows
from engine.tables.grid import ESTIMATE_END, ESTIMATE_WIDTH, GridColumn, layout, table_columns
from engine.tables.hypotheses import effects_of
from engine.tables.labels import FactorLabels, abbreviate
from engine.tables.numbers import GENERAL, NumberFormats, number_cell, number_text

WIDTH = 78
MARGIN_COLUMNS = ("margin", "se", "statistic", "p", "ll", "ul")
NOT_ESTIMABLE = "(not estimable)"
BASE = "(base outcome)"
DISCRETE = "Note: {} for factor levels is the discrete change from the base level."
_EXPRESSION, _SLOPES, _OVER = "Expression: ", "{} wrt:  ", "Over:       "


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginsHead:
    """What stands above the table; empty texts leave their line out."""

    title: str
    n_obs: float
    vce: str = ""
    expression: str
    slopes: str = ""
    over: str = ""
    at: tuple[AtSet, ...] = ()
    change: str = "dy/dx"
    """What effects are: ``dy/dx``, ``ey/ex``."""
    command: str = ""
    """The estimation command, which the text does not show."""


def head_blocks(head: MarginsHead) -> tuple[Block, ...]:
    """Return title, expression and legends, with a blank line after them."""
    count = f"Number of obs = {number_text(head.n_obs, '%15.0fc')}"
    lines = [f"{head.title}{count:>{max(WIDTH - len(head.title), len(count) + 1)}}"]
    lines += [f"Model VCE: {head.vce}"] if head.vce else []
    lines += ["", f"{_EXPRESSION}{head.expression}"]
    lines += [f"{_SLOPES.format(head.change)}{head.slopes}"] if head.slopes else []
    lines += [f"{_OVER}{head.over}"] if head.over else []
    lines += at_legend(head.at)
    return (Lines(("", lines[0]), Role.TITLE), Lines((*lines[1:], "")))


def at_legend(sets: Sequence[AtSet]) -> list[str]:
    """Return the lines that say what ``at()`` sets; values are aligned among each other."""
    sets = [each for each in sets if each.values]
    if not sets:
        return []
    groups = any(each.group for each in sets)
    numbers = [number_text(v.value, GENERAL) if not np.isnan(v.value) else "" for s in sets for v in s.values]
    name_width = max(len(v.name) for s in sets for v in s.values)
    value_width = max(len(text) for text in numbers)
    many = len(sets) > 1 and not groups
    labels = [f"{i}._at: " for i in range(1, len(sets) + 1)] if many else ["At: "] * len(sets)
    indent = max(len(label) for label in labels)
    lines = []
    for number, (label, each) in enumerate(zip(labels, sets, strict=True)):
        lead = label.ljust(indent) if many or number == 0 else " " * indent
        if groups:
            lines.append(f"{lead}{each.group}")
            lead = " " * (indent + 4)
        for value in each.values:
            lines.append(lead + _at_value(value.name, value.value, value.statistic, (name_width, value_width)))
            lead = " " * (indent + 4 * groups)
    return lines


def _at_value(name: str, value: float, statistic: str, widths: tuple[int, int]) -> str:
    if np.isnan(value):
        return f"{name:<{widths[0]}}   ({statistic})"
    shown = f"{name:<{widths[0]}} = {number_text(value, GENERAL):>{widths[1]}}"
    return f"{shown} ({statistic})" if statistic else shown


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginsView:
    """How the table is shown."""

    columns: EffectColumns
    labels: FactorLabels
    formats: NumberFormats
    linesize: int
    vsquish: bool = False
    nofvlabel: bool = False
    legend: bool = False
    bases: Mapping[str, int] = field(default_factory=dict)
    """Factor -> the level that effects of its other levels start from."""


def margins_table(rows: Sequence[MarginRow], found: Combinations, known: Sequence[bool], view: MarginsView) -> Table:
    """Return the table; variables of ``dydx()`` with terms of their own are sections."""
    effects = effects_of(found)
    estimable = {id(row): ok for row, ok in zip(rows, known, strict=True)}
    numbers = {id(row): effect for row, effect in zip(rows, effects, strict=True)}
    heading = view.columns.heading
    grid = (GridColumn("estimate", heading, ESTIMATE_END, ESTIMATE_END),) if view.legend else view.columns.grid()
    style = TableStyle(
        labels=view.labels, linesize=view.linesize,
        display=DisplayOptions(vsquish=view.vsquish, nofvlabel=view.nofvlabel),
    )  # fmt: skip
    sections = [(name, list(group)) for name, group in groupby(rows, key=lambda row: row.variable)]
    titled = any(_is_section(members) for name, members in sections if name)
    if not titled:
        sections = [("", list(rows))]
    made: list[tuple[int, str, tuple[Row, ...]]] = []
    for name, members in sections:
        stub, own = _section_rows(members, numbers, estimable, style, _cells_of(grid, view))
        made.append((max(stub, len(name)) if titled else stub, name, own))
    stub = max(width for width, _, _ in made)
    out: list[Row] = []
    shown: set[str] = set()
    for number, (_, name, own) in enumerate(made):
        if titled:
            out += [Row(kind=RowKind.RULE)] if number else []
            level, _, factor = name.rpartition(".")
            if level and factor in view.bases and factor not in shown:
                shown.add(factor)
                base = f"{view.bases[factor]}.{factor}"
                out += [Row(abbreviate(base, stub), left=True, name=base, note=BASE), Row(kind=RowKind.RULE)]
            out.append(Row(abbreviate(name, stub), kind=RowKind.GROUP, left=True, name=name))
        out += own
    return Table(
        id="margins",
        stub="",
        columns=table_columns(stub, grid),
        rows=tuple(out),
        layout=_layout(stub, grid, heading, view),
        data=margins_data(rows, found),
    )


def _layout(stub: int, grid: Sequence[GridColumn], heading: str, view: MarginsView) -> TextLayout:
    if not view.legend:
        return layout("", stub, grid)
    return TextLayout(width=stub + 66, stub=stub, head=(f"{'':{stub}} |{heading:>11}  Legend",))


def _is_section(members: Sequence[MarginRow]) -> bool:
    """Tell whether rows of a variable are told apart by other factors than itself."""
    return any(part.variable != row.variable.rpartition(".")[2] for row in members for part in row.column.parts)


def _section_rows(
    members: Sequence[MarginRow],
    numbers: dict[int, Effect],
    estimable: dict[int, bool],
    style: TableStyle,
    cells: Callable[[Effect], tuple[Cell, ...]],
) -> tuple[int, tuple[Row, ...]]:
    coefficients = [Coefficient(row.column, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0) for row in members]
    places = {id(coefficient): id(row) for coefficient, row in zip(coefficients, members, strict=True)}
    width, rows = coefficient_rows("", coefficients, style, lambda member: cells(numbers[places[id(member)]]))
    missing = {row.column.name for row in members if not estimable[id(row)]}
    return width, tuple(
        replace(row, cells=(Cell("."),), note=NOT_ESTIMABLE) if row.cells and row.name in missing else row
        for row in rows
    )


def _cells_of(grid: Sequence[GridColumn], view: MarginsView) -> Callable[[Effect], tuple[Cell, ...]]:
    if view.legend:
        return lambda effect: (number_cell(effect.estimate, view.formats.coefficient, ESTIMATE_WIDTH),)
    return lambda effect: effect_cells(effect, grid, view.formats)


def with_legend(table: Table, names: dict[str, str]) -> Table:
    """Return the table with ``_b[name]`` behind each number."""
    rows = tuple(replace(row, note=f"_b[{names.get(row.name, row.name)}]") if row.cells else row for row in table.rows)
    return replace(table, rows=rows)


def margins_data(rows: Sequence[MarginRow], found: Combinations) -> DataTable:
    """Return a row per margin; the equation is the variable of ``dydx()``."""
    out = []
    for row, e in zip(rows, effects_of(found), strict=True):
        out.append(DataRow(row.variable, row.column.name, (e.estimate, e.se, e.statistic, e.p, e.ll, e.ul)))
    return DataTable("margins", MARGIN_COLUMNS, tuple(out))


def discrete_note(rows: Sequence[MarginRow], change: str) -> tuple[Block, ...]:
    """Return the note that factors change from their base, where there are some."""
    return (Lines((DISCRETE.format(change),), Role.NOTE),) if any("." in row.variable for row in rows) else ()


def blank_where_unknown(found: Combinations, known: npt.NDArray[np.bool_]) -> Combinations:
    """Return the combinations with NaN for those that are not estimable."""
    t = found.tests
    arrays = {name: np.where(known, getattr(t, name), np.nan) for name in ("se", "z", "p", "ll", "ul")}
    return replace(found, estimates=np.where(known, found.estimates, np.nan), tests=replace(t, **arrays))


def without_errors(found: Combinations) -> Combinations:
    """Return the combinations with NaN for all but the estimates (``nose``)."""
    t = found.tests
    unknown = np.full(len(found.estimates), np.nan)
    return replace(found, tests=replace(t, **dict.fromkeys(("se", "z", "p", "ll", "ul"), unknown)))
