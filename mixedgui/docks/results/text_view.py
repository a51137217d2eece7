"""The log as monospaced text, exactly as batch mode prints it, with the output of each command as one record."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetricsF,
    QHelpEvent,
    QMouseEvent,
    QPalette,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from engine.api import Block, Outcome
from mixedgui.docks.results.fold_margin import FoldMargin
from mixedgui.docks.results.log_writer import LogWriter
from mixedgui.docks.results.record import Record
from mixedgui.models.explainer import Explainer
from mixedgui.state.result_marks import ResultMarks
from mixedgui.theme import theme
from mixedgui.widgets.explanation import show_explanation

ZOOM_STEP = 1.1
ZOOM_LIMITS = (-5, 15)


class ResultsText(QPlainTextEdit):
    """The text view.

    Attributes
    ----------
    current_changed
        Another record is under the pointer or the cursor (`Record` or None).
    menu_wanted
        The context menu is asked for: record, line of the log, global position.
    zoomed
        The text size changed, in steps.
    """

    current_changed = Signal(object)
    menu_wanted = Signal(object, int, QPoint)
    zoomed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("results_text")
        self.setAccessibleName(self.tr("Results, text"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAutoFillBackground(True)  # the margins around the viewport are part of the sheet
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setUndoRedoEnabled(False)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.viewport().setMouseTracking(True)
        self._writer = LogWriter(self.document())
        self.marks = ResultMarks()
        self.marks.subscribe(self.show_marks)
        self._steps = 0
        self._current: Record | None = None
        self._margin = FoldMargin(self)
        self.updateRequest.connect(self._margin_follows)
        self.cursorPositionChanged.connect(self._cursor_moved)
        self.set_zoom(0)
        theme().changed.connect(self.redraw)

    # --- what arrives ------------------------------------------------------------------------------------------------

    @property
    def records(self) -> list[Record]:
        """One record per command, in the order in which they began."""
        return self._writer.records

    def begin(self, command: str, echo: tuple[str, ...], prompts: tuple[str, ...] = ()) -> None:
        """Echo a command that starts."""
        self._writer.begin(command, echo, prompts)
        self.scroll_to_end()

    def add(self, block: Block, lines: tuple[str, ...]) -> None:
        """Append a block that the running command printed."""
        if self._writer.running:
            following = self._at_end()
            self._writer.add(block, lines)
            if following:
                self.scroll_to_end()

    def end(self, outcome: Outcome) -> None:
        """Close the record of the command that is over."""
        if self._writer.running:
            following = self._at_end()
            self._writer.end(outcome)
            if following:
                self.scroll_to_end()

    def log(self) -> str:
        """Return all that was printed and is not deleted, each line ended."""
        return self._writer.text(self.marks.form.deleted)

    def clear_log(self) -> None:
        """Forget all results that are complete."""
        if not self._writer.running:
            self._set_current(None)
            self._writer.clear()
            self.marks.forget()

    # --- records -----------------------------------------------------------------------------------------------------

    @property
    def current(self) -> Record | None:
        """The record under the pointer or the cursor; the last one when there is neither."""
        kept = self.kept()
        if self._current is not None and (kept is self.records or self._current in kept):
            return self._current
        return kept[-1] if kept else None

    def kept(self) -> list[Record]:
        """Return the records that are not deleted, by themselves or with the one they lie in."""
        if not self.marks.form.deleted:
            return self.records
        gone = self._writer.lines_of(self.marks.form.deleted)
        return [record for record in self.records if record.first not in gone]

    def record_at(self, line: int) -> Record | None:
        """Return the innermost record that holds a line of the log."""
        for record in reversed(self.records):
            if record.first <= line <= record.last:
                return record
        return None

    def mark_at(self, line: int) -> str:
        """Return the sign of a record's first line: pinned, or with a note; nothing elsewhere."""
        marks = self.marks.form
        if not (marks.pinned or marks.notes):
            return ""
        number = next((each.number for each in self.records if each.first == line), 0)
        return "push-pin" if number in marks.pinned else "note-pencil" if number in marks.notes else ""

    def go_to(self, record: Record) -> None:
        """Bring a record's first line to the top of the view."""
        block = self.document().findBlockByNumber(record.first)
        self.setTextCursor(QTextCursor(block))
        self.verticalScrollBar().setValue(block.firstLineNumber())
        self._set_current(record)

    def record_text(self, record: Record) -> str:
        """Return a record's lines as shown."""
        lines = []
        block = self.document().findBlockByNumber(record.first)
        while block.isValid() and block.blockNumber() <= record.last:
            lines.append(block.text())
            block = block.next()
        return "\n".join(lines) + "\n"

    def head_rect(self, record: Record) -> QRect:
        """Return the rectangle of a record's first line, in the viewport's coordinates."""
        block = self.document().findBlockByNumber(record.first)
        return self.blockBoundingGeometry(block).translated(self.contentOffset()).toAlignedRect()

    # --- folding -----------------------------------------------------------------------------------------------------

    def foldable(self, line: int) -> int:
        """Return how many lines after this one fold away under it, 0 when none do."""
        return self._writer.folds.under(line)

    def is_folded(self, line: int) -> bool:
        """Tell whether the lines under this one are folded away."""
        return line in self._writer.folds.folded

    def toggle_fold(self, line: int) -> None:
        """Fold or unfold what can be folded under a line."""
        if self._writer.folds.toggle(line):
            self.show_marks()

    def _hidden(self) -> set[int]:
        """Return the lines that are folded away or deleted."""
        return self._writer.folds.hidden() | self._writer.lines_of(self.marks.form.deleted)

    def show_marks(self) -> None:
        """Hide what is folded away or deleted."""
        hidden = self._hidden()
        block = self.document().firstBlock()
        while block.isValid():
            block.setVisible(block.blockNumber() not in hidden)
            block = block.next()
        self.document().markContentsDirty(0, self.document().characterCount())
        self.document().documentLayout().documentSizeChanged.emit(self.document().documentLayout().documentSize())
        self.viewport().update()
        self._margin.update()

    # --- text size ---------------------------------------------------------------------------------------------------

    @property
    def zoom(self) -> int:
        """Steps by which the text is larger than usual."""
        return self._steps

    def set_zoom(self, steps: int) -> None:
        """Set the text size in steps of a tenth."""
        low, high = ZOOM_LIMITS
        self._steps = max(low, min(high, steps))
        self.setFont(theme().mono(ZOOM_STEP**self._steps))
        self.setTabStopDistance(8 * QFontMetricsF(self.font()).horizontalAdvance(" "))
        self._place_margin()
        self.zoomed.emit(self._steps)

    def sizeHint(self) -> QSize:
        """Eighty columns and twenty-five lines."""
        metrics = QFontMetricsF(self.font())
        width = 82 * metrics.horizontalAdvance("0") + self._margin.width() + self.verticalScrollBar().sizeHint().width()
        return QSize(round(width), round(25 * metrics.lineSpacing()))

    # --- drawing -----------------------------------------------------------------------------------------------------

    @Slot()
    def redraw(self) -> None:
        """Write the whole log again in the colours of the theme; scroll position, selection and folds stay."""
        bar, cursor = self.verticalScrollBar(), self.textCursor()
        scrolled, anchor, position = bar.value(), cursor.anchor(), cursor.position()
        self._writer.redraw()
        if self._hidden():
            self.show_marks()
        cursor = self.textCursor()
        cursor.setPosition(min(anchor, self.document().characterCount() - 1))
        cursor.setPosition(min(position, self.document().characterCount() - 1), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        bar.setValue(scrolled)
        self._margin.update()

    def mark_matches(self, cursors: list[QTextCursor], at: QTextCursor | None) -> None:
        """Colour the places a search has found, the one it stands at more strongly."""
        selections = []
        for cursor in cursors:
            selection = QTextEdit.ExtraSelection()
            here = at is not None and cursor.position() == at.position()
            selection.format.setBackground(theme().color("warn" if here else "warn_soft"))
            if here:
                selection.format.setForeground(theme().color("base"))
            selection.cursor = cursor
            selections.append(selection)
        self.setExtraSelections(selections)

    def scroll_to_end(self) -> None:
        """Show the last line."""
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def _at_end(self) -> bool:
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - 1

    # --- explaining --------------------------------------------------------------------------------------------------

    def explain_here(self) -> bool:
        """Explain the number at the text cursor; return whether there is one."""
        return self._explain(self.textCursor(), by_key=True)

    def _explain(self, cursor: QTextCursor, *, by_key: bool) -> bool:
        line, column = cursor.blockNumber(), cursor.positionInBlock()
        record = self.record_at(line)
        piece = record.piece_at(line) if record is not None else None
        if record is None or piece is None or record.outcome is None:
            return False
        explained = Explainer(record.outcome).at(piece.block, line - piece.first, column, record.outcome.linesize)
        if explained is None:
            return False
        found, start, end = explained
        area = self.cursorRect(cursor)
        for place in (start, end):
            corner = QTextCursor(cursor)
            corner.setPosition(cursor.block().position() + place)
            area = area.united(self.cursorRect(corner))
        show_explanation(found, self.viewport(), self.viewport().mapToGlobal(area.bottomLeft()), area, by_key=by_key)
        return True

    def viewportEvent(self, event: QEvent) -> bool:
        """Explain the number under the pointer."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            cursor = self.cursorForPosition(event.pos())
            beyond = event.pos().x() > self.cursorRect(cursor).right() + self.fontMetrics().averageCharWidth()
            if not beyond and self._explain(cursor, by_key=False):
                return True
        return super().viewportEvent(event)

    # --- events ------------------------------------------------------------------------------------------------------

    @Slot()
    def _cursor_moved(self) -> None:
        if self.hasFocus():
            self._set_current(self.record_at(self.textCursor().blockNumber()))

    def _set_current(self, record: Record | None) -> None:
        if record is not self._current:
            self._current = record
            self._margin.update()
            self.current_changed.emit(record)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Make the record under the pointer the current one."""
        super().mouseMoveEvent(event)
        if not event.buttons():
            self._set_current(self.record_at(self.cursorForPosition(event.position().toPoint()).blockNumber()))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the record under the pointer, or of the cursor's when the key was used."""
        mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        cursor = self.cursorForPosition(event.pos()) if mouse else self.textCursor()
        line = cursor.blockNumber()
        self.menu_wanted.emit(self.record_at(line), line, event.globalPos())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl, scroll without."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.angleDelta().y():
                self.set_zoom(self._steps + (1 if event.angleDelta().y() > 0 else -1))
            event.accept()
            return
        super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the margin at the left edge."""
        super().resizeEvent(event)
        self._place_margin()

    def changeEvent(self, event: QEvent) -> None:
        """Keep the margin in proportion to the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_margin"):
            self._place_margin()

    def _place_margin(self) -> None:
        width = round(QFontMetricsF(self.font()).height() * 1.6)
        self.setViewportMargins(width, theme().unit, 0, 0)
        area = self.contentsRect()
        self._margin.setGeometry(QRect(area.left(), area.top() + theme().unit, width, area.height()))

    @Slot(QRect, int)
    def _margin_follows(self, area: QRect, delta: int) -> None:
        if delta:
            self._margin.scroll(0, delta)
        self._margin.update()

    def visible_blocks(self) -> list[tuple[QTextBlock, QRect]]:
        """Return the text blocks on screen with their rectangles."""
        found = []
        block = self.firstVisibleBlock()
        offset = self.contentOffset()
        while block.isValid():
            rect = self.blockBoundingGeometry(block).translated(offset).toAlignedRect()
            if rect.top() > self.viewport().height():
                break
            if block.isVisible():
                found.append((block, rect))
            block = block.next()
        return found
