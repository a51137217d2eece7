"""Labels that a click pins to marks; they are layers of the graph, so that a saved picture shows them too."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Qt, Slot

from engine.api import GraphSpec, Layer, Look, Mark, Symbol
from mixedgui.plots.items import Paint, text_items
from mixedgui.plots.names import PointNames
from mixedgui.plots.nearest import Hit, screen_number
from mixedgui.theme import theme

if TYPE_CHECKING:
    from mixedgui.plots.panel import PanelPlot
    from mixedgui.plots.view import GraphView

_ABOVE = 600
"""Labels lie on top of selected marks."""


class Pins(QObject):
    """The pinned labels of one graph.

    Parameters
    ----------
    view
        The graph; a click on a mark pins its label, a click on a labelled mark takes it away.
    names
        What marks are called.
    """

    def __init__(self, view: GraphView, names: PointNames) -> None:
        super().__init__(view)
        self._view, self._names = view, names
        self._hits: list[Hit] = []
        self._items: list[tuple[PanelPlot, Any]] = []
        view.plot.scene().sigMouseClicked.connect(self._clicked)
        view.plot.chosen.connect(self._chosen)
        view.redrawn.connect(self.refresh)

    def __len__(self) -> int:
        return len(self._hits)

    @property
    def texts(self) -> tuple[str, ...]:
        """What the labels say."""
        return tuple(self._text(hit) for hit in self._hits)

    def toggle(self, hit: Hit) -> None:
        """Pin the label of a mark, or take it away."""
        own = next((pinned for pinned in self._hits if _same(pinned, hit)), None)
        if own is None:
            self._hits.append(hit)
        else:
            self._hits.remove(own)
        self.refresh()

    def clear(self) -> None:
        """Take all labels away."""
        self._hits = []
        self.refresh()

    def label_by(self, variable: str) -> None:
        """Let labels show a variable; empty for group and observation."""
        self._names.label = variable
        self.refresh()

    def on(self, graph: GraphSpec) -> GraphSpec:
        """Return the graph with the labels in it."""
        if not self._hits:
            return graph
        return replace(graph, layers=(*graph.layers, *(self._layer(hit) for hit in self._hits)))

    def _layer(self, hit: Hit) -> Layer:
        one = slice(hit.index, hit.index + 1)
        layer = hit.layer
        return Layer(
            mark=Mark.POINT, x=layer.x[one], y=layer.y[one], panel=layer.panel, plot=layer.plot, right=layer.right,
            texts=(self._text(hit),), look=Look(symbol=Symbol.NONE), rows=np.empty(0, dtype=np.int64),
        )  # fmt: skip

    def _text(self, hit: Hit) -> str:
        return (self._names.short(hit.row_id) if hit.row_id is not None else "") or screen_number(hit.y)

    @Slot()
    def refresh(self) -> None:
        """Write the labels on the panels that are shown."""
        for panel, item in self._items:
            if item.scene() is not None:
                panel.item.removeItem(item)
        self._items = []
        graph, font = self._view.graph, theme().font(0.92 * self._view.graph.scale)
        for panel in self._view.panels:
            paint = Paint(graph, theme().tokens, panel.place)
            for hit in self._hits:
                if not any(hit.layer is layer for layer in panel.layers):
                    continue
                for text in text_items(paint, panel.place.on_left(self._layer(hit))):
                    text.setFont(font)
                    text.setZValue(_ABOVE)
                    panel.item.addItem(text, ignoreBounds=True)
                    self._items.append((panel, text))

    @Slot(object)
    def _clicked(self, event: Any) -> None:
        """Pin what was clicked; a double click means something else."""
        if event.button() == Qt.MouseButton.LeftButton and not event.double():
            hit = self._view.point_at(event.scenePos())
            if hit is not None:
                self.toggle(hit)

    @Slot()
    def _chosen(self) -> None:
        """Pin what the arrow keys point at."""
        if self._view.pointed_hit is not None:
            self.toggle(self._view.pointed_hit)


def _same(a: Hit, b: Hit) -> bool:
    return a.layer is b.layer and a.index == b.index
