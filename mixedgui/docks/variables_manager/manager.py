"""The Variables Manager: all variables with what is known about them; each change is a command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QSortFilterProxyModel,
    Qt,
    Signal,
    SignalInstance,
    Slot,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHeaderView,
    QMenu,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.api import Session
from mixedgui.docks.variables_manager.delegate import PropertyDelegate, PropertyHeader
from mixedgui.jobs.profiles import Glanced, Profiles
from mixedgui.models.variable_properties import SORT_ROLE, Field, VariablePropertiesModel
from mixedgui.state import variable_commands as commands
from mixedgui.state.translation import counted
from mixedgui.state.variable_commands import NotWritable
from mixedgui.state.variable_table import VariableTable
from mixedgui.theme import theme
from mixedgui.widgets.icons import set_icon
from mixedgui.widgets.pane_head import PaneHead
from mixedgui.widgets.search_field import SearchField

_Index = QModelIndex | QPersistentModelIndex

_WIDTHS = {
    Field.NAME: 26, Field.LABEL: 46, Field.ROLE: 25, Field.TYPE: 17, Field.FORMAT: 18, Field.VALUE_LABEL: 22,
    Field.WITHIN: 27, Field.NOTES: 13, Field.MISSING: 17, Field.DISTINCT: 17, Field.MEAN: 22, Field.SD: 22,
    Field.DISTRIBUTION: 36,
}  # fmt: skip
"""In units of the theme."""


class ManagerHost(Protocol):
    """What the Variables Manager needs of the main window."""

    session: Session
    command_ended: SignalInstance
    command_finished: SignalInstance

    def run_command(self, text: str) -> object:
        """Run commands as if they had been typed."""


class VariablesManager(QWidget):
    """A table of the variables.

    Attributes
    ----------
    chosen
        The name of the current variable.
    said
        A sentence for the user, and whether it tells of a problem.
    """

    chosen = Signal(str)
    said = Signal(str, bool)

    def __init__(self, host: ManagerHost, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("variables_manager")
        self._host = host
        self.table = VariableTable()
        self.model = VariablePropertiesModel(self.table, self)
        self._profiles = Profiles(self)
        self._proxy = _Words(self)
        self._proxy.setSourceModel(self.model)
        self._asked: object = None
        self.view = _View(self)
        self.view.setModel(self._proxy)
        self.view.setItemDelegate(PropertyDelegate(lambda: list(host.session.data.value_labels), self.view))
        self._lay_out()
        self.filter.textChanged.connect(self._filter)
        self.groups.activated.connect(self.refresh)
        self.model.typed.connect(self._typed)
        self._profiles.made.connect(self._made)
        self.view.selectionModel().currentRowChanged.connect(self._choose)
        self.view.customContextMenuRequested.connect(self._open_menu)
        self.view.notes_key.connect(self.open_notes)
        host.command_finished.connect(self._command_finished)

    # --- building ----------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        unit = theme().unit
        self.head = PaneHead(self.tr("Variables manager"), self)
        self.head.setFixedHeight(9 * unit)
        self.groups = QComboBox(self)
        self.groups.setObjectName("variables_manager_groups")
        self.groups.setAccessibleName(self.tr("Groups within which variables are constant or vary"))
        self.groups.setToolTip(self.groups.accessibleName())
        self.filter = SearchField(self.tr("Filter by name, label or role"), self)
        self.filter.setObjectName("variables_manager_filter")
        self.filter.setMinimumWidth(24 * unit)
        self.filter.setMaximumWidth(66 * unit)
        self.groups.setMinimumContentsLength(10)
        self.head.add(self.groups)
        self.head.add(self.filter)
        for name, text, icon, call in (
            ("variables_manager_value_labels", self.tr("Value labels"), "tag", self.open_value_labels),
            ("variables_manager_notes", self.tr("Notes"), "note-pencil", self.open_notes),
        ):
            button = QToolButton(self)
            button.setObjectName(name)
            button.setText(text)
            button.setAutoRaise(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            set_icon(button, icon)
            button.clicked.connect(call)
            self.head.add(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.view)
        self.setFocusProxy(self.view)
        for field, width in _WIDTHS.items():
            self.view.setColumnWidth(field, width * unit)

    # --- showing -----------------------------------------------------------------------------------------------------

    @Slot()
    def refresh(self) -> None:
        """Show the variables as they are now, and compute what is not known yet."""
        session = self._host.session
        macros: Any = session.e.macros if session.estimates is not None else {}
        model_levels = tuple(dict.fromkeys(name for name in macros.get("ivars", "").split() if name != "_all"))
        self._offer_groups(session.data.names, model_levels)
        chosen = self.groups.currentData()
        levels = model_levels if chosen is None else (chosen,) if chosen else ()
        outcome = str(macros.get("depvar", ""))
        if self.table.set_dataset(session.data, levels, outcome):
            self._count()
        self._compute()

    def _offer_groups(self, names: Sequence[str], model_levels: tuple[str, ...]) -> None:
        wanted = self.groups.currentData() if self.groups.count() else None
        first = self.tr("groups of the model: {0}").format(" ".join(model_levels))
        entries = [
            (first if model_levels else self.tr("no groups"), None),
            *((self.tr("within {0}").format(n), n) for n in names),
        ]
        if [text for text, _ in entries] == [self.groups.itemText(i) for i in range(self.groups.count())]:
            return
        self.groups.clear()
        for text, data in entries:
            self.groups.addItem(text, data)
        self.groups.setCurrentIndex(max(self.groups.findData(wanted), 0) if wanted else 0)

    def _compute(self) -> None:
        question = (id(self.table.dataset), self.table.levels)
        missing = self.table.missing_glances()
        if self.isVisible() and missing and question != self._asked:
            self._asked = question
            self._profiles.ask(self.table.dataset, missing, self.table.levels)

    @Slot(object)
    def _made(self, glanced: Glanced) -> None:
        fits = len(glanced.glance.constant) == len(self.table.levels)
        if fits and glanced.dataset is self.table.dataset:
            self.table.put(glanced.name, glanced.glance)

    @Slot(object)
    def _command_finished(self, _outcome: object) -> None:
        if self.isVisible():
            self.refresh()

    def showEvent(self, event: Any) -> None:
        """Look at the data anew."""
        super().showEvent(event)
        self.refresh()

    @Slot(str)
    def _filter(self, text: str) -> None:
        self._proxy.set_words(text)
        self._count()

    def _count(self) -> None:
        shown, total = self._proxy.rowCount(), self.model.rowCount()
        words = counted(total, "{n} variable", "{n} variables")
        self.head.set_count(words if shown == total else self.tr("{0:,} of {1}").format(shown, words))

    # --- the current variable and the selected ones ------------------------------------------------------------------

    @property
    def current_name(self) -> str:
        """The name of the current variable, empty when there is none."""
        index = self._proxy.mapToSource(self.view.currentIndex())
        return self.model.variable(index.row()).name if index.isValid() else ""

    def selected_names(self) -> list[str]:
        """Return the names of the selected variables in data order."""
        rows = sorted({self._proxy.mapToSource(i).row() for i in self.view.selectionModel().selectedRows()})
        return [self.model.variable(row).name for row in rows]

    def go_to(self, name: str) -> None:
        """Make a variable the current one."""
        row = self.model.row_of(name)
        if row >= 0:
            self.view.setCurrentIndex(self._proxy.mapFromSource(self.model.index(row, 0)))

    @Slot(QModelIndex, QModelIndex)
    def _choose(self, _index: QModelIndex, _before: QModelIndex) -> None:
        self.chosen.emit(self.current_name)

    # --- changing ----------------------------------------------------------------------------------------------------

    def _run(self, *lines: str) -> None:
        self._host.run_command("\n".join(lines))

    @Slot(int, int, str)
    def _typed(self, row: int, column: int, text: str) -> None:
        """Write a change as a command; format and value label go to all selected variables of the kind."""
        variable = self.model.variable(row)
        selected = self.selected_names()
        several = selected if variable.name in selected else [variable.name]
        same_kind = [n for n in several if self.table.dataset.variable(n).is_string == variable.is_string]
        try:
            match Field(column):
                case Field.NAME:
                    self._run(commands.rename(variable.name, text))
                case Field.LABEL:
                    self._run(commands.label_variable(variable.name, text))
                case Field.FORMAT:
                    self._run(commands.set_format(same_kind, text))
                case Field.TYPE:
                    self._run(commands.recast(same_kind, text))
                case Field.VALUE_LABEL:
                    self._run(commands.attach_values(same_kind, text))
        except NotWritable as problem:
            self.said.emit(str(problem), True)

    @Slot()
    def open_value_labels(self) -> None:
        """Open the editor of value labels, on that of the current variable."""
        from mixedgui.docks.variables_manager.value_labels import ValueLabelsDialog

        dialog = self.findChild(ValueLabelsDialog) or ValueLabelsDialog(self._host, self)
        dialog.open_for(self.current_name)

    @Slot()
    def open_notes(self) -> None:
        """Open the notes of the current variable."""
        from mixedgui.docks.variables_manager.notes import NotesDialog

        dialog = self.findChild(NotesDialog) or NotesDialog(self._host, self)
        dialog.open_for(self.current_name or commands.DATA)

    def _drop(self) -> None:
        names = self.selected_names()
        if names:
            self._run(f"drop {' '.join(names)}")

    @Slot(QPoint)
    def _open_menu(self, place: QPoint) -> None:
        names = self.selected_names()
        if not names:
            return
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        for text, icon, call in (
            (self.tr("&Value Labels…"), "tag", self.open_value_labels),
            (self.tr("&Notes…"), "note-pencil", self.open_notes),
            (self.tr("&Summarize"), "chart-bar", lambda: self._run(f"summarize {' '.join(names)}")),
            (self.tr("&Drop"), "trash", self._drop),
        ):
            action = menu.addAction(text)
            action.triggered.connect(lambda _checked=False, call=call: call())
            set_icon(action, icon)
        menu.popup(self.view.viewport().mapToGlobal(place))


class _Words(QSortFilterProxyModel):
    """Keeps rows in which every word occurs in name, label, role, type or value label."""

    _FIELDS = (Field.NAME, Field.LABEL, Field.ROLE, Field.TYPE, Field.VALUE_LABEL, Field.WITHIN)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._words: list[str] = []
        self.setSortRole(SORT_ROLE)

    def set_words(self, text: str) -> None:
        """Filter by the words of `text`."""
        self.beginFilterChange()
        self._words = text.lower().split()
        self.endFilterChange()

    def filterAcceptsRow(self, row: int, parent: _Index) -> bool:
        """Look into the fields that hold words."""
        if not self._words:
            return True
        model = self.sourceModel()
        text = " ".join(str(model.index(row, field).data()) for field in self._FIELDS).lower()
        return all(word in text for word in self._words)


class _View(QTableView):
    """Attributes: `notes_key` (Ctrl+Enter)."""

    notes_key = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("variables_manager_table")
        self.setAccessibleName(self.tr("Variables and their properties"))
        self.setAccessibleDescription(
            self.tr("F2 edits name, label, type, format or value label; Ctrl+Enter opens the notes")
        )
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        trigger = QAbstractItemView.EditTrigger
        self.setEditTriggers(trigger.DoubleClicked | trigger.EditKeyPressed | trigger.SelectedClicked)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(round(6.25 * theme().unit))
        header = PropertyHeader(self)
        self.setHorizontalHeader(header)
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        header.setSortIndicatorClearable(True)
        header.setAccessibleName(self.tr("Properties"))
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Edit with Enter; open the notes with Ctrl+Enter."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.state() != self.State.EditingState:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.notes_key.emit()
            elif self.currentIndex().isValid():
                self.edit(self.currentIndex())
            return
        super().keyPressEvent(event)
