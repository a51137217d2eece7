"""What stands above the tables of a fitted model: title, key figures, verdict, the test against no random effects."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from engine.api import DataTable, Outcome, Verdict


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number worth seeing at once, with a remark under it."""

    caption: str
    text: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class FitSummary:
    """The head of a fitted model in words and figures."""

    title: str
    subtitle: str
    figures: tuple[KeyFigure, ...]
    verdict: Verdict | None
    against: str
    """The likelihood-ratio test against the model without random effects, empty where there is none."""


def fit_summary(outcome: Outcome | None) -> FitSummary | None:
    """Return the summary of a fit, None for any other command."""
    if outcome is None or outcome.rc or outcome.e.macros.get("cmd") != "mixed" or "fixed" not in outcome.tables:
        return None
    macros = outcome.e.macros
    method = "Restricted maximum likelihood" if macros.get("method") == "REML" else "Maximum likelihood"
    return FitSummary(
        title=f"Linear mixed model for {macros.get('depvar', '')}",
        subtitle="  ·  ".join([method, *_effects(macros)]),
        figures=_figures(outcome),
        verdict=outcome.verdict,
        against=_against(outcome.tables.get("lrtest")),
    )


def _effects(macros: Mapping[str, str]) -> list[str]:
    """Say for each level which effects vary over its groups."""
    names, words = macros.get("revars", "").split(), []
    for level, width in zip(macros.get("ivars", "").split(), map(int, macros.get("redim", "").split()), strict=False):
        own, names = names[:width], names[width:]
        slopes = [name for name in own if name != "_cons"]
        crossed = [name[2:] for name in slopes if name.startswith("R.")]
        parts = ["random intercept"] if "_cons" in own else []
        if crossed:
            parts.append(f"random intercept of {' and '.join(crossed)}")
        elif slopes:
            parts.append(f"{'slope' if parts else 'random slope'} of {' and '.join(slopes)}")
        if parts:
            words.append(" and ".join(parts) + ("" if level == "_all" else f" for each {level}"))
    return words


def _figures(outcome: Outcome) -> tuple[KeyFigure, ...]:
    scalars = outcome.e.scalars
    found = [KeyFigure("Observations", f"{scalars['N']:,.0f}")] if "N" in scalars else []
    groups = outcome.tables.get("groups")
    for row in groups.rows if groups is not None else ():
        count, low, _, high = (float(value) if value is not None else math.nan for value in row.values)
        each = f"{low:,.0f} rows in each" if low == high else f"{low:,.0f} to {high:,.0f} rows each"
        found.append(KeyFigure(f"Groups ({row.name})", f"{count:,.0f}", each))
    likelihood = scalars.get("ll", math.nan)
    if math.isfinite(likelihood):
        restricted = outcome.e.macros.get("method") == "REML"
        caption = "Log restricted lik." if restricted else "Log likelihood"
        found.append(KeyFigure(caption, f"{likelihood:,.3f}".replace("-", "−")))
    for key, symbol in (("chi2", "χ²"), ("F", "F")):
        value, probability = scalars.get(key, math.nan), scalars.get("p", math.nan)
        if math.isfinite(value):
            df = f"{scalars.get('df_m', math.nan):.0f}"
            remark = _p(probability) if math.isfinite(probability) else ""
            found.append(KeyFigure(f"Wald {symbol}({df})" if key == "chi2" else f"F, {df} df", f"{value:,.2f}", remark))
            break
    return tuple(found)


def _against(table: DataTable | None) -> str:
    if table is None or not table.rows:
        return ""
    row = table.rows[0]
    statistic, df, probability = (float(value) if value is not None else math.nan for value in row.values)
    if not math.isfinite(statistic):
        return ""
    if row.name.startswith("chibar2"):
        return f"LR χ̄²(01) = {statistic:,.2f}, {_p(probability)}"
    return f"LR χ²({df:.0f}) = {statistic:,.2f}, {_p(probability)}"


def _p(probability: float) -> str:
    return "p < 0.0001" if probability < 0.00005 else f"p = {probability:.4f}"
