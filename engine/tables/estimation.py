"""The coefficient table that all estimation commands share: stub, factor blocks, separators, columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from engine.frame.columns import Column as FrameColumn
from engine.frame.columns import ColumnPart, ColumnState
from engine.spec.mixed import DfTable, DisplayOptions
from engine.tables.document import Cell, Row, RowKind, Table
from engine.tables.grid import (
    ESTIMATE_END,
    ESTIMATE_WIDTH,
    SE_END,
    GridColumn,
    SeSource,
    estimate_column,
    interval_columns,
    layout,
    se_column,
    table_columns,
)
from engine.tables.labels import FactorLabels, abbreviate, fit_levels, fit_name, needed_width
from engine.tables.numbers import DEGREES, NumberFormats, number_cell

STUB = 12
"""Usual width of the label column."""
RIGHT_OF_STUB = 66
"""Columns that the bar and the numbers take."""
DF_WIDTH = 11
"""Columns that degrees of freedom take."""

_STATUS_NOTES = {
    ColumnState.BASE: "(base)",
    ColumnState.OMITTED: "(omitted)",
    ColumnState.EMPTY: "(empty)",
}


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One coefficient with its test and its limits (NaN where there are none).

    `constrained` marks one that a constraint fixes at a number: it has an estimate and nothing else.
    """

    column: FrameColumn
    estimate: float
    se: float
    statistic: float
    p: float
    ll: float
    ul: float
    df: float = float("nan")
    standardized: float = float("nan")
    constrained: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableStyle:
    """How a coefficient table is shown.

    `level` is in percent, `statistic` is ``z`` or ``t``; `source` is that of the standard errors; `standardized`
    shows standardized coefficients in place of limits.
    """

    display: DisplayOptions = DisplayOptions()
    level: float = 95.0
    labels: FactorLabels
    linesize: int = 80
    statistic: str = "z"
    source: SeSource = SeSource.MODEL
    standardized: bool = False


@dataclass(frozen=True, slots=True)
class _Term:
    """Consecutive coefficients printed together.

    `header` is empty for a row of its own; `levels` holds, row by row, the texts of the factors' levels.
    """

    header: str
    coefficients: tuple[Coefficient, ...]
    levels: tuple[tuple[str, ...], ...] = ()
    labelled: bool = False
    interaction: bool = False
    times: bool = False
    """True for one variable at several times: its rows are called ``L1.``, ``D1.`` …."""

    @property
    def spaced(self) -> bool:
        """Whether a blank row comes before: blocks and interactions."""
        return self.interaction or bool(self.header)

    @property
    def spaced_after(self) -> bool:
        """Whether a blank row follows: interactions, and blocks with two levels or more."""
        return self.interaction or self.times or (bool(self.header) and len(self.coefficients) > 1)

    def level_text(self, row: int) -> str:
        """Return the levels of a row on one line: ``Catholic#2`` with labels, ``2 12`` aligned without."""
        texts = self.levels[row]
        if self.labelled:
            return "#".join(texts)
        widths = [max(len(levels[i]) for levels in self.levels) for i in range(len(texts))]
        return " ".join(text.rjust(width) for text, width in zip(texts, widths, strict=True))


def coefficient_table(depvar: str, coefficients: Sequence[Coefficient], style: TableStyle) -> Table:
    """Return the table ``fixed`` of an estimation command.

    Layout: columns measured on printed logs; the stub grows from 12 to what the line allows.
    """
    columns = _grid(style)
    formats = NumberFormats.of(style.display)
    stub, rows = coefficient_rows(depvar, coefficients, style, lambda member: _cells(member, columns, formats))
    return Table(
        id="fixed",
        stub=depvar,
        columns=table_columns(stub, columns),
        rows=rows,
        layout=layout(abbreviate(depvar, stub), stub, columns),
    )


def coefficient_rows(
    depvar: str,
    coefficients: Sequence[Coefficient],
    style: TableStyle,
    cells: Callable[[Coefficient], tuple[Cell, ...]],
) -> tuple[int, tuple[Row, ...]]:
    """Return the width of the label column, and a row per coefficient shown, factors in blocks."""
    terms = tuple(_terms(coefficients, style))
    stub = _stub_width(depvar, terms, style)
    return stub, tuple(_rows(terms, stub, cells, style))


def _grid(style: TableStyle) -> tuple[GridColumn, ...]:
    """Return the columns that the display options leave; ``dftable()`` puts degrees of freedom before them."""
    columns = [
        estimate_column("Coefficient", ESTIMATE_END + 1, style.source),
        se_column(style.source),
    ]
    dftable = style.display.dftable or DfTable.DEFAULT
    shift = 0
    if dftable is not DfTable.DEFAULT:
        columns.append(GridColumn("df", "df", SE_END + DF_WIDTH, SE_END + DF_WIDTH))
        shift = DF_WIDTH
    tests = not style.display.nopvalues and dftable is not DfTable.CI
    if tests:
        letter = style.statistic
        columns += [GridColumn("statistic", letter, 31 + shift, 30 + shift)]
        columns += [GridColumn("p", f"P>|{letter}|", 39 + shift, 39 + shift)]
    if style.standardized:
        columns.append(GridColumn("standardized", "Beta", 64, 64))
    elif not style.display.noci and dftable is not DfTable.PVALUE:
        columns += interval_columns(style.level, (64 if tests else 48) + shift, style.source)
    return tuple(columns)


def _terms(coefficients: Iterable[Coefficient], style: TableStyle) -> Iterator[_Term]:
    """Split the coefficients into printed terms and leave out the rows that the options hide."""
    coefficients = tuple(coefficients)
    main_effects = {c.column.parts[0].variable for c in coefficients if len(c.column.parts) == 1}
    shown = (c for c in coefficients if _is_shown(c.column, style.display, main_effects))
    for factors, group in groupby(shown, key=lambda c: _factors(c.column)):
        members = tuple(group)
        if factors is None:
            yield from _plain_terms(members)
        else:
            yield _factor_term(members, style)


def _plain_terms(members: Iterable[Coefficient]) -> Iterator[_Term]:
    """Return the terms of continuous variables; behind time-series operators one has its name above them."""
    for variable, group in groupby(members, key=lambda member: _without_time(member.column)):
        together = tuple(group)
        if variable and any("." in member.column.name for member in together):
            levels = tuple((_time_text(member.column.name),) for member in together)
            yield _Term(variable, together, levels, times=True)
            continue
        for member in together:
            yield _Term("", (member,), interaction=member.column.is_interaction)


def _without_time(column: FrameColumn) -> str:
    """Return a continuous variable without its operator, empty for anything else."""
    return "" if column.is_constant or column.is_interaction else column.parts[0].variable.rpartition(".")[2]


def _time_text(name: str) -> str:
    """Return what stands in the row of ``L.x`` below x: ``L1.``; ``--.`` for x itself."""
    operator, dot, _ = name.rpartition(".")
    return (f"{operator}1." if len(operator) == 1 else f"{operator}.") if dot else "--."


def _factors(column: FrameColumn) -> tuple[tuple[str, bool], ...] | None:
    """Return what consecutive levels of one term have in common, None where no factor is involved."""
    if all(part.level is None for part in column.parts):
        return None
    return tuple((part.variable, part.level is None) for part in column.parts)


def _is_shown(column: FrameColumn, display: DisplayOptions, main_effects: set[str]) -> bool:
    if column.state is ColumnState.OMITTED:
        return not display.noomitted
    if column.state is ColumnState.EMPTY:
        return not display.noemptycells
    if column.state is ColumnState.BASE:
        if display.allbaselevels:
            return True
        # baselevels shows the bases of an interaction only where no main effect tells them
        told = all(part.variable in main_effects for part in column.parts)
        return display.baselevels and not (column.is_interaction and told)
    return True


def _factor_term(members: tuple[Coefficient, ...], style: TableStyle) -> _Term:
    parts = members[0].column.parts
    labels = {} if style.display.nofvlabel else style.labels
    labelled = any(labels.get(part.variable) for part in parts if part.level is not None)
    if len(parts) == 1 and len(members) == 1 and not labelled:
        return _Term("", members)
    header = "#".join(
        part.variable if part.level is not None else f"c.{part.variable}" if len(parts) > 1 else part.variable
        for part in parts
    )
    levels = tuple(
        tuple(_level_text(part, labels) for part in member.column.parts if part.level is not None) for member in members
    )
    return _Term(header, members, levels, labelled, interaction=len(parts) > 1)


def _level_text(part: ColumnPart, labels: FactorLabels) -> str:
    """Return a level's value label on one line, its number where it has none."""
    level = part.level
    if level is None:
        return ""
    return " ".join(labels.get(part.variable, {}).get(level, str(level)).split())


def _stub_width(depvar: str, terms: Iterable[_Term], style: TableStyle) -> int:
    """Return the label column's width: what the names ask for, between 12 and what the line leaves."""
    if style.display.nolstretch:
        return STUB
    limit = max(STUB, style.linesize - RIGHT_OF_STUB)
    wanted = [STUB, len(depvar)]
    for term in terms:
        if not term.header:
            wanted.append(needed_width(term.coefficients[0].column.name, limit))
            continue
        wanted.append(needed_width(term.header, limit))
        wanted += [needed_width(term.level_text(row), limit - 1) + 1 for row in range(len(term.levels))]
    return min(limit, max(wanted))


def _rows(
    terms: Sequence[_Term], stub: int, cells: Callable[[Coefficient], tuple[Cell, ...]], style: TableStyle
) -> Iterator[Row]:
    gap = False  # whether the term before asks for a blank row
    for position, term in enumerate(terms):
        if position > 0 and (gap or term.spaced) and not style.display.vsquish:
            yield Row(kind=RowKind.BLANK)
        gap = term.spaced_after
        if term.header:
            label = fit_name(term.header, stub)
            yield Row(label, kind=RowKind.GROUP, full=term.header if label != term.header else "")
        for index, member in enumerate(term.coefficients):
            yield _coefficient_row(term, index, stub, cells(member), style.display)


def _coefficient_row(term: _Term, index: int, stub: int, cells: tuple[Cell, ...], display: DisplayOptions) -> Row:
    member = term.coefficients[index]
    column = member.column
    if term.header:
        full = term.level_text(index)
        lines, words = max(display.fvwrap or 1, 1), display.fvwrapon != "width"
        label = full if len(full) < stub else fit_levels(term.levels[index], stub - 1, lines, words=words)
    else:
        full = column.name
        label = fit_name(full, stub)
    return Row(
        label,
        cells,
        name=column.name,
        note="(constrained)" if member.constrained else _STATUS_NOTES.get(column.state, ""),
        pad=1 if term.header and not term.times else 0,
        full=full if label != full else "",
    )


def _cells(member: Coefficient, columns: Sequence[GridColumn], formats: NumberFormats) -> tuple[Cell, ...]:
    if member.column.state is not ColumnState.ESTIMATED:
        return (Cell("0", 0.0),)
    if member.constrained:
        return (number_cell(member.estimate, formats.coefficient, ESTIMATE_WIDTH),)
    cells = {
        "estimate": number_cell(member.estimate, formats.coefficient, ESTIMATE_WIDTH),
        "se": number_cell(member.se, formats.coefficient, ESTIMATE_WIDTH),
        "statistic": number_cell(member.statistic, formats.statistic, 8),
        "p": number_cell(member.p, formats.p, 5),
        "ll": number_cell(member.ll, formats.coefficient, ESTIMATE_WIDTH),
        "ul": number_cell(member.ul, formats.coefficient, ESTIMATE_WIDTH),
        "df": number_cell(member.df, DEGREES, ESTIMATE_WIDTH),
        "standardized": number_cell(member.standardized, formats.coefficient, ESTIMATE_WIDTH),
    }
    return tuple(cells[column.key] for column in columns)
