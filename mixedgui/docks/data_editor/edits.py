"""What the data editor does to the data: each thing is a command."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from engine.api import Session, Variable
from mixedgui.docks.data_editor.grid import DataGrid
from mixedgui.models.data_table import CellKind
from mixedgui.state.cell_edit import (
    MOST_COMMANDS,
    CellChange,
    NotAValue,
    cell_expression,
    paste_changes,
    read_block,
    replace_commands,
)
from mixedgui.state.data_commands import TooManyRows, drop_rows, drop_variables, sort_data
from mixedgui.state.translation import counted
from mixedgui.state.variable_commands import recast

MOST_COPIED = 2_000_000
"""More cells than this are not put on the clipboard."""


class DataEdits(QObject):
    """Turns what the user does in the grid into commands.

    Attributes
    ----------
    run_wanted
        Commands, a line each; what one action needs is handed in together and taken back together.
    refused
        Why something was not done; a sentence.
    """

    run_wanted = Signal(str)
    refused = Signal(str)
    said = Signal(str)

    def __init__(self, grid: DataGrid, session: Callable[[], Session], parent: QObject) -> None:
        super().__init__(parent)
        self._grid = grid
        self._session = session
        grid.model.typed.connect(self.write_cell)

    @property
    def editable(self) -> bool:
        """Whether cells may be changed."""
        return self._grid.model.editable

    def _run(self, commands: Sequence[str]) -> None:
        if commands:
            self.run_wanted.emit("\n".join(commands))

    # --- cells -------------------------------------------------------------------------------------------------------

    def write_cell(self, row: int, column: int, text: str) -> bool:
        """Write what was typed into a cell; return whether it could be read."""
        model, view = self._grid.model, self._grid.view
        if not self.editable or text == model.full_text(row, column):
            return True
        variable = model.variable(column)
        words = view.dataset.labels_of(variable.name)
        try:
            expression = cell_expression(variable, text, words)
        except NotAValue as problem:
            self.refused.emit(str(problem))
            return False
        change = CellChange(variable.name, view.position(row) + 1, expression)
        self._run(replace_commands([change]))
        return True

    def clear_cells(self) -> None:
        """Make the selected cells missing, text empty."""
        self._fill(lambda variable: '""' if variable.is_string else ".")

    def make_value_missing(self) -> None:
        """Make the value of the current cell missing wherever its variable has it."""
        place = self._grid.current
        if place is None or not self.editable or self._grid.model.cell(*place).kind is CellKind.MISSING:
            return
        variable = self._grid.model.variable(place[1])
        nothing = '""' if variable.is_string else "."
        self._run([f"replace {variable.name} = {nothing} if {self.filter_for_cell()}"])

    def fill_down(self) -> None:
        """Give all selected cells of a column the value of the first one."""
        model = self._grid.model
        rows, columns = self._grid.cells()
        if not rows or not self.editable:
            return
        words = self._grid.view.dataset
        top = {
            model.variable(c).name: cell_expression(
                model.variable(c), model.full_text(rows[0], c), words.labels_of(model.variable(c).name)
            )
            for c in columns
        }
        self._fill(lambda variable: top[variable.name])

    def _fill(self, expression: Callable[[Variable], str]) -> None:
        if not self.editable:
            self.refused.emit(self.tr("The editor only shows the data now. Choose Edit to change them."))
            return
        rows, columns = self._grid.cells()
        changes = [
            CellChange(variable.name, int(position) + 1, expression(variable))
            for variable in map(self._grid.model.variable, columns)
            for position in self._grid.view.positions(rows.start, rows.stop)
        ]
        self._write(changes)

    def _write(self, changes: list[CellChange]) -> None:
        commands = replace_commands(changes)
        if len(commands) > MOST_COMMANDS:
            self.refused.emit(
                self.tr(
                    "That would take {0} commands, more than {1}. Write a replace with a condition instead."
                ).format(f"{len(commands):,}", f"{MOST_COMMANDS:,}")
            )
            return
        self._run(commands)

    # --- clipboard ---------------------------------------------------------------------------------------------------

    def copy(self, *, names: bool = False) -> None:
        """Put the selected cells on the clipboard, tabs between them; numbers with all their digits."""
        rows, columns = self._grid.cells()
        if not rows or not columns:
            return
        if len(rows) * len(columns) > MOST_COPIED:
            self.refused.emit(self.tr("That is too much for the clipboard. Save the data instead."))
            return
        model = self._grid.model
        texts = [[_for_clipboard(model.full_text(row, column)) for column in columns] for row in rows]
        if names:
            texts.insert(0, [model.variable(column).name for column in columns])
        QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in texts))
        cells = len(rows) * len(columns)
        self.said.emit(counted(cells, "{n} cell copied", "{n} cells copied"))

    def paste(self) -> None:
        """Write the block on the clipboard from the current cell on; a single value fills the selected cells."""
        if not self.editable:
            self.refused.emit(self.tr("The editor only shows the data now. Choose Edit to change them."))
            return
        text = QGuiApplication.clipboard().text()
        if text:
            self.paste_text(text)

    def paste_text(self, text: str) -> None:
        """Write a block of tab-separated text."""
        grid, view = self._grid, self._grid.view
        block = read_block(text)
        rows, columns = grid.cells()
        if not rows or not columns:
            return
        if len(block) > 1 or len(block[0]) > 1:
            rows = range(rows.start, rows.start + len(block))
            columns = range(columns.start, columns.start + max(len(line) for line in block))
        if columns.stop > grid.model.columnCount():
            missing = columns.stop - grid.model.columnCount()
            self.refused.emit(
                self.tr("Nothing was pasted: the block is {0} columns wider than the data from here on.").format(
                    missing
                )
            )
            return
        beyond = rows.stop - view.n_rows
        if beyond > 0 and view.rows is not None:
            self.refused.emit(
                self.tr("Nothing was pasted: rows can be added only while all are shown in their own order.")
            )
            return
        inside = view.positions(rows.start, min(rows.stop, view.n_rows)).tolist()
        added = list(range(view.dataset.n_obs, view.dataset.n_obs + max(beyond, 0)))
        variables = [grid.model.variable(column) for column in columns]
        words = {v.name: view.dataset.labels_of(v.name) for v in variables}
        try:
            changes = paste_changes(block, variables, [p + 1 for p in (*inside, *added)], words)
        except NotAValue as problem:
            self.refused.emit(str(problem))
            return
        if added:
            commands = [f"set obs {view.dataset.n_obs + len(added)}", *replace_commands(changes)]
            self._run(commands)
            return
        self._write(changes)

    # --- rows and variables ------------------------------------------------------------------------------------------

    def selected_positions(self) -> npt.NDArray[np.integer]:
        """Return the positions in the data of the selected rows: those picked by their numbers, else by cells."""
        grid = self._grid
        rows, _ = grid.cells()
        return grid.view.positions(rows.start, rows.stop)

    def drop_rows(self) -> None:
        """Remove the selected rows."""
        positions = self.selected_positions()
        if len(positions):
            try:
                self._run([drop_rows(positions)])
            except TooManyRows as problem:
                self.refused.emit(str(problem))

    def drop_columns(self) -> None:
        """Remove the variables of the selected columns."""
        _, columns = self._grid.cells()
        names = [self._grid.model.variable(column).name for column in columns]
        if names:
            self._run([drop_variables(names)])

    def add_row(self) -> None:
        """Add an observation at the end."""
        self._run([f"set obs {self._grid.view.dataset.n_obs + 1}"])

    def rename(self, column: int, name: str) -> None:
        """Give the variable of a column another name."""
        before = self._grid.model.variable(column).name
        if name.strip() and name.strip() != before:
            self._run([f"rename {before} {name.strip()}"])

    def recast(self, storage: str) -> None:
        """Store the selected numeric columns in another type."""
        _, columns = self._grid.cells()
        found = [self._grid.model.variable(column) for column in columns]
        names = [variable.name for variable in found if not variable.is_string and variable.storage != storage]
        if names and self.editable:
            self._run([recast(names, storage)])

    def sort_data(self) -> None:
        """Sort the data as they are shown."""
        if self._grid.view.sort:
            self._run([sort_data(self._grid.view.sort)])

    def keep_filtered(self) -> None:
        """Remove the rows that are not shown."""
        view = self._grid.view
        if view.filter and view.problem is None:
            self._run([f"keep if {view.filter}"])

    def filter_for_cell(self) -> str:
        """Return the condition that holds for the value of the current cell."""
        place = self._grid.current
        if place is None:
            return ""
        model = self._grid.model
        variable = model.variable(place[1])
        shown = model.cell(*place)
        if shown.kind is CellKind.MISSING:
            return f"{variable.name} == {shown.text}"
        expression = cell_expression(
            variable, model.full_text(*place), self._grid.view.dataset.labels_of(variable.name)
        )
        if variable.storage == "float" and "." in expression:
            expression = f"float({expression})"
        return f"{variable.name} == {expression}"

    # --- undo --------------------------------------------------------------------------------------------------------

    def undo(self) -> None:
        """Take back the last change of the data."""
        steps = self._session().steps.last_done
        if steps:
            self._run(["undo" if len(steps) == 1 else f"undo {len(steps)}"])

    def redo(self) -> None:
        """Do the change again that was taken back last."""
        steps = self._session().steps.last_undone
        if steps:
            self._run(["redo" if len(steps) == 1 else f"redo {len(steps)}"])


def _for_clipboard(text: str) -> str:
    """Return a cell as spreadsheets read it: quoted where it holds a tab, a line break or a quote at its start."""
    if any(mark in text for mark in "\t\n\r") or text.startswith('"'):
        return '"' + text.replace('"', '""') + '"'
    return text
