"""Selecting marks with the mouse: a rectangle or a freehand line around them, instead of moving the plot."""

from __future__ import annotations

from enum import Enum

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygon
from PySide6.QtWidgets import QWidget

from mixedgui.plots.panel import PanelPlot
from mixedgui.plots.view import GraphView
from mixedgui.theme import theme

_SMALL = 4
"""A shape no larger than so many pixels is a click."""


class BrushMode(Enum):
    """What dragging does."""

    MOVE = "move"
    RECTANGLE = "rectangle"
    LASSO = "lasso"


class BrushEffect(Enum):
    """What happens with the marks inside; the modifier key that asks for it."""

    REPLACE = "replace"
    ADD = "add"
    """Shift."""
    REMOVE = "remove"
    """Alt."""


class Brush(QObject):
    """Lets marks of a graph be selected.

    Attributes
    ----------
    brushed
        Emits `Dataset.row_ids` behind the marks inside the shape, and a `BrushEffect`.
    """

    brushed = Signal(object, object)

    def __init__(self, view: GraphView) -> None:
        super().__init__(view)
        self._view = view
        self._mode = BrushMode.MOVE
        self._path: list[QPoint] = []
        self._shape = _Shape(view.plot.viewport())
        view.plot.viewport().installEventFilter(self)

    @property
    def mode(self) -> BrushMode:
        """What dragging does now."""
        return self._mode

    def set_mode(self, mode: BrushMode) -> None:
        """Change what dragging does."""
        self._mode = mode
        cursor = Qt.CursorShape.ArrowCursor if mode is BrushMode.MOVE else Qt.CursorShape.CrossCursor
        self._view.plot.viewport().setCursor(cursor)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the mouse while a shape is drawn; everything else goes its way."""
        if self._mode is BrushMode.MOVE or not isinstance(event, QMouseEvent):
            return super().eventFilter(watched, event)
        place = event.position().toPoint()
        if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._path = [place]
            return True
        if event.type() == QEvent.Type.MouseMove and self._path:
            self._path.append(place)
            self._shape.show_path(self._outline())
            return True
        if event.type() == QEvent.Type.MouseButtonRelease and self._path:
            outline, self._path = self._outline(), []
            self._shape.hide()
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier and _is_click(outline):
                self._pin(outline[0])
            else:
                self.select(outline, effect_of(event.modifiers()))
            return True
        return super().eventFilter(watched, event)

    def select(self, outline: list[QPoint], effect: BrushEffect) -> None:
        """Select the marks inside an outline in pixels of the plot; a click selects the nearest mark."""
        scene = [self._view.plot.mapToScene(point) for point in outline]
        if _is_click(outline):
            hit = self._view.point_at(scene[0])
            rows = np.empty(0, dtype=np.int64) if hit is None else hit.row_ids
        else:
            rows = np.concatenate([rows_inside(panel, scene) for panel in self._view.panels])
        self.brushed.emit(np.unique(rows), effect)

    def _pin(self, place: QPoint) -> None:
        """Label the mark at a place, or take its label away."""
        hit = self._view.point_at(self._view.plot.mapToScene(place))
        if hit is not None:
            self._view.pins.toggle(hit)

    def _outline(self) -> list[QPoint]:
        if self._mode is BrushMode.LASSO:
            return self._path
        first, last = self._path[0], self._path[-1]
        return [first, QPoint(last.x(), first.y()), last, QPoint(first.x(), last.y())]


def _is_click(outline: list[QPoint]) -> bool:
    """Tell whether a shape is too small to be one."""
    return max(abs(p.x() - outline[0].x()) + abs(p.y() - outline[0].y()) for p in outline) <= _SMALL


def effect_of(modifiers: Qt.KeyboardModifier) -> BrushEffect:
    """Return what the modifier keys ask for."""
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        return BrushEffect.ADD
    return BrushEffect.REMOVE if modifiers & Qt.KeyboardModifier.AltModifier else BrushEffect.REPLACE


def rows_inside(panel: PanelPlot, scene: list[QPointF]) -> npt.NDArray[np.int64]:
    """Return the rows behind the marks of a panel inside a polygon of the scene.

    Points and the corners of lines lie inside; bars and boxes are meant when the polygon touches them.
    """
    box = panel.item.vb
    corners = [box.mapSceneToView(point) for point in scene]
    x, y = np.array([p.x() for p in corners]), np.array([p.y() for p in corners])
    found = [np.empty(0, dtype=np.int64)]
    for layer in panel.brushed:
        across, up = panel.place.of(layer)
        near = np.flatnonzero((across >= x.min()) & (across <= x.max()) & (up >= y.min()) & (up <= y.max()))
        found.append(layer.rows[near[inside(across[near], up[near], x, y)]])
    for layer in panel.areas:
        touched = _touched(panel.place.rectangles(layer), x, y)
        if len(layer.members):
            found.append(layer.members[touched[layer.member_of]])
        else:
            found.append(layer.rows[touched])
    return np.concatenate(found)


def _touched(
    rectangles: npt.NDArray[np.float64], x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    """Tell which rectangles (m, 4) of left, bottom, right, top a polygon touches: corners of one in the other."""
    left, bottom, right, top = rectangles.T
    out = np.zeros(len(rectangles), dtype=bool)
    for px, py in (
        (left, bottom),
        (left, top),
        (right, bottom),
        (right, top),
        ((left + right) / 2, (bottom + top) / 2),
    ):
        out |= inside(px, py, x, y)
    for corner_x, corner_y in zip(x, y, strict=True):
        out |= (left <= corner_x) & (corner_x <= right) & (bottom <= corner_y) & (corner_y <= top)
    crossed = (left < x.max()) & (right > x.min()) & (bottom < y.max()) & (top > y.min())
    rectangle = len(x) == 4 and len(np.unique(x)) == 2 and len(np.unique(y)) == 2
    return np.asarray(crossed if rectangle else out & crossed)


def inside(
    px: npt.NDArray[np.float64], py: npt.NDArray[np.float64], x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    """Tell which points (m,) lie in the polygon with corners x, y: a ray crosses its edges an odd number of times."""
    odd = np.zeros(len(px), dtype=bool)
    for x1, y1, x2, y2 in zip(x, y, np.roll(x, -1), np.roll(y, -1), strict=True):
        if y1 == y2:
            continue
        spans = (py < y1) != (py < y2)
        odd ^= spans & (px < x1 + (py - y1) * (x2 - x1) / (y2 - y1))
    return odd


class _Shape(QWidget):
    """The shape that is being drawn."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._path: list[QPoint] = []
        self.hide()

    def show_path(self, path: list[QPoint]) -> None:
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self._path = path
        self.show()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = QColor(theme().tokens.accent)
        painter.setPen(QPen(colour, 1.0, Qt.PenStyle.DashLine))
        colour.setAlphaF(0.12)
        painter.setBrush(colour)
        painter.drawPolygon(QPolygon(self._path))
