"""The Variables pane: names and labels of the data set, with filter, drag and insert."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSortFilterProxyModel, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QIcon, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from engine.api import Dataset, Variable
from mixedgui.models.variables import KIND_ROLE, VARIABLE_ROLE, VariablesModel
from mixedgui.theme import theme
from mixedgui.widgets.empty_state import EmptyState
from mixedgui.widgets.icons import icon, set_icon
from mixedgui.widgets.pane import Pane
from mixedgui.widgets.search_field import SearchField

_Index = QModelIndex | QPersistentModelIndex

KIND_ICONS = {"level": "stack", "text": "text-aa", "labelled": "tag", "date": "calendar", "number": "hash"}


class VariablesPane(Pane):
    """The list of variables.

    Attributes
    ----------
    insert_wanted
        Names to put where the user writes.
    chosen
        The current `Variable`, or None.
    open_wanted
        There are no data, and some are to be opened.
    """

    insert_wanted = Signal(list)
    chosen = Signal(object)
    open_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("variables", parent)
        self.setWindowTitle(self.tr("Variables"))
        self._model = VariablesModel(self)
        self._proxy = _NameOrLabel(self)
        self._proxy.setSourceModel(self._model)
        self.filter = SearchField(self.tr("Filter variables"), self)
        self.filter.setObjectName("variables_filter")
        self.filter.textChanged.connect(self._filter)
        self.view = _VariablesView(self)
        self.view.setModel(self._proxy)
        self.view.setItemDelegate(_VariableDelegate(self.view))
        self.empty = EmptyState(self.view, "", "")
        self.empty.wanted.connect(self._leave_empty)
        self._say_why_empty()
        self.add_filter(self.filter)
        self.column.addWidget(self.view)
        self.set_main(self.view)
        self.view.doubleClicked.connect(self._insert)
        self.view.insert_key.connect(self._insert)
        self.view.selectionModel().currentRowChanged.connect(self._choose)
        self.view.customContextMenuRequested.connect(self._open_menu)

    def set_dataset(self, dataset: Dataset) -> None:
        """List the variables of `dataset`; the same name stays current."""
        current = self.view.currentIndex().data(VARIABLE_ROLE)
        self._model.set_dataset(dataset)
        self._count()
        self.view.fit()
        names = dataset.names
        if isinstance(current, Variable) and current.name in names:
            source = self._model.index(names.index(current.name), 0)
            self.view.setCurrentIndex(self._proxy.mapFromSource(source))
        else:
            self.chosen.emit(None)

    def set_levels(self, names: Sequence[str]) -> None:
        """Mark the variables that are levels of the current estimates."""
        self._model.set_levels(names)

    def _say_why_empty(self) -> None:
        if self._model.rowCount():
            self.empty.say(self.tr("No variable matches the filter."), self.tr("Show all"))
        else:
            self.empty.say(self.tr("No data yet."), self.tr("Open a data file…"))

    @Slot()
    def _leave_empty(self) -> None:
        if self._model.rowCount():
            self.filter.clear()
        else:
            self.open_wanted.emit()

    def _count(self) -> None:
        self._say_why_empty()
        shown, total = self._proxy.rowCount(), self._model.rowCount()
        self.head.set_count(self.tr("{0} of {1}").format(shown, total) if total else "")

    @Slot(str)
    def _filter(self, text: str) -> None:
        self._proxy.set_words(text)
        self._count()

    @Slot(QModelIndex)
    def _insert(self, index: QModelIndex) -> None:
        variable = index.data(VARIABLE_ROLE)
        if isinstance(variable, Variable):
            self.insert_wanted.emit([variable.name])

    @Slot(QModelIndex, QModelIndex)
    def _choose(self, index: QModelIndex, _previous: QModelIndex) -> None:
        self.chosen.emit(index.data(VARIABLE_ROLE))

    def selected_names(self) -> list[str]:
        """Return the names of the selected rows, in data set order."""
        rows = sorted({self._proxy.mapToSource(i).row() for i in self.view.selectionModel().selectedRows()})
        return [self._model.variable(row).name for row in rows]

    @Slot(QPoint)
    def _open_menu(self, place: QPoint) -> None:
        names = self.selected_names()
        if not names:
            return
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        insert = menu.addAction(self.tr("&Insert Name"))
        insert.triggered.connect(lambda: self.insert_wanted.emit(names))
        set_icon(insert, "cursor")
        copy = menu.addAction(self.tr("&Copy Name"))
        copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(" ".join(names)))
        set_icon(copy, "copy")
        menu.popup(self.view.viewport().mapToGlobal(place))


class _NameOrLabel(QSortFilterProxyModel):
    """Keeps rows in which every word occurs in the name or the label."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._words: list[str] = []

    def set_words(self, text: str) -> None:
        """Filter by the words of `text`."""
        self.beginFilterChange()
        self._words = text.lower().split()
        self.endFilterChange()

    def filterAcceptsRow(self, row: int, parent: _Index) -> bool:
        """Look into both columns."""
        model = self.sourceModel()
        assert isinstance(model, VariablesModel)
        variable = model.variable(row)
        text = f"{variable.name} {variable.label}".lower()
        return all(word in text for word in self._words)


class _VariablesView(QTableView):
    """Attributes: `insert_key` (Enter), with the current index."""

    insert_key = Signal(QModelIndex)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("variables_list")
        self.setAccessibleName(self.tr("Variables in the data"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(round(6.25 * theme().unit))
        self.horizontalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)

    def fit(self) -> None:
        """Give the names the room they need, up to half of the width, or to all of it where there are no labels."""
        self.resizeColumnToContents(0)
        model = self.model()
        labelled = any(model.index(row, 1).data() for row in range(model.rowCount()))
        room = self.viewport().width() // (2 if labelled else 1)
        self.setColumnWidth(0, min(self.columnWidth(0) + 3 * theme().unit, max(room, 1)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.insert_key.emit(self.currentIndex())
            return
        super().keyPressEvent(event)


class _VariableDelegate(QStyledItemDelegate):
    """Kind as an icon, name in bold, label in grey."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: _Index) -> None:
        """Set icon, font and colour of a cell."""
        super().initStyleOption(option, index)
        if index.column() == 0:
            picture: QIcon = icon(KIND_ICONS[str(index.data(KIND_ROLE))])
            option.icon = picture
            option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration
            side = 4 * theme().unit
            option.decorationSize = picture.actualSize(option.decorationSize.__class__(side, side))
            option.font = theme().font(bold=True)
            option.textElideMode = Qt.TextElideMode.ElideMiddle  # long names often differ at their ends
        else:
            option.palette.setColor(option.palette.ColorRole.Text, theme().color("text2"))
