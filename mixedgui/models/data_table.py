"""The data as a table model: a view's rows and columns, formatted where they are looked at and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from engine.api import Dataset, Variable, format_value, missing_text, shown_numbers
from mixedgui.models.variables import kind_of
from mixedgui.state.cell_edit import number_text
from mixedgui.state.data_view import DataView
from mixedgui.state.translation import tr

_Index = QModelIndex | QPersistentModelIndex

BLOCK = 16
"""Rows that are formatted together."""

MOST_BLOCKS = 16_384
"""Formatted blocks kept; more are forgotten all at once."""

SHOWN_CHARACTERS = 400
"""No more of a long text is drawn in its cell."""

MISSING_AT = 2.0**1023


class CellKind(Enum):
    """What is in a cell, as far as it is drawn differently."""

    VALUE = "value"
    LABEL = "label"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Cell:
    """What is drawn in a cell."""

    text: str
    kind: CellKind = CellKind.VALUE


def aligned_right(variable: Variable, *, labels: bool) -> bool:
    """Tell whether a column stands at the right: numbers, unless their format or their words say otherwise."""
    if variable.is_string or (labels and variable.value_label):
        return False
    return not variable.format.startswith("%-")


def column_kind(variable: Variable) -> str:
    """Return storage type and kind in the words of the header: ``byte, labelled``."""
    kind = kind_of(variable)
    return variable.storage if kind in {"number", "text"} else f"{variable.storage}, {kind}"


def column_tip(dataset: Dataset, variable: Variable) -> str:
    """Return what the header says when it is pointed at: label, type, format, value label, notes."""
    lines = [f"{variable.name}: {variable.label}" if variable.label else variable.name]
    lines.append(f"{column_kind(variable)}, {variable.format}")
    if variable.value_label:
        texts = dataset.labels_of(variable.name)
        some = ", ".join(f"{number_text(value)} {text}" for value, text in list(texts.items())[:6])
        more = " …" if len(texts) > 6 else ""
        lines.append(
            f"{variable.value_label}: {some}{more}" if texts else tr("{0}: not defined").format(variable.value_label)
        )
    lines += [tr("Note: {0}").format(note) for note in variable.notes]
    return "\n".join(lines)


class DataTableModel(QAbstractTableModel):
    """Follows a `DataView`.

    Attributes
    ----------
    typed
        A cell was given new text: row, column, text. The model shows it once the data have it.
    """

    typed = Signal(int, int, str)

    def __init__(self, view: DataView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.view = view
        self.editable = False
        self._blocks: dict[tuple[str, int], list[Cell]] = {}
        self._columns = view.columns
        self._rows = view.n_rows
        view.subscribe(self._follow)

    # --- what is drawn -----------------------------------------------------------------------------------------------

    def cell(self, row: int, column: int) -> Cell:
        """Return what a cell shows."""
        variable = self._columns[column]
        number, place = divmod(row, BLOCK)
        block = self._blocks.get((variable.name, number))
        if block is None:
            block = self._formatted(variable, number)
        return block[place]

    def _formatted(self, variable: Variable, number: int) -> list[Cell]:
        view = self.view
        if len(self._blocks) >= MOST_BLOCKS:
            self._blocks.clear()
        rows = view.positions(number * BLOCK, min((number + 1) * BLOCK, view.n_rows))
        values = view.dataset.values_at(variable.name, rows).tolist()
        if variable.is_string:
            block = [Cell(_one_line(value)) for value in values]
        else:
            words = view.dataset.labels_of(variable.name) if view.labels else {}
            block = [_number_cell(value, words.get(value), variable.format) for value in values]
        self._blocks[variable.name, number] = block
        return block

    def full_text(self, row: int, column: int) -> str:
        """Return the whole value as one would type it: all digits, the word of a labelled value, a date as shown."""
        variable = self._columns[column]
        value = self.view.dataset.values_at(variable.name, self.view.positions(row, row + 1)).tolist()[0]
        if isinstance(value, bytes):
            return _one_line(value)
        if variable.is_string:
            return str(value)
        cell = self.cell(row, column)
        if cell.kind is CellKind.LABEL:
            return cell.text
        if cell.kind is CellKind.VALUE and kind_of(variable) == "date" and _is_date_text(cell.text):
            return cell.text
        return _as_stored(value, variable.storage)

    def is_binary(self, row: int, column: int) -> bool:
        """Tell whether a cell holds bytes, which cannot be typed."""
        variable = self._columns[column]
        if not variable.is_string:
            return False
        value = self.view.dataset.values_at(variable.name, self.view.positions(row, row + 1)).tolist()[0]
        return isinstance(value, bytes)

    def variable(self, column: int) -> Variable:
        """Return the variable of a column."""
        return self._columns[column]

    # --- Qt's questions ----------------------------------------------------------------------------------------------

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return how many rows are shown."""
        return 0 if parent is not None and parent.isValid() else self._rows

    def columnCount(self, parent: _Index | None = None) -> int:
        """Return how many variables are shown."""
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what an editor, a tooltip or a screen reader asks for; the table draws from `cell`."""
        if not index.isValid() or index.row() >= self._rows or index.column() >= len(self._columns):
            return None
        row, column = index.row(), index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.cell(row, column).text
            case Qt.ItemDataRole.EditRole:
                return self.full_text(row, column)
            case Qt.ItemDataRole.ToolTipRole:
                shown, full = self.cell(row, column).text, self.full_text(row, column)
                return full[:2000] if full.replace("-", "\N{MINUS SIGN}") != shown else None
            case Qt.ItemDataRole.AccessibleTextRole:
                observation = self.view.position(row) + 1
                name, text = self._columns[column].name, self.cell(row, column).text
                return tr("{name}, observation {0}: {text}").format(observation, name=name, text=text)
            case Qt.ItemDataRole.TextAlignmentRole:
                right = aligned_right(self._columns[column], labels=self.view.labels)
                side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
                return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return names of variables and numbers of observations."""
        if orientation is Qt.Orientation.Vertical:
            usable = role == Qt.ItemDataRole.DisplayRole and section < self._rows
            return f"{self.view.position(section) + 1:,}" if usable else None
        if section >= len(self._columns):
            return None
        variable = self._columns[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return variable.name
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleDescriptionRole:
                return column_tip(self.view.dataset, variable)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{variable.name}, {column_kind(variable)}"
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Cells can be edited while the table is."""
        usual = super().flags(index)
        return usual | Qt.ItemFlag.ItemIsEditable if self.editable and index.isValid() else usual

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Hand on what was typed; the data change when its command has run."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid() or not self.editable:
            return False
        if str(value) != self.full_text(index.row(), index.column()):
            self.typed.emit(index.row(), index.column(), str(value))
        return True

    # --- following the view ------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        view = self.view
        self._blocks.clear()
        names = [variable.name for variable in self._columns]
        if view.n_rows == self._rows and names == [variable.name for variable in view.columns]:
            self._columns = view.columns
            if self._rows and self._columns:
                corner = self.index(self._rows - 1, len(self._columns) - 1)
                self.dataChanged.emit(self.index(0, 0), corner)
                self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._columns) - 1)
            return
        self.beginResetModel()
        self._columns, self._rows = view.columns, view.n_rows
        self.endResetModel()


def _one_line(value: str | bytes) -> str:
    if isinstance(value, bytes):
        return tr("binary, {0:,} bytes").format(len(value))
    text = value[:SHOWN_CHARACTERS]
    return text.replace("\r", "").replace("\n", "\N{DOWNWARDS ARROW WITH CORNER LEFTWARDS}").replace("\t", " ")


def _number_cell(value: float, word: str | None, fmt: str) -> Cell:
    if word is not None:
        return Cell(word, CellKind.LABEL)
    if not value < MISSING_AT:
        return Cell(missing_text(value), CellKind.MISSING)
    text = shown_numbers(format_value(value, fmt))
    return Cell("\N{MINUS SIGN}" + text[1:] if text.startswith("-") else text)


def _is_date_text(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


def _as_stored(value: float, storage: str) -> str:
    """Return all the digits a number has in its storage type: a float has fewer than a double."""
    if storage == "float" and value < MISSING_AT and value != int(value):
        return str(np.float32(value))
    return number_text(value)
