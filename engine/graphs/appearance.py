"""How the parts of a graph look on every renderer: colours, marker sizes, markers, dashes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.data.formats import shown_numbers
from engine.graphs.axes import Axis, Panel
from engine.graphs.graphspec import FloatArray, GraphSpec, Layer, LayerStyle, Mark
from engine.graphs.look import DASH_LENGTHS, Dash, Symbol

_NUMBER = re.compile(r"-[0-9,]*\.?[0-9]*(?:e[-+]?[0-9]+)?")

RASTER_LIMIT = 50_000
"""More points than this are drawn as a density raster."""

PADDING = 0.05
"""Share of the data's range left free on each side."""


SYMBOLS = (Symbol.DISC, Symbol.SQUARE, Symbol.TRIANGLE, Symbol.DIAMOND, Symbol.CROSS)
"""Markers in order of use."""

DASHES = tuple(DASH_LENGTHS[dash] for dash in (Dash.SOLID, Dash.DASH, Dash.DOT, Dash.DASH_DOT))
"""On-off lengths in line widths, in order of use; the first is a solid line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """Colours of an exported graph as ``#RRGGBB``; `series` in order of use (Okabe and Ito 2008)."""

    background: str
    text: str
    text2: str
    axis: str
    reference: str
    series: tuple[str, ...]


LIGHT = Colours(
    background="#FFFFFF",
    text="#1C2127",
    text2="#555E68",
    axis="#808993",
    reference="#6B747E",
    series=("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442"),
)
DARK = Colours(
    background="#25292F",
    text="#E7E9EC",
    text2="#A9B1BA",
    axis="#78818B",
    reference="#8A939D",
    series=("#56B4E9", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#0072B2", "#F2F3F5", "#F0E442"),
)


_GREYS = ("#1C2127", "#7A828B", "#4A525B", "#A9B1BA", "#2F363D", "#8F979F", "#000000", "#C3C9CF")
_GREYS_ON_DARK = ("#F2F3F5", "#98A0A9", "#C9CED4", "#78818B", "#E7E9EC", "#A9B1BA", "#FFFFFF", "#667079")
_S2 = ("#1A476F", "#90353B", "#55752F", "#E37E00", "#6E8E84", "#C10534", "#938DD2", "#CAC27E")
_STATA18 = ("#1A85FF", "#D41159", "#00BF7F", "#FFD400", "#AA66FF", "#40B0FF", "#FF7A59", "#0C7BDC")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A named look of whole graphs.

    Attributes
    ----------
    label
        What it is for, in words.
    light, dark
        Colours on a light and on a dark ground; None for the standard ones.
    width_mm
        Width of a saved figure unless another is asked for.
    text_pt
        Size of its text.
    frame, grid
        A line around the plot, and level lines at the labels.
    """

    label: str
    light: Colours = LIGHT
    dark: Colours = DARK
    width_mm: float = 175.0
    text_pt: float = 8.0
    frame: bool = False
    grid: bool = False


_MONO = replace(LIGHT, series=_GREYS)
_MONO_ON_DARK = replace(DARK, series=_GREYS_ON_DARK)
SCHEMES: dict[str, Scheme] = {
    "": Scheme(label="Standard, colour-blind-safe"),
    "screen": Scheme(label="Standard, colour-blind-safe"),
    "journal": Scheme(label="Journal, one column of 85 mm", width_mm=85.0),
    "journal2": Scheme(label="Journal, two columns of 175 mm"),
    "slides": Scheme(label="Slides, large text", width_mm=254.0, text_pt=18.0),
    "stcolor": Scheme(label="Colours of Stata 18", light=replace(LIGHT, series=_STATA18), grid=True),
    "stcolor_alt": Scheme(label="Standard colours with level lines", grid=True),
    "stgcolor": Scheme(label="Standard colours with level lines", grid=True),
    "s2color": Scheme(label="Colours of Stata 8 to 17", light=replace(LIGHT, series=_S2), grid=True),
    "s1color": Scheme(label="Colours of Stata 8 to 17, framed", light=replace(LIGHT, series=_S2), frame=True),
    "s2mono": Scheme(label="Greys with level lines", grid=True, light=_MONO, dark=_MONO_ON_DARK),
    "s1mono": Scheme(label="Greys, framed", frame=True, light=_MONO, dark=_MONO_ON_DARK),
    "stmono1": Scheme(label="Greys with level lines", grid=True, light=_MONO, dark=_MONO_ON_DARK),
    "stmono2": Scheme(label="Greys", light=_MONO, dark=_MONO_ON_DARK),
    "sj": Scheme(label="Greys, one column", width_mm=85.0, grid=True, light=_MONO, dark=_MONO_ON_DARK),
}
"""Scheme by name; the empty name is the standard one ([G-4] schemes intro has the names that Stata shares)."""


def scheme_of(graph: GraphSpec) -> Scheme:
    """Return the scheme of a graph, the standard one where its name is not known."""
    return SCHEMES.get(graph.scheme, SCHEMES[""])


@dataclass(frozen=True, slots=True)
class PointLook:
    """Diameter in device-independent pixels (96 to the inch) and opacity of a point without outline."""

    size: float
    alpha: float


def point_look(n: int) -> PointLook:
    """Return the look of points when `n` are drawn."""
    for most, size, alpha in ((200, 6.0, 0.65), (2_000, 4.5, 0.5), (10_000, 3.2, 0.22)):
        if n <= most:
            return PointLook(size, alpha)
    return PointLook(2.0, 0.12)


def series_index(graph: GraphSpec, layer: Layer) -> int:
    """Return which series of the graph a layer belongs to, 0 when there is only one."""
    return graph.plot_of(layer)


def tick_text(label: str) -> str:
    """Return the label of a tick as it is shown: a number has a true minus sign."""
    return shown_numbers(label).replace("-", "\N{MINUS SIGN}") if _NUMBER.fullmatch(label.strip()) else label


def dash_of(graph: GraphSpec, layer: Layer) -> tuple[float, ...]:
    """Return the on-off lengths of a line: what was asked for, or those of its rank among the lines."""
    if layer.look.dash is not None:
        return DASH_LENGTHS[layer.look.dash]
    if layer.style is LayerStyle.REFERENCE:
        return DASH_LENGTHS[Dash.DASH]
    lines = dict.fromkeys(
        graph.plot_of(one) for one in graph.layers if one.mark is Mark.LINE and one.style is not LayerStyle.REFERENCE
    )
    return DASHES[list(lines).index(graph.plot_of(layer)) % len(DASHES)]


def colour_index(graph: GraphSpec, layer: Layer) -> int:
    """Return the series whose colour a layer takes."""
    return graph.plot_of(layer) if layer.look.like is None else layer.look.like


@dataclass(frozen=True, slots=True)
class Extent:
    """Ranges of the axes, padding included; `right` is that of the axis at the right where there is one."""

    x: tuple[float, float]
    y: tuple[float, float]
    right: tuple[float, float] | None = None


def extent(graph: GraphSpec, panel: str | None = None) -> Extent:
    """Return the ranges that show every mark, of the whole graph or of one panel; bars stand on zero.

    A panel has its own range on an axis that the panels do not have in common. On a logarithmic axis the padding is a
    share of the decades.
    """
    own = next((one for one in graph.panels if one.key == panel), None)
    x_axis, y_axis = axes_of(graph, own)
    alone = graph.layers if panel is None else graph.layers_of(panel)
    x_layers = graph.layers if graph.grid.common_x or own is None else alone
    y_layers = graph.layers if graph.grid.common_y or own is None else alone
    right = [layer for layer in y_layers if layer.right]
    return Extent(
        _along(x_layers, x_axis, upright=False),
        _along([layer for layer in y_layers if not layer.right], y_axis, upright=True),
        _along(right, graph.right_axis, upright=True) if graph.has_right else None,
    )


def axes_of(graph: GraphSpec, panel: Panel | None) -> tuple[Axis, Axis]:
    """Return x and y axis of a panel: its own, or those of the graph."""
    if panel is None:
        return graph.x_axis, graph.y_axis
    return panel.x_axis or graph.x_axis, panel.y_axis or graph.y_axis


def data_range(layers: Sequence[Layer], *, upright: bool) -> tuple[float, float] | None:
    """Return the smallest and the largest value drawn along an axis, None where nothing is."""
    found = [array for layer in layers for array in _places(layer, upright=upright) if len(array)]
    if not found:
        return None
    return min(float(array.min()) for array in found), max(float(array.max()) for array in found)


def _places(layer: Layer, *, upright: bool) -> tuple[FloatArray, ...]:
    """Return the arrays that have to show along an axis."""
    if layer.mark is Mark.BAR and upright:
        return layer.y, layer.base if len(layer.base) else np.zeros(min(1, len(layer.y)))
    if upright:
        return (layer.ll, layer.ul) if layer.mark in (Mark.INTERVAL, Mark.BOX) else (layer.exact_y,)
    half = layer.width / 2
    return (layer.x - half, layer.x + half) if half else (layer.exact_x,)


def _along(layers: Sequence[Layer], axis: Axis, *, upright: bool) -> tuple[float, float]:
    """Return the range of an axis, as it is drawn from left to right or from below."""
    reach = data_range(layers, upright=upright)
    if axis.exact and axis.low is not None and axis.high is not None:
        low, high = axis.low, axis.high
    else:
        known = [end for end in (axis.low, axis.high) if end is not None and (end > 0 or not axis.log)]
        known += list(reach or ()) + [tick.value for tick in axis.ticks]
        low, high = _padded(min(known, default=0.0), max(known, default=1.0), log=axis.log)
        stand = upright and reach is not None and reach[0] >= 0 and any(layer.mark is Mark.BAR for layer in layers)
        if stand and not axis.log and low < 0 <= min(known):
            low = 0.0
        if axis.categories:
            low, high = min(known) - 0.5, max(known) + 0.5
        moved = [layer.y if upright else layer.x for layer in layers if len(layer.true_x)]
        low = min([low, *(float(values.min()) for values in moved)])
        high = max([high, *(float(values.max()) for values in moved)])
    return (high, low) if axis.reverse else (low, high)


def _padded(low: float, high: float, *, log: bool) -> tuple[float, float]:
    if log:
        if low <= 0:
            return (0.1, 10.0)
        factor = (high / low) ** PADDING if high > low else 2.0
        return (low / factor, high * factor)
    pad = PADDING * (high - low) or PADDING * abs(high) or 1.0
    return (low - pad, high + pad)


def raster(x: FloatArray, y: FloatArray, area: Extent, columns: int, rows: int) -> FloatArray:
    """Return the opacity of each cell of a density raster, shape (rows, columns), lowest row first.

    Opacity grows with the logarithm of the count, from .15 for a single point to 1 for the fullest cell.
    """
    left, low = min(area.x), min(area.y)
    width, height = abs(area.x[1] - area.x[0]), abs(area.y[1] - area.y[0])
    column = (x - left) * (columns / width)
    row = (y - low) * (rows / height)
    inside = (column >= 0) & (column <= columns) & (row >= 0) & (row <= rows)
    cells = np.minimum(row[inside].astype(np.int64), rows - 1) * columns
    cells += np.minimum(column[inside].astype(np.int64), columns - 1)
    counts = np.bincount(cells, minlength=rows * columns).reshape(rows, columns).astype(np.float64)
    fullest = counts.max()
    if fullest <= 0:
        return np.zeros((rows, columns))
    share = np.log1p(counts) / np.log1p(fullest)
    return np.where(counts > 0, 0.15 + 0.85 * share, 0.0)
