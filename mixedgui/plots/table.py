"""The numbers of a graph as a table: for reading, for copying, and for assistive technology."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QApplication, QTableView, QVBoxLayout, QWidget

from engine.api import GraphSpec, Layer, LayerStyle, Mark
from mixedgui.closing import close_by_key
from mixedgui.plots.names import PointNames
from mixedgui.plots.nearest import screen_number
from mixedgui.size import open_at
from mixedgui.state.translation import mark, tr

_Index = QModelIndex | QPersistentModelIndex
_MARK_WORDS = {Mark.POINT: "point", Mark.BAR: "bar", Mark.INTERVAL: "interval", Mark.BOX: "box"}
_LINE_WORDS = {
    LayerStyle.DATA: "line",
    LayerStyle.SMOOTH: "smoother",
    LayerStyle.REFERENCE: mark("reference line"),
    LayerStyle.CURVE: "curve",
}


class GraphTableModel(QAbstractTableModel):
    """One row per mark, layer after layer."""

    def __init__(self, graph: GraphSpec, names: PointNames, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._layers = graph.every_layer
        self._names = names
        self._starts = np.cumsum([0, *(len(layer.x) for layer in self._layers)])
        self._heads = [tr("Part"), tr("Group"), tr("Observation"), graph.x_title or "x", graph.y_title or "y"]
        self._intervals = any(len(layer.ll) for layer in self._layers)
        if self._intervals:
            self._heads += [tr("Lower limit"), tr("Upper limit")]

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's signature
        """Return the number of marks."""
        return 0 if parent.isValid() else int(self._starts[-1])

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's signature
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a column's title or a row's number."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._heads[section] if orientation is Qt.Orientation.Horizontal else section + 1

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text, or how it is aligned."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() >= 3:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        layer, place = self._mark(index.row())
        return self._cell(layer, place, index.column())

    def _mark(self, row: int) -> tuple[Layer, int]:
        number = int(np.searchsorted(self._starts, row, side="right")) - 1
        return self._layers[number], row - int(self._starts[number])

    def _cell(self, layer: Layer, place: int, column: int) -> str:
        if column == 0:
            word = _LINE_WORDS[layer.style] if layer.mark is Mark.LINE else _MARK_WORDS[layer.mark]
            return ", ".join(text for text in (word, layer.group, layer.panel) if text)
        if column in {1, 2}:
            if not len(layer.rows):
                return ""
            row_id = int(layer.rows[place])
            return self._names.group(row_id) if column == 1 else self._names.observation(row_id)
        values = (layer.exact_x, layer.exact_y, layer.ll, layer.ul)[column - 3]
        return screen_number(float(values[place])) if len(values) else ""


class GraphTable(QWidget):
    """A window with the table; the selection is copied tab-separated."""

    def __init__(self, graph: GraphSpec, names: PointNames, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(tr("{0}: table").format(graph.title or graph.command))
        self.setObjectName("graph_table_window")
        self.view = QTableView(self)
        self.view.setObjectName("graph_table_view")
        self.view.setModel(GraphTableModel(graph, names, self))
        self.view.setAccessibleName(tr("Numbers of the graph: {0}").format(graph.title))
        self.view.setAccessibleDescription(graph.summary)
        self.view.setAlternatingRowColors(False)
        self.view.setShowGrid(False)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.view.horizontalHeader().setStretchLastSection(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        copy = QAction(tr("&Copy"), self)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.triggered.connect(self.copy)
        self.view.addAction(copy)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        close_by_key(self)
        open_at(self, 160, 104)

    def copy(self) -> None:
        """Put the selected cells, or all of them, on the clipboard: tabs between them, ASCII minus."""
        model = self.view.model()
        ranges = self.view.selectionModel().selection()
        if ranges.isEmpty():
            rows, columns = range(model.rowCount()), range(model.columnCount())
        else:
            chosen = ranges.first()
            rows = range(chosen.top(), chosen.bottom() + 1)
            columns = range(chosen.left(), chosen.right() + 1)
        lines = ["\t".join(str(model.headerData(c, Qt.Orientation.Horizontal)) for c in columns)]
        lines += ["\t".join(str(model.data(model.index(r, c))) for c in columns) for r in rows]
        QApplication.clipboard().setText("\n".join(lines).replace("\N{MINUS SIGN}", "-"))
