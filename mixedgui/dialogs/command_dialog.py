"""The frame of every dialog: pages above, the command below, and the buttons that run it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QScrollArea,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from engine.api import CommandDecl, Dataset, Problem
from mixedgui.dialogs.command_band import CommandBand
from mixedgui.dialogs.footer import Footer
from mixedgui.dialogs.help_strip import HelpStrip
from mixedgui.dialogs.late_pages import LatePages
from mixedgui.dialogs.pages import Pages
from mixedgui.dialogs.preset_button import PresetButton
from mixedgui.dialogs.problem_notes import ProblemNotes
from mixedgui.dialogs.window import CommandWindow
from mixedgui.state.translation import tr
from mixedgui.theme import theme
from mixedgui.widgets.binding import Binding
from mixedgui.widgets.expression_edit import ExpressionEdit
from mixedgui.widgets.mnemonics import assign_mnemonics
from mixedgui.widgets.reason import ReasonButton
from mixedgui.widgets.section import Section
from mixedgui.widgets.variable_edit import VariableEdit
from mixedgui.widgets.varlist_edit import VarlistEdit

REQUIRED_RC = 100
"""Return code of a required field that is empty; said only once Submit was tried."""


class CommandDialog(QDialog):
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
        super().__init__(window if isinstance(window, QWidget) else None)
        self.decl = decl
        self.state = state
        self.window_ = window
        self.bindings: list[Binding[Any]] = []
        self.reasons: dict[str, ReasonButton] = {}
        self.refreshers: list[Callable[[], None]] = []
        self._asked = False
        self._running = False
        self._dataset: Dataset | None = None
        self.setObjectName(f"dialog_{decl.name}")
        self.setWindowTitle(f"{decl.name}: {decl.title[:1].lower()}{decl.title[1:]}")
        self.setModal(False)
        self.tabs = Pages(decl.name, self)
        self.late = LatePages(self.tabs, self._page_made, self)
        self._focus_order: list[QWidget] = []
        self._late_focus: dict[int, list[QWidget]] = {}
        self.footer = Footer(self)
        self.presets = PresetButton(decl.name, state, self, self._say)
        self.footer.add_tool(self.presets)
        self.band = CommandBand(tr("Command"), tr("The command that Submit runs"), self, whole=True)
        self.preview = self.band.preview
        self.preview.setObjectName("command_preview")
        self.band.copy.setObjectName("copy_command")
        self._help = HelpStrip(decl.help or decl.title, self.footer.help, self)
        self._help.setObjectName("help_text")
        self.notes = ProblemNotes(self.tabs, self.control)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.tabs, 1)
        outer.addWidget(self._help)
        outer.addWidget(self.band)
        outer.addLayout(self.footer)
        self._connect()

    # ---- building

    def note_under(self, option: str, parent: QWidget) -> QLabel:
        """Return the line that says what is wrong with a field."""
        return self.notes.under(option, f"{self.decl.name}_{option}_note", parent)

    def finish(self, labels: list[list[Any]], focus_order: list[QWidget]) -> None:
        """Set mnemonics page by page and the order of Tab; show the state for the first time."""
        for page in labels:
            assign_mnemonics(page)
        self._focus_order = focus_order
        self._order_focus()
        for edit in QDialog.findChildren(self, QLineEdit):
            edit.installEventFilter(self)
        self.state.subscribe(self.refresh)
        self.refresh_data()
        fields = [field for field in focus_order if _takes_text(field)]
        (fields[0] if fields else self.footer.ok).setFocus()

    def _order_focus(self) -> None:
        late = [widget for place in sorted(self._late_focus) for widget in self._late_focus[place]]
        ours = [self.tabs.tabBar(), *self._focus_order, *late]
        chain = [*ours, self.preview, self.band.copy, *self.footer.focus_order()]
        for first, second in pairwise(chain):
            QWidget.setTabOrder(first, second)

    def _page_made(self, scroll: QScrollArea, page: Section) -> None:
        """Take in a page that was made late, and show the state in it."""
        assign_mnemonics(page.labels)
        self._late_focus[self.tabs.indexOf(scroll)] = page.focus_order
        self._order_focus()
        for edit in page.findChildren(QLineEdit):
            edit.installEventFilter(self)
        if self._dataset is not None:
            _offer_variables(page, self._dataset)
        self.bindings += page.bindings
        self.refreshers += page.refreshers
        self.reasons |= page.reasons
        for binding in page.bindings:
            binding.refresh()
        for refresher in page.refreshers:
            refresher()
        reasons = self.state.disabled_reasons()
        for name, button in page.reasons.items():
            button.give(reasons.get(name, ""))
        self.show_problems()

    def make_pages(self) -> None:
        """Make the pages that wait for it."""
        self.late.make_all()

    def findChild(self, *args: Any, **kwargs: Any) -> Any:
        """Return a child as Qt does; where it is not there yet, the pages that wait are made first."""
        found = super().findChild(*args, **kwargs)
        if found is None and self.late.waiting:
            self.make_pages()
            found = super().findChild(*args, **kwargs)
        return found

    def findChildren(self, *args: Any, **kwargs: Any) -> Any:
        """Return children as Qt does, those on pages that wait to be made included."""
        self.make_pages()
        return super().findChildren(*args, **kwargs)

    def _connect(self) -> None:
        self.footer.ok.clicked.connect(self.accept)
        if self.footer.submit is not None:
            self.footer.submit.clicked.connect(self.submit)
        self.footer.cancel.clicked.connect(self.reject)
        self.footer.reset.clicked.connect(self._reset)
        self.footer.undo.clicked.connect(self._undo)
        self.footer.redo.clicked.connect(self._redo)
        self.footer.problems.chosen.connect(self.go_to)
        for keys, action in (
            (QKeySequence.StandardKey.Undo, self._undo),
            (QKeySequence.StandardKey.Redo, self._redo),
            (QKeySequence.StandardKey.HelpContents, self._help.toggle),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(action)
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
        for binding in self.bindings:
            binding.refresh()
        for refresher in self.refreshers:
            refresher()
        reasons = self.state.disabled_reasons()
        for name, button in self.reasons.items():
            button.give(reasons.get(name, ""))
        self.preview.setText(self.state.to_command())
        self.footer.show_undo(self.state.undo_text, self.state.redo_text)
        self.show_problems()

    @Slot()
    def refresh_data(self) -> None:
        """Offer the variables of the data in memory."""
        dataset = self.window_.session.data
        if dataset is not self._dataset:
            self._dataset = dataset
            for page in range(self.tabs.count()):
                place = self.tabs.widget(page)
                if place is not None:
                    _offer_variables(place, dataset)
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
        open_child = getattr(control.window(), "open_here", None)
        if callable(open_child):
            open_child()
        control.setFocus(Qt.FocusReason.OtherFocusReason)
        if row:
            self.select_row(int(row.rstrip("]")))
        if self.isVisible() and not self.notes.says(option):
            QToolTip.showText(control.mapToGlobal(control.rect().bottomLeft()), problem.message, control)

    def select_row(self, row: int) -> None:
        """Select a row of the list that a problem is about; dialogs without a list do nothing."""

    def _say(self, message: str) -> None:
        QToolTip.showText(self.footer.problems.mapToGlobal(self.footer.problems.rect().topLeft()), message)

    # ---- reset, undo

    @Slot()
    def _reset(self) -> None:
        self._asked = False
        self.state.reset()

    @Slot()
    def _undo(self) -> None:
        self.state.undo()

    @Slot()
    def _redo(self) -> None:
        self.state.redo()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give undo and redo in a text field to the dialog, whose steps include the field's."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(watched, QLineEdit):
            standard = QKeySequence.StandardKey
            if isinstance(event, QKeyEvent) and (event.matches(standard.Undo) or event.matches(standard.Redo)):
                event.ignore()
                return True
        return super().eventFilter(watched, event)


def _takes_text(field: QWidget) -> bool:
    """Tell whether a field is there to be written into."""
    return isinstance(field, QLineEdit | VariableEdit) and field.isEnabled() and not field.isHidden()


def _offer_variables(place: QWidget, dataset: Dataset) -> None:
    """Offer the data set's variables in every field for them inside `place`."""
    for edit in QWidget.findChildren(place, QWidget):
        if isinstance(edit, VariableEdit | VarlistEdit | ExpressionEdit):
            edit.set_variables(dataset.variables)
