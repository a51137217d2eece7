"""The columns that a list of variables stands for, as a table model."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from engine.api import PreviewColumn
from mixedgui.state.translation import mark, tr
from mixedgui.theme import theme

_HEADS = (mark("Column"), mark("Rows"), "")
_WORDS = {"": "", "base": mark("base"), "omitted": mark("omitted: collinear"), "empty": mark("empty cell")}

_Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()


class PreviewModel(QAbstractTableModel):
    """Name, rows in the cell, and why a column is not estimated."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[PreviewColumn, ...] = ()

    def show_columns(self, columns: tuple[PreviewColumn, ...]) -> None:
        """Show other columns."""
        if columns != self._columns:
            self.beginResetModel()
            self._columns = columns
            self.endResetModel()

    def rowCount(self, parent: _Index = _NONE) -> int:
        """Return the number of columns of the design."""
        return 0 if parent.isValid() else len(self._columns)

    def columnCount(self, parent: _Index = _NONE) -> int:
        """Return the number of columns of the table."""
        return 0 if parent.isValid() else len(_HEADS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell."""
        column = self._columns[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return (column.name, f"{column.count:,}", tr(_WORDS[column.status]))[index.column()]
            case Qt.ItemDataRole.TextAlignmentRole if index.column() == 1:
                return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            case Qt.ItemDataRole.ForegroundRole if column.status:
                return theme().color("text2" if column.status == "base" else "warn")
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the head of a column."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(_HEADS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole and section == 0:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None
