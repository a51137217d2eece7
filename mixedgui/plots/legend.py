"""The legend of a graph: a sample of each series with its label, in rows as wide as there is room."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.api import GraphSpec, Key, Layer, LayerStyle, Mark, Symbol
from mixedgui.plots.items import Paint, line_pen
from mixedgui.plots.place import Place
from mixedgui.state.translation import tr
from mixedgui.theme import theme

_SAMPLE = 26
_GAP = 18
_MARKER = 8.0


class LegendBox(QWidget):
    """The legend as a widget; it paints itself and is as high as its rows."""

    def __init__(self, graph: GraphSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.graph = graph
        self.setObjectName("graph_legend")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(tr("Legend: {entries}").format(entries="; ".join(key.text for key in graph.keys)))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFont(theme().font(0.92 * graph.sizes.legend * graph.scale))

    @property
    def _beside(self) -> bool:
        """True when it stands at the left or right, or in the plot: one column."""
        legend = self.graph.legend
        return not legend.columns and (legend.inside or legend.clock in (2, 3, 4, 8, 9, 10))

    def _rows(self, room: float) -> list[list[tuple[Key, float]]]:
        """Return the entries row by row with their widths."""
        metrics = QFontMetricsF(self.font())
        columns = 1 if self._beside else self.graph.legend.columns or 10_000
        rows: list[list[tuple[Key, float]]] = [[]]
        used = 0.0
        for key in self.graph.keys:
            width = _SAMPLE + 6 + metrics.horizontalAdvance(key.text) + _GAP
            if rows[-1] and (used + width > room or len(rows[-1]) >= columns):
                rows.append([])
                used = 0.0
            rows[-1].append((key, width))
            used += width
        return rows

    def _row_height(self) -> float:
        return QFontMetricsF(self.font()).height() * 1.3

    def sizeHint(self) -> QSize:
        """Return the room that the rows take."""
        room = float(self.width()) if self.width() > 100 and not self._beside else 10_000.0
        rows = self._rows(room)
        n_lines = len(rows) + bool(self.graph.legend.title)
        widest = max((sum(width for _, width in row) for row in rows), default=0.0)
        return QSize(int(widest) + 4, int(n_lines * self._row_height()) + 4)

    def minimumSizeHint(self) -> QSize:
        """Return the least room: the height of the rows."""
        hint = self.sizeHint()
        return QSize(hint.width() if self._beside else 10, hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that the rows need at this width."""
        super().resizeEvent(event)
        if not self._beside:
            height = self.sizeHint().height()
            if height != self.height():
                self.setFixedHeight(height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the entries; rows below or above a plot are centred."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        paint = Paint(self.graph, theme().tokens, Place(), self.devicePixelRatioF())
        text = QColor(theme().tokens.text)
        height = self._row_height()
        top = 2.0
        if self.graph.legend.title:
            painter.setPen(text)
            where = Qt.AlignmentFlag.AlignLeft if self._beside else Qt.AlignmentFlag.AlignHCenter
            painter.drawText(QRectF(2, top, self.width() - 4, height), int(where), self.graph.legend.title)
            top += height
        for row in self._rows(float(self.width())):
            used = sum(width for _, width in row)
            left = 2.0 if self._beside else max(2.0, (self.width() - used + _GAP) / 2)
            for key, width in row:
                self._sample(painter, paint, key, QRectF(left, top, _SAMPLE, height))
                painter.setPen(text)
                place = QRectF(left + _SAMPLE + 6, top, width, height)
                painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), key.text)
                left += width
            top += height

    def _sample(self, painter: QPainter, paint: Paint, key: Key, room: QRectF) -> None:
        """Paint what the marks of a series look like."""
        layers = [layer for layer in self.graph.layers if self.graph.plot_of(layer) == key.plot and layer.group]
        kinds: dict[tuple[Mark, LayerStyle], Layer] = {}
        for layer in layers:
            kinds.setdefault((layer.mark, layer.style), layer)
        boxed = any(mark in (Mark.BAR, Mark.BOX) for mark, _ in kinds)
        for (mark, style), layer in kinds.items():
            if mark in (Mark.BAR, Mark.BOX) or style is LayerStyle.BAND:
                alpha = 0.3 if style is LayerStyle.BAND else 0.65
                painter.fillRect(
                    room.adjusted(3, room.height() * 0.25, -3, -room.height() * 0.25), paint.fill(layer, alpha)
                )
            elif mark in (Mark.LINE, Mark.INTERVAL) and not boxed:
                painter.setPen(line_pen(paint, layer) if mark is Mark.LINE else paint.pen(layer, 1))
                middle = room.center().y()
                painter.drawLine(QPointF(room.left(), middle), QPointF(room.right(), middle))
            elif mark is Mark.POINT and layer.look.symbol is not Symbol.NONE and not boxed:
                _marker(painter, paint, layer, room.center())


def _marker(painter: QPainter, paint: Paint, layer: Layer, place: QPointF) -> None:
    """Paint one marker in full colour."""
    from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols

    colour = paint.colour(layer)
    painter.save()
    painter.translate(place)
    painter.scale(_MARKER, _MARKER)
    hollow = layer.look.hollow
    painter.setPen(QPen(colour, 1.2 / _MARKER) if hollow else Qt.PenStyle.NoPen)
    painter.setBrush(Qt.BrushStyle.NoBrush if hollow else colour)
    painter.drawPath(Symbols[paint.symbol(layer)])
    painter.restore()
