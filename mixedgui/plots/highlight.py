"""Marks of selected observations stand out in a graph."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QColor

from mixedgui.plots.panel import PanelPlot
from mixedgui.plots.view import GraphView
from mixedgui.theme import theme

_SIZE = 7.0
_MOST = 20_000
"""Marks drawn on top; of more, evenly chosen ones."""

Chosen: TypeAlias = Callable[[npt.NDArray[np.int64]], npt.NDArray[np.bool_]]


class Highlight(QObject):
    """Draws selected marks anew on top of a graph.

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
        self._items: list[tuple[PanelPlot, pg.ScatterPlotItem]] = []
        self.n_marks = 0
        theme().changed.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Draw the marks that are selected now."""
        for panel, item in self._items:
            if item.scene() is not None:
                panel.item.removeItem(item)
        self._items, self.n_marks = [], 0
        colour = QColor(theme().tokens.brushed)
        for panel in self._view.panels:
            across, up = selected_places(panel, self._chosen)
            self.n_marks += len(across)
            if not len(across):
                continue
            step = -(-len(across) // _MOST)
            item = pg.ScatterPlotItem(
                x=across[::step], y=up[::step], symbol="o", size=_SIZE, brush=pg.mkBrush(colour),
                pen=pg.mkPen(QColor(theme().tokens.base), width=0.5),
            )  # fmt: skip
            item.setZValue(500)
            panel.item.addItem(item, ignoreBounds=True)
            self._items.append((panel, item))

    def release(self) -> None:
        """Listen to the theme no longer."""
        theme().changed.disconnect(self.refresh)


def selected_places(panel: PanelPlot, chosen: Chosen) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return where the selected points of a panel lie in its view."""
    xs, ys = [np.empty(0)], [np.empty(0)]
    for layer in panel.points:
        if not len(layer.rows):
            continue
        mask = chosen(layer.rows)
        across, up = panel.place.of(layer)
        xs.append(across[mask])
        ys.append(up[mask])
    return np.concatenate(xs), np.concatenate(ys)
