"""The groups of a level as an item model: a row per group, sorted by any number."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from engine.api import GroupTable, shown_numbers

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()

_DIGITS, _MOST_DECIMALS = 4, 6
"""Digits of the largest number of a column, and how many decimals that may take."""


class GroupTableModel(QAbstractTableModel):
    """First column the group's name, then its numbers, each column with the decimals that its largest needs."""

    def __init__(self, table: GroupTable) -> None:
        super().__init__()
        self.table = table
        self._order: npt.NDArray[np.intp] = np.arange(len(table.names))
        self._decimals = [_decimals(column) for column in table.values.T]

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
        return "" if np.isnan(value) else shown_numbers(f"{value:.{self._decimals[column - 1]}f}").replace("-", "−")

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name of the level, then of the numbers."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role != Qt.ItemDataRole.DisplayRole:
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


def _decimals(values: npt.NDArray[np.float64]) -> int:
    """Return the decimals at which the largest number of a column has its digits; counts have none."""
    known = np.abs(values[np.isfinite(values)])
    if not known.size or not known.any() or (known == np.round(known)).all():
        return 0
    return int(np.clip(_DIGITS - 1 - np.floor(np.log10(known.max())), 0, _MOST_DECIMALS))
