"""The fits of a session as a list model with check marks."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from mixedgui.state.model_list import FitRow, ModelList
from mixedgui.state.translation import tr

FIT_ROLE = Qt.ItemDataRole.UserRole + 1
ACTIVE_ROLE = Qt.ItemDataRole.UserRole + 2

_Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()


class FitModel(QAbstractListModel):
    """Shows a `ModelList`."""

    def __init__(self, state: ModelList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._rows: tuple[FitRow, ...] = ()
        state.subscribe(self._refresh)

    def rowCount(self, parent: _Index = _NONE) -> int:
        """Return the number of fits."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a row shows and says."""
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.title
            case Qt.ItemDataRole.CheckStateRole:
                return Qt.CheckState.Checked if row.ticked else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.ToolTipRole:
                return row.estimates.cmdline
            case Qt.ItemDataRole.AccessibleTextRole:
                title = tr("{0}, active").format(row.title) if self._state.is_active(row) else row.title
                return f"{title}: {row.changes}; AIC {row.aic}; {row.line}"
        return {FIT_ROLE: row, ACTIVE_ROLE: self._state.is_active(row)}.get(role)

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tick or untick a row."""
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        self._state.tick(self._rows[index.row()].number, Qt.CheckState(value) is Qt.CheckState.Checked)
        return True

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Rows can be chosen and ticked."""
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable

    def _refresh(self) -> None:
        rows = self._state.rows
        if [row.number for row in rows] == [row.number for row in self._rows]:
            self._rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(max(len(rows) - 1, 0), 0))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()
