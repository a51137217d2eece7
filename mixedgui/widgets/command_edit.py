"""The editor of the command line: Enter runs, Tab completes, Page Up recalls; syntax colours and error marks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QMimeData, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from engine.api import Session
from mixedgui.models.completion import Completion, common_start, complete
from mixedgui.state.picks import picks_of
from mixedgui.theme import theme
from mixedgui.widgets.completion_popup import SHOWN_ROWS, CompletionPopup
from mixedgui.widgets.highlighter import CommandHighlighter

MAX_LINES = 8
_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
_STEPS = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: SHOWN_ROWS - 1,
    Qt.Key.Key_PageUp: 1 - SHOWN_ROWS,
}
"""How far a key moves in the list of suggestions."""


class CommandEdit(QPlainTextEdit):
    """Attributes: `submitted` (the text to run), `edited` (the text is another).

    Parameters
    ----------
    past
        Gives the commands to recall, oldest first.
    session
        Gives the session whose variables, fits and other names are suggested.
    """

    submitted = Signal(str)
    edited = Signal()

    def __init__(
        self, past: Callable[[], Sequence[str]], session: Callable[[], Session], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("command_line")
        self.setAccessibleName(self.tr("Command"))
        self.setAccessibleDescription(self.tr("Enter runs, Tab completes, Page Up recalls, Shift+Enter adds a line"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        self._past, self._session = past, session
        self._text = ""
        self._recalled = 0
        self._draft = ""
        self._recalling = False
        self._fault: tuple[int, int] | None = None
        self._popup: CompletionPopup | None = None
        self._highlighter = CommandHighlighter(self.document())
        self.textChanged.connect(self._edited)
        theme().changed.connect(self._refont)
        self._refont()

    # --- content -----------------------------------------------------------------------------------------------------

    def put(self, text: str) -> None:
        """Replace the content (undoable) and stand at its end."""
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def insert_names(self, names: Sequence[str]) -> None:
        """Insert words at the cursor, or in place of the word at fault, with a blank where one is needed."""
        cursor = self.textCursor()
        if self._fault is not None:
            cursor.setPosition(self._fault[0])
            cursor.setPosition(self._fault[1], QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(" ".join(names))
            self.setTextCursor(cursor)
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        before = self.toPlainText()[: cursor.selectionStart()]
        space = "" if not before or before[-1] in " \n(.#*:|=" else " "
        cursor.insertText(space + " ".join(names) + " ")
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def give_back(self, text: str) -> None:
        """Put a command that failed into the field, all of it selected: another is typed over it."""
        self.put(text)
        self.selectAll()

    def mark_error(self, start: int, end: int) -> None:
        """Underline the word an error is about until the text changes."""
        self._fault = (start, end)
        selection = QTextEdit.ExtraSelection()
        form = QTextCharFormat()
        form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        form.setUnderlineColor(theme().color("error"))
        cursor = QTextCursor(self.document())
        last = self.document().characterCount() - 1
        cursor.setPosition(min(start, last))
        cursor.setPosition(min(end, last), QTextCursor.MoveMode.KeepAnchor)
        selection.format, selection.cursor = form, cursor
        self.setExtraSelections([selection])

    # --- keys --------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Run, complete, recall, or edit."""
        key, shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self._popup is not None and self._popup.isVisible() and self._popup_key(Qt.Key(key)):
            return
        if key in _ENTER and shift:
            self.textCursor().insertText("\n")
        elif key in _ENTER:
            self._submit()
        elif key == Qt.Key.Key_Tab and not shift:
            self.complete()
        elif key in {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}:
            self._recall(-1 if key == Qt.Key.Key_PageUp else 1)
        elif key == Qt.Key.Key_Escape and self.toPlainText():
            self.put("")
        else:
            super().keyPressEvent(event)
            if self._popup is not None and self._popup.isVisible():
                self._show_suggestions(self._completion())

    def _popup_key(self, key: Qt.Key) -> bool:
        assert self._popup is not None
        if key in _STEPS:
            self._popup.step(_STEPS[key])
        elif key in _ENTER or key == Qt.Key.Key_Tab:
            self._take(self._popup.current_text())
        elif key == Qt.Key.Key_Escape:
            self._popup.hide()
        else:
            return False
        return True

    def _submit(self) -> None:
        text = self.toPlainText().strip()
        if not text:
            return
        self._recalled, self._draft = 0, ""
        self.put("")
        self.submitted.emit(text)

    def _recall(self, by: int) -> None:
        past = list(self._past())
        if self._recalled == 0:
            self._draft = self.toPlainText()
        wanted = min(len(past), max(0, self._recalled - by))
        if wanted == self._recalled:
            return
        self._recalled = wanted
        self._recalling = True
        self.put(past[-wanted] if wanted else self._draft)
        self._recalling = False

    @Slot()
    def _edited(self) -> None:
        text = self.toPlainText()
        if text == self._text:  # new colours, not new text
            return
        self._text = text
        self.setExtraSelections([])
        self._fault = None
        self.edited.emit()
        if not self._recalling:
            self._recalled = 0
        self.updateGeometry()

    # --- completion --------------------------------------------------------------------------------------------------

    @Slot()
    def complete(self) -> None:
        """Insert the only possible continuation, or what all have in common, and list them when there are several."""
        completion = self._completion()
        if not completion.suggestions:
            return
        if len(completion.suggestions) == 1:
            self._insert(completion, completion.suggestions[0].text)
            return
        common = common_start(completion.suggestions)
        typed = self.textCursor().position() - completion.start
        if len(common) > typed:
            self._insert(completion, common, finished=False)
        self._show_suggestions(completion)

    def _completion(self) -> Completion:
        session = self._session()
        text = self.toPlainText()[: self.textCursor().position()]
        return complete(text, session.data, partial(picks_of, session=session))

    def _show_suggestions(self, completion: Completion) -> None:
        if not completion.suggestions:
            self._hide_suggestions()
            return
        if self._popup is None:
            self._popup = CompletionPopup(self.window())
            self._popup.picked.connect(self._take)
        typed = self.textCursor().position() - completion.start
        cursor = self.textCursor()
        cursor.setPosition(completion.start)
        corner = self.viewport().mapTo(self.window(), self.cursorRect(cursor).topLeft())
        unit = theme().unit
        self._popup.suggest(completion, typed, corner - QPoint(3 * unit, unit))

    def _hide_suggestions(self) -> None:
        if self._popup is not None:
            self._popup.hide()

    @Slot(str)
    def _take(self, text: str) -> None:
        if self._popup is not None:
            self._popup.hide()
            self._insert(self._popup.completion, text)

    def _insert(self, completion: Completion, text: str, *, finished: bool = True) -> None:
        cursor = self.textCursor()
        cursor.setPosition(completion.start, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text + (" " if finished and not text.endswith(("(", ":")) else ""))
        self.setTextCursor(cursor)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Close the suggestions."""
        super().focusOutEvent(event)
        self._hide_suggestions()

    # --- form --------------------------------------------------------------------------------------------------------

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Take text; files belong to the window."""
        return source.hasText() and not source.hasUrls()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste text without the line break at its end."""
        self.insertPlainText(source.text().rstrip("\n").replace("\r\n", "\n"))

    @Slot()
    def _refont(self) -> None:
        self.setFont(theme().mono(1.05))
        self.setCursorWidth(max(1, theme().unit // 3))

    def sizeHint(self) -> QSize:
        """As many lines as there are, at least one."""
        lines = max(1, min(MAX_LINES, round(self.document().size().height())))
        return QSize(200, self._height(lines))

    def minimumSizeHint(self) -> QSize:
        """One line."""
        return QSize(100, self._height(1))

    def _height(self, lines: int) -> int:
        return round(QFontMetricsF(self.font()).lineSpacing() * lines) + 1
