"""A line edit that completes variable names, underlines what is wrong and can show its words as chips."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QLineEdit, QWidget

from mixedgui.theme import theme
from mixedgui.widgets.name_completer import NameCompleter

_CHIP = re.compile(r"\S+")


class MarkedEdit(QLineEdit):
    """A line edit over variable names.

    Parameters
    ----------
    chips
        True to draw each word on a ground of its own.
    """

    changed = Signal()
    """The text changed, by the user or by `setText`."""

    def __init__(self, parent: QWidget | None = None, *, chips: bool = False) -> None:
        super().__init__(parent)
        self._chips = chips
        self._wrong: tuple[int, int] | None = None
        self._completer = NameCompleter(self)
        self.textChanged.connect(self._text_changed)

    def set_names(self, names: Sequence[str]) -> None:
        """Offer these variable names."""
        self._completer.set_names(names)

    def mark_wrong(self, span: tuple[int, int] | None) -> None:
        """Underline characters of the text, or nothing."""
        if span != self._wrong:
            self._wrong = span
            self.update()

    def insert_word(self, word: str) -> None:
        """Put a word at the cursor, with blanks around it where they are missing."""
        before, after = self.text()[: self.cursorPosition()], self.text()[self.cursorPosition() :]
        left = " " if before and not before.endswith((" ", "#", ".", "(")) else ""
        right = "" if after.startswith(" ") else " "
        self.insert(f"{left}{word}{right}")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw chips and the wavy line over the text."""
        super().paintEvent(event)
        if not self.text():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._chips and self.isEnabled():
            for match in _CHIP.finditer(self.text()):
                if not (self.hasFocus() and match.end() == self.cursorPosition()):
                    self._draw_chip(painter, self._extent(*match.span()))
        if self._wrong is not None:
            self._draw_wave(painter, self._extent(*self._wrong))
        painter.end()

    def _text_changed(self) -> None:
        self._wrong = None
        self.changed.emit()

    def _extent(self, start: int, end: int) -> QRectF:
        """Return where characters `start` to `end` stand, following the scrolling of the line."""
        metrics = QFontMetricsF(self.font())
        cursor = self.cursorRect()
        text = self.text()
        origin = cursor.center().x() - metrics.horizontalAdvance(text[: self.cursorPosition()])
        left = origin + metrics.horizontalAdvance(text[:start])
        width = max(metrics.horizontalAdvance(text[start:end]), metrics.horizontalAdvance("x"))
        middle = cursor.center().y() + 0.5
        return QRectF(left, middle - metrics.height() / 2, width, metrics.height())

    def _draw_chip(self, painter: QPainter, extent: QRectF) -> None:
        color = theme().color("accent")
        color.setAlphaF(0.16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        margin = theme().unit * 0.4
        radius = theme().unit * 0.75
        painter.drawRoundedRect(extent.adjusted(-margin, -1, margin, 1), radius, radius)

    def _draw_wave(self, painter: QPainter, extent: QRectF) -> None:
        step = theme().unit / 2
        points = QPolygonF()
        count = max(2, int(extent.width() / step) + 1)
        for place in range(count + 1):
            low = extent.bottom() if place % 2 else extent.bottom() - step
            points.append(QPointF(extent.left() + place * step, low))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme().color("error"), 1.2))
        painter.drawPolyline(points)
