"""The groups of a level as an item model: a row per group, sorted by any number."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from engine.api import GroupTable, format_value, shown_numbers

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class GroupTableModel(QAbstractTableModel):
    """First column the group's name, then its numbers with the digits of ``%9.4g``."""

    def __init__(self, table: GroupTable) -> None:
        super().__init__()
        self.table = table
        self._order: npt.NDArray[np.intp] = np.arange(len(table.names))

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Number of groups."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """One more than there are numbers."""
        return 0 if parent.isValid() else 1 + len(self.table.columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name or number."""
        if not index.isValid():
            return None
        group, column = int(self._order[index.row()]), index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole and column:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if not column:
            return self.table.names[group]
        value = float(self.table.values[group, column - 1])
        return "" if np.isnan(value) else shown_numbers(format_value(value, "%9.4g").strip())

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name of the level, then of the numbers."""
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return self.table.level if not section else self.table.columns[section - 1]

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; what is not known comes last."""
        self.layoutAboutToBeChanged.emit()
        if not column:
            self._order = np.argsort(np.array(self.table.names), kind="stable")
            if order is Qt.SortOrder.DescendingOrder:
                self._order = self._order[::-1]
        else:
            values = self.table.values[:, column - 1]
            self._order = np.argsort(-values if order is Qt.SortOrder.DescendingOrder else values, kind="stable")
        self.layoutChanged.emit()

    def groups_at(self, rows: list[int]) -> npt.NDArray[np.bool_]:
        """Return a mask of the groups in some rows, shape (G,)."""
        mask = np.zeros(len(self._order), dtype=bool)
        mask[self._order[rows]] = True
        return mask

    def rows_of(self, groups: npt.NDArray[np.bool_]) -> list[int]:
        """Return the rows in which the groups of a mask stand."""
        return np.flatnonzero(groups[self._order]).tolist()
