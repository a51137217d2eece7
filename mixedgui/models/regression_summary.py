"""What stands above the tables of a regression without random effects: title, key figures."""

from __future__ import annotations

import math
from collections.abc import Mapping

from engine.api import Header, Outcome, Table
from mixedgui.models.fit_parts import FitSummary, KeyFigure, probability_words, shown_figure
from mixedgui.state.translation import tr

_SHARES = {
    "regress": (("r2", "R-squared", 3), ("r2_a", "Adj R-squared", 3), ("rmse", "Root MSE", 3)),
    "xtreg": (
        ("r2_w", "Within", 3), ("r2_b", "Between", 3), ("r2_o", "Overall", 3),
        ("sigma_u", "sigma_u", 3), ("sigma_e", "sigma_e", 3), ("rho", "rho", 3),
    ),
}  # fmt: skip
"""Command -> scalar of e(), label of the figure, decimals."""


def regression_summary(outcome: Outcome) -> FitSummary | None:
    """Return the summary of a regression, None for any other command."""
    macros = outcome.e.macros
    command = macros.get("cmd", "")
    if command not in _SHARES:
        return None
    return FitSummary(
        title=tr("{0} for {1}").format(macros.get("title") or tr("Linear regression"), macros.get("depvar", "")),
        subtitle=_subtitle(macros),
        figures=tuple(_figures(outcome, command)),
        verdict=None,
        against="",
    )


def _subtitle(macros: Mapping[str, str]) -> str:
    words = [tr("Panels of {0}").format(macros["ivar"])] if macros.get("ivar") else [tr("Least squares")]
    vce = macros.get("vce", "")
    if vce == "cluster":
        words.append(tr("standard errors clustered by {0}").format(macros.get("clustvar", "")))
    elif macros.get("vcetype"):
        words.append(tr("{0} standard errors").format(macros["vcetype"].lower()))
    return "  ·  ".join(words)


def _figures(outcome: Outcome, command: str) -> list[KeyFigure]:
    scalars = outcome.e.scalars
    n, groups = scalars.get("N", math.nan), scalars.get("N_g", math.nan)
    found = [KeyFigure(tr("Observations"), f"{n:,.0f}", label="Number of obs", value=n)]
    if math.isfinite(groups):
        low, high = scalars.get("g_min", math.nan), scalars.get("g_max", math.nan)
        each = (
            tr("{0} rows in each").format(f"{low:,.0f}")
            if low == high
            else tr("{low:,.0f} to {high:,.0f} rows each").format(low=low, high=high)
        )
        found.append(KeyFigure(tr("Groups ({0})").format(outcome.e.macros.get("ivar", "")), f"{groups:,.0f}", each,
                               "Number of groups", groups))  # fmt: skip
    for key, label, decimals in _SHARES[command]:
        value = scalars.get(key, math.nan)
        if math.isfinite(value):
            caption = f"R² {label.lower()}" if key in {"r2_w", "r2_b", "r2_o"} else label.replace("R-squared", "R²")
            found.append(KeyFigure(caption, shown_figure(value, decimals), "", label, value))
    return found + _test(outcome)


def _test(outcome: Outcome) -> list[KeyFigure]:
    """Return the test of all predictors."""
    scalars = outcome.e.scalars
    df = f"{scalars.get('df_b', scalars.get('df_m', math.nan)):.0f}"
    for key, caption, label in (
        ("F", f"F({df}, {scalars.get('df_r', math.nan):.0f})", f"F({df}, 1)"),
        ("chi2", f"χ²({df})", f"Wald chi2({df})"),
    ):
        value, probability = scalars.get(key, math.nan), scalars.get("p", _printed(outcome, "Prob > F"))
        if math.isfinite(value):
            words = probability_words(probability) if math.isfinite(probability) else ""
            return [KeyFigure(caption, shown_figure(value, 2), words, label, value)]
    return []


def _printed(outcome: Outcome, label: str) -> float:
    """Return the figure with a label that the command has printed, NaN without one."""
    for block in outcome.document.blocks:
        figures: list[tuple[str, object]] = []
        if isinstance(block, Header):
            figures = [(figure.label, figure.value) for figure in block.right if figure is not None]
        elif isinstance(block, Table):
            figures = [(row.name, row.cells[0].value) for row in block.rows if row.cells]
        for name, value in figures:
            if name == label and isinstance(value, (int, float)):
                return float(value)
    return math.nan
