"""A field for one end of a range of observations."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget


class RowNumberEdit(QLineEdit):
    """Takes a number, a negative number counted from the end, ``f`` or ``l``; empty leaves the end open."""

    def __init__(self, open_end: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(open_end)
        self.setMaximumWidth(self.fontMetrics().averageCharWidth() * 16)

    def value(self) -> int:
        """Return the number, 0 while there is none."""
        text = self.text().strip()
        return int(text) if text.lstrip("-").isdigit() else 0

    def setValue(self, value: int) -> None:
        """Show a number; 0 leaves the end open."""
        self.setText(str(value) if value else "")
