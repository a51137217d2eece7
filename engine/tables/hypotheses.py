"""What ``test``, ``testparm``, ``lincom`` and ``nlcom`` print."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.postest.linear_tests import Combinations, LinearTest
from engine.postest.parameters import FloatArray
from engine.results.estimates import Hypotheses
from engine.results.stored import DataRow, DataTable
from engine.tables.document import Block, Lines, Role, Row, Table
from engine.tables.effects import Effect, EffectColumns, effect_cells
from engine.tables.grid import layout, table_columns
from engine.tables.labels import abbreviate, fit_name, needed_width
from engine.tables.numbers import DENOMINATOR, GENERAL, NumberFormats, number_text

STUB = 12
_EQUALS = 20
"""Column before which the left-hand sides end."""
_NL_EQUALS = 22
_CHI2, _P = "%8.2f", "%10.4f"


def linear_text(row: FloatArray, value: float, labels: Sequence[str]) -> str:
    """Return a hypothesis as text: ``[y]a - 2*[y]b = 3``; a variable without coefficient is left out."""
    parts: list[str] = []
    for label, factor in zip(labels, row, strict=True):
        if factor == 0.0:
            continue
        sign = "-" if factor < 0.0 else "+"
        size = "" if abs(factor) == 1.0 else f"{number_text(abs(factor), GENERAL)}*"
        lead = f" {sign} " if parts else "- " if sign == "-" else ""
        parts.append(f"{lead}{size}{label}")
    return f"{''.join(parts) or '0'} = {number_text(value, GENERAL)}"


def hypothesis_texts(asked: Hypotheses, labels: Sequence[str]) -> list[str]:
    """Return each hypothesis as text."""
    return [linear_text(row, value, labels) for row, value in zip(asked.R, asked.r, strict=True)]


def hypothesis_lines(texts: Sequence[str]) -> Lines:
    """Return the numbered list of hypotheses."""
    return Lines(("", *(f" ({number:>2})  {text}" for number, text in enumerate(texts, start=1))))


def test_blocks(found: LinearTest) -> tuple[Block, ...]:
    """Return the lines of the joint test."""
    lines = [f"       Constraint {i + 1} dropped" for i in found.dropped]
    if found.is_f:
        ddf = number_text(found.ddf, "%6.0f" if found.ddf == np.floor(found.ddf) else DENOMINATOR)
        left, prob = f"F({found.df:3d},{ddf:>6})" if len(ddf) <= 5 else f"F({found.df:3d}, {ddf})", "Prob > F"
    else:
        left, prob = f"chi2({found.df:3d})", "Prob > chi2"
    lines += [
        "",
        f"{left:>{_EQUALS}} ={number_text(found.statistic, _CHI2):>8}",
        f"{prob:>{_EQUALS}} ={number_text(found.p, _P):>10}",
    ]
    return (Lines(tuple(lines)),)


def nonlinear_blocks(found: LinearTest) -> Block:
    """Return the lines of the joint test of ``testnl``."""
    ddf = number_text(found.ddf, GENERAL)
    left, prob = (f"F({found.df}, {ddf})", "Prob > F") if found.is_f else (f"chi2({found.df})", "Prob > chi2")
    statistic, p = number_text(found.statistic, _CHI2), number_text(found.p, _P)
    dropped = (f"       Constraint ({i + 1}) dropped" for i in found.dropped)
    return Lines((*dropped, "", f"{left:>{_NL_EQUALS}} = {statistic:>11}", f"{prob:>{_NL_EQUALS}} = {p:>13}"))


def multiple_blocks(each: Sequence[LinearTest], adjusted: Sequence[float], joint: LinearTest, title: str) -> Block:
    """Return the table of ``mtest()``: every hypothesis by itself with its adjusted p-value, then all of them."""
    ddf = number_text(joint.ddf, GENERAL)
    statistic, prob = (f"F(df,{ddf})", "p > F") if joint.is_f else ("chi2", "p > chi2")
    width = 39
    rule = "-" * 7 + "+" + "-" * (width - 8)
    mark = "*" if title else " "
    lines = ["", "-" * width, f"{'':7}|{statistic:>12}     df   {prob:>8}".rstrip(), rule]
    for number, (test, p) in enumerate(zip(each, adjusted, strict=True), start=1):
        lines.append(_multiple_line(f"({number})", test, p) + f" {mark}")
    lines += [rule, _multiple_line("All", joint, joint.p), "-" * width]
    if title:
        lines.append(f"* {title}-adjusted p-values".rjust(width))
    return Lines(tuple(line.rstrip() for line in lines))


def _multiple_line(label: str, test: LinearTest, p: float) -> str:
    return f"{label:>5}  |{number_text(test.statistic, '%9.2f'):>12}{test.df:>7}{number_text(p, '%6.4f'):>10}"


def test_data(found: Sequence[tuple[str, LinearTest, float]]) -> DataTable:
    """Return a row per test: its name, the test and its p-value."""
    if found[0][1].is_f:
        rows = (DataRow("", name, (t.statistic, float(t.df), t.ddf, p)) for name, t, p in found)
        return DataTable("test", ("F", "df", "ddf", "p"), tuple(rows))
    rows = (DataRow("", name, (t.statistic, float(t.df), p)) for name, t, p in found)
    return DataTable("test", ("chi2", "df", "p"), tuple(rows))


def combination_table(
    depvar: str, names: Sequence[str], found: Combinations, columns: EffectColumns, *, data: DataTable
) -> Table:
    """Return the table of ``lincom`` and ``nlcom``, a row per combination."""
    grid = columns.grid()
    stub = max(STUB, len(abbreviate(depvar, STUB)), *(needed_width(name, 32) for name in names))
    rows = tuple(
        Row(fit_name(name, stub), effect_cells(effect, grid, NumberFormats()), name=name)
        for name, effect in zip(names, effects_of(found), strict=True)
    )
    return Table(
        id=data.id,
        stub=depvar,
        columns=table_columns(stub, grid),
        rows=rows,
        layout=layout(abbreviate(depvar, stub), stub, grid),
        data=data,
    )


def effects_of(found: Combinations) -> tuple[Effect, ...]:
    """Return the numbers of each combination."""
    t = found.tests
    arrays = (found.estimates, t.se, t.z, t.p, t.ll, t.ul, np.where(np.isposinf(found.df), np.nan, found.df))
    return tuple(Effect(*(float(array[i]) for array in arrays)) for i in range(len(found.estimates)))


def combination_data(identity: str, equation: str, names: Sequence[str], found: Combinations) -> DataTable:
    """Return a row per combination; ``df`` stands after ``p`` where the distribution is Student's t."""
    small = found.statistic == "t"
    rows = []
    for name, e in zip(names, effects_of(found), strict=True):
        df = (e.df,) if small else ()
        rows.append(DataRow(equation, name, (e.estimate, e.se, e.statistic, e.p, *df, e.ll, e.ul)))
    columns = ("estimate", "se", "statistic", "p", *(("df",) if small else ()), "ll", "ul")
    return DataTable(identity, columns, tuple(rows))


def note(text: str) -> Lines:
    """Return a note with a blank line before it."""
    return Lines(("", text), Role.NOTE)
