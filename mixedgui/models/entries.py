"""What an expression can be built of, as a table model."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from mixedgui.state.expression_builder import Entry
from mixedgui.theme import theme

ENTRY_ROLE = Qt.ItemDataRole.UserRole + 1

_Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()


class EntryModel(QAbstractTableModel):
    """Name and what it means."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[Entry, ...] = ()

    def show_entries(self, entries: tuple[Entry, ...]) -> None:
        """Show other entries."""
        self.beginResetModel()
        self._entries = entries
        self.endResetModel()

    def rowCount(self, parent: _Index = _NONE) -> int:
        """Return the number of entries."""
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: _Index = _NONE) -> int:
        """Return two: name and help."""
        return 0 if parent.isValid() else 2

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell."""
        entry = self._entries[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return entry.help if index.column() else entry.label
            case Qt.ItemDataRole.ToolTipRole:
                return entry.help
            case Qt.ItemDataRole.FontRole if not index.column():
                return theme().mono(0.95)
            case Qt.ItemDataRole.ForegroundRole if index.column():
                return theme().color("text2")
        return entry if role == ENTRY_ROLE else None
