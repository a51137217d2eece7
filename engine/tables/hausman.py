"""What ``hausman`` prints."""

from __future__ import annotations

import textwrap

from engine.inference.hausman import FloatArray, Hausman
from engine.results.stored import DataRow, DataTable
from engine.tables.document import Block, Lines, Role
from engine.tables.labels import abbreviate
from engine.tables.numbers import CHI2, PROBABILITY, number_text

_WIDTH = 78
_RULE = "-" * 13 + "+" + "-" * 64
_NAME, _HEAD = 12, 12


def hausman_blocks(
    test: Hausman,
    names: tuple[str, ...],
    b: FloatArray,
    B: FloatArray,
    *,
    heads: tuple[str, str],
    commands: tuple[str, str],
) -> tuple[Block, ...]:
    """Return table, hypotheses and statistic; `heads` stand above the consistent and the efficient coefficients."""
    one, other = (f"{abbreviate(each, _HEAD):^{_HEAD}}" for each in heads)
    head = (
        "",
        f"{'':17}---- Coefficients ----",
        f"{'':13}|      (b)          (B)            (b-B)     sqrt(diag(V_b-V_B))",
        f"{'':13}|  {one} {other}    Difference       Std. err.",
        _RULE,
    )
    rows = tuple(
        f"{abbreviate(name, _NAME):>{_NAME}} |{_general(x):>12}{_general(y):>13}{_general(x - y):>16}{_general(se):>16}"
        for name, x, y, se in zip(names, b, B, test.se, strict=True)
    )
    foot = (
        "-" * _WIDTH,
        f"b = Consistent under H0 and Ha; obtained from {commands[0]}.".rjust(_WIDTH),
        f"B = Inconsistent under Ha, efficient under H0; obtained from {commands[1]}.".rjust(_WIDTH),
        "",
        "Test of H0: Difference in coefficients not systematic",
        "",
    )
    label = f"chi2({test.df})"
    statistic = f"{label:>11} = (b-B)'[(V_b-V_B)^(-1)](b-B)"
    value = f"{'':11} = {number_text(test.chi2, CHI2):>6}"
    lines = (*head, *rows, *foot, statistic, value)
    if test.chi2 >= 0.0:
        lines = (*lines, f"Prob > chi2 = {number_text(test.p, PROBABILITY)}")
    return (*_rank_note(test, len(names)), Lines(lines), *_warnings(test))


def _rank_note(test: Hausman, k: int) -> tuple[Lines, ...]:
    """Return what to think of a difference of covariance matrices that has not full rank."""
    if test.rank == k:
        return ()
    text = (
        f"Note: the rank of the differenced variance matrix ({test.rank}) does not equal the number of coefficients "
        f"being tested ({k}); be sure this is what you expect, or there may be problems computing the test. Examine "
        "the output of your estimators for anything unexpected and possibly consider scaling your variables so that "
        "the coefficients are on a similar scale."
    )
    return (Lines(("", *textwrap.wrap(text, _WIDTH, subsequent_indent=" " * 8)), Role.NOTE),)


def _general(value: float) -> str:
    return number_text(value, "%9.0g").strip()


def _warnings(test: Hausman) -> tuple[Lines, ...]:
    if test.chi2 < 0.0:
        text = (
            "",
            "Warning: chi2 < 0 ==> model fitted on these data",
            "         fails to meet the asymptotic assumptions",
            "         of the Hausman test; the fits do not allow it.",
        )
        return (Lines(text, Role.WARNING),)
    return () if test.definite else (Lines(("(V_b-V_B is not positive definite)",), Role.WARNING),)


def hausman_data(test: Hausman, names: tuple[str, ...], b: FloatArray, B: FloatArray) -> DataTable:
    """Return both estimates, their difference and its standard error."""
    rows = tuple(
        DataRow("", name, (float(x), float(y), float(x - y), float(se)))
        for name, x, y, se in zip(names, b, B, test.se, strict=True)
    )
    return DataTable("hausman", ("b", "B", "difference", "se"), rows)
