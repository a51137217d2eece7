"""The window of the data: browse and edit, filter, sort, pin; every change is a command."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance, Slot
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from engine.api import CancelToken, Event, Session, StataError, command_from_text, print_expression
from mixedgui.closing import close_by_key
from mixedgui.docks.data_editor.actions import EditorActions
from mixedgui.docks.data_editor.bars import FilterBar, ToolBar, ValueBar
from mixedgui.docks.data_editor.edits import DataEdits
from mixedgui.docks.data_editor.foot import Foot
from mixedgui.docks.data_editor.grid import DataGrid, Positions
from mixedgui.jobs.background import Background
from mixedgui.state.data_view import DataView
from mixedgui.state.selection import Selection
from mixedgui.theme import theme
from mixedgui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from mixedgui.docks.variables_manager.manager import VariablesManager


REFRESH_MS = 100
"""How long a change of the data may stay unseen while more commands come."""


class EditorHost(Protocol):
    """What the data editor needs of the main window."""

    session: Session
    selection: Selection
    command_ended: SignalInstance
    command_finished: SignalInstance
    data_changed: SignalInstance

    def run_command(self, text: str) -> object:
        """Run commands as if they had been typed."""

    def open_dialog(self, name: str) -> object:
        """Open the dialog of a command."""

    def open_in_dialog(self, command: str) -> None:
        """Open the dialog of a command, filled with what it says."""

    def put_condition(self, condition: str) -> None:
        """Write a condition where one is being written."""

    def open_data(self) -> None:
        """Ask for a data file."""


class DataEditor(QWidget):
    """The data of a session in a window of their own.

    Attributes
    ----------
    rows_selected
        Row ids (`Dataset.row_ids`) that were selected here, in a plot or in another table.
    """

    rows_selected = Signal(object)

    def __init__(self, host: EditorHost, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("data_editor")
        self._host = host
        self._filter_shown = ""
        self._manager: VariablesManager | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(REFRESH_MS)
        self._background = Background(self)
        self.view = DataView(self._lookup, self._background.run)
        self.tools = ToolBar(self)
        self.filter = FilterBar(self)
        self.value = ValueBar(self)
        self.grid = DataGrid(self.view, host.selection, self)
        self.foot = Foot(self)
        self.empty = EmptyState(self.grid.table, "", "")
        self.edits = DataEdits(self.grid, lambda: host.session, self)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.actions_ = EditorActions(self.grid, self.edits, self)
        self.actions_.add("new_variable", self.tr("New variable"), lambda: host.open_dialog("generate"))
        self.actions_.add("reshape", self.tr("Reshape"), lambda: host.open_dialog("reshape"))
        self.actions_.add("center", self.tr("Within and between"), lambda: host.open_dialog("center"))
        self.actions_.dialog_wanted.connect(host.open_in_dialog)
        variables = self.actions_.add("variables", self.tr("Variables"), self._toggle_manager)
        variables.setCheckable(True)
        self._fill_tools()
        self._lay_out()
        self._connect()
        self.set_editable(False)

    # --- what others call --------------------------------------------------------------------------------------------

    def browse(
        self, names: Sequence[str] = (), condition: str = "", *, editable: bool = False, labels: bool | None = None
    ) -> None:
        """Show the data, some variables and rows of them where given, to look at or to edit."""
        with self.view.batch():
            self._take_data()
            self.view.show_only(names)
            self.filter.field.setText(condition)
            self.view.set_filter(condition)
        self._show_cell()  # not before the table has the columns of these data
        if labels is not None:
            self._show_labels(labels)
        self.set_editable(editable)
        self.show()
        self.raise_()
        self.activateWindow()
        self.grid.setFocus()

    def open_request(self, what: str, argument: str) -> None:
        """Show what a ``browse`` or ``edit`` command asks for."""
        try:
            part = command_from_text(f"{what} {argument}").main
        except StataError:  # data have changed since the command ran
            part = command_from_text(what).main
        condition = print_expression(part.if_) if part.if_ is not None else ""
        labels = False if part.has("nolabel") else None
        self.browse(part.body.split(), condition, editable=what == "edit", labels=labels)

    def set_selected_rows(self, row_ids: Positions | Sequence[int]) -> None:
        """Select whole rows here and in every plot."""
        self._host.selection.set(row_ids)

    @property
    def manager(self) -> VariablesManager:
        """The Variables Manager under the data, whether or not it is open."""
        if self._manager is None:
            from mixedgui.docks.variables_manager.manager import VariablesManager

            manager = self._manager = VariablesManager(self._host, self)
            manager.hide()
            manager.chosen.connect(self._variable_chosen)
            manager.said.connect(self.value.say_of)
            self.splitter.addWidget(manager)
        return self._manager

    def show_manager(self, *, shown: bool = True) -> None:
        """Open or close the Variables Manager."""
        if shown and not self.isVisible():
            self.browse(editable=self.editable)
        manager = self.manager
        first = shown and manager.isHidden()
        manager.setVisible(shown)
        self.actions_["variables"].setChecked(shown)
        if first:
            height = self.splitter.height()
            self.splitter.setSizes([height * 55 // 100, height * 45 // 100])
        (manager if shown else self.grid).setFocus()

    @property
    def editable(self) -> bool:
        """Whether cells can be changed."""
        return self.grid.model.editable

    def set_editable(self, editable: bool) -> None:
        """Let the data be edited, or only looked at."""
        self.grid.model.editable = editable
        for table in self.grid.tables:
            table.set_editable(editable)
        self.value.field.setReadOnly(not editable)
        self.mode_edit.setChecked(editable)
        self.mode_browse.setChecked(not editable)
        self.actions_.show_state(self._host.session)
        self._say_mode()

    @Slot()
    def refresh(self) -> None:
        """Show the data as they are now."""
        self._take_data()
        self._show_cell()

    def _take_data(self) -> None:
        data = self._host.session.data
        self.view.set_dataset(data)
        name = Path(data.path.replace("\\", "/")).name if data.path else self.tr("not saved") if data.variables else ""
        self.tools.about.setText("  ·  ".join(piece for piece in (name, data.label) if piece))
        self.setWindowTitle(self.tr("Data editor: {0}").format(name) if name else self.tr("Data editor"))
        self.filter.field.set_names(data.names)
        self._show_view()

    @Slot()
    def _look_anew(self) -> None:
        """Write the numbers anew: their decimal sign may be another."""
        self.view.changed()

    def showEvent(self, event: QShowEvent) -> None:
        """Look at the data anew."""
        super().showEvent(event)
        self.refresh()

    # --- building ----------------------------------------------------------------------------------------------------

    def _fill_tools(self) -> None:
        tools = self.tools
        self.mode_edit = tools.mode.add("data_editor_edit", self.tr("Edit"), "pencil-simple", self._edit)
        self.mode_browse = tools.mode.add("data_editor_browse", self.tr("Browse"), "eye", self._browse_only)
        labels = tools.words.add("data_editor_labels", self.tr("Labels"), "tag", lambda: self._show_labels(True))
        codes = tools.words.add("data_editor_codes", self.tr("Codes"), "hash", lambda: self._show_labels(False))
        labels.setChecked(True)
        self._label_buttons = (labels, codes)
        tools.add_tool(self.actions_["undo"], "arrow-u-up-left", text=False)
        tools.add_tool(self.actions_["redo"], "arrow-u-up-right", text=False)
        tools.add_tool(self.actions_["new_variable"], "plus")
        tools.add_tool(self.actions_["reshape"], "arrows-clockwise")
        tools.add_tool(self.actions_["center"], "intersect")
        tools.add_tool(self.actions_["variables"], "list-dashes")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        data = QWidget(self)
        inner = QVBoxLayout(data)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        for widget in (self.filter, self.value):
            inner.addWidget(widget)
        inner.addWidget(self.grid, 1)
        self.splitter.addWidget(data)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setChildrenCollapsible(False)
        column.addWidget(self.tools)
        column.addWidget(self.splitter, 1)
        column.addWidget(self.foot)
        unit = theme().unit
        room = self.screen().availableSize()
        self.resize(min(340 * unit, room.width()), min(210 * unit, room.height() - 8 * unit))
        self.setMinimumSize(140 * unit, 60 * unit)

    def _connect(self) -> None:
        host = self._host
        host.command_ended.connect(self._command_ended)
        self._soon.timeout.connect(self._look_again)
        self.empty.wanted.connect(self._leave_empty)
        host.command_finished.connect(self._command_finished)
        self.view.subscribe(self._show_view)
        theme().changed.connect(self._look_anew)
        host.selection.subscribe(self._rows_selected)
        self.edits.run_wanted.connect(host.run_command)
        self.edits.refused.connect(self._refused)
        self.edits.said.connect(self.value.say)
        self.filter.applied.connect(self._apply_filter)
        self.filter.again.clicked.connect(self.view.reapply)
        self.filter.keep.clicked.connect(self.edits.keep_filtered)
        self.filter.use.clicked.connect(lambda: host.put_condition(self.view.filter))
        self.value.typed.connect(self._value_typed)
        self.value.left.connect(self.grid.setFocus)
        self.grid.current_changed.connect(self._show_cell)
        close_by_key(self)
        QShortcut(QKeySequence("F5"), self).activated.connect(self.view.reapply)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self).activated.connect(self.filter.field.setFocus)

    def _lookup(self, node: object) -> object:
        def ignore(_event: Event) -> None:
            return

        context = self._host.session.context(ignore, CancelToken())
        return context.lookup(node)  # type: ignore[arg-type]  # whatever an expression asks for

    # --- showing -----------------------------------------------------------------------------------------------------

    def _say_why_empty(self) -> None:
        if self.view.dataset.variables:
            self.empty.say(self.tr("No row matches the filter."), self.tr("Show all rows"))
        else:
            self.empty.say(self.tr("No data yet."), self.tr("Open a data file…"))
        self.empty.follow()

    @Slot()
    def _leave_empty(self) -> None:
        if self.view.dataset.variables:
            self.filter.reset()
        else:
            self._host.open_data()

    def _show_view(self) -> None:
        self._say_why_empty()
        self.filter.show_view(self.view)
        self.foot.show_view(self.view)
        self.foot.show_selected(self._host.selection, self.view)
        self.actions_.show_state(self._host.session)
        if self.view.filter != self._filter_shown:  # set by something else than the field, which may be in use
            self._filter_shown = self.view.filter
            self.filter.field.setText(self.view.filter)

    @Slot()
    def _show_cell(self) -> None:
        place, model = self.grid.current, self.grid.model
        if place is None or not model.rowCount() or place[0] >= model.rowCount() or place[1] >= model.columnCount():
            self.value.show_cell(None, 0, "")
            return
        variable = model.variable(place[1])
        self.value.show_cell(variable, self.view.position(place[0]) + 1, model.full_text(*place))
        self._say_mode()

    def _say_mode(self) -> None:
        if self.editable:
            self.value.say(self.tr("Editing writes a replace command, and Undo takes it back"))
        else:
            self.value.say(self.tr("Browsing: nothing is changed"))

    @Slot(str)
    def _refused(self, sentence: str) -> None:
        self.value.say(sentence, problem=True)

    def _rows_selected(self) -> None:
        self.grid.show_brushed()
        self.foot.show_selected(self._host.selection, self.view)
        self.rows_selected.emit(self._host.selection.row_ids)

    @Slot(object)
    def _command_ended(self, _outcome: object) -> None:
        if self.isVisible() and not self._soon.isActive():  # a loop ends many commands in the time of one look
            self._soon.start()

    @Slot()
    def _look_again(self) -> None:
        if self.isVisible():
            self.refresh()

    @Slot(object)
    def _command_finished(self, outcome: object) -> None:
        if not self.isVisible():
            return
        self.refresh()
        error = getattr(outcome, "error", None)
        if error is not None:
            self._refused(error.message)

    @Slot(str)
    def _variable_chosen(self, name: str) -> None:
        """Bring the column of a variable into sight."""
        column = self.view.column_of(name)
        if column is not None and self.grid.current is not None:
            self.grid.go_to(self.grid.current[0], column)

    def _toggle_manager(self) -> None:
        self.show_manager(shown=self._manager is None or self._manager.isHidden())

    # --- what the user does ------------------------------------------------------------------------------------------

    def _edit(self) -> None:
        self.set_editable(True)

    def _browse_only(self) -> None:
        self.set_editable(False)

    def _show_labels(self, labels: bool) -> None:
        for button, on in zip(self._label_buttons, (labels, not labels), strict=True):
            button.setChecked(on)
        self.view.show_labels(labels)
        self.grid.fit_columns()

    @Slot(str)
    def _apply_filter(self, text: str) -> None:
        problem = self.view.set_filter(text)
        if problem is None:
            self.grid.setFocus()

    @Slot(str)
    def _value_typed(self, text: str) -> None:
        place = self.grid.current
        if place is None:
            return
        if self.edits.write_cell(*place, text):
            self.grid.setFocus()
            self.grid.go_to(place[0] + 1, place[1])
