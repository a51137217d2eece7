"""The strip at the left of the log: fold marks, and an accent bar along the current record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from mixedgui.theme import theme
from mixedgui.widgets.icons import icon

if TYPE_CHECKING:
    from mixedgui.docks.results.text_view import ResultsText


class FoldMargin(QWidget):
    """A click at a mark folds or unfolds; the same is in the context menu."""

    def __init__(self, view: ResultsText) -> None:
        super().__init__(view)
        self._view = view
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the marks of the lines on screen."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme().color("base"))
        current = self._view.current
        unit = theme().unit
        size = round(QFontMetricsF(self._view.font()).height() * 0.8)
        for block, rect in self._view.visible_blocks():
            line = block.blockNumber()
            if current is not None and current.first <= line <= current.last:
                painter.fillRect(unit, rect.top(), max(2, unit // 2), rect.height(), theme().color("accent"))
            if self._view.foldable(line):
                name = "caret-right" if self._view.is_folded(line) else "caret-down"
                place = QRect(2 * unit + unit // 2, rect.top() + (rect.height() - size) // 2, size, size)
                icon(name).paint(painter, place)
            sign = self._view.mark_at(line)
            if sign:
                icon(sign, "accent").paint(painter, QRect(unit, rect.top() + rect.height() - size // 2, size, size))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Fold or unfold at the mark that was hit."""
        for block, rect in self._view.visible_blocks():
            if rect.top() <= event.position().y() < rect.bottom() + 1:
                self._view.toggle_fold(block.blockNumber())
                return
