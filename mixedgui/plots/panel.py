"""One panel of a graph on the screen: its axes, its items, and the mark under a place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QObject, QPointF, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF

from engine.api import GraphSpec, Layer, LayerStyle, Mark, Panel, Symbol, graph_appearance
from mixedgui.plots.axis import GraphAxis
from mixedgui.plots.items import Paint, fixed_item, points_item, raster_item, text_items
from mixedgui.plots.nearest import Hit, Marks
from mixedgui.plots.place import Measure, Place
from mixedgui.theme_tokens import Tokens

_REDRAW_MS = 40
_TITLE_MARGIN = 12.0
"""What a label of the library leaves free above and below its words."""


class PanelPlot(QObject):
    """One plot with its own axes.

    Parameters
    ----------
    graph, panel
        The description, and which of its panels; None when it has one plot.
    titled
        Whether the axis titles stand at this plot.

    Attributes
    ----------
    moved
        Emitted when its ranges have changed.
    points
        The layers of visible points.
    brushed, areas
        The layers whose marks can be selected: points and lines of observations, and bars and boxes.
    """

    moved = Signal()

    def __init__(self, graph: GraphSpec, panel: Panel | None, *, titled: bool, parent: QObject) -> None:
        super().__init__(parent)
        self.graph, self.panel = graph, panel
        key = panel.key if panel is not None else ""
        self.layers = graph.layers_of(key)
        x_axis, y_axis = graph_appearance.axes_of(graph, panel)
        area = graph_appearance.extent(graph, key if panel is not None else None)
        measure = None
        if area.right is not None:
            measure = Measure.of(area.y, area.right, log=graph.right_axis.log, left_log=y_axis.log)
        self.place = Place(x_log=x_axis.log, y_log=y_axis.log, swapped=graph.swapped, right=measure)
        x_title, y_title = (graph.x_title, graph.y_title) if titled else ("", "")
        if panel is not None:
            x_title, y_title = panel.x_title or x_title, panel.y_title or y_title
        across, up = ((y_axis, y_title), (x_axis, x_title)) if graph.swapped else ((x_axis, x_title), (y_axis, y_title))
        self.axes = {"bottom": GraphAxis("bottom", across[1], across[0]), "left": GraphAxis("left", up[1], up[0])}
        if measure is not None:
            right_title = graph.right_title if titled else ""
            self.axes["right"] = GraphAxis("right", right_title, graph.right_axis, measure=measure)
        self.item = pg.PlotItem(axisItems=self.axes)
        self.marks = Marks(graph, panel=key, place=self.place)
        self.ring = pg.ScatterPlotItem(size=1)
        self.points = [layer for layer in self.layers if layer.mark is Mark.POINT and _visible(layer)]
        lines = [layer for layer in self.layers if self.marks.is_line_of_rows(layer)]
        self.brushed = [layer for layer in (*self.points, *lines) if len(layer.rows)]
        solid = [layer for layer in self.layers if layer.mark in (Mark.BAR, Mark.BOX)]
        self.areas = [layer for layer in solid if len(layer.members) or len(layer.rows)]
        self._n_points = sum(len(layer.x) for layer in self.points)
        self._moving: list[Any] = []
        self._tokens: Tokens | None = None
        self._ratio = 1.0
        self._timer = QTimer(self)
        self._set_up(hidden_x=across[0].hidden, hidden_y=up[0].hidden)
        self._across, self._up = self.place.range_across(area.x, area.y), self.place.range_up(area.x, area.y)
        self.item.vb.invertX(self._across[0] > self._across[1])
        self.item.vb.invertY(self._up[0] > self._up[1])
        self.reset()

    def _set_up(self, *, hidden_x: bool, hidden_y: bool) -> None:
        item = self.item
        item.hideButtons()
        item.setMenuEnabled(False)
        if hidden_x:
            item.hideAxis("bottom")
        if hidden_y:
            item.hideAxis("left")
        if "right" in self.axes and not self.graph.right_axis.hidden:
            item.showAxis("right")
        if self.graph.aspect is not None:
            item.vb.setAspectLocked(False)
        item.vb.sigRangeChanged.connect(self._range_changed)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REDRAW_MS)
        self._timer.timeout.connect(self._redraw_points)

    def reset(self) -> None:
        """Show all of the data."""
        self.item.vb.setRange(xRange=sorted(self._across), yRange=sorted(self._up), padding=0)

    def stop(self) -> None:
        """Draw nothing any more."""
        self._timer.stop()

    def dress(self, tokens: Tokens, font: QFont, ratio: float = 1.0) -> None:
        """Make every item anew in the theme's colours; the zoom stays."""
        self._tokens, self._ratio = tokens, ratio
        item = self.item
        for axis in self.axes.values():
            axis.dress(tokens, font)
        if self.panel is not None:
            if self.panel.title:
                item.setTitle(_html(self.panel.title), color=tokens.text, size=f"{font.pointSizeF():.1f}pt")
                height = QFontMetricsF(font).height() + _TITLE_MARGIN
                item.titleLabel.setMaximumHeight(height)
                item.layout.setRowFixedHeight(0, height)
            else:
                item.setTitle(None)
        item.clear()
        self._moving = []
        paint = Paint(self.graph, tokens, self.place, ratio)
        for depth, layer in enumerate(self.layers):
            if layer.mark is not Mark.POINT and len(layer.x):
                drawn = fixed_item(paint, self.place.on_left(layer))
                under = layer.style in (LayerStyle.REFERENCE, LayerStyle.BAND) or layer.mark is not Mark.LINE
                drawn.setZValue(depth + (-100 if under else 100))
                item.addItem(drawn)
            for text in text_items(paint, layer):
                text.setFont(font)
                item.addItem(text, ignoreBounds=True)
        self._draw_points(paint)
        if self.panel is not None and self.panel.text.strip():
            self._write(self.panel.text, tokens, font)
        self.ring.setPen(pg.mkPen(QColor(tokens.text), width=1.5 * ratio))
        self.ring.setBrush(None)
        self.ring.setZValue(1000)
        item.addItem(self.ring, ignoreBounds=True)

    def _write(self, text: str, tokens: Tokens, font: QFont) -> None:
        """Write words into the middle of an empty panel."""
        words = pg.TextItem(text, color=QColor(tokens.text), anchor=(0.5, 0.5))
        words.setFont(font)
        words.setPos(sum(self._across) / 2, sum(self._up) / 2)
        self.item.addItem(words, ignoreBounds=True)

    def _draw_points(self, paint: Paint) -> None:
        """Draw points, or where too many are in sight their density."""
        if self._n_points <= graph_appearance.RASTER_LIMIT:
            for layer in self.points:
                self._add_moving(points_item(paint, layer, shown=self.graph.most_points))
            return
        x, y = (tuple(edge) for edge in self.item.vb.viewRange())
        visible = [self._inside(layer, x, y) for layer in self.points]
        count = sum(len(layer.x) for layer in visible)
        for layer in visible:
            if count <= graph_appearance.RASTER_LIMIT:
                self._add_moving(points_item(paint, layer, shown=count))
            else:
                self._add_moving(raster_item(paint, layer, x, y))

    def _add_moving(self, drawn: Any) -> None:
        self._moving.append(drawn)
        self.item.addItem(drawn)

    def _inside(self, layer: Layer, x: tuple[float, ...], y: tuple[float, ...]) -> Layer:
        across, up = self.place.of(layer)
        seen = (across >= x[0]) & (across <= x[1]) & (up >= y[0]) & (up <= y[1])
        if seen.all():
            return layer
        rows = layer.rows[seen] if len(layer.rows) else layer.rows
        return replace(layer, x=layer.x[seen], y=layer.y[seen], rows=rows, texts=())

    @Slot()
    def _redraw_points(self) -> None:
        if self._tokens is None:
            return
        for drawn in self._moving:
            self.item.removeItem(drawn)
        self._moving = []
        self._draw_points(Paint(self.graph, self._tokens, self.place, self._ratio))

    def _range_changed(self) -> None:
        self.moved.emit()
        if self._n_points > graph_appearance.RASTER_LIMIT:
            self._timer.start()

    def hit_at(self, scene_position: QPointF) -> Hit | None:
        """Return the mark under a place of the scene."""
        box = self.item.vb
        if not self.item.isVisible() or not box.sceneBoundingRect().contains(scene_position):
            return None
        place = box.mapSceneToView(scene_position)
        x_pixel, y_pixel = box.viewPixelSize()
        return self.marks.nearest(place.x(), place.y(), x_pixel=x_pixel, y_pixel=y_pixel)

    def scene_place(self, hit: Hit) -> QPointF:
        """Return where a mark lies in the scene."""
        x, y = self.marks.where(hit)
        place: QPointF = self.item.vb.mapViewToScene(QPointF(x, y))
        return place

    def show_ring(self, hit: Hit | None) -> None:
        """Draw a ring around a mark, or none."""
        if hit is None:
            self.ring.setData([], [])
        elif hit.layer.mark in (Mark.POINT, Mark.LINE):
            x, y = self.marks.where(hit)
            self.ring.setData([x], [y], size=graph_appearance.point_look(self.graph.most_points).size + 7)


def _visible(layer: Layer) -> bool:
    return layer.look.symbol is not Symbol.NONE and layer.look.colour != "none"


def _html(text: str) -> str:
    import html

    return html.escape(text)
