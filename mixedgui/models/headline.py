"""The main number of a result, for a result that is folded to one line."""

from __future__ import annotations

import math

from engine.api import DataTable, Outcome
from mixedgui.models.fit_parts import probability_words, shown_figure
from mixedgui.state.translation import tr

_ESTIMATES = {"lincom": "", "nlcom": "", "icc": "ICC "}
"""Table with one main row -> what stands before its first number."""


def headline(outcome: Outcome | None) -> str:
    """Return the main number of a command that ran well, empty where there is none."""
    if outcome is None or outcome.rc:
        return ""
    tables = outcome.tables
    if "fixed" in tables:
        return _fit(outcome)
    for name in ("lrtest", "test", "hausman"):
        if name in tables and tables[name].rows:
            return _test(tables[name], likelihood=name == "lrtest")
    for name, words in _ESTIMATES.items():
        if name in tables and tables[name].rows:
            return f"{words}{shown_figure(tables[name].rows[-1].values[0], 4)}"
    if "ic" in tables and tables["ic"].rows:
        place = tables["ic"].columns.index("aic")
        return "AIC " + ", ".join(shown_figure(row.values[place], 2) for row in tables["ic"].rows)
    return ""


def _fit(outcome: Outcome) -> str:
    scalars = outcome.e.scalars
    for key, words, decimals in (
        ("r2", "R² = {0}", 3),
        ("ll", tr("log likelihood {0}"), 2),
        ("r2_o", tr("R² overall = {0}"), 3),
    ):
        value = scalars.get(key, math.nan)
        if math.isfinite(value):
            return words.format(shown_figure(value, decimals))
    return ""


def _test(table: DataTable, *, likelihood: bool) -> str:
    found = dict(zip(table.columns, table.rows[-1].values, strict=True))
    if not {"df", "p"} <= found.keys() or not math.isfinite(found["p"]):
        return ""
    name = "F" if "F" in found else "χ²"
    df = f"{found['df']:.0f}" + (f", {found['ddf']:.1f}" if "ddf" in found else "")
    value = shown_figure(found.get("F", found.get("chi2", math.nan)), 2)
    return f"{'LR ' if likelihood else ''}{name}({df}) = {value}, {probability_words(found['p'])}"
