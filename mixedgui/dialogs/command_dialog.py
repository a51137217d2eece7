"""The frame of every dialog: pages above, the command below, and the buttons that run it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QToolTip, QWidget

from engine.api import CommandDecl, Problem
from mixedgui.dialogs.command_band import CommandBand
from mixedgui.dialogs.footed_dialog import FootedDialog
from mixedgui.dialogs.paged_dialog import PagedDialog
from mixedgui.dialogs.preset_button import PresetButton
from mixedgui.dialogs.problem_notes import ProblemNotes
from mixedgui.dialogs.window import CommandWindow
from mixedgui.state.translation import tr
from mixedgui.theme import theme

REQUIRED_RC = 100
"""Return code of a required field that is empty; said only once Submit was tried."""


class CommandDialog(PagedDialog):
    """A dialog that ends in one command line; not modal, kept alive, its content remembered.

    Parameters
    ----------
    decl
        The command.
    state
        What the dialog holds; it decides, the widgets show.
    window
        Runs the command.
    """

    def __init__(self, decl: CommandDecl, state: Any, window: CommandWindow) -> None:
        super().__init__(
            decl.name,
            f"{decl.name}: {decl.title[:1].lower()}{decl.title[1:]}",
            window if isinstance(window, QWidget) else None,
            about=decl.help or decl.title,
            state=state,
        )
        self.decl = decl
        self.window_ = window
        self._asked = False
        self._running = False
        self.presets = PresetButton(decl.name, state, self, self._say)
        self.footer.add_tool(self.presets)
        self.band = CommandBand(tr("Command"), tr("The command that Submit runs"), self, whole=True)
        self.preview = self.band.preview
        self.preview.setObjectName("command_preview")
        self.band.copy.setObjectName("copy_command")
        self.notes = ProblemNotes(self.tabs, self.control)
        self.stack(self.tabs, self.band)
        self._connect()

    # ---- building

    def note_under(self, option: str, parent: QWidget) -> QLabel:
        """Return the line that says what is wrong with a field."""
        return self.notes.under(option, f"{self.decl.name}_{option}_note", parent)

    def finish(self, labels: list[list[Any]], focus_order: list[QWidget]) -> None:
        """Set mnemonics page by page and the order of Tab; show the state for the first time."""
        self.show_pages(labels, focus_order, self.band)
        self.state.subscribe(self.refresh)
        self.refresh_data()

    def page_taken_in(self) -> None:
        """Mark the problems on it."""
        self.show_problems()

    def _connect(self) -> None:
        if self.footer.submit is not None:
            self.footer.submit.clicked.connect(self.submit)
        self.footer.problems.chosen.connect(self.go_to)
        self.window_.command_finished.connect(self._command_finished)
        self.window_.data_changed.connect(self._data_changed)
        self.window_.busy_changed.connect(self._busy_changed)
        theme().changed.connect(self._theme_changed)

    # ---- running the command

    @Slot()
    def submit(self) -> bool:
        """Run the command and stay open, or stop it while it runs; return whether a command was handed over."""
        if self._running:
            self.window_.cancel_command()
            return False
        if not self._ready():
            return False
        self._show_running(True)
        self.window_.run_command(self.state.to_command())
        return True

    def accept(self) -> None:
        """Run the command and close."""
        if self._ready():
            command = self.state.to_command()
            self.hide()
            self.window_.run_command(command)

    def reject(self) -> None:
        """Close; what was filled in stays for the next time."""
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Submit on Ctrl+Enter, wherever the focus is."""
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.submit()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hide instead of ending: the dialog keeps its content for the session."""
        event.ignore()
        self.reject()

    def load_command(self, text: str) -> None:
        """Fill the dialog from a command (StataError when it cannot be read)."""
        self.state.load_command(text)

    def _ready(self) -> bool:
        self._asked = True
        self.refresh()
        errors = [problem for problem in self.problems() if not problem.warning]
        if errors:
            self.go_to(errors[0])
        return not errors

    @Slot()
    def _data_changed(self) -> None:
        """Look at the data anew; a dialog that is put away does so when it comes back."""
        if self.isVisible():
            self.refresh_data()

    @Slot()
    def _theme_changed(self) -> None:
        if self.isVisible():
            self.refresh()

    @Slot(object)
    def _command_finished(self, _outcome: object) -> None:
        self._data_changed()
        QTimer.singleShot(0, self, self._settle)

    @Slot()
    def _settle(self) -> None:
        if not self.window_.busy:
            self._show_running(False)

    @Slot(bool)
    def _busy_changed(self, busy: bool) -> None:
        if not busy:
            self._show_running(False)

    def _show_running(self, running: bool) -> None:
        self._running = running
        self.footer.show_running(running)

    # ---- showing the state

    def problems(self) -> list[Problem]:
        """Return what is wrong with the content, given the data in memory."""
        return list(self.state.problems(self.window_.session.data))

    def shown_problems(self) -> list[Problem]:
        """Return the problems to show: an empty required field only once Submit was tried."""
        return [problem for problem in self.problems() if self._asked or problem.rc != REQUIRED_RC]

    @Slot()
    def show_problems(self) -> None:
        """List the problems in the footer, and mark fields and tabs."""
        problems = self.shown_problems()
        self.footer.problems.show_problems(problems)
        self.notes.show(problems)

    @Slot()
    def refresh(self) -> None:
        """Show the state in every widget."""
        self.show_state()
        self.preview.setText(self.state.to_command())
        self.show_problems()

    @Slot()
    def refresh_data(self) -> None:
        """Offer the variables of the data in memory."""
        self.offer_variables(self.window_.session.data)
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Look at the data anew."""
        super().showEvent(event)
        self.refresh_data()
        self.late.begin()

    def control(self, option: str) -> QWidget | None:
        """Return the control of an option or field."""
        found = self.findChild(QWidget, f"{self.decl.name}_{option}") if option else None
        return found if isinstance(found, QWidget) else None

    @Slot(object)
    def go_to(self, problem: Problem) -> None:
        """Open the page of the control that a problem is about, put the focus there and say what is wrong."""
        option, _, row = problem.option.partition("[")
        control = self.control(option)
        if control is None:
            self._say(problem.message)
            return
        page = self.notes.page_of(control)
        if page >= 0:
            self.tabs.setCurrentIndex(page)
            scroll = self.tabs.widget(page)
            if isinstance(scroll, QScrollArea):
                scroll.ensureWidgetVisible(control)
        child = control.window()
        if child is not self and isinstance(child, FootedDialog):
            child.open_here()
        control.setFocus(Qt.FocusReason.OtherFocusReason)
        if row:
            self.select_row(int(row.rstrip("]")))
        if self.isVisible() and not self.notes.says(option):
            QToolTip.showText(control.mapToGlobal(control.rect().bottomLeft()), problem.message, control)

    def select_row(self, row: int) -> None:
        """Select a row of the list that a problem is about; dialogs without a list do nothing."""

    def _say(self, message: str) -> None:
        QToolTip.showText(self.footer.problems.mapToGlobal(self.footer.problems.rect().topLeft()), message)

    # ---- reset

    @Slot()
    def _reset(self) -> None:
        self._asked = False
        super()._reset()
