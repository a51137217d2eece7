"""A list of names with what they mean, to put into a text: Enter or a double click takes one, the dialog stays open."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from mixedgui.state.translation import tr
from mixedgui.theme import theme
from mixedgui.widgets.option_control import describe

_FEWEST, _MOST = 3, 8
"""Rows that a list which is as high as its content shows at least and at most."""


class EntryTable(QTableView):
    """Attributes: `chosen` tells which entry was asked for."""

    chosen = Signal(QModelIndex)

    def __init__(self, name: str, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(round(6 * theme().unit))
        self.horizontalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)
        self.doubleClicked.connect(self.chosen)
        describe(self, title, tr("Enter or a double click takes an entry."))

    def show_fitting(self, model: QAbstractItemModel) -> None:
        """Show a model with names as wide as they are, as high as a few rows."""
        self.setModel(model)
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        rows = max(_FEWEST, min(model.rowCount(), _MOST))
        self.setFixedHeight(rows * self.verticalHeader().defaultSectionSize() + 2 * self.frameWidth() + 2)

    def show_wide(self, model: QAbstractItemModel, units: int) -> None:
        """Show a model whose names come and go in a column of `units`, which can be dragged."""
        self.setModel(model)
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.horizontalHeader().resizeSection(0, units * theme().unit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)
