"""What can be done in the data editor, as actions with shortcuts, and the menus that offer them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from engine.api import Session
from mixedgui.docks.data_editor.edits import DataEdits
from mixedgui.docks.data_editor.grid import DataGrid
from mixedgui.docks.data_editor.menus import cell_menu, column_menu, conversion_menu, type_menu
from mixedgui.state.conversions import conversions
from mixedgui.state.data_view import DataView
from mixedgui.state.translation import tr
from mixedgui.theme import theme
from mixedgui.widgets.icons import set_icon

CHANGE_DATA = ("paste", "clear", "fill_down", "drop_rows", "drop_columns", "rename", "add_row", "missing_everywhere")
"""Actions that only an editor offers that may edit."""

_OF_THE_TABLE = frozenset({"copy", "copy_names", "paste"})
"""Text fields want the keys of these for themselves."""


_LOOKED_AT = 200
"""Rows whose text tells how numbers are written."""


class EditorActions(QObject):
    """Actions by name, and what those do that change the view and not the data.

    Attributes
    ----------
    dialog_wanted
        A command to be shown in its dialog.
    """

    dialog_wanted = Signal(str)

    def __init__(self, grid: DataGrid, edits: DataEdits, window: QWidget) -> None:
        super().__init__(window)
        self._grid = grid
        self._view: DataView = grid.view
        self._edits = edits
        self._window = window
        self._actions: dict[str, QAction] = {}
        self._make()
        for table, header in zip(grid.tables, grid.headers, strict=True):
            table.command_key.connect(self._key)
            table.customContextMenuRequested.connect(self._open_cell_menu)
            header.sort_wanted.connect(self._cycle_sort)
            header.rename_wanted.connect(self.start_rename)
            header.customContextMenuRequested.connect(self._open_column_menu)
            for name in _OF_THE_TABLE:
                shortcut = QShortcut(self[name].shortcut(), table)
                shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
                shortcut.activated.connect(self[name].trigger)
        grid.row_header.customContextMenuRequested.connect(self._open_row_menu)

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def values(self) -> list[QAction]:
        """Return all actions."""
        return list(self._actions.values())

    def show_state(self, session: Session) -> None:
        """Switch on what is possible now, and name what can be taken back."""
        view = self._view
        self["sort_data"].setEnabled(bool(view.sort))
        self["sort_off"].setEnabled(bool(view.sort))
        self["show_all"].setEnabled(bool(view.hidden))
        for name in CHANGE_DATA:
            self[name].setEnabled(self._edits.editable)
        steps = session.steps
        for name, kept, words in (
            ("undo", steps.last_done, (tr("Undo: {what} ({keys})"), tr("Nothing to undo"))),
            ("redo", steps.last_undone, (tr("Redo: {what} ({keys})"), tr("Nothing to redo"))),
        ):
            action = self[name]
            action.setEnabled(bool(kept))
            what = " ".join(kept[-1].command.split())[:60] if kept else ""
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(words[0].format(what=what, keys=keys) if kept else words[1])

    def _make(self) -> None:
        keys, edits, view = QKeySequence.StandardKey, self._edits, self._view
        self._add("undo", self.tr("&Undo"), edits.undo, keys.Undo)
        self._add("redo", self.tr("&Redo"), edits.redo)
        self["redo"].setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        self._add("copy", self.tr("&Copy"), edits.copy, keys.Copy, icon="copy")
        self._add("copy_names", self.tr("Copy with &Names"), lambda: edits.copy(names=True), "Ctrl+Shift+C")
        self._add("paste", self.tr("&Paste"), edits.paste, keys.Paste)
        self._add("clear", self.tr("Make &Missing"), edits.clear_cells, icon="x")
        self._add("fill_down", self.tr("&Fill Down"), edits.fill_down, "Ctrl+D", icon="arrow-down")
        self._add("missing_everywhere", self.tr("Make This Value Missing &Everywhere"), edits.make_value_missing)
        self._add("select_rows", self.tr("&Select Rows in Plots Too"), self.select_rows, icon="cursor")
        self._add("clear_selection", self.tr("Select No R&ows"), self._grid.unpick_rows)
        self._add("filter_cell", self.tr("Show Only &This Value"), self._filter_cell, icon="funnel")
        self._add("drop_rows", self.tr("&Drop Rows"), edits.drop_rows, icon="trash")
        self._add("add_row", self.tr("&Add Observation"), edits.add_row, "Ctrl+Shift+N", icon="plus")
        self._add("drop_columns", self.tr("&Drop Variables"), edits.drop_columns, icon="trash")
        self._add("rename", self.tr("&Rename"), self._rename_current, "Shift+F2", icon="pencil-simple")
        self._add("pin", self.tr("&Pin at the Left"), self._pin_current, "Ctrl+Shift+P", icon="push-pin")
        self._add("sort_up", self.tr("Show &Lowest First"), lambda: self._sort(descending=False), icon="arrow-up")
        self._add("sort_down", self.tr("Show Hi&ghest First"), lambda: self._sort(descending=True), icon="arrow-down")
        self._add("sort_off", self.tr("Show in the &Order of the Data"), view.sort_by)
        self._add("sort_data", self.tr("&Sort the Data as Shown"), edits.sort_data)
        self._add("show_all", self.tr("Show &All Variables"), lambda: view.show_only(()))
        self._add("hide", self.tr("&Hide"), self._hide_columns, icon="eye-slash")

    def _add(
        self,
        name: str,
        text: str,
        call: Callable[[], object],
        keys: QKeySequence.StandardKey | str | None = None,
        *,
        icon: str = "",
    ) -> None:
        action = QAction(text, self._window)
        action.setObjectName(f"action_data_editor_{name}")
        action.triggered.connect(lambda _checked=False: call())
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
        if icon:
            set_icon(action, icon)
        self._actions[name] = action
        if name not in _OF_THE_TABLE:
            self._window.addAction(action)

    def add(self, name: str, text: str, call: Callable[[], object]) -> QAction:
        """Add an action of the window."""
        self._add(name, text, call)
        return self[name]

    # --- what the actions do -----------------------------------------------------------------------------------------

    @Slot(str)
    def _key(self, meant: str) -> None:
        grid = self._grid
        if meant == "edit" and self._edits.editable:
            grid.edit_current()
        elif meant == "delete" and self._edits.editable:
            self._edits.clear_cells()
        elif meant == "select_rows":
            self.select_rows()
        elif meant == "select_columns":
            _, columns = grid.cells()
            grid.select_cells(range(grid.model.rowCount()), columns)

    def select_rows(self) -> None:
        """Select the rows of the selected cells, here and in every plot."""
        rows, _ = self._grid.cells()
        self._grid.select_cells(rows, range(self._grid.model.columnCount()))
        self._grid.pick_rows(rows)

    def _filter_cell(self) -> None:
        self._view.set_filter(self._edits.filter_for_cell())

    def _name(self) -> str:
        place = self._grid.current
        return "" if place is None else self._grid.model.variable(place[1]).name

    def _pin_current(self) -> None:
        name = self._name()
        if name:
            self._view.pin(name, pinned=name not in self._view.pinned)

    def _sort(self, *, descending: bool) -> None:
        name = self._name()
        if name:
            self._view.sort_by((name, descending))

    @Slot(int)
    def _cycle_sort(self, column: int) -> None:
        self._view.cycle_sort(self._grid.model.variable(column).name)

    def _hide_columns(self) -> None:
        _, columns = self._grid.cells()
        gone = {self._grid.model.variable(column).name for column in columns}
        kept = [variable.name for variable in self._view.columns if variable.name not in gone]
        if kept and gone:
            self._view.show_only(kept)

    def _rename_current(self) -> None:
        place = self._grid.current
        if place is not None:
            self.start_rename(place[1])

    @Slot(int)
    def start_rename(self, column: int) -> None:
        """Open a field over the heading of a column."""
        if not self._edits.editable:
            return
        header = self._grid.headers[0 if column < len(self._view.pinned) else 1]
        name = self._grid.model.variable(column).name
        field = QLineEdit(name, header.viewport())
        field.setObjectName("data_editor_rename")
        field.setAccessibleName(self.tr("New name of {0}").format(name))
        left, width = header.sectionViewportPosition(column), header.sectionSize(column)
        field.setGeometry(left, 0, max(width, 30 * theme().unit), header.height() // 2 + theme().unit)
        field.selectAll()

        def finish() -> None:
            self._edits.rename(column, field.text())
            self._grid.setFocus()

        field.returnPressed.connect(finish)
        field.editingFinished.connect(field.deleteLater)
        leave = QShortcut(QKeySequence("Escape"), field)
        leave.setContext(Qt.ShortcutContext.WidgetShortcut)
        leave.activated.connect(self._grid.setFocus)
        field.show()
        field.setFocus()

    # --- menus -------------------------------------------------------------------------------------------------------

    @Slot(QPoint)
    def _open_cell_menu(self, place: QPoint) -> None:
        table = next(t for t in self._grid.tables if t is self.sender())
        cell_menu(self._window, self._actions).popup(table.viewport().mapToGlobal(place))

    @Slot(QPoint)
    def _open_row_menu(self, place: QPoint) -> None:
        cell_menu(self._window, self._actions).popup(self._grid.row_header.viewport().mapToGlobal(place))

    @Slot(QPoint)
    def _open_column_menu(self, place: QPoint) -> None:
        header = next(h for h in self._grid.headers if h is self.sender())
        column = header.logicalIndexAt(place)
        if column < 0:
            return
        _, columns = self._grid.cells()
        if column not in columns:
            self._grid.go_to(self._grid.current[0] if self._grid.current is not None else 0, column)
        pinned = self._name() in self._view.pinned
        self["pin"].setText(self.tr("Un&pin") if pinned else self.tr("&Pin at the Left"))
        self.menu_of_column(column).popup(header.viewport().mapToGlobal(place))

    def menu_of_column(self, column: int) -> QMenu:
        """Return the menu of a heading, with the types its variable can be given."""
        menu = column_menu(self._window, self._actions)
        variable = self._grid.model.variable(column)
        type_menu(menu, self.tr("Storage &Type"), variable, self._edits.recast, editable=self._edits.editable)
        texts = [self._grid.model.full_text(row, column) for row in range(min(_LOOKED_AT, self._grid.model.rowCount()))]
        found = conversions(variable, texts if variable.is_string else (), self._view.dataset.names)
        conversion_menu(menu, self.tr("Con&vert to"), found, self.dialog_wanted.emit, editable=self._edits.editable)
        return menu
