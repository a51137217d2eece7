"""Whole graphs side by side on the screen (``graph combine``): each is a view of its own."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.api import GraphSpec
from mixedgui.plots.names import PointNames
from mixedgui.plots.view import GraphView
from mixedgui.state.translation import tr
from mixedgui.theme import theme


class CombinedView(QWidget):
    """Title, graphs and note of several graphs.

    Attributes
    ----------
    pointed
        Emitted with the words about the mark that is pointed at in any of them.
    """

    pointed = Signal(str)

    def __init__(self, graph: GraphSpec, names: PointNames, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.graph = graph
        self._title, self._subtitle = QLabel(graph.title, self), QLabel(graph.subtitle, self)
        self._note = QLabel("\n".join(text for text in (graph.note, graph.caption) if text), self)
        self._parts: list[GraphView | CombinedView] = []
        self._lay_out(names)
        theme().changed.connect(self._dress)
        self._dress()

    @property
    def views(self) -> tuple[GraphView, ...]:
        """The single graphs, in the order of drawing."""
        return tuple(view for part in self._parts for view in part.views)

    @property
    def pinned_graph(self) -> GraphSpec:
        """The graph with the labels that were pinned to it."""
        return replace(self.graph, parts=tuple(part.pinned_graph for part in self._parts))

    @property
    def hint(self) -> str:
        """The words about the mark that is pointed at, empty when there is none."""
        return next((view.hint for view in self.views if view.hint), "")

    def reset_zoom(self) -> None:
        """Show all of the data in every graph."""
        for view in self.views:
            view.reset_zoom()

    def release(self) -> None:
        """Let go of the graphs and of the theme before Qt deletes them."""
        theme().changed.disconnect(self._dress)
        for part in self._parts:
            part.release()

    def _lay_out(self, names: PointNames) -> None:
        unit = theme().unit
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * unit, 2 * unit, 2 * unit, 2 * unit)
        column.setSpacing(unit)
        for label in (self._title, self._subtitle, self._note):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setVisible(bool(label.text()))
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        grid = QGridLayout()
        grid.setSpacing(unit)
        parts = self.graph.parts
        for part, (row, at) in zip(parts, self.graph.grid.cells(len(parts)), strict=True):
            view = view_of(part, names.of_groups(part.per), self)
            view.pointed.connect(self.pointed)
            self._parts.append(view)
            grid.addWidget(view, row, at)
        rows, columns = self.graph.grid.shape(len(parts))
        for row in range(rows):
            grid.setRowStretch(row, 1)
        for at in range(columns):
            grid.setColumnStretch(at, 1)
        column.addWidget(self._title)
        column.addWidget(self._subtitle)
        column.addLayout(grid, 1)
        column.addWidget(self._note)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAccessibleName(self.graph.title or tr("{0} graphs side by side").format(len(parts)))
        self.setAccessibleDescription(self.graph.summary)

    @Slot()
    def _dress(self) -> None:
        tokens, sizes = theme().tokens, self.graph.sizes
        self._title.setFont(theme().font(sizes.title * self.graph.scale, bold=True))
        for label, factor in ((self._subtitle, sizes.subtitle), (self._note, sizes.note)):
            label.setFont(theme().font(0.92 * factor * self.graph.scale))
            palette = label.palette()
            palette.setColor(QPalette.ColorRole.WindowText, QColor(tokens.text2))
            label.setPalette(palette)


def view_of(graph: GraphSpec, names: PointNames, parent: QWidget | None = None) -> GraphView | CombinedView:
    """Return the view of a graph, or of several."""
    return CombinedView(graph, names, parent) if graph.parts else GraphView(graph, names, parent)
