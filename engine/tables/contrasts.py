"""What ``contrast``, ``pwcompare`` and the contrasts of ``margins`` print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.frame.columns import ColumnPart
from engine.inference.contrast_matrices import ContrastLabel
from engine.postest.grids import ContrastRow, Contrasts
from engine.postest.linear_tests import Combinations, LinearTest
from engine.results.stored import DataRow, DataTable
from engine.tables.document import Block, Cell, Column, Lines, Role, Row, RowKind, Table, TextLayout
from engine.tables.effects import DELTA, EffectColumns, effect_cells
from engine.tables.grid import ESTIMATE_END, SE_END, GridColumn, layout, table_columns
from engine.tables.hypotheses import effects_of
from engine.tables.labels import FactorLabels, abbreviate
from engine.tables.numbers import DENOMINATOR, GENERAL, NumberFormats, number_cell, number_text

STUB = 12
JOINT, OVERALL, DENOMINATOR_ROW = "Joint", "Overall", "Denominator"
_DDF_WIDTH = 11
_MOST = 60
"""Widest label column."""
_NOT_ESTIMABLE = "(not estimable)"


@dataclass(frozen=True, slots=True)
class TestRow:
    """One row of the table of tests."""

    label: str
    test: LinearTest


@dataclass(frozen=True, slots=True)
class TermTests:
    """Tests of one term: a single one, or one per row and all of them jointly."""

    name: str
    rows: tuple[TestRow, ...]

    @property
    def single(self) -> bool:
        """Whether the term has one test only."""
        return len(self.rows) == 1


def label_text(label: ContrastLabel, variable: str, labels: FactorLabels) -> str:
    """Return ``2 vs 1`` with the value labels of the factor."""
    return label.pattern.format(*(level_text(variable, level, labels) for level in label.levels))


def level_text(variable: str, level: int | None, labels: FactorLabels) -> str:
    """Return the value label of a level, its number where it has none."""
    return " ".join(labels.get(variable, {}).get(float(level or 0), str(level)).split())


def row_text(row: ContrastRow, factors: Sequence[str], labels: FactorLabels) -> str:
    """Return ``(2 vs 1) (Catholic vs base) 3``."""
    words = [f"({label_text(label, variable, labels)})" for label, variable in zip(row.labels, factors, strict=True)]
    return " ".join([*words, within_text(row.within, labels)]).strip()


def within_text(parts: Sequence[ColumnPart], labels: FactorLabels) -> str:
    """Return the levels that a contrast stays within."""
    return " ".join(level_text(part.variable, part.level, labels) for part in parts)


def wald_table(
    terms: Sequence[TermTests], overall: LinearTest | None, *, equation: str = "", ddf: bool = False
) -> Table:
    """Return the table of Wald tests; with `ddf` a column of denominator degrees of freedom."""
    is_f = any(row.test.is_f for term in terms for row in term.rows)
    grid = _test_grid(is_f=is_f, ddf=ddf)
    rows: list[Row] = [Row(equation, kind=RowKind.GROUP, left=True, name=equation)] if equation else []
    for number, term in enumerate(terms):
        rows += [Row(kind=RowKind.BLANK)] if number else []
        if term.single:
            rows.append(Row(term.name, _test_cells(term.rows[0].test, grid), name=term.name))
            continue
        rows.append(Row(term.name, kind=RowKind.GROUP, name=term.name))
        rows += [Row(r.label, _test_cells(r.test, grid), name=f"{term.name} {r.label}", pad=1) for r in term.rows]
    if overall is not None:
        rows += [Row(kind=RowKind.BLANK), Row(OVERALL, _test_cells(overall, grid), name=OVERALL)]
    if is_f and not ddf:
        denominator = terms[0].rows[0].test.ddf
        cell = Cell(number_text(denominator, GENERAL), denominator)
        rows += [Row(kind=RowKind.BLANK), Row(DENOMINATOR_ROW, (cell,), name=DENOMINATOR_ROW)]
    stub = _stub([(row.label, row.pad) for row in rows])
    return Table(
        id="contrast",
        stub="",
        columns=table_columns(stub, grid),
        rows=tuple(_fitted(row, stub) for row in rows),
        layout=layout("", stub, grid),
        data=wald_data(terms, overall, equation=equation, ddf=ddf),
    )


def _test_grid(*, is_f: bool, ddf: bool) -> tuple[GridColumn, ...]:
    columns = [GridColumn("df", "df", 11, 11)]
    shift = _DDF_WIDTH if ddf else 0
    columns += [GridColumn("ddf", "ddf", 22, 22)] if ddf else []
    name, p = ("F", "P>F") if is_f else ("chi2", "P>chi2")
    return (*columns, GridColumn("statistic", name, 23 + shift, 23 + shift), GridColumn("p", p, 34 + shift, 34 + shift))


def _test_cells(test: LinearTest, grid: Sequence[GridColumn]) -> tuple[Cell, ...]:
    if not test.df:
        return (Cell(_NOT_ESTIMABLE),)
    texts = {
        "df": (number_text(float(test.df), GENERAL), float(test.df)),
        "ddf": (number_text(test.ddf, DENOMINATOR), test.ddf),
        "statistic": (number_text(test.statistic, "%9.2f"), test.statistic),
        "p": (number_text(test.p, "%6.4f"), test.p),
    }
    return tuple(Cell(*texts[column.key]) for column in grid)


def wald_data(terms: Sequence[TermTests], overall: LinearTest | None, *, equation: str, ddf: bool) -> DataTable:
    """Return a row per test: ``df chi2 p``, ``df F p`` with the denominator as ``ddf``."""
    is_f = any(row.test.is_f for term in terms for row in term.rows)
    named = [
        (term.name if term.single else f"{term.name}: {row.label}", row.test) for term in terms for row in term.rows
    ]
    named += [(OVERALL, overall)] if overall is not None else []
    if is_f or ddf:
        rows = (DataRow(equation, name, (float(t.df), t.ddf, t.statistic, t.p)) for name, t in named)
        return DataTable("contrast", ("df", "ddf", "F", "p"), tuple(rows))
    rows = (DataRow(equation, name, (float(t.df), t.statistic, t.p)) for name, t in named)
    return DataTable("contrast", ("df", "chi2", "p"), tuple(rows))


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """Rows of one term with their numbers."""

    name: str
    labels: tuple[str, ...]
    found: Combinations
    known: npt.NDArray[np.bool_]
    extra: tuple[str, ...] = ()
    """Letters of the groups, one text per row."""


def effects_table(
    identity: str, sections: Sequence[Section], columns: EffectColumns, *, equation: str = "", formats: NumberFormats
) -> Table:
    """Return the table of estimated contrasts, differences or margins."""
    grid = columns.grid()
    rows: list[Row] = [Row(equation, kind=RowKind.GROUP, left=True, name=equation)] if equation else []
    for number, section in enumerate(sections):
        rows += [Row(kind=RowKind.BLANK)] if number else []
        rows.append(Row(section.name, kind=RowKind.GROUP, name=section.name))
        for label, effect, known in zip(section.labels, effects_of(section.found), section.known, strict=True):
            cells = effect_cells(effect, grid, formats) if known else (Cell("."),)
            note = "" if known else _NOT_ESTIMABLE
            rows.append(Row(label, cells, name=f"{section.name} {label}", pad=1, note=note))
    stub = _stub([(row.label, row.pad) for row in rows])
    return Table(
        id=identity,
        stub="",
        columns=table_columns(stub, grid),
        rows=tuple(_fitted(row, stub) for row in rows),
        layout=layout("", stub, grid),
        data=effects_data(identity, sections, equation=equation),
    )


def effects_data(identity: str, sections: Sequence[Section], *, equation: str = "") -> DataTable:
    """Return a row per contrast at full precision."""
    rows = []
    for section in sections:
        for label, e in zip(section.labels, effects_of(section.found), strict=True):
            values = (e.estimate, e.se, e.df, e.statistic, e.p, e.ll, e.ul)
            rows.append(DataRow(equation, f"{section.name}: {label}", values))
    return DataTable(identity, ("contrast", "se", "df", "statistic", "p", "ll", "ul"), tuple(rows))


def groups_table(sections: Sequence[Section], title: str, *, equation: str = "", delta: bool = False) -> Table:
    """Return the margins with the letters of groups that do not differ."""
    grid = (
        GridColumn("estimate", "Margin", ESTIMATE_END, ESTIMATE_END),
        GridColumn(
            "se", "std. err." if delta else "Std. err.", SE_END, SE_END + 1, DELTA if delta else "", 24 if delta else 0
        ),
        GridColumn("groups", "Groups", 35, 35, title, 35),
    )
    rows: list[Row] = [Row(equation, kind=RowKind.GROUP, left=True, name=equation)] if equation else []
    for number, section in enumerate(sections):
        rows += [Row(kind=RowKind.BLANK)] if number else []
        rows.append(Row(section.name, kind=RowKind.GROUP, name=section.name))
        for label, e, letters in zip(section.labels, effects_of(section.found), section.extra, strict=True):
            cells = (number_cell(e.estimate, GENERAL, 9), number_cell(e.se, GENERAL, 9), Cell(letters, letters.strip()))
            rows.append(Row(label, cells, name=f"{section.name} {label}", pad=1))
    stub = _stub([(row.label, row.pad) for row in rows])
    return Table(
        id="groups",
        stub="",
        columns=table_columns(stub, grid),
        rows=tuple(_fitted(row, stub) for row in rows),
        layout=layout("", stub, grid),
    )


def comparisons_table(counts: Sequence[tuple[str, int]], *, equation: str = "") -> Table:
    """Return the number of comparisons that the adjustment is for, per term."""
    rows = [Row(equation, kind=RowKind.GROUP, left=True, name=equation)] if equation else []
    rows += [Row(name, (Cell(str(count), count),), name=name) for name, count in counts]
    stub = _stub([(row.label, row.pad) for row in rows])
    head = (f"{'':{stub}} |    Number of", f"{'':{stub}} |  comparisons")
    return Table(
        id="comparisons",
        stub="",
        columns=(Column("comparisons", "Number of comparisons", stub + 2 + 13),),
        rows=tuple(_fitted(row, stub) for row in rows),
        layout=TextLayout(width=stub + 2 + 13, stub=stub, head=head),
    )


def letters_note(level: float, *, linesize: int = 80) -> Lines:
    """Return the note below groups."""
    import textwrap

    text = (
        "Note: Margins sharing a letter in the group label are not significantly different at the "
        f"{100.0 - level:g}% level."
    )
    return Lines(tuple(textwrap.wrap(text, min(linesize, 78), subsequent_indent=" " * 6)), Role.NOTE)


def _stub(labels: Sequence[tuple[str, int]]) -> int:
    return min(_MOST, max(STUB, *(len(label) + pad for label, pad in labels)))


def _fitted(row: Row, stub: int) -> Row:
    from dataclasses import replace

    room = stub - row.pad
    label = abbreviate(row.label, room)
    return row if label == row.label else replace(row, label=label, full=row.label)


def margins_line(*, observed: bool) -> str:
    """Return how factors that are not compared are averaged over."""
    return f"Margins: {'asobserved' if observed else 'asbalanced'}"


def titled(title: str, *lines: str) -> tuple[Block, ...]:
    """Return the title of ``contrast`` and ``pwcompare`` and what the margins are."""
    return (Lines(("", title), Role.TITLE), Lines(("", *lines, "")))


def contrast_labels(found: Contrasts, labels: FactorLabels) -> tuple[str, ...]:
    """Return the label of each contrast."""
    return tuple(row_text(row, found.factors, labels) for row in found.rows)
