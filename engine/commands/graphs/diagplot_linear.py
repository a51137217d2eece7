"""``diagplot`` after ``regress``, ``xtreg`` and other models without random coefficients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from engine.commands.base import Context, Effects
from engine.commands.graphs.diagplot import LINEAR, reason_after
from engine.commands.graphs.diagplot_request import Asked
from engine.commands.graphs.graph_dress import dressed
from engine.data.missing import is_missing
from engine.errors import StataError
from engine.frame.grouplabels import group_labels
from engine.frame.resolve import resolve_names
from engine.graphs.diagnostic import influence, ordered, residuals, serial
from engine.graphs.diagnostic.ordered import Band
from engine.graphs.diagnostic.panels import Points
from engine.graphs.graphspec import GraphSpec
from engine.inference.normal import critical_value
from engine.lang.command import Part
from engine.lang.parse_varlist import parse_varlist
from engine.postest import serial as within
from engine.postest.envelope import REPLICATIONS
from engine.postest.linearsample import LinearSample, PanelEffects, envelope, linear_sample
from engine.results.estimates import Estimates

_MOST_SIMULATED = 50_000
_MOST_PANELS = 12


@dataclass(frozen=True, slots=True, eq=False)
class _Request:
    sample: LinearSample
    estimates: Estimates
    rest: str
    part: Part
    context: Context

    def points(self, name: str, values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Points:
        return Points(name, values, self.sample.rows)

    @property
    def panels(self) -> PanelEffects:
        """The panels of ``xtreg``; `draw` has seen to it that there are some."""
        if self.sample.panels is None:
            raise StataError(321, "the model has no effects of groups")
        return self.sample.panels

    def times(self) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], str]:
        """Return times of the sample and their variable: ``t()``, or the order of the data."""
        return Asked(self.part, self.context).times(self.sample.mask)


def draw(kind: str, rest: str, part: Part, context: Context, estimates: Estimates) -> Effects:
    """Draw one of the kinds that go with models of one linear predictor.

    Raises
    ------
    StataError
        r(321) for a kind that does not go with the model, in words; r(459) when the sample is not in memory.
    """
    if kind not in LINEAR:
        raise StataError(321, reason_after(kind, estimates.command))
    sample = linear_sample(estimates, context.dataset)
    if LINEAR[kind] == "panels" and sample.panels is None:
        raise StataError(321, reason_after(kind, estimates.command))
    if kind == "influence" and sample.cooksd is None:
        raise StataError(321, f"diagplot influence after {estimates.command}: Cook's distance is that of regress")
    graph = _KINDS[kind](_Request(sample, estimates, rest, part, context))
    return Effects(graph=dressed(graph, (part,), context))


def _against(request: _Request, x: Points, kind: str, title: str, note: str) -> GraphSpec:
    y = request.points("Residuals", request.sample.residuals)
    return residuals.against(
        y, [x], kind=kind, title=title, note=note, command=request.context.cmdline, zero=True,
        cancel=request.context.cancel,
    )  # fmt: skip


def _rvf(request: _Request) -> GraphSpec:
    panels = request.sample.panels
    note = "Fitted values: fixed part and effects of the panels." if panels is not None else ""
    return _against(
        request, request.points("Fitted values", request.sample.fitted), "rvf", "Residuals and fitted values", note
    )


def _rvxb(request: _Request) -> GraphSpec:
    x = request.points("Linear prediction", request.sample.xb)
    return _against(request, x, "rvxb", "Residuals and the linear prediction", "")


def _rvx(request: _Request) -> GraphSpec:
    dataset, sample = request.context.dataset, request.sample
    if request.rest:
        names = resolve_names(parse_varlist(request.rest, request.part.body_span[0]), dataset)
    else:
        parts = [part.variable for column in sample.frame.columns for part in column.parts]
        names = tuple(dict.fromkeys(name for name in parts if name in dataset))[:_MOST_PANELS]
    if not names:
        raise StataError(321, "the model has no predictors; name variables, as in diagplot rvx x")
    columns = []
    for name in names:
        if dataset.variable(name).is_string:
            raise StataError(109, f"{name} is a string variable", request.part.body_span)
        columns.append(dataset.numeric(name)[sample.mask])
    known = ~np.any([is_missing(values) for values in columns], axis=0)
    if not known.any():
        raise StataError(2000, "no observations")
    y = Points("Residuals", sample.residuals[known], sample.rows[known])
    xs = [Points(name, values[known], sample.rows[known]) for name, values in zip(names, columns, strict=True)]
    title = f"Residuals and {names[0]}" if len(names) == 1 else "Residuals and predictors"
    return residuals.against(
        y, xs, kind="rvx", title=title, note="", command=request.context.cmdline, zero=True,
        cancel=request.context.cancel,
    )  # fmt: skip


def _scaleloc(request: _Request) -> GraphSpec:
    y = request.points("√|standardized residual|", np.sqrt(np.abs(request.sample.standardized)))
    x = request.points("Fitted values", request.sample.fitted)
    note = "A smoother that rises or falls shows a spread that depends on the fitted values."
    return residuals.against(
        y, [x], kind="scaleloc", title="Scale and location", note=note, command=request.context.cmdline, zero=False,
        cancel=request.context.cancel,
    )  # fmt: skip


def _resqq(request: _Request) -> GraphSpec:
    sample, asked = request.sample, Asked(request.part, request.context)
    plain = request.estimates.command == "regress" and getattr(sample.result, "weighting", None) is None
    n = asked.replications(REPLICATIONS if plain and len(sample.rows) <= _MOST_SIMULATED else 0)
    band, note = None, ""
    if n > 1 and plain:
        ll, ul = envelope(sample, asked.rng(), replications=n, level=asked.level)
        band = Band(ll, ul)
        note = f"Band: {asked.level:g}% limits of each ordered value in {n:,} samples of normal errors."
    return ordered.quantile_panels(
        [request.points("Standardized residuals", sample.standardized)], [band], kind="resqq",
        title="Normal quantiles of the residuals", per=(), note=note, command=request.context.cmdline,
    )  # fmt: skip


def _effects(request: _Request) -> Points:
    panels = request.panels
    return Points(f"{panels.name}: u_i", panels.u, request.sample.rows[panels.first])


def _reqq(request: _Request) -> GraphSpec:
    return ordered.quantile_panels(
        [_effects(request)], [None], kind="reqq", title=f"Normal quantiles of the effects of {request.panels.name}",
        per=(request.panels.name,), note="", command=request.context.cmdline,
    )  # fmt: skip


def _rehist(request: _Request) -> GraphSpec:
    name = request.panels.name
    return ordered.histogram_panels(
        [_effects(request)], kind="rehist", title=f"Effects of {name}", per=(name,), command=request.context.cmdline
    )


def _residgroup(request: _Request) -> GraphSpec:
    panels, sample = request.panels, request.sample
    labels = group_labels(request.context.dataset, (panels.name,), np.flatnonzero(sample.mask)[panels.first])
    y = request.points("Residuals", sample.residuals)
    return residuals.residuals_by_group(y, panels.codes, labels, level=panels.name, command=request.context.cmdline)


def _acf(request: _Request) -> GraphSpec:
    times, by = request.times()
    level = Asked(request.part, request.context).level
    found = within.autocorrelation(request.sample.standardized, request.panels.codes, times)
    return serial.correlogram(found, z=critical_value(level), level=level, by=by, command=request.context.cmdline)


def _variogram(request: _Request) -> GraphSpec:
    times, by = request.times()
    found = within.semivariogram(request.sample.standardized, request.panels.codes, times)
    return serial.variogram(found, by=by, command=request.context.cmdline)


def _influence(request: _Request) -> GraphSpec:
    cooksd, sample = request.sample.cooksd, request.sample
    if cooksd is None:
        raise StataError(321, "Cook's distance is not known")
    labels = [f"{position + 1}" for position in np.flatnonzero(sample.mask)]
    return influence.influence_needles(
        cooksd,
        sample.rows,
        labels,
        level="observation",
        per=(),
        command=request.context.cmdline,
        note="Cook's distance: how far all coefficients move without an observation.",
    )


_Draw: TypeAlias = Callable[[_Request], GraphSpec]
_KINDS: dict[str, _Draw] = {
    "rvf": _rvf,
    "rvxb": _rvxb,
    "rvx": _rvx,
    "scaleloc": _scaleloc,
    "resqq": _resqq,
    "reqq": _reqq,
    "rehist": _rehist,
    "residgroup": _residgroup,
    "acf": _acf,
    "variogram": _variogram,
    "influence": _influence,
}
