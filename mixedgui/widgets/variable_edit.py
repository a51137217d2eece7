"""A field for one variable: type it, or choose it from the data."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QSizePolicy, QWidget

from engine.api import Variable
from mixedgui.widgets.name_completer import NameCompleter


class VariableEdit(QComboBox):
    """An editable list of variables that keeps what was typed when the data change.

    Parameters
    ----------
    numeric
        True to offer numeric variables only.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None, *, numeric: bool = False) -> None:
        super().__init__(parent)
        self._numeric = numeric
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self._edit = QLineEdit(self)
        self.setLineEdit(self._edit)
        self.setCompleter(None)  # type: ignore[arg-type]  # None takes the built-in one away
        self._names = NameCompleter(self._edit)
        self.setCurrentIndex(-1)
        self.editTextChanged.connect(self._emit_changed)

    def text(self) -> str:
        """Return what stands in the field."""
        return self.currentText()

    def setText(self, text: str) -> None:
        """Put `text` into the field."""
        self.setEditText(text)

    def setPlaceholderText(self, text: str) -> None:
        """Say what an empty field means."""
        self._edit.setPlaceholderText(text)

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

    def _emit_changed(self) -> None:
        self.changed.emit()
