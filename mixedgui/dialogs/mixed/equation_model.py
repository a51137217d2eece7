"""The random-effects equations as a Qt list over the dialog's state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt

from mixedgui.state.equation_state import ALL, EquationState
from mixedgui.state.mixed_state import MixedState
from mixedgui.state.wording import row_text

MIME = "application/x-mixedgui-equation"

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class EquationRow:
    """What the delegate draws."""

    number: int
    equation: EquationState
    depth: int
    groups: str


ROW_ROLE = Qt.ItemDataRole.UserRole


class EquationModel(QAbstractListModel):
    """Rows of the equation list; check boxes and drops change the state."""

    def __init__(self, state: MixedState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._shown: tuple[EquationState, ...] = state.form.equations
        self._groups: dict[str, str] = {}

    def refresh(self) -> None:
        """Show the state's equations."""
        rows = self._state.form.equations
        if rows == self._shown:
            return
        if len(rows) == len(self._shown):
            self._shown = rows
            self._all_changed()
        else:
            self.beginResetModel()
            self._shown = rows
            self.endResetModel()

    def set_groups(self, groups: dict[str, str]) -> None:
        """Show how many groups each level has."""
        if groups != self._groups:
            self._groups = groups
            self._all_changed()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of equations."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return text, check mark, or the row for the delegate."""
        if not 0 <= index.row() < len(self._shown):
            return None
        equation = self._shown[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row_text(index.row(), equation)
            case Qt.ItemDataRole.CheckStateRole:
                return Qt.CheckState.Checked if equation.enabled else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.ToolTipRole:
                return equation.to_text()
            case Qt.ItemDataRole.AccessibleTextRole:
                parts = (row_text(index.row(), equation), self.groups_of(equation), "" if equation.enabled else "off")
                return ", ".join(part for part in parts if part)
            case Qt.ItemDataRole.UserRole:
                groups = self.groups_of(equation)
                return EquationRow(index.row() + 1, equation, self._depth(index.row()), groups)
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Switch an equation on or off."""
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        self._state.enable_equation(index.row(), Qt.CheckState(value) is Qt.CheckState.Checked)
        return True

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Let rows be selected, checked and dragged; drops go between them."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        flag = Qt.ItemFlag
        return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsUserCheckable | flag.ItemIsDragEnabled

    def supportedDropActions(self) -> Qt.DropAction:
        """Return what a drop does: move."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        """Return the format of a dragged row."""
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Return the number of the dragged row."""
        data = QMimeData()
        data.setData(MIME, str(indexes[0].row()).encode())
        return data

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: _Index) -> bool:
        """Move the dragged row to where it was dropped."""
        if not data.hasFormat(MIME):
            return False
        source = int(bytes(data.data(MIME).data()))
        target = row if row >= 0 else parent.row() if parent.isValid() else len(self._shown)
        self._state.move_equation(source, target - 1 if target > source else target)
        return False  # the row has moved already; the view must not remove it

    def groups_of(self, equation: EquationState) -> str:
        """Return ``48 groups of 9`` for the level of an equation, empty while it is not known."""
        return self._groups.get(equation.level_name, "") if equation.enabled else ""

    def _depth(self, row: int) -> int:
        """Return how deep a row is nested: one step per new level among the enabled rows above."""
        levels = [
            equation.level_name
            for equation in self._shown[: row + 1]
            if equation.enabled or equation is self._shown[row]
        ]
        steps = [level for place, level in enumerate(levels) if place == 0 or level != levels[place - 1]]
        steps = [level for place, level in enumerate(steps) if not (place == 0 and level == ALL and len(steps) > 1)]
        return len(steps) - 1

    def _all_changed(self) -> None:
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))
