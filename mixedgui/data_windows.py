"""The data editor of a main window: made when it is first wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from engine.api import WindowRequest
from mixedgui.state.translation import tr
from mixedgui.widgets.expression_edit import ExpressionEdit

if TYPE_CHECKING:
    from mixedgui.docks.data_editor.editor import DataEditor
    from mixedgui.main_window import MainWindow

REQUESTS = ("browse", "edit", "varmanage")
"""What commands may ask for here."""


class DataWindows(QObject):
    """Opens the data editor for menus, toolbar and commands."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._editor: DataEditor | None = None

    @property
    def editor(self) -> DataEditor:
        """The data editor, whether or not it is open."""
        if self._editor is None:
            from mixedgui.docks.data_editor.editor import DataEditor

            self._editor = DataEditor(self._window, self._window)
        return self._editor

    def open(self, request: WindowRequest) -> bool:
        """Show what a command asks for; return whether it is shown here."""
        if request.what not in REQUESTS:
            return False
        if request.what == "varmanage":
            self.editor.show_manager()
        else:
            self.editor.open_request(request.what, request.argument)
        return True

    def browse(self) -> None:
        """Show the data to look at, by a command."""
        self._window.run_command("browse")

    def edit(self) -> None:
        """Show the data for editing, by a command."""
        self._window.run_command("edit")

    def undo(self) -> None:
        """Take back the last change of the data, by a command."""
        self._step("undo", len(self._window.session.steps.last_done))

    def redo(self) -> None:
        """Do the change of the data again that was taken back last, by a command."""
        self._step("redo", len(self._window.session.steps.last_undone))

    def _step(self, verb: str, count: int) -> None:
        if count:
            self._window.run_command(verb if count == 1 else f"{verb} {count}")
        else:
            nothing = tr("There is no change of the data to undo."), tr("There is no change of the data to redo.")
            self._window.say(nothing[verb == "redo"])

    def manage_variables(self) -> None:
        """Show the Variables Manager, by a command."""
        self._window.run_command("varmanage")

    def put_condition(self, condition: str) -> None:
        """Write a condition into the field of an open dialog that takes one, else into the command line."""
        fields = [
            field
            for field in self._window.findChildren(ExpressionEdit)
            if field.objectName().endswith("_if") and field.window().isVisible()
        ]
        if fields:
            fields[-1].setText(condition)
            fields[-1].window().raise_()
            self._window.say(tr("The condition stands in {0}.").format(fields[-1].window().windowTitle()))
            return
        edit = self._window.command_line.edit
        text = edit.toPlainText().rstrip()
        edit.put(f"{text} if {condition}".lstrip())
        self._window.raise_()
        self._window.activateWindow()
