"""The command that a dialog stands for, in syntax colours, selectable."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetricsF, QResizeEvent, QSyntaxHighlighter, QTextDocument
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from engine.api import highlight
from mixedgui.theme import theme
from mixedgui.widgets.highlighter import syntax_format

MOST_LINES = 3


class _Colours(QSyntaxHighlighter):
    def __init__(self, document: QTextDocument, lead: str) -> None:
        super().__init__(document)
        self._lead = lead

    def highlightBlock(self, text: str) -> None:
        """Colour one block, read as if it followed the lead."""
        shift = len(self._lead)
        for start, end, kind in highlight(self._lead + text):
            if end > shift:
                begin = max(start - shift, 0)
                self.setFormat(begin, end - shift - begin, syntax_format(kind, theme()))


class CommandPreview(QPlainTextEdit):
    """Read-only, as high as its text needs, up to three lines.

    Parameters
    ----------
    lead
        Text that is not shown but colours the rest (``mixed y `` before a lone equation).
    """

    def __init__(self, parent: QWidget | None = None, *, lead: str = "") -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setFont(theme().mono())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.document().setDocumentMargin(theme().unit / 2)
        self.viewport().setAutoFillBackground(False)
        self._colours = _Colours(self.document(), lead)
        theme().changed.connect(self._recolour)
        self._fit()

    def text(self) -> str:
        """Return the command shown."""
        return self.toPlainText()

    def setText(self, text: str) -> None:
        """Show a command."""
        if text != self.toPlainText():
            self.setPlainText(text)
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the height to the new width."""
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        """Return a hint that does not widen the dialog."""
        return QSize(20 * theme().unit, self.height())

    def minimumSizeHint(self) -> QSize:
        """Return the least size: a word and a line."""
        return QSize(20 * theme().unit, self.height())

    def _fit(self) -> None:
        metrics = QFontMetricsF(self.font())
        margin = self.document().documentMargin()
        room = max(self.viewport().width() - 2 * margin, 1.0)
        lines = math.ceil(metrics.horizontalAdvance(self.toPlainText()) * 1.05 / room)
        lines = min(max(lines, 1), MOST_LINES)
        self.setFixedHeight(math.ceil(lines * metrics.lineSpacing() + 2 * margin + 2))

    def _recolour(self) -> None:
        self.setFont(theme().mono())
        self._colours.rehighlight()
