"""A label in one of the theme's colours, which follows the theme."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QWidget

from mixedgui.theme import theme


class TintedLabel(QLabel):
    """Plain text in the colour of a token, `factor` times as large as the interface font."""

    def __init__(
        self,
        text: str = "",
        token: str = "text",
        parent: QWidget | None = None,
        *,
        factor: float = 1.0,
        bold: bool = False,
    ) -> None:
        super().__init__(text, parent)
        self._token = token
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme().font(factor, bold=bold))
        self.setForegroundRole(QPalette.ColorRole.WindowText)
        theme().changed.connect(self._recolour)
        self._recolour()

    def tint(self, token: str) -> None:
        """Change the colour."""
        self._token = token
        self._recolour()

    def changeEvent(self, event: QEvent) -> None:
        """Keep the colour: a style sheet brings back an older palette when the label first comes into sight."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._recolour()

    @Slot()
    def _recolour(self) -> None:
        palette, wanted = self.palette(), theme().color(self._token)
        if palette.color(QPalette.ColorRole.WindowText) != wanted:
            palette.setColor(QPalette.ColorGroup.All, QPalette.ColorRole.WindowText, wanted)
            self.setPalette(palette)
