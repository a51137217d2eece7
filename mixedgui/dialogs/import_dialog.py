"""Importing text files and spreadsheets: options, and the first rows as they would be read with them."""

from __future__ import annotations

import threading

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from engine.api import CommandDecl, FilePreview, Problem, StataError, preview_import
from mixedgui.dialogs.simple_dialog import SimpleDialog
from mixedgui.dialogs.window import CommandWindow
from mixedgui.models.file_preview import FilePreviewModel
from mixedgui.size import open_at
from mixedgui.state.command_state import CommandState
from mixedgui.state.file_command_state import FileCommandState
from mixedgui.state.translation import counted, mark, shown, tr
from mixedgui.theme import theme
from mixedgui.widgets.binding import bind_text
from mixedgui.widgets.combo_edit import ComboEdit
from mixedgui.widgets.option_control import describe
from mixedgui.widgets.option_group import OptionGroup, heading

PREVIEWED = ("import delimited", "import excel")
"""The commands that this dialog is for."""

_ROWS = 100
_PAUSE_MS = 250
"""Wait after the last change before the file is looked at again."""

_SHEET = "sheet"
_EMPTY = {
    "delimiters": mark("found out"),
    "varnames": mark("found out"),
    "encoding": mark("found out"),
    "decimalseparator": mark("found out"),
    "groupseparator": mark("none"),
    "rowrange": mark("all"),
    "colrange": mark("all"),
    "stringcols": mark("those that hold text"),
    "numericcols": mark("those that hold numbers"),
    "cellrange": mark("all that are used"),
}
"""Option -> what an empty field means."""

_SIZE = (220, 180)
"""Width and height at first, in units."""


class ImportDialog(SimpleDialog):
    """A dialog of ``import delimited`` or ``import excel``.

    Attributes
    ----------
    looked
        The number of a look at the file, and what it found: a `FilePreview`, or a sentence that says why none.
    """

    looked = Signal(int, object)

    def __init__(self, decl: CommandDecl, window: CommandWindow, state: CommandState | None = None) -> None:
        super().__init__(decl, window, state)
        open_at(self, *_SIZE)

    # ---- building

    def add_choices(self, page: QWidget, column: QVBoxLayout) -> None:
        """Offer the worksheets of a spreadsheet once they are known."""
        self._sheets: ComboEdit | None = None
        option = next((option for option in self.decl.options if option.name == _SHEET), None)
        if option is None:
            return
        sheets = ComboEdit((), page)
        sheets.setObjectName(f"{self.decl.name}_{_SHEET}")
        sheets.setPlaceholderText(tr("first"))
        describe(sheets, option.label, option.help)
        state = self.state

        def write(text: str) -> None:
            if text.strip():
                state.set_option(_SHEET, f'"{text.strip()}"')
            else:
                state.clear_option(_SHEET)

        self.bindings.append(bind_text(sheets, lambda: state.form.options.argument(_SHEET).strip('"'), write))
        label = QLabel(shown(option.label), page)
        label.setBuddy(sheets)
        grid = QGridLayout()
        grid.addWidget(label, 0, 0)
        grid.addWidget(sheets, 0, 1)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        self.adopt([label], [sheets])
        self._sheets = sheets

    def own_options(self) -> frozenset[str]:
        """Return the options that are laid out here."""
        return frozenset({_SHEET, "describe"})

    def _add_options(self, page: QWidget) -> None:
        """Show the preview where it stays in sight, and the options below it in two columns."""
        self._add_preview(page)
        declared = [option for option in self.decl.options if option.name not in self.own_options()]
        half = -(-len(declared) // 2)
        row = QHBoxLayout()
        row.setSpacing(6 * theme().unit)
        for part in (declared[:half], declared[half:]):
            group = OptionGroup(part, self.state, self.decl.name, page, columns=1)
            for control in group.controls:
                self.bindings += control.bindings
                empty = tr(_EMPTY.get(control.decl.name, ""))
                if empty and isinstance(control.main, ComboEdit | QLineEdit):
                    control.main.setPlaceholderText(empty)
            self.reasons |= group.reasons
            row.addWidget(group, 1, Qt.AlignmentFlag.AlignTop)
            self.adopt(group.labels, group.focus_order)
        self._column.addWidget(heading(tr("Options"), page))
        self._column.addLayout(row)

    def _add_preview(self, page: QWidget) -> None:
        self._command = ""
        self._look_number = 0
        self._model = FilePreviewModel(self)
        self.table = QTableView(page)
        self.table.setObjectName(f"{self.decl.name}_preview")
        self.table.setModel(self._model)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setMinimumHeight(44 * theme().unit)
        self.table.setTabKeyNavigation(False)
        describe(self.table, tr("Preview"), tr("The first rows as they would be read."))
        self.facts = QLabel(page)
        self.facts.setObjectName(f"{self.decl.name}_facts")
        self.facts.setWordWrap(True)
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setAccessibleName(tr("What was found out about the file"))
        self._column.addWidget(heading(tr("Preview"), page))
        self._column.addWidget(self.table, 1)
        self._column.addWidget(self.facts)
        self.adopt([], [self.table])
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self.looked.connect(self._found)
        self.refreshers.append(self._watch)

    # ---- looking at the file

    def _watch(self) -> None:
        """Look at the file when the command has changed."""
        command = self.state.to_command() if self.state.form.using.strip() else ""
        if command == self._command:
            return
        self._command = command
        if command:
            self.facts.setText(tr("Looking at the file …"))
            self._pause.start()
        else:
            self._show(None, tr("Choose a file to see its first rows."))

    @Slot()
    def _look(self) -> None:
        """Read the beginning of the file beside the window, which stays free."""
        self._look_number += 1
        threading.Thread(target=self._read, args=(self._command, self._look_number), daemon=True).start()

    def _read(self, command: str, number: int) -> None:
        found: FilePreview | str
        try:
            found = preview_import(command, rows=_ROWS)
        except StataError as error:
            found = error.message
        except Exception as error:  # a preview must not end the program; the import itself reports defects
            found = tr("no preview: {error}").format(error=error)
        try:
            self.looked.emit(number, found)
        except RuntimeError:  # the dialog is gone
            return

    @Slot(int, object)
    def _found(self, number: int, found: FilePreview | str) -> None:
        if number != self._look_number:
            return
        if isinstance(found, str):
            self._show(None, found)
            return
        self._offer_sheets(found.sheets)
        self._show(found, facts_text(found))

    def _offer_sheets(self, names: tuple[str, ...]) -> None:
        sheets = self._sheets
        if sheets is not None and [sheets.itemText(row) for row in range(sheets.count())] != list(names):
            text = sheets.text()
            sheets.blockSignals(True)
            sheets.clear()
            sheets.addItems(list(names))
            sheets.setCurrentIndex(-1)
            sheets.setText(text)
            sheets.blockSignals(False)

    def _show(self, preview: FilePreview | None, text: str) -> None:
        self._model.show(preview)
        self.facts.setText(text)
        if preview is not None and len(preview.columns) <= _ROWS:
            self.table.resizeColumnsToContents()

    # ---- what keeps the command from running

    def problems(self) -> list[Problem]:
        """Return the problems of the form, and that data would be lost."""
        found = super().problems()
        data = self.window_.session.data
        if data.changed and data.variables and not self.state.form.options.has("clear"):
            found.append(
                Problem(4, tr("the data in memory have changed: save them, or replace them with clear"), "clear")
            )
        return found


def file_dialog(decl: CommandDecl, window: CommandWindow) -> SimpleDialog:
    """Return the dialog of a command that reads or writes files of other programs."""
    made = ImportDialog if decl.name in PREVIEWED else SimpleDialog
    return made(decl, window, FileCommandState(decl))


def facts_text(preview: FilePreview) -> str:
    """Return in words what was found out about a file, and what the import would say."""
    facts = []
    if preview.separator:
        sign = {".": tr("point"), ",": tr("comma")}.get(preview.decimal, preview.decimal)
        facts += [
            tr("separator: {0}").format(preview.separator),
            tr("decimal sign: {sign}").format(sign=sign),
            tr("encoding: {0}").format(preview.encoding),
        ]
    facts.append(tr("names in the first row") if preview.header else tr("no names in the first row"))
    counts = (
        counted(len(preview.columns), "{n} variable", "{n} variables"),
        counted(preview.n_obs, "{n} observation", "{n} observations"),
    )
    text = tr("{0}, {1}") if preview.whole else tr("{0}, {1} in the part shown")
    facts.append(text.format(*counts))
    lines = ["; ".join(facts), *preview.remarks]
    return "\n".join(line[:1].upper() + line[1:] for line in lines)
