"""A line edit with a glass and a clear button, for filters and searches."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QWidget

from mixedgui.widgets.icons import set_icon


class SearchField(QLineEdit):
    """`hint` is the placeholder and the accessible name."""

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setClearButtonEnabled(True)
        clear = self.findChild(QAction, "_q_qlineeditclearaction")
        if clear is not None:
            clear.setText(self.tr("Clear"))
        glass = self.addAction(
            self.style().standardIcon(self.style().StandardPixmap.SP_FileDialogContentsView),
            QLineEdit.ActionPosition.LeadingPosition,
        )
        glass.setText(hint)
        set_icon(glass, "magnifying-glass")
