"""The variables and what is known about them as a table model, for the Variables Manager."""

from __future__ import annotations

import math
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from engine.api import Variable, shown_numbers
from mixedgui.state.translation import mark, tr
from mixedgui.state.variable_table import VariableTable

_Index = QModelIndex | QPersistentModelIndex

GLANCE_ROLE = Qt.ItemDataRole.UserRole + 1
SORT_ROLE = Qt.ItemDataRole.UserRole + 2
VARIABLE_ROLE = Qt.ItemDataRole.UserRole + 3


class Field(IntEnum):
    """The columns."""

    NAME = 0
    LABEL = 1
    ROLE = 2
    TYPE = 3
    FORMAT = 4
    VALUE_LABEL = 5
    WITHIN = 6
    NOTES = 7
    MISSING = 8
    DISTINCT = 9
    MEAN = 10
    SD = 11
    DISTRIBUTION = 12


HEADINGS = {
    Field.NAME: mark("Name"),
    Field.LABEL: mark("Label"),
    Field.ROLE: mark("Role"),
    Field.TYPE: mark("Type"),
    Field.FORMAT: mark("Format"),
    Field.VALUE_LABEL: mark("Value label"),
    Field.WITHIN: mark("Within groups"),
    Field.NOTES: mark("Notes"),
    Field.MISSING: mark("Missing"),
    Field.DISTINCT: mark("Distinct"),
    Field.MEAN: mark("Mean"),
    Field.SD: mark("Std. dev."),
    Field.DISTRIBUTION: mark("Distribution"),
}

EDITABLE = frozenset({Field.NAME, Field.LABEL, Field.TYPE, Field.FORMAT, Field.VALUE_LABEL})
NUMBERS = frozenset({Field.NOTES, Field.MISSING, Field.DISTINCT, Field.MEAN, Field.SD})

_HELP = {
    Field.ROLE: mark("What the variable is in the last model, or the level whose units it describes"),
    Field.WITHIN: mark("Whether the variable has one value in each group"),
    Field.NOTES: mark("How many notes there are"),
    Field.MISSING: mark("Missing values; of text, empty ones"),
    Field.DISTINCT: mark("How many different values there are, missing ones aside"),
}


class VariablePropertiesModel(QAbstractTableModel):
    """Follows a `VariableTable`.

    Attributes
    ----------
    typed
        A field was given new text: row, field, text. It is shown once the data have it.
    """

    typed = Signal(int, int, str)

    def __init__(self, table: VariableTable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table = table
        self._variables = table.variables
        table.subscribe(self._follow)

    def variable(self, row: int) -> Variable:
        """Return the variable of a row."""
        return self._variables[row]

    def row_of(self, name: str) -> int:
        """Return the row of a variable, -1 when there is none."""
        return next((row for row, variable in enumerate(self._variables) if variable.name == name), -1)

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return how many variables there are."""
        return 0 if parent is not None and parent.isValid() else len(self._variables)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Return how many fields there are."""
        return 0 if parent is not None and parent.isValid() else len(Field)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the headings; that of the groups names them."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(Field):
            return None
        field = Field(section)
        if role == Qt.ItemDataRole.DisplayRole:
            levels = self.table.levels
            if field is Field.WITHIN and levels:
                return tr("Within {0}").format(levels[-1]) if len(levels) == 1 else tr("Within groups")
            return tr(HEADINGS[field])
        if role == Qt.ItemDataRole.ToolTipRole:
            return _HELP.get(field)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if field in NUMBERS else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a view or a screen reader asks for."""
        if not index.isValid() or index.row() >= len(self._variables):
            return None
        variable, field = self._variables[index.row()], Field(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return self._text(variable, field)
            case Qt.ItemDataRole.ToolTipRole:
                return "\n".join(variable.notes) if field is Field.NOTES else self._text(variable, field) or None
            case Qt.ItemDataRole.AccessibleTextRole:
                text = self._text(variable, field) or "empty"
                return f"{variable.name}, {tr(HEADINGS[field])}: {text}"
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if field in NUMBERS else Qt.AlignmentFlag.AlignLeft
                return int(side | Qt.AlignmentFlag.AlignVCenter)
            case _ if role == GLANCE_ROLE:
                return self.table.glance(variable.name)
            case _ if role == SORT_ROLE:
                return self._sort_key(variable, field, index.row())
            case _ if role == VARIABLE_ROLE:
                return variable
        return None

    def _text(self, variable: Variable, field: Field) -> str:
        known = {
            Field.NAME: variable.name,
            Field.LABEL: variable.label,
            Field.TYPE: variable.storage,
            Field.FORMAT: variable.format,
            Field.VALUE_LABEL: variable.value_label,
            Field.NOTES: str(len(variable.notes)) if variable.notes else "",
        }
        if field in known:
            return known[field]
        if field is Field.ROLE:
            return self.table.role(variable.name)
        if field is Field.WITHIN:
            return self.table.within(variable.name)
        glance = self.table.glance(variable.name)
        if glance is None:
            return ""
        seen = glance.profile
        numbers = {Field.MISSING: f"{seen.missing:,}", Field.DISTINCT: f"{seen.distinct:,}"}
        if field in numbers:
            return numbers[field]
        if field is Field.DISTRIBUTION:
            return _distribution_words(seen.minimum, seen.maximum)
        return _number(seen.mean if field is Field.MEAN else seen.sd)

    def _sort_key(self, variable: Variable, field: Field, row: int) -> object:
        """Return numbers as numbers; the place in the data where that is the order asked for."""
        glance = self.table.glance(variable.name)
        if field is Field.DISTRIBUTION:
            return row
        if field is Field.NOTES:
            return len(variable.notes)
        if field in NUMBERS and glance is not None:
            seen = glance.profile
            value = {
                Field.MISSING: seen.missing,
                Field.DISTINCT: seen.distinct,
                Field.MEAN: seen.mean,
                Field.SD: seen.sd,
            }
            number = float(value[field])
            return -math.inf if math.isnan(number) else number
        return -math.inf if field in NUMBERS else self._text(variable, field).lower()

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Some fields can be edited."""
        usual = super().flags(index)
        if not index.isValid():
            return usual
        field = Field(index.column())
        of_numbers = field in {Field.VALUE_LABEL, Field.TYPE}
        usable = field in EDITABLE and not (of_numbers and self._variables[index.row()].is_string)
        return usual | Qt.ItemFlag.ItemIsEditable if usable else usual

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Hand on what was typed; it is shown when its command has run."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        if str(value) != self._text(self._variables[index.row()], Field(index.column())):
            self.typed.emit(index.row(), index.column(), str(value))
        return True

    def _follow(self) -> None:
        names = [variable.name for variable in self._variables]
        variables = self.table.variables
        if names == [variable.name for variable in variables]:
            self._variables = variables
            if variables:
                self.dataChanged.emit(self.index(0, 0), self.index(len(variables) - 1, len(Field) - 1))
                self.headerDataChanged.emit(Qt.Orientation.Horizontal, Field.WITHIN, Field.WITHIN)
            return
        self.beginResetModel()
        self._variables = variables
        self.endResetModel()


def _number(value: float) -> str:
    if math.isnan(value):
        return ""
    size = abs(value)
    text = f"{value:,.3f}" if 0.001 <= size < 1e7 or value == 0 else f"{value:.3g}"
    return shown_numbers(text).replace("-", "\N{MINUS SIGN}")


def _distribution_words(low: float, high: float) -> str:
    if math.isnan(low):
        return ""
    ends = [_number(end).removesuffix(".000") for end in (low, high)]
    return ends[0] if low == high else f"{ends[0]} to {ends[1]}"
