"""What stands above the tables of a fitted model: title, key figures, verdict, the test against no random effects."""

from __future__ import annotations

import math
from collections.abc import Mapping

from engine.api import DataTable, Outcome, Verdict
from mixedgui.models.fit_parts import FitSummary, KeyFigure, probability_words, shown_figure
from mixedgui.models.regression_summary import regression_summary
from mixedgui.state.translation import tr


def fit_summary(outcome: Outcome | None) -> FitSummary | None:
    """Return the summary of a fit, None for any other command."""
    if outcome is None or outcome.rc or "fixed" not in outcome.tables:
        return None
    if outcome.e.macros.get("cmd") != "mixed":
        return regression_summary(outcome)
    macros = outcome.e.macros
    method = tr("Restricted maximum likelihood") if macros.get("method") == "REML" else tr("Maximum likelihood")
    return FitSummary(
        title=tr("Linear mixed model for {0}").format(macros.get("depvar", "")),
        subtitle="  ·  ".join([method, *_effects(macros)]),
        figures=_figures(outcome),
        verdict=outcome.verdict,
        against=_against(outcome.tables.get("lrtest")),
        conservative=_is_conservative(outcome.tables.get("lrtest")),
    )


def _effects(macros: Mapping[str, str]) -> list[str]:
    """Say for each level which effects vary over its groups."""
    names, words = macros.get("revars", "").split(), []
    for level, width in zip(macros.get("ivars", "").split(), map(int, macros.get("redim", "").split()), strict=False):
        taken = 1 if names and names[0].startswith("R.") else width
        own, names = names[:taken], names[taken:]
        slopes = [name for name in own if name != "_cons"]
        crossed = [name[2:] for name in slopes if name.startswith("R.")]
        parts = [tr("random intercept")] if "_cons" in own else []
        if crossed:
            parts.append(tr("random intercept of {0}").format(_and(crossed)))
        elif slopes:
            text = tr("slope of {0}") if parts else tr("random slope of {0}")
            parts.append(text.format(_and(slopes)))
        if parts:
            said = _and(parts)
            words.append(
                said if level == "_all" else tr("{effects} for each {level}").format(effects=said, level=level)
            )
    return words


def _and(words: list[str]) -> str:
    text = words[0]
    for word in words[1:]:
        text = tr("{0} and {1}").format(text, word)
    return text


def _figures(outcome: Outcome) -> tuple[KeyFigure, ...]:
    scalars = outcome.e.scalars
    n = scalars.get("N", math.nan)
    found = [KeyFigure(tr("Observations"), shown_figure(n, 0), value=n)] if math.isfinite(n) else []
    groups = outcome.tables.get("groups")
    for row in groups.rows if groups is not None else ():
        count, low, _, high = (float(value) if value is not None else math.nan for value in row.values)
        each = (
            tr("{low:,.0f} rows in each").format(low=low)
            if low == high
            else tr("{low:,.0f} to {high:,.0f} rows each").format(low=low, high=high)
        )
        found.append(
            KeyFigure(tr("Groups ({0})").format(row.name), shown_figure(count, 0), each, tr("Number of groups"), count)
        )
    likelihood = scalars.get("ll", math.nan)
    if math.isfinite(likelihood):
        restricted = outcome.e.macros.get("method") == "REML"
        caption = tr("Log restricted lik.") if restricted else tr("Log likelihood")
        found.append(KeyFigure(caption, shown_figure(likelihood, 3), value=likelihood))
    found += _compared(outcome)
    for key, symbol in (("chi2", "χ²"), ("F", "F")):
        value, probability = scalars.get(key, math.nan), scalars.get("p", math.nan)
        if math.isfinite(value):
            df = f"{scalars.get('df_m', math.nan):.0f}"
            remark = probability_words(probability) if math.isfinite(probability) else ""
            caption = tr("Wald {symbol}({df})").format(symbol=symbol, df=df) if key == "chi2" else f"F, {df} df"
            found.append(KeyFigure(caption, shown_figure(value, 2), remark, value=value))
            break
    return tuple(found)


def _compared(outcome: Outcome) -> list[KeyFigure]:
    """Return what fits are compared by: criteria, and the correlation within the groups of each level."""
    from engine.api import MixedEstimates, fit_figures

    estimates = outcome.estimates
    if not isinstance(estimates, MixedEstimates):
        return []
    figures = fit_figures(estimates)
    pairs = (("AIC", figures.aic), ("BIC", figures.bic))
    found = [KeyFigure(name, shown_figure(value, 2), value=value) for name, value in pairs if math.isfinite(value)]
    slopes = {c.name for block in estimates.result.blocks for c in block.columns if not c.is_constant}
    names = ", ".join(sorted(slopes))
    for level, icc in figures.iccs:
        caption = tr("ICC ({level}) at {names} = 0").format(level=level, names=names) if names else f"ICC ({level})"
        found.append(
            KeyFigure(caption, shown_figure(icc, 3), tr("{0:.0f} % between groups").format(100 * icc), value=icc)
        )
    return found


def _is_conservative(table: DataTable | None) -> bool:
    return table is not None and bool(table.rows) and not table.rows[0].name.startswith("chibar2")


def _against(table: DataTable | None) -> str:
    if table is None or not table.rows:
        return ""
    row = table.rows[0]
    statistic, df, probability = (float(value) if value is not None else math.nan for value in row.values)
    if not math.isfinite(statistic):
        return ""
    if row.name.startswith("chibar2"):
        return f"LR χ̄²(01) = {shown_figure(statistic, 2)}, {probability_words(probability)}"
    return f"LR χ²({df:.0f}) = {shown_figure(statistic, 2)}, {probability_words(probability)}"


def checks_words(verdict: Verdict) -> list[str]:
    """Say what a verdict rests on: slope, curvature, edge, starting points."""
    checks = verdict.checks
    low, high = checks.eigenvalues
    words = [tr("Slope: another step would raise 2 log L by {0:.1e}, nothing at a maximum.").format(checks.decrement)]
    if math.isfinite(low):
        bend = tr("curves down in every direction") if low > 0 else tr("does not curve down in every direction")
        words.append(
            tr("Curvature: the likelihood {bend} (eigenvalues {low:.3g} to {high:.3g} after scaling).").format(
                bend=bend, low=low, high=high
            )
        )
    if verdict.at_boundary:
        words.append(
            tr("Edge: {0} at the edge of the range; moving inwards gains nothing.").format(
                ", ".join(verdict.at_boundary)
            )
        )
    elif not math.isfinite(checks.boundary_slope):
        words.append(tr("Edge: no variance lies at zero and no correlation at -1 or 1."))
    if checks.starts_agree is not None:
        ends = tr("the same maximum") if checks.starts_agree else tr("different places")
        words.append(tr("Starting points: {0} searches ended at {ends}.").format(len(checks.starts), ends=ends))
    return words
