"""The variables of the data set as a table model: name and label."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QAbstractTableModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt

from engine.api import Dataset, Variable
from mixedgui.state.translation import mark, tr

VARIABLES_MIME = "application/x-mixedgui-variables"
"""Names separated by blanks; the same names travel as plain text."""

VARIABLE_ROLE = Qt.ItemDataRole.UserRole + 1
KIND_ROLE = Qt.ItemDataRole.UserRole + 2

_Index = QModelIndex | QPersistentModelIndex

KIND_NAMES = {
    "level": mark("groups of the current estimates"),
    "text": "text",
    "labelled": mark("number with value labels"),
    "date": mark("date or time"),
    "number": "number",
}


def kind_of(variable: Variable) -> str:
    """Return ``text``, ``labelled``, ``date`` or ``number``."""
    if variable.is_string:
        return "text"
    if variable.value_label:
        return "labelled"
    return "date" if variable.format.lstrip("%-").startswith("t") else "number"


class VariablesModel(QAbstractTableModel):
    """Columns: name, label. `set_dataset` replaces what is listed."""

    HEADINGS = (mark("Name"), mark("Label"))

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._variables: tuple[Variable, ...] = ()
        self._levels: frozenset[str] = frozenset()

    def set_dataset(self, dataset: Dataset) -> None:
        """List the variables of `dataset`; nothing happens when they are the same."""
        if dataset.variables == self._variables:
            return
        self.beginResetModel()
        self._variables = dataset.variables
        self.endResetModel()

    def set_levels(self, names: Sequence[str]) -> None:
        """Mark the variables of these names as levels."""
        levels = frozenset(names)
        if levels != self._levels:
            self._levels = levels
            if self._variables:
                self.dataChanged.emit(self.index(0, 0), self.index(len(self._variables) - 1, 1))

    def _kind(self, variable: Variable) -> str:
        return "level" if variable.name in self._levels else kind_of(variable)

    def variable(self, row: int) -> Variable:
        """Return the variable of a row."""
        return self._variables[row]

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return how many variables there are."""
        return 0 if parent is not None and parent.isValid() else len(self._variables)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Return 2."""
        return 0 if parent is not None and parent.isValid() else len(self.HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the headings."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(self.HEADINGS[section])
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a view or a screen reader asks for."""
        if not index.isValid() or index.row() >= len(self._variables):
            return None
        variable = self._variables[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return variable.name if index.column() == 0 else variable.label
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleDescriptionRole:
                return _tip(variable, self._kind(variable))
            case _ if role == VARIABLE_ROLE:
                return variable
            case _ if role == KIND_ROLE:
                return self._kind(variable)
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Rows can be dragged."""
        usual = super().flags(index)
        return usual | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else usual

    def mimeTypes(self) -> list[str]:
        """Return the two forms of :meth:`mimeData`."""
        return [VARIABLES_MIME, "text/plain"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Return the dragged names."""
        rows = sorted({index.row() for index in indexes})
        names = " ".join(self._variables[row].name for row in rows)
        mime = QMimeData()
        mime.setText(names)
        mime.setData(VARIABLES_MIME, names.encode("utf-8"))
        return mime


@lru_cache(maxsize=512)
def _tip(variable: Variable, kind: str) -> str:
    lines = [f"{variable.name}: {variable.label}" if variable.label else variable.name]
    lines.append(f"{variable.storage}, {KIND_NAMES[kind]}, {variable.format}")
    return "\n".join(lines)
