"""Bars, spikes, areas and intervals as plots of ``twoway``."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.commands.base import Context
from engine.commands.graphs.graph_looks import area_look, line_look, mark_labels, series_looks
from engine.commands.graphs.plot_data import axis_title, plot_data, plotted_names
from engine.graphs.graphspec import IntArray, Layer, LayerStyle, Mark
from engine.graphs.marks import series_layers
from engine.graphs.overlay import Drawn, Plot
from engine.graphs.styles import Connect
from engine.lang.command import Part


def _number(part: Part, name: str, default: float) -> float:
    use = part.option(name)
    return default if use is None or use.argument is None else float(use.argument)


def _standing(part: Part, context: Context, kind: str) -> Plot:
    """Build what stands on a base: bars, an area, spikes, spikes with a marker."""
    names = plotted_names(part, context.dataset, least=2, most=2)
    data = plot_data(names, part, context)
    y, x = (series.values for series in data.series)
    ids, base = data.units.rows, _number(part, "base", 0.0)
    width = _number(part, "barwidth", 1.0)
    inside, line = area_look(part), line_look(part)
    (marker,) = series_looks(part, 1, connect=Connect.NONE, symbols=True)
    texts = mark_labels(part, context, 1)

    def draw(chosen: IntArray) -> list[Drawn]:
        at = chosen[np.argsort(x[chosen], kind="stable")] if kind == "area" else chosen
        floor = np.full(len(at), base)
        if kind == "bar":
            layer = Layer(mark=Mark.BAR, x=x[at], y=y[at], rows=ids[at], base=floor, width=width, look=inside)
            return [Drawn(0, layer)]
        style = LayerStyle.BAND if kind == "area" else LayerStyle.DATA
        low, high = np.minimum(floor, y[at]), np.maximum(floor, y[at])
        look = inside if kind == "area" else line
        layers = [Layer(mark=Mark.INTERVAL, x=x[at], y=y[at], ll=low, ul=high, style=style, look=look)]
        if kind == "dropline":
            words = tuple(texts[0](int(row)) for row in data.drawn[at]) if texts else ()
            layers += series_layers(x[at], y[at], ids[at], marker, texts=words)
        return [Drawn(0, layer) for layer in layers]

    title = axis_title(context.dataset, names[0])
    return Plot(
        kind=kind,
        labels=(title,),
        rows=data.drawn,
        draw=draw,
        x_title=axis_title(context.dataset, names[1]),
        y_titles=(title,),
    )


def _between(part: Part, context: Context, kind: str) -> Plot:
    """Build what lies between two variables: spikes with or without caps, an area."""
    names = plotted_names(part, context.dataset, least=3, most=3)
    data = plot_data(names, part, context)
    first, second, x = (series.values for series in data.series)
    area = kind == "rarea"
    look = area_look(part) if area else replace(line_look(part), caps=kind == "rcap")

    def draw(chosen: IntArray) -> list[Drawn]:
        at = chosen[np.argsort(x[chosen], kind="stable")] if area else chosen
        low, high = np.minimum(first[at], second[at]), np.maximum(first[at], second[at])
        layer = Layer(
            mark=Mark.INTERVAL,
            x=x[at],
            y=(low + high) / 2,
            ll=low,
            ul=high,
            style=LayerStyle.BAND if area else LayerStyle.DATA,
            look=look,
            rows=data.units.rows[at],
        )
        return [Drawn(0, layer)]

    titles = [axis_title(context.dataset, name) for name in names]
    label = f"{titles[0]}/{titles[1]}"
    return Plot(kind=kind, labels=(label,), rows=data.drawn, draw=draw, x_title=titles[2], y_titles=(label,))


AREA_BUILDERS = {
    "bar": lambda part, context: _standing(part, context, "bar"),
    "area": lambda part, context: _standing(part, context, "area"),
    "spike": lambda part, context: _standing(part, context, "spike"),
    "dropline": lambda part, context: _standing(part, context, "dropline"),
    "rspike": lambda part, context: _between(part, context, "rspike"),
    "rcap": lambda part, context: _between(part, context, "rcap"),
    "rarea": lambda part, context: _between(part, context, "rarea"),
}
"""Plot -> what reads it."""
