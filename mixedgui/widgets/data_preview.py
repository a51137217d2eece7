"""A small look at data as they would be after a command: what changes in words, and the first rows."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QVBoxLayout, QWidget

from mixedgui.models.data_table import DataTableModel
from mixedgui.state.data_preview import DataPreview
from mixedgui.state.data_view import DataView
from mixedgui.theme import theme
from mixedgui.widgets.data_headers import ColumnHeader
from mixedgui.widgets.data_table import DataTable
from mixedgui.widgets.tinted_label import TintedLabel


class DataPreviewView(QFrame):
    """Shows a `DataPreview`; `name` is the object name, that of the table ends in ``_table``."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._view = DataView()
        self._model = DataTableModel(self._view, self)
        self.words = TintedLabel("", "text2", self)
        self.words.setObjectName(f"{name}_words")
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.table = DataTable(f"{name}_table", self._model, _is_not, self)
        self.table.setAccessibleName(self.tr("Data after the command"))
        self.table.setFrameShape(QFrame.Shape.StyledPanel)
        self.table.setHorizontalHeader(ColumnHeader(self._model, self.table))
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setMinimumSectionSize(1)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.verticalHeader().setDefaultSectionSize(6 * theme().unit)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.table.setMinimumHeight(36 * theme().unit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme().unit)
        column.addWidget(self.words)
        column.addWidget(self.table, 1)

    def show_sentence(self, sentence: str) -> None:
        """Say why there is nothing to show."""
        self.words.tint("text2")
        self.words.setText(sentence)
        self.table.hide()

    def show_preview(self, preview: DataPreview) -> None:
        """Show what the command would do; of data that only gain variables, those and what they are made from."""
        self.words.tint("error" if preview.problem else "text2")
        self.words.setText(preview.words[:1].upper() + preview.words[1:])
        self.table.setVisible(not preview.problem)
        if preview.problem:
            return
        with self._view.batch():
            self._view.set_dataset(preview.dataset)
            self._view.show_only(preview.telling)
        header = self.table.horizontalHeader()
        assert isinstance(header, ColumnHeader)
        digit = QFontMetrics(theme().font()).horizontalAdvance("0")
        for column in range(self._model.columnCount()):
            self.table.setColumnWidth(column, max(header.wanted_width(column), 13 * digit))


def _is_not(_row: int) -> bool:
    """Tell that no row of a preview is selected in plots."""
    return False
