"""Tables that Stata does not have, shown on request and marked as extras: ``extras`` and ``terms``."""

from __future__ import annotations

from math import isnan

from engine.inference.terms import TermTest, term_tests
from engine.results.mixed import MixedResult
from engine.results.stored import DataRow, DataTable
from engine.spec.mixed import DisplayOptions
from engine.tables.document import Block, Cell, Lines, Role, Row, Table
from engine.tables.grid import GridColumn, layout, table_columns
from engine.tables.labels import abbreviate
from engine.tables.mixed_notes import has_lr_test
from engine.tables.numbers import CHI2, DEGREES, PROBABILITY, number_text

STUB = 28
TERM_STUB = 24
_SHARE = "%9.4f"
_VARIANCE = "%9.0g"


def extra_blocks(result: MixedResult) -> tuple[Block, ...]:
    """Return the boundary-correct LR test and the variance by source, under a line that says they are extras."""
    blocks: list[Block] = [Lines(("", "Extras (not in Stata)"), Role.TITLE)]
    if has_lr_test(result):
        blocks.append(Lines((_boundary_test(result),)))
    data = explained_data(result)
    if data is not None:
        blocks += [Lines(("",)), _explained_table(data)]
        blocks.append(Lines((_shares(result),), Role.NOTE))
    return tuple(blocks)


def _boundary_test(result: MixedResult) -> str:
    """Return the p-value of the LR test that heeds the edge of the parameter space, or why there is none."""
    cone, df, head = result.null_cone, result.df_linear, "LR test vs. linear model, boundary-correct p-value"
    if cone is None:
        if result.residual is not None:
            return f"{head}: none; in the linear model the correlation of these errors is at the edge of its range"
        return f"{head}: none; there are too many crossed effects"
    p = cone.p_value(result.chi2_linear)
    if isnan(p):
        return f"{head}: none; in the linear model the data do not tell these parameters apart"
    exact = f"half chi2({df - 1}), half chi2({df})" if any(b.columns for b in result.blocks) else f"chi2({df})"
    how = "simulated mixture of chi2" if cone.simulated else exact
    return f"{head} = {number_text(p, PROBABILITY)} ({how})"


def explained_data(result: MixedResult) -> DataTable | None:
    """Return variance and share by source."""
    explained = result.explained
    if explained is None:
        return None
    rows = tuple(DataRow("", name, (value, value / explained.total)) for name, value in explained.components)
    return DataTable("variance", ("variance", "share"), rows)


def extra_tables(result: MixedResult, display: DisplayOptions) -> tuple[DataTable, ...]:
    """Return the tables behind what `display` asks for."""
    explained = explained_data(result) if display.extras else None
    terms = (term_data(term_tests(result)),) if display.terms else ()
    return (*((explained,) if explained is not None else ()), *terms)


def _explained_table(data: DataTable) -> Table:
    columns = (GridColumn("variance", "Variance", 14, 14), GridColumn("share", "Share", 28, 28))
    words = {"fixed": "Fixed effects", "Residual": "Residual"}
    rows = tuple(
        Row(
            abbreviate(words.get(row.name, row.name), STUB),
            tuple(Cell(number_text(v, fmt), v) for v, fmt in zip(row.values, (_VARIANCE, _SHARE), strict=True)),
            name=row.name,
        )
        for row in data.rows
    )
    return Table(
        id="variance",
        stub="Source of variance",
        columns=table_columns(STUB, columns),
        rows=rows,
        layout=layout("Source of variance", STUB, columns),
        data=data,
    )


def _shares(result: MixedResult) -> str:
    explained = result.explained
    assert explained is not None
    marginal, conditional, icc = (
        number_text(value, _SHARE).strip() for value in (explained.marginal, explained.conditional, explained.icc)
    )
    return f"Marginal R2 = {marginal}, conditional R2 = {conditional}, intraclass correlation = {icc}"


def term_blocks(result: MixedResult) -> tuple[Block, ...]:
    """Return the type III test of each term."""
    tests = term_tests(result)
    if not tests:
        return ()
    return (Lines(("", "Type III tests of terms (not in Stata)"), Role.TITLE), _term_table(tests, result))


def term_data(tests: tuple[TermTest, ...]) -> DataTable:
    """Return a row per term."""
    rows = tuple(DataRow("", test.name, (float(test.df), test.ddf, test.statistic, test.p)) for test in tests)
    return DataTable("terms", ("df", "ddf", "statistic", "p"), rows)


def _term_table(tests: tuple[TermTest, ...], result: MixedResult) -> Table:
    small = result.ddf is not None
    names = ("F", "Prob > F") if small else ("chi2", "Prob > chi2")
    columns = [GridColumn("df", "df", 9, 9)]
    if small:
        columns.append(GridColumn("ddf", "ddf", 21, 21))
    at = 21 if small else 9
    columns += [GridColumn("statistic", names[0], at + 12, at + 12), GridColumn("p", names[1], at + 26, at + 26)]
    rows = []
    for test in tests:
        values = {"df": test.df, "ddf": test.ddf, "statistic": test.statistic, "p": test.p}
        formats = {"df": "%9.0g", "ddf": DEGREES, "statistic": CHI2, "p": PROBABILITY}
        cells = tuple(
            Cell(number_text(float(values[column.key]), formats[column.key]), float(values[column.key]))
            for column in columns
        )
        label = abbreviate(test.name, TERM_STUB)
        rows.append(Row(label, cells, name=test.name, full=test.name if label != test.name else ""))
    return Table(
        id="terms",
        stub="Term",
        columns=table_columns(TERM_STUB, columns),
        rows=tuple(rows),
        layout=layout("Term", TERM_STUB, columns),
        data=term_data(tests),
    )
