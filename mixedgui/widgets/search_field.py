"""A line edit with a glass and a clear button, for filters and searches."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from mixedgui.widgets.edge_buttons import EdgeButtons


class SearchField(QLineEdit):
    """`hint` is the placeholder and the accessible name."""

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self._edges = EdgeButtons(self)
        self._edges.add_sign("magnifying-glass")
        self._clear = self._edges.add_button("x", self.tr("Clear"))
        self._clear.setObjectName("search_clear")
        self._clear.hide()
        self._clear.clicked.connect(self._empty)
        self.textChanged.connect(self._text_changed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the signs at the ends."""
        super().resizeEvent(event)
        self._edges.place()

    @Slot()
    def _empty(self) -> None:
        """Clear the text as the user would."""
        self.clear()
        self.textEdited.emit("")

    @Slot(str)
    def _text_changed(self, text: str) -> None:
        """Offer to clear what is there."""
        if self._clear.isHidden() == bool(text):
            self._clear.setVisible(bool(text))
            self._edges.place()
