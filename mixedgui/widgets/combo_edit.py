"""A field with suggestions: choose one, or type something else."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QSizePolicy, QWidget


class ComboEdit(QComboBox):
    """An editable list of texts, each with a word of help.

    Attributes
    ----------
    edit
        The line that is typed into.
    """

    changed = Signal()

    def __init__(self, suggestions: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.edit = QLineEdit(self)
        self.setLineEdit(self.edit)
        self.setCompleter(None)  # type: ignore[arg-type]  # None takes the built-in one away
        for text, help_text in suggestions:
            self.addItem(text)
            self.setItemData(self.count() - 1, help_text, Qt.ItemDataRole.ToolTipRole)
            self.setItemData(self.count() - 1, help_text, Qt.ItemDataRole.AccessibleDescriptionRole)
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
        self.edit.setPlaceholderText(text)

    def _emit_changed(self) -> None:
        self.changed.emit()
