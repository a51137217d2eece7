"""Files into the session: open, recent, examples, drag and drop. Each ends in a command."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from engine.api import Example, Session, StataError, examples, file_kind
from mixedgui.confirm import ask_to_give_up, would_be_lost
from mixedgui.preferences import Preferences
from mixedgui.state.translation import declared, tr
from mixedgui.widgets.icons import set_icon
from mixedgui.widgets.mnemonics import assign_menu_mnemonics

DATA_ENDINGS = (".dta",)
DOFILE_ENDINGS = (".do",)
FOREIGN_PATTERNS = (
    "*.csv *.tsv *.txt *.xlsx *.xls *.ods *.sav *.zsav *.por *.sas7bdat *.xpt *.parquet *.feather *.rds *.RData"
)
_WITH_DIALOG = {"delimited": "", "excel": "firstrow"}
"""Kinds of files whose reading is looked at first, and the options that it begins with."""


class FileOpener(QObject):
    """Turns files into commands.

    Attributes
    ----------
    run_wanted
        A command to run.
    remembered
        The list of recent files has changed.
    refused
        A sentence that says why a file cannot be opened.
    dialog_wanted
        A command whose dialog is to be opened.
    """

    run_wanted = Signal(str)
    remembered = Signal()
    refused = Signal(str)
    dialog_wanted = Signal(str)

    def __init__(self, session: Session, preferences: Preferences, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._preferences = preferences
        self._window = window

    def open(self, path: str) -> None:
        """Open a data set or run a do-file, by its ending; a changed data set is given up only after asking.

        Text files and spreadsheets are shown in the dialog that imports them.
        """
        ending = Path(path).suffix.lower()
        kind = file_kind(path)
        if ending in DOFILE_ENDINGS:
            self._remember(path)
            self.run_wanted.emit(f"do {quoted(path)}")
        elif kind is not None and kind.word in _WITH_DIALOG:
            self._remember(path)
            options = _WITH_DIALOG[kind.word]
            self.dialog_wanted.emit(f"import {kind.word} using {quoted(path)}{', ' if options else ''}{options}")
        elif ending in DATA_ENDINGS or kind is not None:
            self._replace_data(f"use {quoted(path)}", path)
        else:
            name = Path(path).name
            self.refused.emit(tr("{name} is neither a data file nor a do-file (.do)").format(name=name))

    def open_example(self, example: Example, *, fit: bool = False) -> None:
        """Open an example by its name, and fit its first model if wanted."""
        self._replace_data(f"use {example.name}", "", then=example.command if fit else "")

    def ask(self) -> None:
        """Let the user choose a data set or a do-file."""
        every = f"*.dta *.do {FOREIGN_PATTERNS}"
        self._dialog(
            "Open",
            tr(
                "Data and do-files ({every});;Stata data (*.dta);;Other data ({FOREIGN_PATTERNS});;All files (*)"
            ).format(every=every, FOREIGN_PATTERNS=FOREIGN_PATTERNS),
        )

    def ask_dofile(self) -> None:
        """Let the user choose a do-file to run."""
        self._dialog(tr("Run a do-file"), tr("Do-files (*.do);;All files (*)"))

    def ask_save(self) -> None:
        """Let the user choose where to save the data."""
        dialog = QFileDialog(self._window, tr("Save data"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(tr("Data sets (*.dta)"))
        dialog.setDefaultSuffix("dta")
        if self._session.data.path:
            own = Path(self._session.data.path)
            dialog.selectFile(str(own if file_kind(own.name) is None else own.with_suffix(".dta")))
        dialog.fileSelected.connect(self._save)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _save(self, path: str) -> None:
        self._remember(path)
        self.run_wanted.emit(f"save {quoted(path)}, replace")

    def _dialog(self, title: str, filters: str) -> None:
        dialog = QFileDialog(self._window, title)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(filters.split(";;"))
        dialog.fileSelected.connect(self.open)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _replace_data(self, command: str, path: str, then: str = "") -> None:
        def go(clear: str) -> None:
            if path:
                self._remember(path)
            self.run_wanted.emit(command + clear)
            if then:
                self.run_wanted.emit(then)

        if not would_be_lost(self._session.data):
            go("")
            return
        ask_to_give_up(
            self._window,
            name="confirm_replace_data",
            consequence=tr("Opening other data gives these changes up."),
            verb=tr("Open without Saving"),
            give_up=lambda: go(", clear"),
            save=self.ask_save,
        )

    def remember(self, path: str) -> None:
        """Put a file at the head of the recent files."""
        self._remember(path)

    def _remember(self, path: str) -> None:
        self._preferences.remember_file(path)
        self.remembered.emit()

    def fill_recent(self, menu: QMenu) -> None:
        """List the recent files, those that are gone greyed and said so."""
        menu.clear()
        for path in self._preferences.recent_files():
            there = Path(path).is_file()
            name = Path(path).name.replace("&", "&&")
            action = menu.addAction(name if there else tr("{name} (not found)").format(name=name))
            action.setToolTip(path)
            action.setStatusTip(path)
            action.setEnabled(there)
            action.triggered.connect(lambda _checked=False, chosen=path: self.open(chosen))
            set_icon(action, "file-text" if path.endswith(DOFILE_ENDINGS) else "table")
        if menu.isEmpty():
            menu.addAction(tr("No recent files")).setEnabled(False)
            return
        menu.addSeparator()
        menu.addAction(tr("&Clear List")).triggered.connect(self._forget)
        assign_menu_mnemonics(menu)

    def _forget(self) -> None:
        self._preferences.clear_recent_files()
        self.remembered.emit()

    def fill_examples(self, menu: QMenu) -> None:
        """List the bundled data sets."""
        for example in available_examples():
            action = menu.addAction(f"{example.title} ({example.name})".replace("&", "&&"))
            action.setStatusTip(example.description)
            action.setToolTip(example.description)
            action.setObjectName(f"example_{example.name}")
            action.triggered.connect(lambda _checked=False, chosen=example: self.open_example(chosen))
            set_icon(action, "table")
        assign_menu_mnemonics(menu)


def available_examples() -> tuple[Example, ...]:
    """Return the bundled examples in the user's words, none when they are missing from the installation."""
    try:
        found = tuple(example for example in examples() if example.path.is_file())
    except StataError:
        return ()
    return tuple(
        replace(
            example,
            title=declared(example.title),
            rows=declared(example.rows),
            description=declared(example.description),
        )
        for example in found
    )


def dropped_files(mime: QMimeData) -> list[str]:
    """Return the local files of a drop that can be opened."""
    paths = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
    known = (*DATA_ENDINGS, *DOFILE_ENDINGS)
    return [path for path in paths if Path(path).suffix.lower() in known or file_kind(path) is not None]


def quoted(path: str) -> str:
    """Return a path in double quotes."""
    return f'"{path}"'
