"""Tables of estimated combinations: rows grouped as factors are, with or without tests and limits.

``lincom``, ``nlcom``, ``margins``, ``contrast`` and ``pwcompare`` share their columns, measured on printed logs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.tables.document import Cell
from engine.tables.grid import ESTIMATE_END, ESTIMATE_WIDTH, SE_END, GridColumn, interval_columns
from engine.tables.numbers import DEGREES, NumberFormats, number_cell

DELTA = "Delta-method"
_DELTA_END = 24
_TEST_CENTER = (29, 38)
_DF_WIDTH = 14
"""Columns that degrees of freedom take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectColumns:
    """Which columns there are.

    Attributes
    ----------
    heading
        Of the estimates: ``Margin``, ``Contrast``, ``Coefficient``.
    statistic
        ``z`` or ``t``.
    delta
        Whether standard errors are said to be those of the delta method.
    errors, tests, limits, df
        Whether there are standard errors, statistics with p-values, confidence limits, degrees of freedom.
    adjusted
        What stands above tests and limits: ``Bonferroni``; empty without.
    """

    heading: str
    statistic: str = "z"
    level: float = 95.0
    delta: bool = False
    errors: bool = True
    tests: bool = True
    limits: bool = True
    df: bool = False
    adjusted: str = ""

    def grid(self) -> tuple[GridColumn, ...]:
        """Return the columns of the text."""
        above = (DELTA, _DELTA_END) if self.delta else ("", 0)
        words = "std. err." if self.delta else "Std. err."
        shift = _DF_WIDTH if self.df else 0
        columns = [
            GridColumn("estimate", self.heading, ESTIMATE_END, ESTIMATE_END + (self.heading == "Coefficient")),
        ]
        if self.errors:
            columns.append(GridColumn("se", words, SE_END, SE_END + 1, *above))
        if self.df:
            columns.append(GridColumn("df", "df", SE_END + _DF_WIDTH, SE_END + _DF_WIDTH))
        if self.tests:
            letter = self.statistic
            columns.append(GridColumn("statistic", letter, 31 + shift, 30 + shift))
            columns.append(GridColumn("p", f"P>|{letter}|", 39 + shift, 39 + shift, *self._above(38 + shift)))
        if self.limits:
            end = (64 if self.tests else 48) + shift
            low, high = interval_columns(self.level, end)
            columns += [GridColumn(low.key, low.heading, low.end, low.head_end, *self._above(end - 5)), high]
        return tuple(columns)

    def _above(self, end: int) -> tuple[str, int]:
        """Return the word above, centred in ten columns that end at `end`."""
        width = _TEST_CENTER[1] - _TEST_CENTER[0] + 1
        return (self.adjusted, end - (width - len(self.adjusted) + 1) // 2) if self.adjusted else ("", 0)


@dataclass(frozen=True, slots=True)
class Effect:
    """Numbers of one row; NaN where there are none."""

    estimate: float
    se: float
    statistic: float
    p: float
    ll: float
    ul: float
    df: float = float("nan")


def effect_cells(effect: Effect, columns: Sequence[GridColumn], formats: NumberFormats) -> tuple[Cell, ...]:
    """Return the cells of a row."""
    printed = {
        "statistic": (formats.statistic, 8),
        "p": (formats.p, 6),
        "df": (DEGREES, ESTIMATE_WIDTH),
    }
    return tuple(
        number_cell(float(getattr(effect, column.key)), *printed.get(column.key, (formats.coefficient, ESTIMATE_WIDTH)))
        for column in columns
    )
