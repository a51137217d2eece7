"""The text of a do-file: syntax colours, line numbers, the line of an error."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from mixedgui.theme import theme
from mixedgui.widgets.highlighter import LineHighlighter

INDENT = "    "


class LineNumbers(QWidget):
    """The strip at the left."""

    def __init__(self, edit: CodeEdit) -> None:
        super().__init__(edit)
        self._edit = edit

    def paintEvent(self, event: QPaintEvent) -> None:
        """Write the numbers of the lines on screen."""
        edit, look = self._edit, theme()
        painter = QPainter(self)
        painter.fillRect(event.rect(), look.color("alt"))
        painter.setFont(edit.font())
        block, offset = edit.firstVisibleBlock(), edit.contentOffset()
        current = edit.textCursor().blockNumber()
        while block.isValid():
            rect = edit.blockBoundingGeometry(block).translated(offset)
            if rect.top() > event.rect().bottom():
                break
            number = block.blockNumber()
            color = "error" if number == edit.error_line else "text" if number == current else "text2"
            painter.setPen(look.color(color))
            place = QRect(0, round(rect.top()), self.width() - 2 * look.unit, round(rect.height()))
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, str(number + 1))
            block = block.next()


class CodeEdit(QPlainTextEdit):
    """Attributes: `error_line` is the line marked, from 0; -1 for none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dofile_text")
        self.setAccessibleName(self.tr("Do-file"))
        self.setAccessibleDescription(self.tr("Ctrl+D runs the whole file, Ctrl+Enter the selection or the statement"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.error_line = -1
        self._marked = ""
        self._places: list[QTextEdit.ExtraSelection] = []
        self._numbers = LineNumbers(self)
        self._highlighter = LineHighlighter(self.document())
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._numbers_follow)
        self.cursorPositionChanged.connect(self._show_places)
        self.textChanged.connect(self._edited)
        theme().changed.connect(self._refont)
        self._refont()

    def mark_error(self, line: int) -> None:
        """Mark the line at which a run stopped, and bring it into view."""
        self.error_line = line
        self._marked = self.toPlainText()
        block = self.document().findBlockByNumber(line)
        if line >= 0 and block.isValid():
            self.setTextCursor(QTextCursor(block))
            self.ensureCursorVisible()
        self._show_places()

    def mark_matches(self, cursors: list[QTextCursor], at: QTextCursor | None) -> None:
        """Colour the places a search has found."""
        self._places = []
        for cursor in cursors:
            selection = QTextEdit.ExtraSelection()
            here = at is not None and cursor.position() == at.position()
            selection.format.setBackground(theme().color("warn" if here else "warn_soft"))
            if here:
                selection.format.setForeground(theme().color("base"))
            selection.cursor = cursor
            self._places.append(selection)
        self._show_places()

    def selected_lines(self) -> tuple[int, int, bool]:
        """Return the first and the last line of the selection or of the cursor, and whether anything is selected."""
        cursor = self.textCursor()
        document = self.document()
        first = document.findBlock(cursor.selectionStart())
        last = document.findBlock(cursor.selectionEnd())
        selected = cursor.hasSelection()
        line = last.blockNumber()
        if selected and line > first.blockNumber() and cursor.selectionEnd() == last.position():
            line -= 1  # the selection ends before the line begins
        return first.blockNumber(), line, selected

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Indent with Tab, keep the indentation at a new line."""
        if event.key() == Qt.Key.Key_Tab and not event.modifiers() and not self.textCursor().hasSelection():
            self.insertPlainText(INDENT)
            return
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            line = self.textCursor().block().text()
            self.insertPlainText("\n" + line[: len(line) - len(line.lstrip())])
            self.ensureCursorVisible()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the numbers at the left edge."""
        super().resizeEvent(event)
        area = self.contentsRect()
        self._numbers.setGeometry(QRect(area.left(), area.top(), self._width(), area.height()))

    def sizeHint(self) -> QSize:
        """Eighty columns and thirty lines."""
        metrics = QFontMetricsF(self.font())
        return QSize(round(84 * metrics.horizontalAdvance("0")) + self._width(), round(30 * metrics.lineSpacing()))

    def _width(self) -> int:
        digits = max(3, len(str(self.blockCount())))
        return round(digits * QFontMetricsF(self.font()).horizontalAdvance("0")) + 4 * theme().unit

    @Slot()
    def _make_room(self) -> None:
        self.setViewportMargins(self._width(), 0, 0, 0)
        area = self.contentsRect()
        self._numbers.setGeometry(QRect(area.left(), area.top(), self._width(), area.height()))

    @Slot(QRect, int)
    def _numbers_follow(self, area: QRect, delta: int) -> None:
        if delta:
            self._numbers.scroll(0, delta)
        self._numbers.update()

    @Slot()
    def _edited(self) -> None:
        if self.error_line >= 0 and self.toPlainText() != self._marked:  # new colours are no new text
            self.error_line = -1
            self._show_places()

    @Slot()
    def _show_places(self) -> None:
        lines = [(self.textCursor(), theme().color("alt"))]
        block = self.document().findBlockByNumber(self.error_line)
        if self.error_line >= 0 and block.isValid():
            lines.append((QTextCursor(block), theme().color("error_soft")))
        self.setExtraSelections([*(_whole_line(cursor, color) for cursor, color in lines), *self._places])
        self._numbers.update()

    @Slot()
    def _refont(self) -> None:
        self.setFont(theme().mono())
        self.setTabStopDistance(4 * QFontMetricsF(self.font()).horizontalAdvance(" "))
        self._make_room()
        self._show_places()


def _whole_line(cursor: QTextCursor, color: QColor) -> QTextEdit.ExtraSelection:
    selection = QTextEdit.ExtraSelection()
    selection.format.setBackground(color)
    selection.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
    selection.cursor = QTextCursor(cursor)
    selection.cursor.clearSelection()
    return selection
