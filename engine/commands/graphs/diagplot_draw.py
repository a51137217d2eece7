"""From a fitted model to the graph that ``diagplot`` was asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from engine.commands.base import Context, Effects
from engine.commands.graphs.diagplot_request import Request
from engine.commands.graphs.graph_dress import dressed
from engine.data.missing import is_missing
from engine.errors import StataError
from engine.frame.modelframe import IntArray
from engine.frame.resolve import resolve_names
from engine.graphs.diagnostic import influence, ordered, pooling, residuals, serial, trellis
from engine.graphs.diagnostic.ordered import Band
from engine.graphs.diagnostic.panels import Points
from engine.graphs.graphspec import GraphSpec
from engine.inference.normal import critical_value
from engine.lang.command import Part
from engine.lang.parse_varlist import parse_varlist
from engine.postest import serial as within
from engine.postest.envelope import REPLICATIONS, effect_envelope, residual_envelope
from engine.postest.groupsummary import group_summary
from engine.postest.pooling import pooling as pooled
from engine.postest.samplefit import EffectOfGroups, SampleFit, redrawn_residuals, sample_fit
from engine.postest.simulate import simulate
from engine.spec.mixed import Method

_IMPLIED_DRAWS = 200
_MOST_PANELS = 12


_Draw: TypeAlias = Callable[[Request], GraphSpec]


def draw(kind: str, rest: str, part: Part, context: Context) -> Effects:
    """Draw one of the kinds that ``engine.commands.graphs.diagplot`` declares."""
    mixed = context.mixed("diagplot")
    fit = sample_fit(mixed.spec, mixed.result, context.dataset, context.cancel)
    graph = _KINDS[kind](Request(fit, mixed, rest, part, context))
    return Effects(graph=dressed(graph, (part,), context))


def _rvf(request: Request) -> GraphSpec:
    fit = request.fit
    note = "Fitted values: fixed and random part. Residuals: outcome minus fixed and random part."
    x = request.points("Fitted values", fit.fitted)
    return _residuals_against(request, [x], "rvf", "Residuals and fitted values", note)


def _rvxb(request: Request) -> GraphSpec:
    note = "Fitted values: fixed part only (xb). Residuals: outcome minus fixed and random part."
    x = request.points("Linear prediction, fixed portion", request.fit.xb)
    return _residuals_against(request, [x], "rvxb", "Residuals and the fixed part", note)


def _rvx(request: Request) -> GraphSpec:
    dataset = request.context.dataset
    if request.rest:
        names = resolve_names(parse_varlist(request.rest, request.part.body_span[0]), dataset)
    else:
        parts = [part.variable for column in request.fit.frame.columns for part in column.parts]
        names = tuple(dict.fromkeys(name for name in parts if name in dataset))[:_MOST_PANELS]
    if not names:
        raise StataError(321, "the model has no predictors; name variables, as in diagplot rvx x")
    xs = []
    known = np.ones(len(request.fit.rows), dtype=np.bool_)
    for name in names:
        if dataset.variable(name).is_string:
            raise StataError(109, f"{name} is a string variable", request.part.body_span)
        values = dataset.numeric(name)[request.fit.mask]
        known &= ~is_missing(values)
        xs.append((name, values))
    if not known.any():
        raise StataError(2000, "no observations")
    y = Points("Residuals", request.fit.residuals[known], request.fit.rows[known])
    panels = [Points(name, values[known], request.fit.rows[known]) for name, values in xs]
    title = f"Residuals and {names[0]}" if len(names) == 1 else "Residuals and predictors"
    return residuals.against(
        y, panels, kind="rvx", title=title, note="", command=request.command, zero=True, cancel=request.cancel
    )


def _scaleloc(request: Request) -> GraphSpec:
    y = request.points("√|standardized residual|", np.sqrt(np.abs(request.fit.standardized)))
    x = request.points("Fitted values", request.fit.fitted)
    note = "A smoother that rises or falls shows a spread that depends on the fitted values."
    return residuals.against(
        y, [x], kind="scaleloc", title="Scale and location", note=note, command=request.command, zero=False,
        cancel=request.cancel,
    )  # fmt: skip


def _residuals_against(request: Request, xs: list[Points], kind: str, title: str, note: str) -> GraphSpec:
    y = request.points("Residuals", request.fit.residuals)
    return residuals.against(
        y, xs, kind=kind, title=title, note=note, command=request.command, zero=True, cancel=request.cancel
    )


def _resqq(request: Request) -> GraphSpec:
    fit, n = request.fit, request.replications(REPLICATIONS)
    band = None
    if n > 1:
        found = residual_envelope(
            fit.result, fit.frame, redrawn_residuals(fit, request.cancel), rng=request.rng(), cancel=request.cancel,
            level=request.level, replications=n,
        )  # fmt: skip
        band = Band(found.ll, found.ul)
    points = request.points("Standardized residuals", fit.standardized)
    return ordered.quantile_panels(
        [points], [band], kind="resqq", title="Normal quantiles of the residuals", per=(),
        note=_band_note(n, request.level), command=request.command,
    )  # fmt: skip


def _reqq(request: Request) -> GraphSpec:
    fit, n = request.fit, request.replications(REPLICATIONS)
    effects = request.effects()
    bands: list[Band | None] = []
    for effect in effects:
        if n <= 1:
            bands.append(None)
            continue
        found = effect_envelope(
            fit.result, fit.frame, effect.block, effect.place, rng=request.rng(), cancel=request.cancel,
            level=request.level, replications=n,
        )  # fmt: skip
        bands.append(Band(found.ll, found.ul))
    return ordered.quantile_panels(
        [_effect_points(fit, effect) for effect in effects], bands, kind="reqq",
        title=f"Normal quantiles of the random effects of {effects[0].level}", per=request.path(effects[0].depth),
        note=_band_note(n, request.level), command=request.command,
    )  # fmt: skip


def _band_note(n: int, level: float) -> str:
    return f"Band: {level:g}% limits of each ordered value in {n:,} responses drawn from the model." if n > 1 else ""


def _effect_points(fit: SampleFit, effect: EffectOfGroups) -> Points:
    return Points(f"{effect.level}: {effect.name}", effect.blup, fit.rows[effect.first])


def _rehist(request: Request) -> GraphSpec:
    effects = request.effects()
    panels = [_effect_points(request.fit, effect) for effect in effects]
    title = f"Random effects of {effects[0].level}"
    return ordered.histogram_panels(
        panels, kind="rehist", title=title, per=request.path(effects[0].depth), command=request.command
    )


def _caterpillar(request: Request) -> GraphSpec:
    effects = request.effects()
    reml = request.fit.result.method is Method.REML
    uncertainty = "with the uncertainty of the coefficients" if reml else "given the coefficients"
    z = critical_value(request.level)
    return ordered.caterpillar(
        [_effect_points(request.fit, effect) for effect in effects], [effect.se for effect in effects], z=z,
        level=request.level, per=request.path(effects[0].depth),
        note=f"Intervals: prediction ± {z:.2f} standard errors of prediction, {uncertainty}.", command=request.command,
    )  # fmt: skip


def _mdist(request: Request) -> GraphSpec:
    depth = request.effects()[0].depth
    summary = group_summary(request.estimates.spec, request.fit.result, request.context.dataset, depth)
    if not summary.df or not np.isfinite(summary.distance).all():
        raise StataError(321, "distances are not available for the random effects of this model")
    return ordered.distance_quantiles(
        Points("distance", summary.distance, summary.rows), summary.df, level=request.fit.frame.levels[depth].name,
        per=request.path(depth), command=request.command,
    )  # fmt: skip


def _residgroup(request: Request) -> GraphSpec:
    depth = request.depth(-1)
    codes, _, _ = request.fit.groups_of(depth)
    y = request.points("Residuals", request.fit.residuals)
    level = request.fit.frame.levels[depth].name
    return residuals.residuals_by_group(y, codes, request.labels(depth), level=level, command=request.command)


def _trellis(request: Request) -> GraphSpec:
    fit, dataset = request.fit, request.context.dataset
    names = resolve_names(parse_varlist(request.rest, request.part.body_span[0]), dataset) if request.rest else ()
    if not names:
        slopes = [c for block in fit.frame.blocks for c in block.columns if not c.is_constant]
        fixed = [c for c in fit.frame.columns if len(c.parts) == 1 and c.parts[0].level is None]
        names = tuple(c.parts[0].variable for c in (*slopes, *fixed) if c.parts[0].variable in dataset)[:1]
    if len(names) != 1:
        raise StataError(198, "diagplot trellis needs one variable to draw along, as in diagplot trellis x")
    depth = request.depth(-1)
    codes, _, n_groups = fit.groups_of(depth)
    x = dataset.numeric(names[0])[fit.mask]
    if is_missing(x).any():
        raise StataError(459, f"{names[0]} has missing values in the estimation sample")
    use = request.part.option("groups")
    wanted = _MOST_PANELS if use is None or use.argument is None else int(use.argument)
    far = np.zeros(n_groups)
    for effect in fit.random_effects():
        if effect.depth == depth:
            far += (effect.blup / max(float(np.std(effect.blup)), 1e-300)) ** 2
    shown = np.sort(np.argsort(-far, kind="stable")[:wanted])
    labels = request.labels(depth)
    groups = []
    for g in shown:
        rows = np.flatnonzero(codes == g)
        own, y, fitted, xb = (values[rows] for values in (x, fit.frame.y, fit.fitted, fit.xb))
        groups.append(trellis.GroupRows(labels[g], own, y, fitted, xb, fit.rows[rows]))
    level = fit.frame.levels[depth].name
    return trellis.trellis(groups, x=names[0], y=fit.result.depvar, level=level, of=n_groups, command=request.command)


def _shrinkage(request: Request) -> GraphSpec:
    fit, effects = request.fit, request.effects()
    codes, first, n_groups = fit.groups_of(effects[0].depth)
    sizes = np.bincount(codes, minlength=n_groups).astype(np.float64)
    return pooling.shrinkage(
        _shrunk(fit, effects), sizes, fit.rows[first], per=request.path(effects[0].depth), command=request.command
    )


def _shrunk(fit: SampleFit, effects: Sequence[EffectOfGroups]) -> list[pooling.Shrunk]:
    out = []
    for effect in effects:
        own = pooled(fit, effect.block).own[:, effect.place]
        name = f"{effect.level}: {effect.name}"
        out.append(pooling.Shrunk(name, effect.fixed + own, effect.fixed + effect.blup, effect.fixed))
    return out


def _plane(request: Request) -> GraphSpec:
    fit, effects = request.fit, request.effects()
    if len(effects) < 2 or effects[0].block != effects[1].block:
        raise StataError(321, "diagplot plane needs an equation with two random effects that differ between groups")
    y, x = effects[0], next(effect for effect in effects[::-1] if effect.block == effects[0].block)
    found = pooled(fit, x.block)
    pick = np.ix_([x.place, y.place], [x.place, y.place])
    own = np.nanmean(found.own_cov, axis=0)[pick]
    ellipses = [
        pooling.Ellipse("population", found.Sigma[pick]),
        pooling.Ellipse("own estimates", found.Sigma[pick] + own),
        pooling.Ellipse("predictions", found.Sigma[pick] - found.errors.mean(axis=0)[pick]),
    ]
    shrunk = _shrunk(fit, (x, y))
    return pooling.plane(
        shrunk[0], shrunk[1], fit.rows[x.first], ellipses, per=request.path(x.depth), command=request.command
    )


def _acf(request: Request) -> GraphSpec:
    times, by = request.times()
    found = within.autocorrelation(request.fit.standardized, _lowest(request), times)
    z = critical_value(request.level)
    return serial.correlogram(found, z=z, level=request.level, by=by, command=request.command)


def _variogram(request: Request) -> GraphSpec:
    times, by = request.times()
    found = within.semivariogram(request.fit.standardized, _lowest(request), times)
    return serial.variogram(found, by=by, command=request.command)


def _lowest(request: Request) -> IntArray:
    return request.fit.groups_of(request.depth(-1))[0]


def _corr(request: Request) -> GraphSpec:
    fit = request.fit
    times, by = request.times()
    if not by:
        raise StataError(198, "diagplot corr needs the times: diagplot corr, t(varname)")
    rng = request.rng()
    draws = []
    for _ in range(max(request.replications(_IMPLIED_DRAWS), 2)):
        request.cancel.check()
        draws.append(simulate(fit.result, fit.frame, rng) - fit.xb)
    found = within.time_correlations(fit.frame.y - fit.xb, np.array(draws), _lowest(request), times)
    return serial.correlations(found, by=by, command=request.command)


def _influence(request: Request) -> GraphSpec:
    depth = request.depth(0)
    summary = group_summary(request.estimates.spec, request.fit.result, request.context.dataset, depth)
    if summary.influence is None:
        raise StataError(321, summary.reason)
    return influence.influence_needles(
        summary.influence.cooksd, summary.rows, request.labels(depth), level=request.fit.frame.levels[depth].name,
        per=request.path(depth), command=request.command,
    )  # fmt: skip


_KINDS: dict[str, _Draw] = {
    "rvf": _rvf,
    "rvxb": _rvxb,
    "rvx": _rvx,
    "scaleloc": _scaleloc,
    "resqq": _resqq,
    "reqq": _reqq,
    "rehist": _rehist,
    "caterpillar": _caterpillar,
    "mdist": _mdist,
    "residgroup": _residgroup,
    "trellis": _trellis,
    "shrinkage": _shrinkage,
    "plane": _plane,
    "acf": _acf,
    "variogram": _variogram,
    "corr": _corr,
    "influence": _influence,
}
