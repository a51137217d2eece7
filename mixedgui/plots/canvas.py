"""The drawing area of a graph: a grid of panels with linked axes and common axis titles."""

from __future__ import annotations

import html
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent

from engine.api import GraphSpec
from mixedgui.plots.panel import PanelPlot
from mixedgui.state.translation import tr
from mixedgui.theme_tokens import Tokens

_ZOOM_STEP = 0.8
_STEP_KEYS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_PageDown: 10, Qt.Key.Key_PageUp: -10}
PANELS_PER_PAGE = 25


class Canvas(pg.GraphicsLayoutWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """The panels of one page; it hands arrow keys, Enter and +, -, 0 to the view."""

    stepped = Signal(int)
    chosen = Signal()
    zoomed = Signal(float)

    def __init__(self, graph: GraphSpec) -> None:
        super().__init__()
        self.graph = graph
        self.panels: tuple[PanelPlot, ...] = ()
        self._titles: list[Any] = []
        self.setFrameShape(self.Shape.NoFrame)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.show_page(0)

    @property
    def plotItem(self) -> Any:
        """The first panel, which is the whole plot of a graph without panels."""
        return self.panels[0].item

    @property
    def n_pages(self) -> int:
        """How many pages the panels fill."""
        return max(1, -(-len(self.graph.panels) // PANELS_PER_PAGE))

    def show_page(self, page: int) -> None:
        """Lay out the panels of a page."""
        self._clear()
        graph = self.graph
        if not graph.panels:
            self.panels = (PanelPlot(graph, None, titled=True, parent=self),)
            self.ci.addItem(self.panels[0].item, 0, 0)
            self.ci.layout.setContentsMargins(0, 8, 8, 0)
            return
        shown = graph.panels[page * PANELS_PER_PAGE : (page + 1) * PANELS_PER_PAGE]
        self.panels = tuple(PanelPlot(graph, panel, titled=False, parent=self) for panel in shown)
        rows, columns = graph.grid.shape(len(shown))
        for k, panel in enumerate(self.panels):
            self.ci.addItem(panel.item, k // columns, 1 + k % columns)
        self._link(columns)
        self._common_titles(rows, columns)

    def _clear(self) -> None:
        """Let go of all panels; views that are linked have to part before they are deleted."""
        for panel in self.panels:
            panel.stop()
            panel.item.setXLink(None)
            panel.item.setYLink(None)
        self.ci.clear()
        for panel in self.panels:
            panel.deleteLater()
        self.panels, self._titles = (), []

    def release(self) -> None:
        """Let go of everything before Qt deletes it."""
        self._clear()
        self.close()

    def _link(self, columns: int) -> None:
        """Let panels with common axes move together, and label the outer ones only."""
        first, n = self.panels[0], len(self.panels)
        common_x, common_y = self.graph.grid.common_x, self.graph.grid.common_y
        if self.graph.swapped:
            common_x, common_y = common_y, common_x
        for k, panel in enumerate(self.panels):
            if common_x and k:
                panel.item.setXLink(first.item)
            if common_y and k:
                panel.item.setYLink(first.item)
            if common_x and k + columns < n:
                panel.axes["bottom"].setStyle(showValues=False)
                panel.axes["bottom"].setHeight(8)
            if common_y and k % columns:
                panel.axes["left"].setStyle(showValues=False)
                panel.axes["left"].setWidth(8)
            if common_y and "right" in panel.axes and k % columns != columns - 1:
                panel.axes["right"].setStyle(showValues=False)
                panel.axes["right"].setWidth(8)

    def _common_titles(self, rows: int, columns: int) -> None:
        x_title, y_title = self.graph.x_title, self.graph.y_title
        if self.graph.swapped:
            x_title, y_title = y_title, x_title
        if y_title:
            self._titles.append(self.ci.addLabel(html.escape(y_title), row=0, col=0, rowspan=rows, angle=-90))
        if self.graph.has_right and self.graph.right_title:
            text = html.escape(self.graph.right_title)
            self._titles.append(self.ci.addLabel(text, row=0, col=columns + 1, rowspan=rows, angle=-90))
        if x_title:
            self._titles.append(self.ci.addLabel(html.escape(x_title), row=rows, col=1, colspan=columns))

    def dress(self, tokens: Tokens, fonts: tuple[QFont, QFont]) -> None:
        """Take the theme's colours; `fonts` are those of labels and of axis titles."""
        self.setBackground(QColor(tokens.base))
        for panel in self.panels:
            panel.dress(tokens, fonts[0], self.devicePixelRatioF())
        for title in self._titles:
            title.setText(title.text, color=tokens.text2, size=tr("{0:.1f}pt").format(fonts[1].pointSizeF()))
        self._even_out()

    def resizeEvent(self, event: Any) -> None:
        """Share the room among the panels."""
        super().resizeEvent(event)
        if event is not None and not self.closed:  # called without an event while the widget is made
            self._even_out()

    def _even_out(self) -> None:
        """Make the plots of all panels equally wide and high: outer cells are larger by their labels."""
        if not self.graph.panels or not self.panels:
            return
        layout = self.ci.layout
        rows, columns = self.graph.grid.shape(len(self.panels))
        left = [max(_extra(p, "left") + _extra(p, "right") for p in self.panels[k::columns]) for k in range(columns)]
        below = [max(_extra(p, "bottom") for p in self.panels[k * columns : (k + 1) * columns]) for k in range(rows)]
        titles = [title.boundingRect() for title in self._titles]
        beside = sum(box.width() for box in titles if box.height() > box.width())
        under = max((box.height() for box in titles if box.width() >= box.height()), default=0.0)
        gap = float(layout.horizontalSpacing() if layout.horizontalSpacing() >= 0 else 6)
        room = self.viewport().rect()
        wide = room.width() - beside - gap * (columns + 1) - 12 - sum(left)
        high = room.height() - under - gap * (rows + 1) - 12 - sum(below)
        if wide <= 0 or high <= 0:
            return
        for k in range(columns):
            layout.setColumnFixedWidth(k + 1, wide / columns + left[k])
        for k in range(rows):
            layout.setRowFixedHeight(k, high / rows + below[k])
        self.ci.resize(float(room.width()), float(room.height()))  # what the earlier sizes did not allow

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step from point to point, or zoom."""
        key = Qt.Key(event.key())
        if key in _STEP_KEYS:
            self.stepped.emit(_STEP_KEYS[key])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.chosen.emit()
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal}:
            self.zoomed.emit(_ZOOM_STEP)
        elif key == Qt.Key.Key_Minus:
            self.zoomed.emit(1 / _ZOOM_STEP)
        elif key in {Qt.Key.Key_0, Qt.Key.Key_Home}:
            self.zoomed.emit(0.0)
        else:
            super().keyPressEvent(event)


def _extra(panel: PanelPlot, side: str) -> float:
    """Return the room that an axis takes beside its plot."""
    axis = panel.axes.get(side)
    if axis is None or not axis.isVisible():
        return 0.0
    return float(axis.minimumHeight() if side == "bottom" else axis.minimumWidth())
