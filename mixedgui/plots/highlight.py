"""Marks of selected observations stand out in a graph."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QColor

from engine.api import GraphSpec, Layer, LayerStyle, Mark
from mixedgui.plots.panel import PanelPlot
from mixedgui.plots.view import GraphView
from mixedgui.theme import theme

_SIZE = 8.0
_INTERVAL = 2.5
_MOST = 20_000
"""Marks drawn on top; of more, evenly chosen ones."""

Chosen: TypeAlias = Callable[[npt.NDArray[np.int64]], npt.NDArray[np.bool_]]


class Highlight(QObject):
    """Draws selected marks anew on top of a graph: diamonds, thick intervals, and the selected share of each bar.

    Parameters
    ----------
    view
        The graph.
    chosen
        Tells for row ids behind marks which are selected.
    """

    def __init__(self, view: GraphView, chosen: Chosen) -> None:
        super().__init__(view)
        self._view, self._chosen = view, chosen
        self._items: list[tuple[PanelPlot, Any]] = []
        self.n_marks = 0
        view.redrawn.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Draw the marks that are selected now."""
        for panel, item in self._items:
            if item.scene() is not None:
                panel.item.removeItem(item)
        self._items, self.n_marks = [], 0
        for panel in self._view.panels:
            for layer in panel.layers:
                if layer.mark is Mark.INTERVAL and layer.style is not LayerStyle.BAND and len(layer.rows):
                    self._add(panel, self._intervals(panel, layer))
            for layer in panel.areas:
                self._add(panel, self._area(panel, layer, self._view.graph))
            self._add(panel, self._points(panel))

    def _add(self, panel: PanelPlot, item: Any) -> None:
        if item is None:
            return
        item.setZValue(500)
        panel.item.addItem(item, ignoreBounds=True)
        self._items.append((panel, item))

    def _points(self, panel: PanelPlot) -> Any:
        across, up = selected_places(panel, self._chosen)
        self.n_marks += len(across)
        if not len(across):
            return None
        step = -(-len(across) // _MOST)
        return pg.ScatterPlotItem(
            x=across[::step], y=up[::step], symbol="d", size=_SIZE, brush=pg.mkBrush(_colour()),
            pen=pg.mkPen(QColor(theme().tokens.base), width=0.5),
        )  # fmt: skip

    def _intervals(self, panel: PanelPlot, layer: Layer) -> Any:
        mask = self._chosen(layer.rows)
        if not mask.any():
            return None
        on_left = panel.place.on_left(layer)
        x, y = panel.place.pairs(on_left.x[mask], on_left.ll[mask], on_left.ul[mask])
        return pg.PlotDataItem(x=x, y=y, connect="pairs", pen=pg.mkPen(_colour(), width=_INTERVAL))

    def _area(self, panel: PanelPlot, layer: Layer, graph: GraphSpec) -> Any:
        """Return the selected share of each bar, or the boxes that hold selected observations."""
        m = len(layer.x)
        if len(layer.members):
            mask = self._chosen(layer.members)
            found, all_ = (np.bincount(part, minlength=m) for part in (layer.member_of[mask], layer.member_of))
            share = found / np.maximum(all_, 1)
        else:
            share = self._chosen(layer.rows).astype(np.float64)
        self.n_marks += int(np.count_nonzero(share))
        some = share > 0
        if not some.any():
            return None
        left, bottom, right, top = panel.place.rectangles(layer)[some].T
        if layer.mark is Mark.BAR and graph.swapped:
            right = left + share[some] * (right - left)
        elif layer.mark is Mark.BAR:
            top = bottom + share[some] * (top - bottom)
        style: dict[str, Any] = {"pen": pg.mkPen(_colour(), width=2), "brush": pg.mkBrush(_colour())}
        if layer.mark is Mark.BOX:
            style = {"pen": pg.mkPen(_colour(), width=_INTERVAL), "brush": None}
        return pg.BarGraphItem(x0=left, y0=bottom, x1=right, y1=top, **style)

    def release(self) -> None:
        """Listen to the graph no longer."""
        self._view.redrawn.disconnect(self.refresh)


def _colour() -> QColor:
    return QColor(theme().tokens.brushed)


def selected_places(panel: PanelPlot, chosen: Chosen) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return where the selected points of a panel lie in its view."""
    xs, ys = [np.empty(0)], [np.empty(0)]
    for layer in panel.brushed:
        mask = chosen(layer.rows)
        across, up = panel.place.of(layer)
        xs.append(across[mask])
        ys.append(up[mask])
    return np.concatenate(xs), np.concatenate(ys)
