"""Each kind of plot of ``twoway``: its variables, options and observations as a `Plot` that draws itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from engine.commands.base import Context
from engine.commands.graphs.graph_looks import area_look, line_look, mark_labels, series_looks
from engine.commands.graphs.plot_data import axis_title, plot_data, plotted_names
from engine.commands.graphs.twoway_areas import AREA_BUILDERS
from engine.commands.graphs.twoway_density import DENSITY_BUILDERS
from engine.data.missing import is_missing
from engine.errors import StataError
from engine.frame.resolve import resolve_names
from engine.graphs.fits import polynomial_fit
from engine.graphs.graphspec import FloatArray, IntArray, Layer, LayerStyle, Mark
from engine.graphs.marks import series_layers
from engine.graphs.overlay import Drawn, Plot
from engine.graphs.smoothed import adjusted, as_logits
from engine.graphs.smoother import EXACT_LIMIT, Smooth, smooth, usable_bandwidth
from engine.graphs.styles import Connect
from engine.graphs.words import counted, stata_number
from engine.lang.command import Part

_MOST_SERIES = 50

Builder: TypeAlias = Callable[[Part, Context], Plot]


def read_plot(kind: str, part: Part, context: Context) -> Plot:
    """Return the plot that a part of a two-way graph asks for.

    Raises
    ------
    StataError
        Whatever is wrong with its variables, sample and options; 2000 when no observation is left.
    """
    builders: dict[str, Builder] = {
        "scatter": lambda p, c: _series(p, c, kind="scatter", connect=Connect.NONE, symbols=True),
        "line": lambda p, c: _series(p, c, kind="line", connect=Connect.DIRECT, symbols=False),
        "connected": lambda p, c: _series(p, c, kind="connected", connect=Connect.DIRECT, symbols=True),
        "lfit": lambda p, c: _fit(p, c, degree=1, limits=False),
        "lfitci": lambda p, c: _fit(p, c, degree=1, limits=True),
        "qfit": lambda p, c: _fit(p, c, degree=2, limits=False),
        "qfitci": lambda p, c: _fit(p, c, degree=2, limits=True),
        "lowess": _lowess,
        **DENSITY_BUILDERS,
        **AREA_BUILDERS,
    }
    return builders[kind](part, context)


def _series(part: Part, context: Context, *, kind: str, connect: Connect, symbols: bool) -> Plot:
    """Build scatter, line and connected: every variable but the last against the last."""
    dataset = context.dataset
    names = plotted_names(part, dataset, least=2, most=_MOST_SERIES)
    *y_names, x_name = names
    pairs = [plot_data((y, x_name), part, context) for y in y_names]
    looks = series_looks(part, len(y_names), connect=connect, symbols=symbols)
    rows = np.unique(np.concatenate([pair.drawn for pair in pairs]))
    order = _sorting(part, context, x_name)
    texts = mark_labels(part, context, len(y_names))

    def draw(chosen: IntArray) -> list[Drawn]:
        found: list[Drawn] = []
        inside = np.zeros(dataset.n_obs, dtype=bool)
        inside[rows[chosen]] = True
        for k, (pair, look) in enumerate(zip(pairs, looks, strict=True)):
            places = np.flatnonzero(inside[pair.drawn])
            if order is not None:
                places = places[np.argsort(order[pair.drawn[places]], kind="stable")]
            if not len(places):
                continue
            at = pair.drawn[places]
            layers = series_layers(
                pair.series[1].values[places],
                pair.series[0].values[places],
                dataset.row_ids[at],
                look,
                texts=tuple(texts[k](int(row)) for row in at) if k in texts else (),
                gaps=_gaps(part, context, y_names[k], at) if look.connect is not Connect.NONE else None,
            )
            found += [Drawn(k, layer) for layer in layers]
        return found

    return Plot(
        kind=kind,
        labels=tuple(axis_title(dataset, y) for y in y_names),
        rows=rows,
        draw=draw,
        x_title=axis_title(dataset, x_name),
        y_titles=tuple(axis_title(dataset, y) for y in y_names),
    )


def _sorting(part: Part, context: Context, x_name: str) -> FloatArray | None:
    """Return the rank of every observation in the order of ``sort`` or ``sort()``, None for the order of the data."""
    use = part.option("sort")
    if use is None:
        return None
    dataset = context.dataset
    names = resolve_names(use.argument, dataset, span=use.argument_span) if use.argument else (x_name,)
    keys = [np.asarray(dataset.columns[name]) for name in reversed(names)]
    rank = np.empty(dataset.n_obs)
    rank[np.lexsort([np.unique(key, return_inverse=True)[1] for key in keys])] = np.arange(dataset.n_obs)
    return rank


def _gaps(part: Part, context: Context, y_name: str, rows: IntArray) -> IntArray | None:
    """Return where a line is interrupted because y is missing in between (``cmissing(n)``)."""
    use = part.option("cmissing")
    words = (use.argument or "").split() if use is not None else []
    if use is not None and (not words or any(word not in ("y", "n") for word in words)):
        raise StataError(198, "option cmissing() incorrectly specified: write y or n", use.argument_span)
    if words[:1] != ["n"]:
        return None
    lacking = np.cumsum(is_missing(context.dataset.numeric(y_name)))
    return np.flatnonzero(np.diff(lacking[rows]) != 0) + 1


def _pair(part: Part, context: Context) -> tuple[str, str, FloatArray, FloatArray, IntArray]:
    """Return names and values of y and x, and the positions of the observations."""
    data = plot_data(plotted_names(part, context.dataset, least=2, most=2), part, context)
    y, x = data.series
    return y.title, x.title, y.values, x.values, data.drawn


def _fit(part: Part, context: Context, *, degree: int, limits: bool) -> Plot:
    y_title, x_title, y, x, rows = _pair(part, context)
    use = part.option("level")
    level = float(use.argument) if use is not None and use.argument else context.settings.level
    forecast, look, inside = part.has("stdf"), line_look(part), area_look(part)

    def draw(chosen: IntArray) -> list[Drawn]:
        fit = polynomial_fit(y[chosen], x[chosen], degree=degree, level=level, forecast=forecast)
        line = Layer(mark=Mark.LINE, x=fit.x, y=fit.y, look=look)
        if not limits:
            return [Drawn(0, line)]
        band = Layer(
            mark=Mark.INTERVAL,
            x=fit.x,
            y=fit.y,
            ll=fit.ll,
            ul=fit.ul,
            style=LayerStyle.BAND,
            look=replace(inside, colour=""),
        )
        return [Drawn(0, band), Drawn(1, line, like=0)]

    labels = (f"{level:g}% CI", "Fitted values") if limits else ("Fitted values",)
    kind = ("lfit" if degree == 1 else "qfit") + ("ci" if limits else "")
    return Plot(kind=kind, labels=labels, rows=rows, draw=draw, x_title=x_title, y_titles=(y_title,))


def _lowess(part: Part, context: Context) -> Plot:
    y_title, x_title, y, x, rows = _pair(part, context)
    y_name, x_name = plotted_names(part, context.dataset, least=2, most=2)
    look = line_look(part)
    notes: list[str] = []

    def draw(chosen: IntArray) -> list[Drawn]:
        result = smoothed(part, context, y[chosen], x[chosen])
        note = grid_note(result)
        if note and note not in notes:
            notes.append(note)
        return [Drawn(0, Layer(mark=Mark.LINE, x=result.x, y=result.y, style=LayerStyle.SMOOTH, look=look))]

    return Plot(
        kind="lowess",
        labels=(f"lowess {y_name} {x_name}",),
        rows=rows,
        draw=draw,
        x_title=x_title,
        y_titles=(y_title,),
        notes=notes,
    )


def bandwidth_of(part: Part) -> float:
    """Return the bandwidth in force."""
    use = part.option("bwidth")
    return usable_bandwidth(float(use.argument) if use is not None and use.argument else 0.8)


def smoothed(part: Part, context: Context, y: FloatArray, x: FloatArray) -> Smooth:
    """Return the smoother with the options of a part."""
    result = smooth(
        y,
        x,
        bandwidth=bandwidth_of(part),
        mean=part.has("mean"),
        weighted=not part.has("noweight"),
        cancel=context.cancel,
    )
    if part.has("adjust"):
        result = adjusted(result, y)
    if part.has("logit"):
        if not np.isin(y, (0.0, 1.0)).all():
            raise StataError(198, "option logit is for a variable of zeros and ones")
        result = as_logits(result)
    return result


def grid_note(result: Smooth) -> str:
    """Return what the note says of a smoother on a grid; empty for an exact one."""
    n, n_sites = len(result.order), len(result.sites)
    if n <= EXACT_LIMIT or n_sites == n:
        return ""
    return f"smoothed at {n_sites} of {counted(n, 'point')}, straight lines between them"


def lowess_note(part: Part, results: list[Smooth]) -> str:
    """Return ``bandwidth = .8`` and how a grid was used."""
    words = dict.fromkeys(text for result in results if (text := grid_note(result)))
    return "; ".join([f"bandwidth = {stata_number(bandwidth_of(part))}", *words])
