"""A graph on the screen: drag to move, wheel to zoom, hover (or arrow keys) for the exact values of a point."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.api import GraphSpec, Layer, LayerStyle, Mark, graph_appearance
from mixedgui.plots.axis import GraphAxis
from mixedgui.plots.items import Paint, fixed_item, points_item, raster_item
from mixedgui.plots.names import PointNames
from mixedgui.plots.nearest import Hit, Marks, screen_number
from mixedgui.theme import theme

_REDRAW_MS = 40
_ZOOM_STEP = 0.8
_STEP_KEYS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_PageDown: 10, Qt.Key.Key_PageUp: -10}


class _Plot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """The drawing area; it hands arrow keys and +, −, 0 to the view."""

    stepped = Signal(int)
    zoomed = Signal(float)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step from point to point, or zoom."""
        key = Qt.Key(event.key())
        if key in _STEP_KEYS:
            self.stepped.emit(_STEP_KEYS[key])
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal}:
            self.zoomed.emit(_ZOOM_STEP)
        elif key == Qt.Key.Key_Minus:
            self.zoomed.emit(1 / _ZOOM_STEP)
        elif key in {Qt.Key.Key_0, Qt.Key.Key_Home}:
            self.zoomed.emit(0.0)
        else:
            super().keyPressEvent(event)


class GraphView(QWidget):
    """Title, plot and note of one graph.

    Attributes
    ----------
    pointed
        Emitted with the words about the mark that is pointed at, empty when there is none.
    """

    pointed = Signal(str)

    def __init__(self, graph: GraphSpec, names: PointNames, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.graph = graph
        self._names = names
        self._marks = Marks(graph)
        self._rank = -1
        self._moving: list[Any] = []
        self._axes = {"bottom": GraphAxis("bottom", graph.x_title), "left": GraphAxis("left", graph.y_title)}
        self.plot = _Plot(axisItems=self._axes)
        self._title, self._subtitle, self._note = QLabel(graph.title), QLabel(graph.subtitle), QLabel(graph.note)
        self._tip = QLabel(self.plot)
        self._ring = pg.ScatterPlotItem(size=1)
        self._timer = QTimer(self)
        self._lay_out()
        self._set_up_plot()
        theme().changed.connect(self._dress)
        self.reset_zoom()
        self._dress()

    @property
    def hint(self) -> str:
        """The words about the mark that is pointed at, empty when there is none."""
        return self._tip.text() if self._tip.isVisibleTo(self.plot) else ""

    def reset_zoom(self) -> None:
        """Show all of the data."""
        area = graph_appearance.extent(self.graph)
        self.plot.plotItem.vb.setRange(xRange=area.x, yRange=area.y, padding=0)

    def release(self) -> None:
        """Let go of the plot and of the theme before Qt deletes them."""
        theme().changed.disconnect(self._dress)
        self._timer.stop()
        self.plot.close()

    def zoom(self, factor: float) -> None:
        """Zoom about the middle; a factor below 1 comes closer, 0 shows all again."""
        if factor == 0.0:
            self.reset_zoom()
        else:
            self.plot.plotItem.vb.scaleBy((factor, factor))

    def point_at(self, scene_position: QPointF) -> Hit | None:
        """Point at the mark under a place of the scene, and return it."""
        box = self.plot.plotItem.vb
        hit = None
        if box.sceneBoundingRect().contains(scene_position):
            place = box.mapSceneToView(scene_position)
            x_pixel, y_pixel = box.viewPixelSize()
            hit = self._marks.nearest(place.x(), place.y(), x_pixel=x_pixel, y_pixel=y_pixel)
        self._show_hit(hit)
        return hit

    def describe(self, hit: Hit) -> str:
        """Return what a mark is, in lines."""
        graph, layer = self.graph, hit.layer
        if layer.mark is Mark.BAR:
            low, high = hit.x - layer.width / 2, hit.x + layer.width / 2
            first = f"{graph.x_title}: {screen_number(low)} to {screen_number(high)}"
        else:
            first = f"{graph.x_title}: {screen_number(hit.x)}"
        lines = [first, f"{layer.group or graph.y_title}: {screen_number(hit.y)}"]
        name = self._names.full(hit.row_id) if hit.row_id is not None else ""
        if name:
            lines.insert(0, name[0].upper() + name[1:] if name.startswith("observation") else name)
        return "\n".join(lines)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        unit = theme().unit
        layout.setContentsMargins(3 * unit, 3 * unit, 3 * unit, 2 * unit)
        layout.setSpacing(unit)
        for label in (self._title, self._subtitle, self._note):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setForegroundRole(QPalette.ColorRole.WindowText)
            label.setVisible(bool(label.text()))
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout.addWidget(self._title)
        layout.addWidget(self._subtitle)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self._note)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._tip.setTextFormat(Qt.TextFormat.PlainText)
        self._tip.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._tip.setAutoFillBackground(True)
        self._tip.setBackgroundRole(QPalette.ColorRole.ToolTipBase)
        self._tip.setForegroundRole(QPalette.ColorRole.ToolTipText)
        self._tip.setMargin(unit + 1)
        self._tip.hide()

    def _set_up_plot(self) -> None:
        plot = self.plot
        plot.setObjectName("graph_plot")
        for widget in (plot, plot.viewport()):
            widget.setAccessibleName(f"{self.graph.title}: {self.graph.y_title} against {self.graph.x_title}")
        plot.setAccessibleDescription(
            f"{self.graph.summary} Arrow keys go from point to point, + and - zoom, 0 shows all."
        )
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        plot.setFrameShape(plot.Shape.NoFrame)
        if self.graph.series:
            plot.addLegend(offset=(-10, 10))
        plot.stepped.connect(self._step)
        plot.zoomed.connect(self.zoom)
        plot.scene().sigMouseMoved.connect(self.point_at)
        plot.plotItem.vb.sigRangeChanged.connect(self._range_changed)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REDRAW_MS)
        self._timer.timeout.connect(self._redraw_points)

    @Slot()
    def _dress(self) -> None:
        """Make every item anew in the theme's colours; the zoom stays."""
        look = theme()
        tokens = look.tokens
        self._title.setFont(look.font(1.0, bold=True))
        for label in (self._subtitle, self._note):
            label.setFont(look.font(0.92))
            palette = label.palette()
            palette.setColor(QPalette.ColorRole.WindowText, QColor(tokens.text2))
            label.setPalette(palette)
        self.plot.setBackground(QColor(tokens.base))
        for axis in self._axes.values():
            axis.dress(tokens, look.font(0.92))
        if self.plot.plotItem.legend is not None:
            self.plot.plotItem.legend.setLabelTextColor(QColor(tokens.text))
        self.plot.plotItem.clear()
        self._moving = []
        paint = Paint(self.graph, tokens)
        for depth, layer in enumerate(self.graph.layers):
            if layer.mark is not Mark.POINT:
                item = fixed_item(paint, layer)
                under = layer.style is LayerStyle.REFERENCE or layer.mark is not Mark.LINE
                item.setZValue(depth + (-100 if under else 100))
                self.plot.addItem(item)
        self._draw_points(paint)
        self._ring.setPen(pg.mkPen(QColor(tokens.text), width=1.5))
        self._ring.setBrush(None)
        self._ring.setZValue(1000)
        self.plot.addItem(self._ring, ignoreBounds=True)

    def _draw_points(self, paint: Paint) -> None:
        """Draw points, or where too many are in sight their density."""
        points = [layer for layer in self.graph.layers if layer.mark is Mark.POINT]
        if self.graph.n_points <= graph_appearance.RASTER_LIMIT:
            for layer in points:
                self._add_moving(points_item(paint, layer, shown=self.graph.n_points))
            return
        x, y = (tuple(edge) for edge in self.plot.plotItem.vb.viewRange())
        visible = [_inside(layer, x, y) for layer in points]
        count = sum(len(layer.x) for layer in visible)
        for layer in visible:
            if count <= graph_appearance.RASTER_LIMIT:
                self._add_moving(points_item(paint, layer, shown=count))
            else:
                self._add_moving(raster_item(paint, layer, x, y))

    def _add_moving(self, item: Any) -> None:
        self._moving.append(item)
        self.plot.addItem(item)

    @Slot()
    def _redraw_points(self) -> None:
        for item in self._moving:
            self.plot.removeItem(item)
        self._moving = []
        self._draw_points(Paint(self.graph, theme().tokens))

    def _range_changed(self) -> None:
        self._show_hit(None)
        if self.graph.n_points > graph_appearance.RASTER_LIMIT:
            self._timer.start()

    @Slot(int)
    def _step(self, by: int) -> None:
        if len(self._marks):
            self._rank = min(max(self._rank + by, 0), len(self._marks) - 1)
            self._show_hit(self._marks.at_rank(self._rank))

    def _show_hit(self, hit: Hit | None) -> None:
        if hit is None:
            if self._tip.isVisibleTo(self.plot):
                self._tip.hide()
                self._ring.setData([], [])
                self.pointed.emit("")
            return
        text = self.describe(hit)
        if hit.layer.mark is Mark.POINT:
            self._ring.setData([hit.x], [hit.y], size=graph_appearance.point_look(self.graph.n_points).size + 7)
        self._tip.setText(text)
        self._tip.adjustSize()
        place = self.plot.mapFromScene(self.plot.plotItem.vb.mapViewToScene(QPointF(hit.x, hit.y)))
        gap = 3 * theme().unit
        left = place.x() + gap
        if left + self._tip.width() > self.plot.width():
            left = max(0, place.x() - gap - self._tip.width())
        top = min(max(0, place.y() - gap - self._tip.height()), max(0, self.plot.height() - self._tip.height()))
        self._tip.move(left, top)
        self._tip.show()
        self.pointed.emit(text.replace("\n", ", "))


def _inside(layer: Layer, x: tuple[float, ...], y: tuple[float, ...]) -> Layer:
    seen = (layer.x >= x[0]) & (layer.x <= x[1]) & (layer.y >= y[0]) & (layer.y <= y[1])
    return replace(layer, x=layer.x[seen], y=layer.y[seen], rows=layer.rows[seen] if len(layer.rows) else layer.rows)
