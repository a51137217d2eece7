"""The printed result of ``anova``: analysis of variance, and tests of repeated measures with corrected degrees."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from engine.results.anova import AnovaLine, AnovaTable, RepeatedEffect, RepeatedMeasures
from engine.results.regress import RegressResult
from engine.results.stored import DataRow, DataTable
from engine.tables.document import Block, Cell, Column, Lines, Row, RowKind, Table, TextLayout
from engine.tables.numbers import CHI2, COUNT, PROBABILITY, number_text

_SQUARES = "%10.0g"
_NAMES_END, _SHORTEST = 24, 10
_NUMBERS = 52
"""Columns right of the bar."""
_ENDS = (37, 48, 60, 70, 78)
_KEYS = ("ss", "df", "ms", "F", "p")


def anova_blocks(result: RegressResult, table: AnovaTable) -> tuple[Block, ...]:
    """Return header, table, and the part on repeated measures."""
    blank = Lines(("",))
    blocks: list[Block] = [blank, Lines(_header(result)), blank, anova_table(result, table)]
    if table.repeated is not None:
        blocks += [Lines(("", "", *_between(table.repeated))), *_repeated(table.repeated, _longest(table))]
    return tuple(blocks)


def _header(result: RegressResult) -> tuple[str, str]:
    n, rmse = number_text(result.n_obs, COUNT), number_text(result.rmse, "%10.6g")
    r2, adjusted = (number_text(value, PROBABILITY) for value in (result.r2, result.r2_adjusted))
    return (
        f"{'':25}Number of obs ={n:>11}    R-squared     =  {r2}",
        f"{'':25}Root MSE      ={rmse:>11}    Adj R-squared =  {adjusted}",
    )


def _longest(table: AnovaTable) -> int:
    return max(_SHORTEST, *(len(line.name) for line in table.lines), 0)


def _rule(longest: int, mark: str = "+") -> str:
    return " " * max(_NAMES_END - longest, 0) + "-" * (longest + 1) + mark + "-" * _NUMBERS


def anova_table(result: RegressResult, table: AnovaTable) -> Table:
    """Return the analysis of variance: the model, the terms by block, the residual and the total."""
    longest = _longest(table)
    width = max(_NAMES_END, longest)
    rule = _rule(longest)
    kind = "Seq. SS" if table.sequential else "Partial SS"
    drawn = [_heading(width, sequential=table.sequential), rule]
    rows: list[Row] = []
    for item in _items(result, table):
        if isinstance(item, AnovaLine):
            drawn.append(_text(item, width))
            rows.append(_row(item))
        else:
            drawn.append(rule if item is RowKind.RULE else f"{'':{width}} |")
            rows.append(Row(kind=item))
    columns = tuple(
        Column(key, heading, end)
        for key, heading, end in zip(_KEYS, (kind, "df", "MS", "F", "Prob>F"), _ENDS, strict=True)
    )
    layout = TextLayout(width=width + 2 + _NUMBERS, stub=width, drawn=tuple(drawn))
    return Table(
        id="anova", stub="Source", columns=columns, rows=tuple(rows), layout=layout, data=anova_data(result, table)
    )


def term_test_block(
    tested: AnovaLine, error: AnovaLine, test: tuple[float, float], *, sequential: bool
) -> tuple[Block, ...]:
    """Return a term with its test, F and p, above the error term that it was tested against."""
    longest = max(_SHORTEST, len(tested.name), len(error.name))
    width = max(_NAMES_END, longest)
    line = replace(tested, F=test[0], p=test[1])
    below = replace(error, F=math.nan, p=math.nan)
    drawn = (_heading(width, sequential=sequential), _rule(longest), _text(line, width), _text(below, width))
    rows = (_row(line), _row(below))
    columns = tuple(Column(key, key, end) for key, end in zip(_KEYS, _ENDS, strict=True))
    layout = TextLayout(width=width + 2 + _NUMBERS, stub=width, drawn=drawn)
    return Lines(("",)), Table(id="test", stub="Source", columns=columns, rows=rows, layout=layout)


def _heading(width: int, *, sequential: bool) -> str:
    kind = "   Seq. SS" if sequential else "Partial SS"
    return f"{'Source':>{width}} | {kind}         df         MS        F    Prob>F"


def _items(result: RegressResult, table: AnovaTable) -> Iterator[AnovaLine | RowKind]:
    """Yield the lines of the table with blanks and rules between them."""
    nan = math.nan
    yield AnovaLine(name="Model", ss=result.mss, df=result.df_model, F=result.F, p=result.p)
    yield RowKind.BLANK
    for block in table.blocks:
        for term in block.tested:
            yield table.lines[term]
        if block.error is not None:
            error = table.lines[block.error]
            yield AnovaLine(name=error.name, ss=error.ss, df=error.df, F=nan, p=nan)
            yield RowKind.RULE
    if table.blocks and table.blocks[-1].error is None:
        yield RowKind.BLANK
    yield AnovaLine(name="Residual", ss=result.rss, df=result.df_error, F=nan, p=nan)
    yield RowKind.RULE
    yield AnovaLine(name="Total", ss=result.tss, df=result.n_obs - 1, F=nan, p=nan)


def _text(line: AnovaLine, width: int) -> str:
    ss, ms = number_text(line.ss, _SQUARES), number_text(line.ms, _SQUARES)
    text = f"{line.name:>{width}} |{ss:>11}{line.df:>11,}{ms:>12}"
    if math.isnan(line.F):
        return text
    return f"{text}{number_text(line.F, CHI2):>10}{number_text(line.p, PROBABILITY):>8}"


def _row(line: AnovaLine) -> Row:
    tests = () if math.isnan(line.F) else ((line.F, CHI2), (line.p, PROBABILITY))
    values = ((line.ss, _SQUARES), (line.df, COUNT), (line.ms, _SQUARES), *tests)
    return Row(line.name, tuple(Cell(number_text(value, fmt), value) for value, fmt in values), name=line.name)


def _between(repeated: RepeatedMeasures) -> tuple[str, ...]:
    several = "s" if len(repeated.variables) > 1 else ""
    pooled = " ".join(repeated.pooled)
    return (
        f"Between-subjects error term:  {repeated.bse}",
        f"                     Levels:  {repeated.levels:<10,}({repeated.df:,} df)",
        f"     Lowest b.s.e. variable:  {repeated.unit}",
        *((f"     Covariance pooled over:  {pooled:<10}(for repeated variable{several})",) if pooled else ()),
    )


def _repeated(repeated: RepeatedMeasures, longest: int) -> Iterator[Block]:
    for effect in repeated.effects:
        yield Lines(tuple(_epsilon_lines(effect)))
        yield _corrected(effect, longest)


def _epsilon_lines(effect: RepeatedEffect) -> Iterator[str]:
    found, indent = effect.epsilons, " " * 42
    yield ""
    yield f"Repeated variable{'s' if len(effect.names) > 1 else ''}: {'#'.join(effect.names)}"
    yield f"{indent}Huynh-Feldt epsilon        = {number_text(found.hf, PROBABILITY):>7}"
    if found.hf > 1.0:
        yield f"{indent}*Huynh-Feldt epsilon reset to {1.0:.4f}"
    yield f"{indent}Greenhouse-Geisser epsilon = {number_text(found.gg, PROBABILITY):>7}"
    yield f"{indent}Box's conservative epsilon = {number_text(found.box, PROBABILITY):>7}"
    yield ""


def _corrected(effect: RepeatedEffect, longest: int) -> Table:
    """Return the tests of a repeated effect with the p-values of each correction."""
    width = max(_NAMES_END, longest)
    drawn = [
        f"{'':{width}}   {'-' * 12:>29} Prob > F {'-' * 12}",
        f"{'Source':>{width}} |     df      F    Regular    H-F      G-G      Box",
        _rule(longest),
    ]
    rows: list[Row] = []
    for k, (tests, error, df) in enumerate(effect.tests):
        if k:
            drawn.append(_rule(longest))
            rows.append(Row(kind=RowKind.RULE))
        for test in tests:
            values = [number_text(p, PROBABILITY) for p in test.p]
            F = number_text(test.F, CHI2)
            drawn.append(f"{test.name:>{width}} |{test.df:>7,}{F:>9}" + "".join(f"{value:>9}" for value in values))
            corrected = (Cell(text, p) for text, p in zip(values, test.p, strict=True))
            rows.append(Row(test.name, (Cell(f"{test.df:,}", test.df), Cell(F, test.F), *corrected), name=test.name))
        drawn.append(f"{error:>{width}} |{df:>7,.0f}")
        rows.append(Row(error, (Cell(f"{df:,.0f}", df),), name=error))
    drawn.append(_rule(longest, "-"))
    headings = ("df", "F", "Regular", "H-F", "G-G", "Box")
    columns = tuple(Column(name.lower(), name, 33 + 9 * k) for k, name in enumerate(headings))
    layout = TextLayout(width=width + 2 + _NUMBERS, stub=width, drawn=tuple(drawn))
    return Table(id="repeated", stub="Source", columns=columns, rows=tuple(rows), layout=layout)


def anova_data(result: RegressResult, table: AnovaTable) -> DataTable:
    """Return the analysis of variance as data; terms between Model and Residual."""
    nan = math.nan
    whole = AnovaLine(name="Model", ss=result.mss, df=result.df_model, F=result.F, p=result.p)
    rest = AnovaLine(name="Residual", ss=result.rss, df=result.df_error, F=nan, p=nan)
    total = AnovaLine(name="Total", ss=result.tss, df=result.n_obs - 1, F=nan, p=nan)
    rows = tuple(DataRow("", each.name, (each.ss, float(each.df), each.ms, each.F, each.p))
                 for each in (whole, *table.lines, rest, total))  # fmt: skip
    return DataTable("anova", _KEYS, rows)


def repeated_data(effects: Sequence[RepeatedEffect]) -> DataTable:
    """Return the corrected tests as data."""
    rows = tuple(
        DataRow("#".join(effect.names), test.name, (float(test.df), test.F, *test.p))
        for effect in effects
        for tests, _, _ in effect.tests
        for test in tests
    )
    return DataTable("repeated", ("df", "F", "p", "p_hf", "p_gg", "p_box"), rows)
