"""The first rows of a file that is to be imported."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from engine.api import FilePreview

Index = QModelIndex | QPersistentModelIndex


class FilePreviewModel(QAbstractTableModel):
    """A table of texts under names and types; empty until there is a preview."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preview: FilePreview | None = None

    def show(self, preview: FilePreview | None) -> None:
        """Show another preview, or none."""
        self.beginResetModel()
        self._preview = preview
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        """Return how many rows there are."""
        return 0 if parent.isValid() or self._preview is None else len(self._preview.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        """Return how many columns there are."""
        return 0 if parent.isValid() or self._preview is None else len(self._preview.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the text of a cell; numbers stand right."""
        if self._preview is None or not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._preview.rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            column = self._preview.columns[index.column()]
            side = Qt.AlignmentFlag.AlignLeft if column.storage.startswith("str") else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return name and type of a column, or the number of a row."""
        if self._preview is None:
            return None
        if orientation is Qt.Orientation.Vertical:
            return str(section + 1) if role == Qt.ItemDataRole.DisplayRole else None
        column = self._preview.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{column.name}\n{column.storage} {column.format}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.label or column.name
        return None
