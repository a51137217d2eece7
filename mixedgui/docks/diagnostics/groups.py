"""The group table: size, mean, predictions, distance and influence of every group, linked with the plots."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QStackedLayout, QTableView, QVBoxLayout, QWidget

from engine.api import GroupTable
from mixedgui.models.group_table import GroupTableModel
from mixedgui.state.grouping import Grouping
from mixedgui.state.selection import Selection
from mixedgui.state.translation import tr
from mixedgui.theme import theme
from mixedgui.widgets.pane_head import PaneHead
from mixedgui.widgets.tinted_label import TintedLabel

_ROWS_MEASURED = 40
"""Rows that the widths of columns are taken from."""


class GroupPane(QWidget):
    """Attributes: `picked` emits the rows of the groups that were selected here."""

    picked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.grouping: Grouping | None = None
        self._model: GroupTableModel | None = None
        self._following = False
        self._words = TintedLabel("", "text2", self)
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.table = QTableView(self)
        self.table.setObjectName("group_table")
        self.table.setAccessibleName(self.tr("Groups"))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSortingEnabled(True)
        self.table.setShowGrid(False)
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.verticalHeader().setDefaultSectionSize(6 * theme().unit)
        self.table.horizontalHeader().setResizeContentsPrecision(_ROWS_MEASURED)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self._head = PaneHead(self.tr("Groups"), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        self._stack = QStackedLayout()
        column.addLayout(self._stack, 1)
        self._stack.addWidget(self._words)
        self._stack.addWidget(self.table)

    def say(self, text: str) -> None:
        """Show words in place of the table."""
        self._words.setText(text)
        self._stack.setCurrentWidget(self._words)

    def show_table(self, table: GroupTable) -> None:
        """Show the groups, the most influential or most distant first."""
        self._head.set_count(tr("{0:,} of {1}").format(len(table.names), table.level))
        self._model = GroupTableModel(table)
        self._model.setParent(self)
        self.grouping = Grouping(table.sample_rows, table.codes)
        self.table.setModel(self._model)
        wanted = next(name for name in ("largest change (SE)", "distance", "n") if name in table.columns)
        self.table.sortByColumn(1 + table.columns.index(wanted), Qt.SortOrder.DescendingOrder)
        self.table.selectionModel().selectionChanged.connect(self._picked)
        self._stack.setCurrentWidget(self.table)

    def follow(self, selection: Selection) -> None:
        """Select the groups that selected observations are in."""
        if self._model is None or self.grouping is None:
            return
        self._following = True
        rows = self._model.rows_of(self.grouping.touched(selection.row_ids))
        chosen = QItemSelection()
        last = self._model.columnCount() - 1
        for row in rows:
            chosen.select(self._model.index(row, 0), self._model.index(row, last))
        self.table.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if rows:
            self.table.scrollTo(self._model.index(rows[0], 0))
        self._following = False

    @Slot()
    def _picked(self) -> None:
        if self._following or self._model is None or self.grouping is None:
            return
        rows = [index.row() for index in self.table.selectionModel().selectedRows()]
        self.picked.emit(self.grouping.rows_of(self._model.groups_at(rows)))
