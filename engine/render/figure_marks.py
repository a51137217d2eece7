"""The layers of a graph as matplotlib artists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.graphs import appearance
from engine.graphs.appearance import Colours, Extent
from engine.graphs.graphspec import FloatArray, GraphSpec, Layer, LayerStyle, Mark
from engine.graphs.look import DASH_LENGTHS, Dash, Symbol

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINE_PT, THIN_PT = 1.2, 0.8
POINT_PT = 0.75 * 0.6
"""Points per device-independent pixel (72 / 96), and less because a page is read at arm's length, not at a screen's."""

SMALL_PT = 7.0
MARKERS = {
    Symbol.DISC: "o",
    Symbol.SQUARE: "s",
    Symbol.TRIANGLE: "^",
    Symbol.DIAMOND: "D",
    Symbol.CROSS: "X",
    Symbol.PLUS: "P",
    Symbol.DOT: ".",
    Symbol.NONE: "",
}
_RASTER_CELLS = (360, 240)
_CAP_PT = 2.5


@dataclass(frozen=True, slots=True)
class Canvas:
    """Where and with what a panel is drawn: its axes, its graph, colours, and a factor on pen widths."""

    axes: Axes
    graph: GraphSpec
    colours: Colours
    factor: float = 1.0

    def colour(self, layer: Layer) -> str:
        """Return the colour of a layer: what was asked for, or that of its series."""
        if layer.look.colour:
            return layer.look.colour
        return self.colours.series[appearance.colour_index(self.graph, layer) % len(self.colours.series)]

    def fill(self, layer: Layer) -> str:
        """Return the colour inside bars, boxes and bands."""
        return layer.look.fill or self.colour(layer)

    def width(self, layer: Layer, usual: float) -> float:
        """Return a pen width in points."""
        return (usual if layer.look.width is None else 0.75 * layer.look.width) * self.factor


def draw_layer(canvas: Canvas, layer: Layer) -> None:
    """Draw one layer."""
    if len(layer.x):
        _DRAW[layer.mark](canvas, layer)
    if layer.texts:
        _texts(canvas, layer)


def across(canvas: Canvas, layer: Layer) -> tuple[FloatArray, FloatArray]:
    """Return x and y of a layer as they lie on the page."""
    return (layer.y, layer.x) if canvas.graph.swapped else (layer.x, layer.y)


def _points(canvas: Canvas, layer: Layer) -> None:
    graph, look = canvas.graph, layer.look
    n = graph.most_points
    colour = canvas.colour(layer)
    if look.symbol is Symbol.NONE or colour == "none":
        return
    if n > appearance.RASTER_LIMIT:
        _cloud(canvas, layer, colour)
        return
    usual = appearance.point_look(n)
    symbol = look.symbol or appearance.SYMBOLS[graph.plot_of(layer) % len(appearance.SYMBOLS)]
    alpha = look.alpha if look.alpha is not None else max(usual.alpha, 0.65 if look.colour else 0.0)
    x, y = across(canvas, layer)
    canvas.axes.plot(
        x,
        y,
        linestyle="none",
        marker=MARKERS[symbol],
        markersize=(usual.size if look.size is None else look.size) * POINT_PT * 1.35 * canvas.factor,
        markeredgewidth=0.6 * canvas.factor if look.hollow else 0,
        markerfacecolor="none" if look.hollow else colour,
        markeredgecolor=colour,
        color=colour,
        alpha=alpha,
        rasterized=n > 10_000,
        zorder=2,
    )


def _cloud(canvas: Canvas, layer: Layer, colour: str) -> None:
    from matplotlib.colors import to_rgb

    x, y = across(canvas, layer)
    axes = canvas.axes
    left, right = sorted(axes.get_xlim())
    low, high = sorted(axes.get_ylim())
    logarithmic = "log" in (axes.get_xscale(), axes.get_yscale())
    if axes.get_xscale() == "log":
        x, left, right = np.log10(x), np.log10(left), np.log10(right)
    if axes.get_yscale() == "log":
        y, low, high = np.log10(y), np.log10(low), np.log10(high)
    alpha = appearance.raster(x, y, Extent((left, right), (low, high)), *_RASTER_CELLS)
    image = np.empty((*alpha.shape, 4))
    image[..., :3] = to_rgb(colour)
    image[..., 3] = alpha
    own = axes
    if logarithmic:  # cells of equal size lie on a plain plot over the logarithmic one
        own = axes.inset_axes((0.0, 0.0, 1.0, 1.0), zorder=2)
        own.axis("off")
        own.set_xlim(left, right)
        own.set_ylim(low, high)
    own.imshow(image, origin="lower", extent=(left, right, low, high), aspect="auto", interpolation="nearest", zorder=2)


def _line(canvas: Canvas, layer: Layer) -> None:
    look = layer.look
    dash = appearance.dash_of(canvas.graph, layer)
    if look.dash is Dash.BLANK or look.colour == "none":
        return
    if layer.style is LayerStyle.REFERENCE:
        _reference(canvas, layer)
        return
    thin = layer.style is LayerStyle.CURVE
    data = layer.style is LayerStyle.DATA or layer.group
    colour = canvas.colour(layer) if data or look.colour else canvas.colours.text
    x, y = across(canvas, with_breaks(layer))
    (line,) = canvas.axes.plot(
        x,
        y,
        color=colour,
        alpha=look.alpha,
        linewidth=canvas.width(layer, THIN_PT if thin else LINE_PT),
        zorder=2.5 if layer.style is LayerStyle.DATA else 3,
        solid_joinstyle="round",
    )
    if dash:
        line.set_dashes(dash)


def with_breaks(layer: Layer) -> Layer:
    """Return a line with a place that is not a number before every new stroke."""
    if not len(layer.starts):
        return layer
    from dataclasses import replace

    gaps = np.full(len(layer.starts), np.nan)
    x = np.insert(layer.x, layer.starts, gaps)
    return replace(layer, x=x, y=np.insert(layer.y, layer.starts, gaps), starts=layer.starts[:0])


def _reference(canvas: Canvas, layer: Layer) -> None:
    look = layer.look
    dashes = appearance.dash_of(canvas.graph, layer)
    x, y = across(canvas, layer)
    style: dict[str, Any] = {
        "color": look.colour or canvas.colours.reference,
        "linewidth": canvas.width(layer, THIN_PT),
        "alpha": look.alpha,
        "zorder": 1,
    }
    if layer.across and x[0] == x[-1]:
        line = canvas.axes.axvline(float(x[0]), **style)
    elif layer.across:
        line = canvas.axes.axhline(float(y[0]), **style)
    else:
        (line,) = canvas.axes.plot(x, y, **style)
    if dashes:
        line.set_dashes(dashes)


def _bars(canvas: Canvas, layer: Layer) -> None:
    look = layer.look
    base = layer.base if len(layer.base) else np.zeros(len(layer.x))
    style: dict[str, Any] = {
        "color": canvas.fill(layer),
        "alpha": look.alpha if look.alpha is not None else 0.65,
        "edgecolor": look.colour or canvas.colours.background,
        "linewidth": canvas.width(layer, 0.4),
        "zorder": 2,
    }
    if canvas.graph.swapped:
        canvas.axes.barh(layer.x, layer.y - base, height=layer.width, left=base, **style)
    else:
        canvas.axes.bar(layer.x, layer.y - base, width=layer.width, bottom=base, **style)


def _intervals(canvas: Canvas, layer: Layer) -> None:
    if layer.style is LayerStyle.BAND:
        _band(canvas, layer)
        return
    style: dict[str, Any] = {
        "colors": canvas.colour(layer),
        "linewidth": canvas.width(layer, THIN_PT),
        "alpha": layer.look.alpha,
        "zorder": 2,
        "linestyles": (0, dash) if layer.look.dash and (dash := DASH_LENGTHS[layer.look.dash]) else "solid",
    }
    draw: Any = canvas.axes.hlines if canvas.graph.swapped else canvas.axes.vlines
    draw(layer.x, layer.ll, layer.ul, **style)
    if layer.look.caps:
        marker = ("|" if canvas.graph.swapped else "_", 2 * _CAP_PT * canvas.factor)
        for ends in (layer.ll, layer.ul):
            x, y = (ends, layer.x) if canvas.graph.swapped else (layer.x, ends)
            canvas.axes.plot(
                x,
                y,
                linestyle="none",
                marker=marker[0],
                markersize=marker[1],
                markeredgewidth=canvas.width(layer, THIN_PT),
                color=canvas.colour(layer),
                alpha=layer.look.alpha,
                zorder=2,
            )


def _band(canvas: Canvas, layer: Layer) -> None:
    look = layer.look
    alpha = look.alpha if look.alpha is not None else 0.2
    style: dict[str, Any] = {"color": canvas.fill(layer), "alpha": alpha, "linewidth": 0, "zorder": 1.5}
    if canvas.graph.swapped:
        canvas.axes.fill_betweenx(layer.x, layer.ll, layer.ul, **style)
    else:
        canvas.axes.fill_between(layer.x, layer.ll, layer.ul, **style)
    if look.colour:
        for ends in (layer.ll, layer.ul):
            x, y = (ends, layer.x) if canvas.graph.swapped else (layer.x, ends)
            canvas.axes.plot(x, y, color=look.colour, linewidth=canvas.width(layer, THIN_PT), zorder=1.6)


def _boxes(canvas: Canvas, layer: Layer) -> None:
    outline = canvas.colour(layer)
    half = layer.width / 2
    height = layer.ul - layer.ll
    style: dict[str, Any] = {
        "color": mixed_with(canvas.fill(layer), canvas.colours.background, layer.look.alpha or 0.35),
        "edgecolor": outline,
        "linewidth": canvas.width(layer, THIN_PT),
        "zorder": 2.2,
    }
    if canvas.graph.swapped:
        canvas.axes.barh(layer.x, height, height=layer.width, left=layer.ll, **style)
        median: Any = canvas.axes.vlines
    else:
        canvas.axes.bar(layer.x, height, width=layer.width, bottom=layer.ll, **style)
        median = canvas.axes.hlines
    median(layer.y, layer.x - half, layer.x + half, colors=outline, linewidth=canvas.width(layer, 1.6), zorder=2.3)


def mixed_with(colour: str, ground: str, share: float) -> str:
    """Return `share` of a colour mixed with the ground, so that nothing shines through."""
    parts = []
    for k in (1, 3, 5):
        own, below = int(colour[k : k + 2], 16), int(ground[k : k + 2], 16)
        parts.append(round(share * own + (1 - share) * below))
    return "#" + "".join(f"{part:02X}" for part in parts)


def _texts(canvas: Canvas, layer: Layer) -> None:
    """Write the labels beside their marks."""
    angle = np.pi / 2 - 2 * np.pi * layer.clock / 12
    away = 0.0 if layer.clock == 0 else 4.0 * canvas.factor
    dx, dy = away * float(np.cos(angle)), away * float(np.sin(angle))
    x, y = across(canvas, layer)
    if canvas.graph.swapped and layer.mark is Mark.BAR:
        dx, dy = away, 0.0
    for place_x, place_y, text in zip(x.tolist(), y.tolist(), layer.texts, strict=True):
        canvas.axes.annotate(
            text,
            (place_x, place_y),
            xytext=(dx, dy),
            textcoords="offset points",
            fontsize=SMALL_PT * canvas.factor * canvas.graph.scale,
            color=canvas.colours.text2,
            ha="center" if abs(dx) < 1 else "left" if dx > 0 else "right",
            va="center" if abs(dy) < 1 else "bottom" if dy > 0 else "top",
        )


_DRAW: dict[Mark, Callable[[Canvas, Layer], None]] = {
    Mark.POINT: _points,
    Mark.LINE: _line,
    Mark.BAR: _bars,
    Mark.INTERVAL: _intervals,
    Mark.BOX: _boxes,
}
