"""Which diagnostic graphs go with the last fit, page by page, as commands; and what is said of the fit above them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.api import (
    Dataset,
    Estimates,
    FitFigures,
    Method,
    MixedEstimates,
    fit_levels,
    is_missing,
    missing_graphs,
    shown_numbers,
)
from mixedgui.state.translation import counted, tr

OVERVIEW = "overview"
"""Key of the first page."""

_MOST, _LOOKED_AT, _IN_OVERVIEW = 12, 500, 6
_PREDICTED = (
    "Residuals",
    "Fitted values",
    "Linear prediction",
    "BLUP",
    "Standardized residuals",
    "Xb",
    "Standard error",
)


@dataclass(frozen=True, slots=True)
class DiagnosticPage:
    """A page of the dashboard: its key, title, icon, and the commands of its graphs."""

    key: str
    title: str
    icon: str
    commands: tuple[str, ...]


def pages(estimates: Estimates, dataset: Dataset) -> tuple[DiagnosticPage, ...]:
    """Return the pages of a fit; graphs that do not go with it are left out."""
    found = _mixed_pages(estimates) if isinstance(estimates, MixedEstimates) else _linear_pages(estimates)
    found = (DiagnosticPage(OVERVIEW, tr("Overview"), "squares-four", _overview(estimates, found)), *found)
    others = candidates(estimates, dataset)
    if others:
        title, command = tr("Variables not in the model"), f"diagplot rvx {' '.join(others)}"
        found = (*found, DiagnosticPage("candidates", title, "magnifying-glass", (command,)))
    return found


def _overview(estimates: Estimates, found: tuple[DiagnosticPage, ...]) -> tuple[str, ...]:
    """Return the six graphs that tell most about a fit, as far as its pages have them."""
    every = [command for page in found for command in page.commands]
    slope = _slope(estimates) if isinstance(estimates, MixedEstimates) else ""
    chosen: list[str] = []
    for kind in ("rvf", "resqq", "reqq", "caterpillar", "rvx", "shrinkage", "scaleloc", "influence"):
        of_kind = [command for command in every if command.replace(",", " ").split()[1] == kind]
        chosen += of_kind[-1:]  # that of the lowest level
    if slope:
        chosen = [f"{command} {slope}" if command == "diagplot rvx" else command for command in chosen]
    return tuple(chosen[:_IN_OVERVIEW])


def fit_facts(estimates: Estimates, name: str, figures: FitFigures) -> str:
    """Return what a fit is in one line: name, observations and groups, method, log likelihood."""
    result = estimates.result
    parts = [name, counted(result.n_obs, "{n} observation", "{n} observations")]
    if isinstance(estimates, MixedEstimates):
        groups = [
            counted(level.n_groups, "{n} group of {level}", "{n} groups of {level}").format(level=level.name)
            for level in estimates.result.levels
            if level.name != "_all"
        ]
        parts += groups
        parts.append("REML" if estimates.spec.method is Method.REML else "ML")
    if not math.isnan(figures.ll):
        likelihood = f"{figures.ll:,.3f}".replace("-", "\N{MINUS SIGN}")
        restricted = isinstance(estimates, MixedEstimates) and estimates.spec.method is Method.REML
        text = tr("log restricted likelihood {0}") if restricted else tr("log likelihood {0}")
        parts.append(text.format(shown_numbers(likelihood)))
    return "  ·  ".join(part for part in parts if part)


def candidates(estimates: Estimates, dataset: Dataset) -> tuple[str, ...]:
    """Return numeric variables that the model does not have, in the order of the data; at most twelve.

    Left out are those that name groups or times, those made of the model's own predictions, and those that are the
    same for all observations of the first few hundred.
    """
    result = estimates.result
    used = {part.variable for column in result.columns for part in column.parts} | {result.depvar}
    used |= set(fit_levels(estimates))
    if isinstance(estimates, MixedEstimates):
        used |= {part.variable for block in estimates.result.blocks for c in block.columns for part in c.parts}
        residual = estimates.result.residual
        used |= {residual.t} if residual is not None else set()
    sample = np.flatnonzero(np.isin(dataset.row_ids, result.sample_rows))[:_LOOKED_AT]
    found = []
    for variable in dataset.variables:
        if variable.name in used or variable.is_string or variable.label.startswith(_PREDICTED):
            continue
        values = dataset.numeric(variable.name)[sample]
        if len(np.unique(values[~is_missing(values)])) > 1:
            found.append(variable.name)
    return tuple(found[:_MOST])


def _linear_pages(estimates: Estimates) -> tuple[DiagnosticPage, ...]:
    """Return the pages after ``regress``, ``xtreg`` and their like."""
    commands = [f"diagplot {kind}" for kind in ("rvf", "scaleloc", "resqq", "rvx")]
    if estimates.command == "regress":
        commands.append("diagplot influence")
    out = [DiagnosticPage("residuals", tr("Residuals"), "mdi6.chart-scatter-plot", tuple(commands))]
    if fit_levels(estimates) and not missing_effects(estimates):
        groups = tuple(f"diagplot {kind}" for kind in ("reqq", "rehist", "residgroup", "acf", "variogram"))
        out.append(
            DiagnosticPage("groups", tr("Groups: {0}").format(fit_levels(estimates)[0]), "tree-structure", groups)
        )
    return tuple(out)


def missing_effects(estimates: Estimates) -> bool:
    """Tell whether a fit has no effects of groups to draw."""
    return any("diagplot reqq" in sentence for sentence in missing_graphs(estimates))


def _mixed_pages(estimates: MixedEstimates) -> tuple[DiagnosticPage, ...]:
    result = estimates.result
    out = [
        DiagnosticPage(
            "residuals", tr("Residuals"), "mdi6.chart-scatter-plot",
            ("diagplot rvf", "diagplot rvxb", "diagplot scaleloc", "diagplot resqq", "diagplot rvx"),
        )
    ]  # fmt: skip
    levels = [level.name for level in result.levels if level.name != "_all"]
    for level in levels:
        blocks = [b for b in result.blocks if b.level_name == level and b.structure is not None and not b.n_values]
        if not any(b.Sigma[k, k] > 0.0 for b in blocks for k in range(len(b.columns))):
            continue
        commands = [
            f"diagplot {kind}, relevel({level})" for kind in ("caterpillar", "reqq", "rehist", "shrinkage", "mdist")
        ]
        if any(sum(b.Sigma[k, k] > 0.0 for k in range(len(b.columns))) > 1 for b in blocks):
            commands.append(f"diagplot plane, relevel({level})")
        out.append(
            DiagnosticPage(
                f"effects_{level}", tr("Random effects: {level}").format(level=level), "chart-line-up", tuple(commands)
            )
        )
    if levels:
        lowest = levels[-1]
        commands = [f"diagplot residgroup, relevel({lowest})"]
        commands += [f"diagplot influence, relevel({level})" for level in levels]
        if _slope(estimates):
            commands.append(f"diagplot trellis {_slope(estimates)}")
        out.append(DiagnosticPage("groups", tr("Groups"), "tree-structure", tuple(commands)))
        residual = result.residual
        t = residual.t if residual is not None else ""
        order = f", t({t})" if t else ""
        serial = [f"diagplot acf{order}", f"diagplot variogram{order}"]
        if t and 2 <= len(residual.times if residual is not None else ()) <= 40:
            serial.append(f"diagplot corr{order}")
        out.append(DiagnosticPage("order", tr("Order within groups"), "chart-line", tuple(serial)))
    return tuple(out)


def _slope(estimates: MixedEstimates) -> str:
    """Return the variable along which groups are drawn: that of a random slope, else of the first plain predictor."""
    result = estimates.result
    columns = [column for block in result.blocks for column in block.columns]
    for column in (*columns, *result.columns):
        if len(column.parts) == 1 and column.parts[0].level is None and "." not in column.parts[0].variable:
            return column.parts[0].variable
    return ""
