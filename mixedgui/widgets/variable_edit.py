"""A field for one variable: type it, or choose it from the data."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QWidget

from engine.api import Variable
from mixedgui.widgets.combo_edit import ComboEdit
from mixedgui.widgets.name_completer import NameCompleter


class VariableEdit(ComboEdit):
    """An editable list of variables that keeps what was typed when the data change.

    Parameters
    ----------
    numeric
        True to offer numeric variables only.
    """

    def __init__(self, parent: QWidget | None = None, *, numeric: bool = False) -> None:
        super().__init__((), parent)
        self._numeric = numeric
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self._names = NameCompleter(self.edit)

    def set_variables(self, variables: Sequence[Variable]) -> None:
        """Offer the variables that fit; the field keeps its text."""
        fitting = [v for v in variables if not (self._numeric and v.is_string)]
        names = [v.name for v in fitting]
        if names == [self.itemText(i) for i in range(self.count())]:
            return
        self._names.set_names(names)
        text = self.currentText()
        with QSignalBlocker(self):
            self.clear()
            self.addItems(names)
            for row, variable in enumerate(fitting):
                self.setItemData(row, variable.label or None, Qt.ItemDataRole.ToolTipRole)
            self.setCurrentIndex(names.index(text) if text in names else -1)
            self.setEditText(text)
