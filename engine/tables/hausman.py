"""What ``hausman`` prints."""

from __future__ import annotations

from engine.inference.hausman import FloatArray, Hausman
from engine.results.stored import DataRow, DataTable
from engine.tables.document import Block, Lines, Role
from engine.tables.labels import abbreviate
from engine.tables.numbers import CHI2, PROBABILITY, number_text

_RULE = "-" * 13 + "+" + "-" * 64
_NAME = 12


def hausman_blocks(
    test: Hausman, names: tuple[str, ...], b: FloatArray, B: FloatArray, models: tuple[tuple[str, str], tuple[str, str]]
) -> tuple[Block, ...]:
    """Return table, hypotheses and statistic; `models` are name and command of the consistent and efficient fits."""
    (one, cmd_one), (other, cmd_other) = models
    head = (
        "",
        f"{'':17}---- Coefficients ----",
        f"{'':13}|{'(b)':>11}{'(B)':>13}{'(b-B)':>16}{'sqrt(diag(V_b-V_B))':>24}",
        f"{'':13}|{abbreviate(one, 12):>12}{abbreviate(other, 12):>13}{'Difference':>17}{'Std. err.':>18}",
        _RULE,
    )
    rows = tuple(
        f"{abbreviate(name, _NAME):>{_NAME}} |{_general(x):>12}{_general(y):>13}{_general(x - y):>16}{_general(se):>18}"
        for name, x, y, se in zip(names, b, B, test.se, strict=True)
    )
    foot = (
        "-" * 78,
        f"b = Consistent under H0 and Ha; obtained from {cmd_one}.".rjust(76),
        f"B = Inconsistent under Ha, efficient under H0; obtained from {cmd_other}.".rjust(76),
        "",
        "Test of H0: Difference in coefficients not systematic",
        "",
    )
    statistic = f"    chi2({test.df}) = (b-B)'[(V_b-V_B)^(-1)](b-B)"
    value = f"{' ' * (11 + len(str(test.df)))}= {number_text(test.chi2, CHI2).strip():>6}"
    lines = (*head, *rows, *foot, statistic, value)
    if test.chi2 >= 0.0:
        lines = (*lines, f"Prob > chi2 = {number_text(test.p, PROBABILITY).strip()}")
    return (Lines(lines), *_warnings(test))


def _general(value: float) -> str:
    return number_text(value, "%9.0g").strip()


def _warnings(test: Hausman) -> tuple[Lines, ...]:
    if test.chi2 < 0.0:
        text = (
            "Warning: chi2 < 0: model fitted on these data fails to meet the asymptotic",
            "assumptions of the Hausman test; see suest for a generalized test.",
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
