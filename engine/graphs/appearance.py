"""How the parts of a graph look on every renderer: colours, marker sizes, markers, dashes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.graphs.graphspec import FloatArray, GraphSpec, Layer, Mark
from engine.graphs.look import DASH_LENGTHS, Dash, Symbol

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


@dataclass(frozen=True, slots=True)
class Extent:
    """Ranges of both axes, padding included."""

    x: tuple[float, float]
    y: tuple[float, float]


def extent(graph: GraphSpec) -> Extent:
    """Return the ranges that show every mark; bars stand on zero."""
    xs, ys = [np.empty(0)], [np.empty(0)]
    for layer in graph.layers:
        half = layer.width / 2
        xs.append(np.concatenate([layer.x - half, layer.x + half]) if half else layer.x)
        ys.extend((layer.y, layer.ll, layer.ul))
        if layer.mark is Mark.BAR:
            ys.append(np.zeros(1))
    x, y = _padded(np.concatenate(xs)), _padded(np.concatenate(ys))
    if any(layer.mark is Mark.BAR for layer in graph.layers) and y[0] < 0 <= min(np.concatenate(ys)):
        y = (0.0, y[1])
    return Extent(x, y)


def _padded(values: FloatArray) -> tuple[float, float]:
    if not len(values):
        return (0.0, 1.0)
    low, high = float(values.min()), float(values.max())
    pad = PADDING * (high - low) or PADDING * abs(high) or 1.0
    return (low - pad, high + pad)


def raster(x: FloatArray, y: FloatArray, area: Extent, columns: int, rows: int) -> FloatArray:
    """Return the opacity of each cell of a density raster, shape (rows, columns), lowest row first.

    Opacity grows with the logarithm of the count, from .15 for a single point to 1 for the fullest cell.
    """
    counts, _, _ = np.histogram2d(y, x, bins=(rows, columns), range=(area.y, area.x))
    fullest = counts.max()
    if fullest <= 0:
        return np.zeros((rows, columns))
    share = np.log1p(counts) / np.log1p(fullest)
    return np.where(counts > 0, 0.15 + 0.85 * share, 0.0)
