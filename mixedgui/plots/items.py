"""The layers of a graph as pyqtgraph items, in the theme's colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPen

from engine.api import Dash, GraphSpec, Layer, LayerStyle, Mark, Symbol, graph_appearance
from mixedgui.plots.place import Place
from mixedgui.theme_tokens import Tokens

_SYMBOLS = {
    Symbol.DISC: "o",
    Symbol.SQUARE: "s",
    Symbol.TRIANGLE: "t1",
    Symbol.DIAMOND: "d",
    Symbol.CROSS: "x",
    Symbol.PLUS: "+",
    Symbol.DOT: "o",
}
_RASTER_CELLS = (480, 320)
_DOT_SIZE = 2.0
_MOST_TEXTS = 1_000
_BAND_CELLS = 1_000
_SMOOTH_LINES = 20_000
"""Longer lines are drawn without antialiasing."""


@dataclass(frozen=True, slots=True)
class Paint:
    """The graph, the colours its items are made with, and where its values lie in the view."""

    graph: GraphSpec
    tokens: Tokens
    place: Place
    ratio: float = 1.0
    """Pixels of the screen per device-independent pixel: pens are as wide on every screen."""

    @property
    def series(self) -> tuple[str, ...]:
        """The colours of the series: those of the scheme where it has its own, else those of the theme."""
        scheme = graph_appearance.scheme_of(self.graph)
        dark = self.tokens.base == graph_appearance.DARK.background
        own = scheme.dark if dark else scheme.light
        usual = graph_appearance.DARK if dark else graph_appearance.LIGHT
        return self.tokens.series if own.series == usual.series else own.series

    def colour(self, layer: Layer) -> QColor:
        """Return the colour of a layer: what was asked for, or that of its series."""
        if layer.look.colour == "none":
            return QColor(0, 0, 0, 0)
        series = self.series
        name = layer.look.colour or series[graph_appearance.colour_index(self.graph, layer) % len(series)]
        return QColor(name)

    def fill(self, layer: Layer, alpha: float) -> QColor:
        """Return the colour inside bars, boxes and bands."""
        colour = QColor(0, 0, 0, 0) if layer.look.fill == "none" else QColor(layer.look.fill or self.colour(layer))
        if layer.look.fill != "none":
            colour.setAlphaF(layer.look.alpha if layer.look.alpha is not None else alpha)
        return colour

    def symbol(self, layer: Layer) -> str:
        """Return the marker of a layer."""
        index = graph_appearance.series_index(self.graph, layer)
        symbol = layer.look.symbol or graph_appearance.SYMBOLS[index % len(graph_appearance.SYMBOLS)]
        return _SYMBOLS[symbol]

    def wide(self, usual: float, layer: Layer) -> float:
        """Return a pen's width in pixels of the screen."""
        return self.ratio * (usual if layer.look.width is None else layer.look.width)

    def pen(self, layer: Layer, width: float, colour: QColor | None = None) -> QPen:
        """Return a pen in the colour and pattern of a layer, `width` pixels wide unless another width is asked for."""
        own = QColor(colour or self.colour(layer))
        if layer.look.alpha is not None:
            own.setAlphaF(layer.look.alpha)
        pen: QPen = pg.mkPen(own, width=self.wide(width, layer))
        return pen


def points_item(paint: Paint, layer: Layer, *, shown: int) -> Any:
    """Return the points of a layer, in the look for `shown` points altogether."""
    usual, look = graph_appearance.point_look(shown), layer.look
    colour = paint.colour(layer)
    alpha = look.alpha if look.alpha is not None else max(usual.alpha, 0.65 if look.colour else 0.0)
    if look.colour != "none":
        colour.setAlphaF(alpha)
    size = _DOT_SIZE if look.symbol is Symbol.DOT else usual.size if look.size is None else look.size
    x, y = paint.place.of(layer)
    return pg.ScatterPlotItem(
        x=x,
        y=y,
        symbol=paint.symbol(layer),
        size=size + (1.0 if look.hollow else 0.0),
        pen=pg.mkPen(colour, width=1.2 * paint.ratio) if look.hollow else None,
        brush=None if look.hollow else pg.mkBrush(colour),
    )


def line_item(paint: Paint, layer: Layer) -> Any:
    """Return a line: dashed for a reference, 2 px in the text colour for a smoother, thin for a curve."""
    if layer.style is LayerStyle.REFERENCE and layer.across:
        return _across_item(paint, layer)
    pen = line_pen(paint, layer)
    x, y = paint.place.of(layer)
    connect: Any = "all"
    if len(layer.starts):
        connect = np.ones(len(x), dtype=np.int32)
        connect[layer.starts - 1] = 0
    item = pg.PlotDataItem(x=x, y=y, pen=pen, connect=connect, antialias=len(x) <= _SMOOTH_LINES)
    if not len(layer.starts):
        item.setDownsampling(auto=True, method="subsample")
    return item


def line_pen(paint: Paint, layer: Layer) -> QPen:
    """Return the pen of a line."""
    tokens, data = paint.tokens, layer.style is LayerStyle.DATA
    if layer.style is LayerStyle.REFERENCE:
        pen = paint.pen(layer, 1, None if layer.look.colour else QColor(tokens.reference))
    elif data or layer.look.colour or layer.group:
        pen = paint.pen(layer, 1.5 if data else 1 if layer.style is LayerStyle.CURVE else 2)
    else:
        pen = paint.pen(layer, 1 if layer.style is LayerStyle.CURVE else 2, QColor(tokens.text))
    dash = graph_appearance.dash_of(paint.graph, layer)
    if layer.look.dash is Dash.BLANK:
        pen.setStyle(Qt.PenStyle.NoPen)
    elif dash:
        pen.setStyle(Qt.PenStyle.CustomDashLine)
        pen.setDashPattern(list(dash))
    return pen


def _across_item(paint: Paint, layer: Layer) -> Any:
    x, y = paint.place.of(layer)
    upright = x[0] == x[-1]
    return pg.InfiniteLine(pos=float(x[0] if upright else y[0]), angle=90 if upright else 0, pen=line_pen(paint, layer))


def bars_item(paint: Paint, layer: Layer) -> Any:
    """Return bars with a hairline of the background between them."""
    base = layer.base if len(layer.base) else np.zeros(len(layer.x))
    outline = QColor(layer.look.colour) if layer.look.colour not in ("", "none") else QColor(paint.tokens.base)
    style: dict[str, Any] = {
        "pen": pg.mkPen(outline, width=paint.wide(1, layer)),
        "brush": pg.mkBrush(paint.fill(layer, 0.65)),
    }
    if paint.graph.swapped:
        return pg.BarGraphItem(x0=base, y=layer.x, width=layer.y - base, height=layer.width, **style)
    if len(layer.base):
        return pg.BarGraphItem(x=layer.x, y0=base, height=layer.y - base, width=layer.width, **style)
    return pg.BarGraphItem(x=layer.x, height=layer.y, width=layer.width, **style)


def intervals_item(paint: Paint, layer: Layer) -> Any:
    """Return intervals, with or without caps."""
    x, y = paint.place.pairs(layer.x, layer.ll, layer.ul)
    pen = paint.pen(layer, 1)
    dash = graph_appearance.dash_of(paint.graph, layer) if layer.look.dash else ()
    if dash:
        pen.setStyle(Qt.PenStyle.CustomDashLine)
        pen.setDashPattern(list(dash))
    item = pg.PlotDataItem(x=x, y=y, connect="pairs", pen=pen)
    if layer.look.caps:
        symbol = _cap(upright=paint.graph.swapped)
        caps = pg.ScatterPlotItem(x=x, y=y, symbol=symbol, size=8, pen=pen, brush=None)
        caps.setParentItem(item)
    return item


def _cap(*, upright: bool) -> Any:
    """Return a short bar as a marker."""
    from PySide6.QtGui import QPainterPath

    path = QPainterPath()
    path.moveTo(0.0, -0.5) if upright else path.moveTo(-0.5, 0.0)
    path.lineTo(0.0, 0.5) if upright else path.lineTo(0.5, 0.0)
    return path


def band_item(paint: Paint, layer: Layer) -> Any:
    """Return the area between the two ends of a layer's intervals."""
    kept = _corners(layer.x)
    ends = [paint.place.put(layer.x[kept], end[kept]) for end in (layer.ll, layer.ul)]
    outline = paint.pen(layer, 1) if layer.look.colour else None
    curves = [pg.PlotCurveItem(x=x, y=y, pen=outline) for x, y in ends]
    band = pg.FillBetweenItem(*curves, brush=pg.mkBrush(paint.fill(layer, 0.2)))
    for curve in curves:
        curve.setParentItem(band)
    return band


def _corners(x: np.ndarray) -> np.ndarray:
    """Return which of the places `x` a band needs: of ascending ones the first in each narrow cell, and the last.

    Qt takes a tenth of a second to fill between thousands of points.
    """
    kept = np.ones(len(x), dtype=bool)
    if len(x) > _BAND_CELLS and bool((np.diff(x) >= 0.0).all()) and x[-1] > x[0]:
        cells = np.floor((x - x[0]) * (_BAND_CELLS / (x[-1] - x[0])))
        kept[1:-1] = np.diff(cells[:-1]) > 0.0
    return kept


def boxes_item(paint: Paint, layer: Layer) -> Any:
    """Return boxes from the lower to the upper quartile with the median across."""
    outline = paint.colour(layer)
    pen = pg.mkPen(outline, width=paint.wide(1, layer))
    share = layer.look.alpha if layer.look.alpha is not None else 0.35
    brush = pg.mkBrush(_mixed(paint.fill(layer, 1.0), QColor(paint.tokens.base), share))
    height, half = layer.ul - layer.ll, layer.width / 2
    if paint.graph.swapped:
        boxes = pg.BarGraphItem(x0=layer.ll, y=layer.x, width=height, height=layer.width, pen=pen, brush=brush)
        ends = np.column_stack([layer.x - half, layer.x + half]).ravel()
        x, y = np.repeat(layer.y, 2), ends
    else:
        boxes = pg.BarGraphItem(x=layer.x, y0=layer.ll, height=height, width=layer.width, pen=pen, brush=brush)
        x, y = np.column_stack([layer.x - half, layer.x + half]).ravel(), np.repeat(layer.y, 2)
    median = pg.PlotDataItem(x=x, y=y, connect="pairs", pen=pg.mkPen(outline, width=2 * paint.ratio))
    median.setParentItem(boxes)
    return boxes


def _mixed(colour: QColor, ground: QColor, share: float) -> QColor:
    pairs = (
        (colour.red(), ground.red()),
        (colour.green(), ground.green()),
        (colour.blue(), ground.blue()),
    )
    return QColor(*(round(share * own + (1 - share) * below) for own, below in pairs))


def raster_item(paint: Paint, layer: Layer, x: tuple[float, float], y: tuple[float, float]) -> Any:
    """Return a density raster of the points inside the given ranges of the view."""
    area = graph_appearance.Extent(x, y)
    alpha = graph_appearance.raster(*paint.place.of(layer), area, *_RASTER_CELLS)
    image = np.empty((*alpha.shape, 4), dtype=np.uint8)
    colour = paint.colour(layer)
    image[..., :3] = (colour.red(), colour.green(), colour.blue())
    image[..., 3] = np.round(255 * alpha)
    item = pg.ImageItem(image, axisOrder="row-major")
    item.setRect(QRectF(x[0], y[0], x[1] - x[0], y[1] - y[0]))
    item.setZValue(-1)
    return item


def text_items(paint: Paint, layer: Layer) -> list[Any]:
    """Return the labels beside the marks of a layer; beyond a thousand they are left out."""
    if not 0 < len(layer.texts) <= _MOST_TEXTS:
        return []
    clock = 3 if paint.graph.swapped and layer.mark is Mark.BAR else layer.clock
    angle = np.pi / 2 - 2 * np.pi * clock / 12
    anchor = (0.5, 0.5) if clock == 0 else (0.5 - 0.62 * float(np.cos(angle)), 0.5 + 0.62 * float(np.sin(angle)))
    x, y = paint.place.of(layer)
    items = []
    for place_x, place_y, text in zip(x.tolist(), y.tolist(), layer.texts, strict=True):
        item = pg.TextItem(text, color=QColor(paint.tokens.text2), anchor=anchor)
        item.setPos(place_x, place_y)
        items.append(item)
    return items


def fixed_item(paint: Paint, layer: Layer) -> Any:
    """Return the item of a layer that does not depend on the zoom."""
    if layer.mark is Mark.LINE:
        return line_item(paint, layer)
    if layer.mark is Mark.BAR:
        return bars_item(paint, layer)
    if layer.mark is Mark.BOX:
        return boxes_item(paint, layer)
    return band_item(paint, layer) if layer.style is LayerStyle.BAND else intervals_item(paint, layer)
