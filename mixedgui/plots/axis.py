"""An axis with a true minus sign, major ticks only, and a title that never leaves the picture."""

from __future__ import annotations

import html
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF

from mixedgui.theme_tokens import Tokens


class GraphAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """One axis of a graph."""

    def __init__(self, orientation: str, title: str) -> None:
        super().__init__(orientation, maxTickLength=5)
        self._title = title
        self._font = QFont()
        self.enableAutoSIPrefix(False)

    def dress(self, tokens: Tokens, font: QFont) -> None:
        """Take the theme's colours and font."""
        self._font = font
        self.setPen(pg.mkPen(QColor(tokens.control), width=1))
        self.setTickPen(pg.mkPen(QColor(tokens.control), width=1))
        self.setTextPen(pg.mkPen(QColor(tokens.text2)))
        self.setStyle(tickFont=font, maxTickLevel=0, tickTextOffset=7, hideOverlappingLabels=False)
        self.label.setFont(font)
        self.labelStyle = {"color": tokens.text2}
        self._elide()

    def tickStrings(self, values: Any, scale: float, spacing: float) -> list[str]:
        """Return tick labels with U+2212 for the minus."""
        return [text.replace("-", "\N{MINUS SIGN}") for text in super().tickStrings(values, scale, spacing)]

    def resizeEvent(self, event: Any = None) -> None:
        """Keep the title inside the axis."""
        if hasattr(self, "_title"):
            self._elide()
        super().resizeEvent(event)

    def _elide(self) -> None:
        room = self.size().height() if self.orientation in {"left", "right"} else self.size().width()
        metrics = QFontMetricsF(self._font)
        shown = metrics.elidedText(self._title, Qt.TextElideMode.ElideRight, max(room, 40.0))
        escaped = html.escape(shown)
        if self.labelText != escaped:
            self.setLabel(escaped, **self.labelStyle)
