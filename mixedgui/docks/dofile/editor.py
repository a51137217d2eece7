"""The window of the Do-file editor: sheets, and what one does with them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMenu, QMessageBox, QTabWidget, QToolBar, QWidget
from shiboken6 import isValid

from engine.api import ErrorReport, Outcome, Started, StataError
from mixedgui.docks.dofile.sheet import Sheet
from mixedgui.jobs.job import Job
from mixedgui.jobs.runner import JobRunner
from mixedgui.preferences import Preferences
from mixedgui.size import open_at
from mixedgui.state.dofile import RunWatch
from mixedgui.state.translation import mark
from mixedgui.theme import theme
from mixedgui.widgets.icons import set_icon

FILTERS = (mark("Do-files (*.do)"), mark("All files (*)"))


class DofileEditor(QMainWindow):
    """Runs its text in the window it belongs to.

    Parameters
    ----------
    parent
        That window.
    runner
        Its queue of commands.
    preferences
        Where the recent files are kept.

    Attributes
    ----------
    used
        A file was opened or saved (its path).
    """

    used = Signal(str)

    def __init__(self, parent: QWidget, runner: JobRunner, preferences: Preferences) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._runner, self._preferences = runner, preferences
        self._running: tuple[Sheet, Job] | None = None
        self._error: ErrorReport | None = None
        self.setObjectName("dofile_editor")
        self.sheets = QTabWidget(self)
        self.sheets.setObjectName("dofile_sheets")
        self.sheets.setAccessibleName(self.tr("Do-files"))
        self.sheets.setDocumentMode(True)
        self.sheets.setTabsClosable(True)
        self.sheets.tabCloseRequested.connect(self._close_sheet)
        self.sheets.currentChanged.connect(self._refresh)
        self.setCentralWidget(self.sheets)
        self._make_actions()
        runner.started.connect(self._started)
        runner.ended.connect(self._ended)
        runner.finished.connect(self._finished)
        open_at(self, 220, 170)
        self.new()

    @property
    def sheet(self) -> Sheet:
        """The sheet in front."""
        found = self.sheets.currentWidget()
        assert isinstance(found, Sheet)
        return found

    # --- files -------------------------------------------------------------------------------------------------------

    @Slot()
    def new(self) -> Sheet:
        """Begin a do-file."""
        sheet = Sheet(self)
        sheet.renamed.connect(self._refresh)
        self.sheets.setCurrentIndex(self.sheets.addTab(sheet, sheet.file.name))
        sheet.edit.cursorPositionChanged.connect(self._show_place)
        self._refresh()
        sheet.edit.setFocus()
        return sheet

    def open(self, path: str) -> bool:
        """Open a file, in the sheet it has already or in a new one; say why when it cannot be opened."""
        for place in range(self.sheets.count()):
            sheet = self.sheets.widget(place)
            if isinstance(sheet, Sheet) and sheet.file.path and _same(sheet.file.path, path):
                self.sheets.setCurrentIndex(place)
                return True
        sheet = self.sheet if self.sheets.count() and self.sheet.blank else self.new()
        try:
            sheet.load(path)
        except StataError as error:
            self._say(error.message)
            return False
        self.used.emit(sheet.file.path)
        self._refresh()
        return True

    def put(self, text: str) -> None:
        """Append commands to the sheet in front."""
        edit = self.sheet.edit
        before = edit.toPlainText()
        edit.moveCursor(edit.textCursor().MoveOperation.End)
        edit.insertPlainText(f"{'' if not before or before.endswith(chr(10)) else chr(10)}{text}\n")

    @Slot()
    def ask_open(self) -> None:
        """Ask for a file to open."""
        dialog = self._dialog(self.tr("Open do-file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.open)
        dialog.open()

    @Slot()
    def save(self) -> bool:
        """Save the sheet in front; one without a file asks for a name. Return whether it is saved now."""
        if not self.sheet.file.path:
            self.ask_save()
            return False
        return self._save(self.sheet, "")

    @Slot()
    def ask_save(self) -> None:
        """Ask for a name to save under."""
        sheet = self.sheet
        dialog = self._dialog(self.tr("Save do-file"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("do")
        dialog.selectFile(sheet.file.path or sheet.file.name)
        dialog.fileSelected.connect(lambda path: self._save(sheet, path))
        dialog.open()

    def _save(self, sheet: Sheet, path: str) -> bool:
        try:
            sheet.save(path)
        except StataError as error:
            self._say(error.message)
            return False
        self.used.emit(sheet.file.path)
        self._say(self.tr("Saved {0}").format(sheet.file.path))
        self._refresh()
        return True

    def _dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self, title)
        dialog.setNameFilters(FILTERS)
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    # --- running -----------------------------------------------------------------------------------------------------

    @Slot()
    def run_all(self) -> None:
        """Run the whole file."""
        self._run(self.sheet.all_lines)

    @Slot()
    def run_selection(self) -> None:
        """Run the selected lines, else the statement at the cursor."""
        self._run(self.sheet.chosen_lines)

    def _run(self, lines: Callable[[], str]) -> None:
        """Hand lines to the window; another run of this editor has to be over first."""
        if self._running is not None:
            self._say(self.tr("A run is under way; Ctrl+. in the main window stops it"))
            return
        sheet = self.sheet
        text = lines()
        sheet.edit.mark_error(-1)
        self._error = None
        if text.strip():
            self._running = sheet, self._runner.submit(text.rstrip())
            self._say(self.tr("Running…"))

    @Slot(object)
    def _started(self, started: Started) -> None:
        watch = self._watched()
        if watch is not None:
            watch.begun(started.command)

    @Slot(object)
    def _ended(self, outcome: Outcome) -> None:
        watch = self._watched()
        if watch is None:
            return
        if not outcome.rc:
            watch.ended()
        elif self._error is None:
            self._error = outcome.error  # later ones are of the blocks around it

    def _watched(self) -> RunWatch | None:
        if self._running is None or self._runner.running is not self._running[1]:
            return None
        return self._running[0].watch

    @Slot(object)
    def _finished(self, job: Job) -> None:
        if self._running is None or job is not self._running[1]:
            return
        sheet, self._running = self._running[0], None
        outcome = job.outcome
        error = self._error or (outcome.error if outcome is not None else None)
        if outcome is None or outcome.error is None or error is None or sheet.watch is None:
            self._say(self.tr("Done"))
            return
        line = sheet.watch.line
        if isValid(sheet.edit):  # its tab may have been closed meanwhile
            sheet.edit.mark_error(line)
        self._say(self.tr("Line {0}: {1}  r({2})").format(line + 1, error.message, error.rc))

    # --- small things ------------------------------------------------------------------------------------------------

    def _make_actions(self) -> None:
        bar = QToolBar(self.tr("Do-file"), self)
        bar.setObjectName("dofile_toolbar")
        bar.setMovable(False)
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        side = round(4.5 * theme().unit)
        bar.setIconSize(QSize(side, side))
        self.addToolBar(bar)
        menu = self.menuBar().addMenu(self.tr("&File"))
        edit = self.menuBar().addMenu(self.tr("&Edit"))
        run = self.menuBar().addMenu(self.tr("&Run"))
        standard = QKeySequence.StandardKey
        self._add(menu, self.tr("&New"), self.new, keys=standard.New, icon="file-text", bar=bar)
        self._add(menu, self.tr("&Open…"), self.ask_open, keys=standard.Open, icon="folder-open", bar=bar)
        self._recent = menu.addMenu(self.tr("Open &Recent"))
        self._recent.aboutToShow.connect(self._fill_recent)
        self._add(menu, self.tr("&Save"), self.save, keys=standard.Save, icon="floppy-disk", bar=bar)
        self._add(menu, self.tr("Save &As…"), self.ask_save, keys=standard.SaveAs)
        self._add(menu, self.tr("&Close File"), self._close_current, keys=standard.Close, icon="x")
        self._add(edit, self.tr("&Undo"), self._undo, keys=standard.Undo, icon="arrow-u-up-left")
        self._add(edit, self.tr("&Redo"), self._redo, keys=standard.Redo, icon="arrow-u-up-right")
        self._add(edit, self.tr("&Find…"), self._find, keys=standard.Find, icon="magnifying-glass", bar=bar)
        self._add(run, self.tr("Run &All"), self.run_all, keys="Ctrl+D", icon="play", bar=bar)
        self._add(run, self.tr("Run &Selection"), self.run_selection, keys="Ctrl+Return", icon="cursor", bar=bar)

    def _add(
        self,
        menu: QMenu,
        text: str,
        call: Callable[[], object],
        *,
        keys: QKeySequence.StandardKey | str,
        icon: str = "",
        bar: QToolBar | None = None,
    ) -> None:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _checked=False: call())
        if icon:
            set_icon(action, icon)
        menu.addAction(action)
        if bar is not None:
            action.setIconText(text.replace("&", "").rstrip("…"))
            bar.addAction(action)
            button = bar.widgetForAction(action)
            if button is not None:
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                button.setAccessibleName(action.iconText())

    def _fill_recent(self) -> None:
        self._recent.clear()
        paths = [path for path in self._preferences.recent_files() if path.endswith(".do")]
        for path in paths:
            self._recent.addAction(path.replace("&", "&&")).triggered.connect(
                lambda _checked=False, chosen=path: self.open(chosen)
            )
        if not paths:
            self._recent.addAction(self.tr("No recent do-files")).setEnabled(False)

    def _undo(self) -> None:
        self.sheet.edit.undo()

    def _redo(self) -> None:
        self.sheet.edit.redo()

    def _find(self) -> None:
        self.sheet.finder.open(self.sheet.edit.textCursor().selectedText())

    def _say(self, message: str) -> None:
        self.statusBar().showMessage(message)

    @Slot()
    def _show_place(self) -> None:
        cursor = self.sheet.edit.textCursor()
        self.setAccessibleDescription(self.tr("Line {0}").format(cursor.blockNumber() + 1))

    @Slot()
    def _refresh(self) -> None:
        if not self.sheets.count():
            return
        for place in range(self.sheets.count()):
            sheet = self.sheets.widget(place)
            if isinstance(sheet, Sheet):
                self.sheets.setTabText(place, f"{sheet.file.name}{' *' if sheet.changed else ''}".replace("&", "&&"))
                self.sheets.setTabToolTip(place, sheet.file.path)
        self.setWindowTitle(self.tr("{0}[*] – Do-file editor").format(self.sheet.file.name))
        self.setWindowModified(self.sheet.changed)

    # --- closing -----------------------------------------------------------------------------------------------------

    @Slot()
    def _close_current(self) -> None:
        self._close_sheet(self.sheets.currentIndex())

    @Slot(int)
    def _close_sheet(self, place: int) -> None:
        sheet = self.sheets.widget(place)
        if not isinstance(sheet, Sheet):
            return
        if sheet.changed:
            self.sheets.setCurrentIndex(place)
            self._ask_to_give_up(lambda: self._drop(sheet))
        else:
            self._drop(sheet)

    def _drop(self, sheet: Sheet) -> None:
        self.sheets.removeTab(self.sheets.indexOf(sheet))
        sheet.deleteLater()
        if not self.sheets.count():
            self.new()
            self.hide()

    def _ask_to_give_up(self, give_up: Callable[[], None]) -> None:
        box = QMessageBox(self)
        box.setObjectName("confirm_dofile")
        box.setIcon(QMessageBox.Icon.Warning)
        box.setText(self.tr("The do-file has changed since it was last saved."))
        box.addButton(self.tr("Close without Saving"), QMessageBox.ButtonRole.DestructiveRole).clicked.connect(give_up)
        box.addButton(self.tr("Save…"), QMessageBox.ButtonRole.AcceptRole).clicked.connect(self.save)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.finished.connect(box.deleteLater)
        box.open()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hide; what is written stays until the program ends, and the main window asks about it then."""
        event.ignore()
        self.hide()

    @property
    def unsaved(self) -> list[str]:
        """Names of the do-files that differ from what is saved."""
        sheets = [self.sheets.widget(place) for place in range(self.sheets.count())]
        return [sheet.file.name for sheet in sheets if isinstance(sheet, Sheet) and sheet.changed]


def _same(one: str, other: str) -> bool:
    return Path(one).absolute() == Path(other).absolute()
