"""What one can do with a result: copy, save, run again, edit, fold."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QMimeData, QObject, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu

from engine.api import Dataset, DataTable, StataError, Table
from mixedgui.docks.results.record import Record
from mixedgui.docks.results.record_marks import MarkActions
from mixedgui.docks.results.text_view import ResultsText
from mixedgui.widgets.clipboard import put_on_clipboard
from mixedgui.widgets.icons import set_icon

if TYPE_CHECKING:
    from engine.api import Estimates

TSV_MIME = "text/tab-separated-values"


class RecordActions(QObject):
    """Actions on the records of a text view.

    Attributes
    ----------
    run_wanted, edit_wanted, dialog_wanted
        A command is to be run again, to be put into the Command pane, or to be opened in its dialog.
    has_dialog
        Tells whether a command has a dialog; set by the window.
    dataset, estimates
        Return the data in memory and the active estimates; set by the window.
    message
        A sentence for the status bar.
    copy_table, copy_latex
        Copy the table under the cursor, else the last table of the current record (Ctrl+Shift+C, Ctrl+Shift+L).
    """

    run_wanted = Signal(str)
    edit_wanted = Signal(str)
    dialog_wanted = Signal(str)
    message = Signal(str)

    def __init__(self, view: ResultsText, parent: QObject) -> None:
        super().__init__(parent)
        self._view = view
        self.marks = MarkActions(view.marks, lambda: view.records, view)
        self.has_dialog: Callable[[str], bool] = lambda _command: False
        self.dataset: Callable[[], Dataset] = Dataset
        self.estimates: Callable[[], Estimates | None] = lambda: None
        self.copy_table = QAction(self.tr("Copy &Table"), self)
        self.copy_table.setShortcut("Ctrl+Shift+C")
        self.copy_table.triggered.connect(self._copy_current_table)
        set_icon(self.copy_table, "table")
        self.copy_latex = QAction(self.tr("Copy Table as LaTe&X"), self)
        self.copy_latex.setObjectName("action_copy_latex")
        self.copy_latex.setShortcut("Ctrl+Shift+L")
        self.copy_latex.triggered.connect(self._copy_current_latex)
        self.save_log = QAction(self.tr("Save R&esults as Text…"), self)
        self.save_log.triggered.connect(self._ask_log_name)
        set_icon(self.save_log, "floppy-disk")

    def menu(self, record: Record | None, line: int | None = None, *, folds: bool = True) -> QMenu:
        """Return the menu for a record; `line` tells which of its tables is meant, `folds` whether it may fold."""
        menu = QMenu(self._view)
        menu.aboutToHide.connect(menu.deleteLater)
        cursor = self._view.textCursor()
        if cursor.hasSelection():
            self._entry(menu, self.tr("&Copy"), "copy", self._view.copy)
        if record is None:
            return menu
        table = self.table_at(record, line)
        if table is not None:
            self.table_entries(menu, record, table)
        self._entry(menu, self.tr("Copy &Result as Text"), "copy", lambda: self.copy_text(record))
        if record.outcome is not None and record.outcome.error is not None and record.outcome.error.details:
            self._entry(menu, self.tr("Copy Det&ails for a Report"), "copy", lambda: self.copy_details(record))
        menu.addSeparator()
        self._entry(menu, self.tr("&Put into Command"), "pencil-simple", lambda: self.edit_wanted.emit(record.command))
        if self.has_dialog(record.command):
            self._entry(
                menu, self.tr("Open in &Dialog"), "sliders-horizontal", lambda: self.dialog_wanted.emit(record.command)
            )
        again = self._entry(
            menu, self.tr("R&un Again"), "arrow-clockwise", lambda: self.run_wanted.emit(record.command)
        )
        again.setEnabled(record.outcome is not None)
        if self._has_small_sample(record):
            show = self.tr("Show with S&mall-Sample Inference")
            self._entry(menu, show, "table", lambda: self.run_wanted.emit("mixed, small"))
        if folds:
            self._fold_entries(menu, record)
        menu.addSeparator()
        self.marks.add_entries(menu, record)
        return menu

    def table_entries(self, menu: QMenu, record: Record, table: Table) -> None:
        """Add what one can do with a table: copy it in several forms, save it."""
        from engine.api import clipboard_forms, latex_table, markdown_table

        self._entry(menu, self.tr("Copy &Table"), "table", lambda: self.copy(table))
        forms = menu.addMenu(self.tr("Copy Table &as"))
        set_icon(forms.menuAction(), "copy")
        self._entry(forms, self.tr("&LaTeX"), "", lambda: self._copy_form(latex_table(table)))
        self._entry(forms, self.tr("&Markdown"), "", lambda: self._copy_form(markdown_table(table)))
        self._entry(forms, self.tr("&Text as Printed"), "", lambda: self._copy_form(clipboard_forms(table)[0]))
        save = self.tr("&Save Table…")
        self._entry(menu, save, "export", lambda: self.ask_table_name(table, table_data(record, table)))

    def table_at(self, record: Record, line: int | None) -> Table | None:
        """Return the table at a line, else the first of the record."""
        piece = record.piece_at(line) if line is not None else None
        if piece is not None and isinstance(piece.block, Table):
            return piece.block
        return record.tables[0] if record.tables else None

    def _has_small_sample(self, record: Record) -> bool:
        """Tell whether a record shows the active fit of ``mixed``, and that with degrees of freedom."""
        outcome = record.outcome
        if outcome is None or "fixed" not in outcome.tables or outcome.estimates is not self.estimates():
            return False
        return outcome.e.macros.get("cmd") == "mixed" and bool(outcome.e.macros.get("dfmethod"))

    def copy(self, table: Table) -> None:
        """Put a table on the clipboard as text, tab-separated values and HTML at once."""
        from engine.api import clipboard_forms

        text, tsv, html = clipboard_forms(table)
        mime = QMimeData()
        mime.setText(text)
        mime.setHtml(html)
        mime.setData(TSV_MIME, QByteArray(tsv.encode("utf-8")))
        put_on_clipboard(mime)
        self.message.emit(self.tr("Table copied"))

    def copy_text(self, record: Record) -> None:
        """Put a record's lines on the clipboard."""
        QGuiApplication.clipboard().setText(self._view.record_text(record))
        self.message.emit(self.tr("Result copied"))

    def copy_details(self, record: Record) -> None:
        """Put what a defect report needs on the clipboard."""
        if record.outcome is not None and record.outcome.error is not None:
            details = f"{record.outcome.echo_text}\n\n{record.outcome.error.details}"
            QGuiApplication.clipboard().setText(details)
            self.message.emit(self.tr("Details copied"))

    def _copy_form(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.message.emit(self.tr("Table copied"))

    def ask_table_name(self, table: Table, data: DataTable | None) -> None:
        """Ask where to save a table, then save it; the ending of the name decides how."""
        from engine.api import TABLE_FILES

        kinds = [(ending, name) for ending, name in TABLE_FILES if ending != "csv" or data is not None]
        filters = ";;".join(f"{name} (*.{ending})" for ending, name in kinds)
        dialog = self._save_dialog(self.tr("Save table"), table.id, filters, kinds[0][0])
        endings = {f"{name} (*.{ending})": ending for ending, name in kinds}
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(endings[chosen]))
        dialog.fileSelected.connect(lambda path: self.write_table(table, data, path))
        dialog.open()

    def write_table(self, table: Table, data: DataTable | None, path: str) -> None:
        """Save a table and say so."""
        from engine.api import save_table

        try:
            save_table(table, path, data)
        except StataError as error:
            self.message.emit(error.message)
        else:
            self.message.emit(self.tr("Saved {0}").format(path))

    def write_log(self, path: str) -> None:
        """Save the whole log as text and say so."""
        try:
            Path(path).write_text(self._view.log(), encoding="utf-8")
        except OSError as problem:
            self.message.emit(self.tr("{0} could not be written: {1}").format(path, problem.strerror))
        else:
            self.message.emit(self.tr("Saved {0}").format(path))

    @Slot()
    def _copy_current_table(self) -> None:
        table = self._current_table()
        if table is not None:
            self.copy(table)

    @Slot()
    def _copy_current_latex(self) -> None:
        from engine.api import latex_table

        table = self._current_table()
        if table is not None:
            self._copy_form(latex_table(table))

    def _current_table(self) -> Table | None:
        """Return the table at the cursor, else the last one; say so where there is none."""
        line = self._view.textCursor().blockNumber()
        record = self._view.record_at(line)
        if record is None or not record.tables:
            record = next((r for r in reversed(self._view.kept()) if r.tables), None)
            line = -1
        if record is None:
            self.message.emit(self.tr("There is no table to copy yet"))
            return None
        piece = record.piece_at(line)
        inside = piece is not None and isinstance(piece.block, Table)
        return self.table_at(record, line if inside else None)

    @Slot()
    def _ask_log_name(self) -> None:
        dialog = self._save_dialog(
            self.tr("Save Results as text"), "results.txt", self.tr("Text files (*.txt *.log)"), "txt"
        )
        dialog.fileSelected.connect(self.write_log)
        dialog.open()

    def _save_dialog(self, title: str, name: str, filters: str, suffix: str) -> QFileDialog:
        dialog = QFileDialog(self._view.window(), title)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(filters)
        dialog.setDefaultSuffix(suffix)
        dialog.selectFile(name)
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    def _fold_entries(self, menu: QMenu, record: Record) -> None:
        starts = [record.first, *(piece.first for piece in record.pieces)]
        for line in starts:
            if self._view.foldable(line):
                what = self.tr("This Result") if line == record.first else self.tr("Iteration Log")
                verb = self.tr("Unfold {0}") if self._view.is_folded(line) else self.tr("Fold {0}")
                name = "caret-down" if self._view.is_folded(line) else "caret-right"
                self._entry(menu, verb.format(what), name, partial(self._view.toggle_fold, line))

    def _entry(self, menu: QMenu, text: str, icon: str, call: Callable[[], object]) -> QAction:
        action = menu.addAction(text)
        if icon:
            set_icon(action, icon)
        action.triggered.connect(lambda _checked=False: call())
        return action


def table_data(record: Record, table: Table) -> DataTable | None:
    """Return the data behind a printed table, None when there is nothing but text."""
    if table.data is not None:
        return table.data
    return record.outcome.tables.get(table.id) if record.outcome is not None else None
