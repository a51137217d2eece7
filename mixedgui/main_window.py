"""The main window: panes around the results, one session, one queue of commands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QChildEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QTabBar, QWidget

from engine.api import CommandDecl, Session, StataError, find_command, use_decimal_comma
from mixedgui.confirm import ask_to_give_up, would_be_lost
from mixedgui.data_windows import DataWindows
from mixedgui.defect import show_defect
from mixedgui.dialogs import registry
from mixedgui.docks.command_line import CommandPane
from mixedgui.docks.graphs import GraphsPane
from mixedgui.docks.history import HistoryPane
from mixedgui.docks.jobs import JobsPane
from mixedgui.docks.models import ModelsPane
from mixedgui.docks.properties import PropertiesPane
from mixedgui.docks.results import ResultsPane
from mixedgui.docks.variables import VariablesPane
from mixedgui.jobs.job import Job
from mixedgui.jobs.runner import JobRunner
from mixedgui.layout import Layout
from mixedgui.menus import Menus
from mixedgui.models.history import HistoryModel
from mixedgui.opening import FileOpener, available_examples, dropped_files
from mixedgui.preferences import Preferences
from mixedgui.runner_news import RunnerNews
from mixedgui.satellites import Satellites
from mixedgui.shortcuts import Shortcuts
from mixedgui.start_page import StartPage
from mixedgui.state.selection import Selection
from mixedgui.status import StatusBar
from mixedgui.theme import ThemeChoice, theme

WARM_MODULES = (
    "engine.session.runner",
    "mixedgui.dialogs.mixed.dialog",
    "mixedgui.dialogs.predict_dialog",
    "mixedgui.dialogs.mixed.template_dialog",
    "engine.fit.estimate",
    "pandas",
    "scipy.linalg",
    "scipy.special",
    "mixedgui.docks.results.result_card",
    "mixedgui.docks.data_editor.editor",
    "mixedgui.dialogs.import_dialog",
    "mixedgui.dialogs.subcommand_dialog",
)
"""What the first dialogs and commands need; imported behind the first paint. Drawing waits for the first graph."""

WARM_DELAY_MS = 200
"""The first paint goes before."""

MESSAGE_MS = 6000


class MainWindow(QMainWindow):
    """The window.

    Attributes
    ----------
    selection
        The observations that are selected, in every plot and table of the window.
    command_finished
        What was handed to `run_command` is done; the outcome is that of its last command.
    command_ended
        One command is over, also one among several lines or inside a do-file.
    data_changed
        The session holds another data set.
    busy_changed
        Whether a command runs or waits.
    """

    command_finished = Signal(object)
    command_ended = Signal(object)
    data_changed = Signal()
    busy_changed = Signal(bool)

    def __init__(self, preferences: Preferences | None = None) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setAcceptDrops(True)
        self.preferences = preferences or Preferences()
        self.session = Session()
        self.session.settings = replace(self.session.settings, level=self.preferences.level)
        if self.preferences.decimal_comma:
            self.session.settings = replace(self.session.settings, decimal_comma=True)
        use_decimal_comma(self.session.settings.decimal_comma)
        self.session.has_window = True
        self.selection = Selection()
        self.data_windows = DataWindows(self)
        self.satellites = Satellites(self)
        self._writing: QWidget | None = None
        self._warmed = False
        self._leaving = False
        self.runner = JobRunner(self.session, self)
        self.files = FileOpener(self.session, self.preferences, self)
        self.history_model = HistoryModel(self)
        self._make_panes()
        self.layout_ = Layout(
            self,
            self.preferences,
            history=self.history,
            variables=self.variables,
            properties=self.properties,
            command_line=self.command_line,
            models=self.models,
            jobs=self.jobs,
            graphs=self.graphs,
        )
        self._menus = Menus(self)
        self.shortcuts = Shortcuts(self, self.preferences)
        self.shortcuts.apply()
        self._news = RunnerNews(self)
        self.runner.busy_changed.connect(self._busy)
        self._connect_panes()
        self.layout_.restore()
        self._news.show_session()
        self.command_line.edit.setFocus()

    # --- what others call --------------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether a command runs or waits."""
        return self.runner.busy

    def run_command(self, text: str) -> Job | None:
        """Run a command, or several lines up to the first that fails; while another runs it waits its turn."""
        text = text.strip()
        return self.runner.submit(text) if text else None

    @Slot()
    def cancel_command(self) -> None:
        """Stop the running command."""
        self.runner.cancel()

    def results_text(self) -> str:
        """Return the whole Results pane as text."""
        return self.results.log()

    def open_dialog(self, name: str) -> QDialog:
        """Open the dialog of a command, with what it held last."""
        dialog = registry.create(name, self)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()
        return dialog

    @Slot(str)
    def open_in_dialog(self, command: str) -> None:
        """Open the dialog of a typed command, filled with what it says."""
        declaration = declared(command)
        if declaration is None or declaration.name not in registry.available():
            return
        dialog = self.open_dialog(declaration.name)
        try:
            dialog.state.load_command(command)  # type: ignore[attr-defined]  # every command dialog has one
        except StataError as error:
            self.say(error.message)

    def prepare_example(self, name: str) -> None:
        """Open an example and its first model in the dialog, ready to fit."""
        example = next((example for example in available_examples() if example.name == name), None)
        if example is None:
            self.say(self.tr("There is no example named {0}").format(name))
            return
        self.run_command(f"use {example.name}")
        self._news.prepare(example.command)

    def choose_theme(self, choice: ThemeChoice) -> None:
        """Show the window light, dark or as the system, from now on."""
        self.preferences.theme = choice
        theme().choose(choice)

    @Slot(str)
    def say(self, message: str) -> None:
        """Show a sentence in the status bar for a while."""
        self.status.showMessage(message, MESSAGE_MS)

    def put_condition(self, condition: str) -> None:
        """Write a condition where one is being written."""
        self.data_windows.put_condition(condition)

    def open_data(self) -> None:
        """Ask for a data file."""
        self.files.ask()

    def copy(self) -> None:
        """Copy the selection of the widget that has the focus."""
        widget = QApplication.focusWidget()
        copy = getattr(widget, "copy", None)
        if callable(copy):
            copy()

    @Slot(object, str)
    def report_defect(self, error: BaseException, details: str) -> None:
        """Show an error of the program itself."""
        show_defect(self, f"{type(error).__name__}: {error}", details)

    def findChild(self, *args: Any, **kwargs: Any) -> Any:
        """Return a child as Qt does; where it is not there yet, open dialogs make their pages first."""
        found = super().findChild(*args, **kwargs)
        if found is None:
            registry.make_pages(self)
            found = super().findChild(*args, **kwargs)
        return found

    def findChildren(self, *args: Any, **kwargs: Any) -> Any:
        """Return children as Qt does, those on pages of dialogs that wait to be made included."""
        registry.make_pages(self)
        return super().findChildren(*args, **kwargs)

    # --- building ----------------------------------------------------------------------------------------------------

    def _make_panes(self) -> None:
        self.results = ResultsPane(self)
        self.results.text.set_zoom(self.preferences.zoom)
        start = StartPage(self.files, self.preferences)
        start.tour_wanted.connect(self.satellites.take_tour)
        self.results.show_start_page(start)
        self.setCentralWidget(self.results)
        self.history = HistoryPane(self.history_model, self)
        self.variables = VariablesPane(self)
        self.properties = PropertiesPane(self)
        self.models = ModelsPane(self)
        self.jobs = JobsPane(self.runner, self)
        self.graphs = GraphsPane(self)
        self.command_line = CommandPane(self.history_model.commands, lambda: self.session, self)
        self.status = StatusBar(self)
        self.setStatusBar(self.status)

    def _connect_panes(self) -> None:
        self.command_line.submitted.connect(self.run_command)
        for pane in (self.results, self.history):
            pane.run_wanted.connect(self.run_command)
            pane.edit_wanted.connect(self.command_line.put)
            pane.message.connect(self.say)
        self.results.actions_.has_dialog = has_dialog
        self.results.actions_.dataset = lambda: self.session.data
        self.results.actions_.estimates = lambda: self.session.estimates
        self.results.actions_.dialog_wanted.connect(self.open_in_dialog)
        self.models.run_wanted.connect(self.run_command)
        self.models.dialog_wanted.connect(self.open_in_dialog)
        self.graphs.run_wanted.connect(self.run_command)
        self.graphs.draw_wanted.connect(lambda: self.open_dialog("histogram"))
        self.models.fit_wanted.connect(lambda: self.open_dialog("mixed"))
        self.results.text.zoomed.connect(self._remember_zoom)
        self.variables.chosen.connect(self.properties.set_variable)
        self.variables.insert_wanted.connect(self._insert_names)
        self.variables.open_wanted.connect(self.files.ask)
        self.history.dofile_wanted.connect(self.satellites.put_into_dofile)
        self.history.writing_wanted.connect(self.command_line.edit.setFocus)
        self.results.start_left.connect(self.command_line.edit.setFocus)
        self.files.run_wanted.connect(self.run_command)
        self.files.refused.connect(self.say)
        self.files.dialog_wanted.connect(self.open_in_dialog)
        self.status.cancel_wanted.connect(self.cancel_command)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    # --- small things ------------------------------------------------------------------------------------------------

    @Slot(bool)
    def _busy(self, busy: bool) -> None:
        self._menus.stop.setEnabled(busy)
        self.busy_changed.emit(busy)

    @Slot(int)
    def _remember_zoom(self, steps: int) -> None:
        self.preferences.zoom = steps

    @Slot(QWidget, QWidget)
    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and callable(getattr(new, "insert_word", None)):
            self._writing = new

    @Slot(list)
    def _insert_names(self, names: list[str]) -> None:
        """Put variable names into the field of an open dialog that was written in last, else into the command line."""
        field = self._writing
        try:
            usable = field is not None and field.isVisible() and field.isEnabled()
        except RuntimeError:  # its dialog is gone
            usable, self._writing = False, None
        insert = getattr(field, "insert_word", None)
        if callable(insert) and usable:
            for name in names:
                insert(name)
            return
        self.command_line.edit.insert_names(names)

    # --- events ------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Load what the first commands need once the window is on screen."""
        super().showEvent(event)
        if not self._warmed:
            self._warmed = True
            QTimer.singleShot(WARM_DELAY_MS, self, self._warm)

    @Slot()
    def _warm(self) -> None:
        self.runner.warm(WARM_MODULES)

    def childEvent(self, event: QChildEvent) -> None:
        """Name the tab bars that Qt makes for panes that share a place."""
        super().childEvent(event)
        if event.polished():
            child = event.child()
            if isinstance(child, QTabBar):
                child.setAccessibleName(self.tr("Panes"))
                child.setElideMode(Qt.TextElideMode.ElideNone)
                child.setUsesScrollButtons(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept data sets and do-files."""
        if dropped_files(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped: the last data set, and every do-file."""
        files = dropped_files(event.mimeData())
        if not files:
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        for path in files:
            self.files.open(path)

    @Slot()
    def _leave(self) -> None:
        self._leaving = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop what runs, remember the layout, and go; changed data are given up only after asking."""
        if self.satellites.unsaved_dofiles and not self._leaving:
            event.ignore()
            self.satellites.ask_about_dofiles(self._leave)
            return
        if would_be_lost(self.session.data) and not self._leaving:
            event.ignore()
            ask_to_give_up(
                self,
                name="confirm_leave",
                consequence=self.tr("Closing the window gives these changes up."),
                verb=self.tr("Close without Saving"),
                give_up=self._leave,
                save=self.files.ask_save,
            )
            return
        self.layout_.save()
        self.runner.close()
        children = self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        for opened in [child for child in children if child.isWindow() and child.isVisible()]:  # dialogs and graphs
            opened.close()
        super().closeEvent(event)


def declared(command: str) -> CommandDecl | None:
    """Return the declaration of the command that a line of text begins with."""
    words = command.replace(",", " ").split()
    declaration = find_command(words[0]) if words else None
    second = find_command(" ".join(words[:2])) if declaration is not None and declaration.family else None
    return second or declaration


def has_dialog(command: str) -> bool:
    """Tell whether a typed command can be opened in a dialog."""
    declaration = declared(command)
    return declaration is not None and declaration.name in registry.available()
