"""The graphs in memory as a list model, the one drawn last on top."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.api import GraphSpec

_Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()


class GraphModel(QAbstractListModel):
    """Shows what `Session.graphs` holds: name, and the command that drew it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[str, GraphSpec], ...] = ()

    def show_graphs(self, graphs: Mapping[str, GraphSpec]) -> None:
        """Take note of the graphs that are in memory now."""
        before = {name: graph for name, graph in self._rows}
        drawn = [name for name in graphs if before.get(name) is not graphs[name]]
        order = [*reversed(drawn), *(name for name in before if name in graphs and name not in drawn)]
        rows = tuple((name, graphs[name]) for name in order)
        if [(name, id(graph)) for name, graph in rows] == [(name, id(graph)) for name, graph in self._rows]:
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index = _NONE) -> int:
        """Return the number of graphs."""
        return 0 if parent.isValid() else len(self._rows)

    def name(self, row: int) -> str:
        """Return the name of a graph."""
        return self._rows[row][0]

    def graph(self, row: int) -> GraphSpec:
        """Return a graph."""
        return self._rows[row][1]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a row shows and says."""
        name, graph = self._rows[index.row()]
        made = " ".join((graph.command or graph.title or graph.kind).split())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"{name}: {made}"
            case Qt.ItemDataRole.ToolTipRole:
                return made
        return None
