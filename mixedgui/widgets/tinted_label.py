"""A label in one of the theme's colours, which follows the theme."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
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

    @Slot()
    def _recolour(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorGroup.All, QPalette.ColorRole.WindowText, theme().color(self._token))
        self.setPalette(palette)
