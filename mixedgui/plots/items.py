"""The layers of a graph as pyqtgraph items, in the theme's colours."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor

from engine.api import GraphSpec, Layer, LayerStyle, Mark, graph_appearance
from mixedgui.theme_tokens import Tokens

_SYMBOLS = {"disc": "o", "square": "s", "triangle": "t1", "diamond": "d", "cross": "x"}
_RASTER_CELLS = (480, 320)


@dataclass(frozen=True, slots=True)
class Paint:
    """The graph and the colours its items are made with."""

    graph: GraphSpec
    tokens: Tokens

    def colour(self, layer: Layer) -> QColor:
        """Return the colour of a layer's series."""
        index = graph_appearance.series_index(self.graph, layer)
        return QColor(self.tokens.series[index % len(self.tokens.series)])

    def symbol(self, layer: Layer) -> str:
        """Return the marker of a layer's series."""
        index = graph_appearance.series_index(self.graph, layer)
        return _SYMBOLS[graph_appearance.SYMBOLS[index % len(graph_appearance.SYMBOLS)].value]


def label_of(layer: Layer) -> str | None:
    """Return the legend's text for a layer, None when it is not listed."""
    return html.escape(layer.group) if layer.group else None


def points_item(paint: Paint, layer: Layer, *, shown: int) -> Any:
    """Return the points of a layer, in the look for `shown` points altogether."""
    look = graph_appearance.point_look(shown)
    colour = paint.colour(layer)
    colour.setAlphaF(look.alpha)
    return pg.ScatterPlotItem(
        x=layer.x,
        y=layer.y,
        symbol=paint.symbol(layer),
        size=look.size,
        pen=None,
        brush=pg.mkBrush(colour),
        name=label_of(layer),
    )


def line_item(paint: Paint, layer: Layer) -> Any:
    """Return a line: dashed for a reference, 2 px in the text colour for a smoother, thin for a curve."""
    tokens = paint.tokens
    if layer.style is LayerStyle.REFERENCE:
        pen = pg.mkPen(QColor(tokens.reference), width=1, style=Qt.PenStyle.CustomDashLine, dash=[5, 3])
    elif layer.style is LayerStyle.DATA:
        pen = pg.mkPen(paint.colour(layer), width=1.5)
    else:
        pen = pg.mkPen(QColor(tokens.text), width=1 if layer.style is LayerStyle.CURVE else 2)
    index = graph_appearance.series_index(paint.graph, layer)
    dash = graph_appearance.DASHES[index % len(graph_appearance.DASHES)]
    if dash and layer.style is not LayerStyle.REFERENCE:
        pen.setDashPattern(list(dash))
    item = pg.PlotDataItem(x=layer.x, y=layer.y, pen=pen, name=label_of(layer), antialias=True)
    item.setDownsampling(auto=True, method="subsample")
    return item


def bars_item(paint: Paint, layer: Layer) -> Any:
    """Return bars with a hairline of the background between them."""
    colour = paint.colour(layer)
    colour.setAlphaF(0.65)
    return pg.BarGraphItem(
        x=layer.x,
        height=layer.y,
        width=layer.width,
        pen=pg.mkPen(QColor(paint.tokens.base), width=1),
        brush=pg.mkBrush(colour),
        name=label_of(layer),
    )


def intervals_item(paint: Paint, layer: Layer) -> Any:
    """Return vertical intervals."""
    x = np.repeat(layer.x, 2)
    y = np.column_stack([layer.ll, layer.ul]).ravel()
    return pg.PlotDataItem(x=x, y=y, connect="pairs", pen=pg.mkPen(paint.colour(layer), width=1), name=label_of(layer))


def raster_item(paint: Paint, layer: Layer, x: tuple[float, float], y: tuple[float, float]) -> Any:
    """Return a density raster of the points inside the given ranges."""
    area = graph_appearance.Extent(x, y)
    alpha = graph_appearance.raster(layer.x, layer.y, area, *_RASTER_CELLS)
    image = np.empty((*alpha.shape, 4), dtype=np.uint8)
    colour = paint.colour(layer)
    image[..., :3] = (colour.red(), colour.green(), colour.blue())
    image[..., 3] = np.round(255 * alpha)
    item = pg.ImageItem(image, axisOrder="row-major")
    item.setRect(QRectF(x[0], y[0], x[1] - x[0], y[1] - y[0]))
    item.setZValue(-1)
    return item


def fixed_item(paint: Paint, layer: Layer) -> Any:
    """Return the item of a layer that does not depend on the zoom."""
    if layer.mark is Mark.LINE:
        return line_item(paint, layer)
    if layer.mark is Mark.BAR:
        return bars_item(paint, layer)
    return intervals_item(paint, layer)
