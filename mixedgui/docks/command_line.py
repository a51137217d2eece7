"""The Command pane: the editor, its prompt, and a line that says what the keys do or what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.api import Outcome, Session
from mixedgui.theme import theme
from mixedgui.widgets.command_edit import CommandEdit
from mixedgui.widgets.pane import Pane
from mixedgui.widgets.tinted_label import TintedLabel

BREAK_RC = 1


class CommandPane(Pane):
    """Attributes: `submitted` (the text to run)."""

    submitted = Signal(str)

    def __init__(
        self, past: Callable[[], Sequence[str]], session: Callable[[], Session], parent: QWidget | None = None
    ) -> None:
        super().__init__("command_line", parent)
        self.setWindowTitle(self.tr("Command"))
        unit = theme().unit
        self.edit = CommandEdit(past, session, self)
        self._prompt = TintedLabel(".", "accent", self)
        self._prompt.setFont(theme().mono(1.05))
        self._prompt.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._hint = TintedLabel("", "text2", self, factor=0.92)
        self._hint.setWordWrap(True)
        row = QHBoxLayout()
        row.setContentsMargins(3 * unit, 3 * unit, 2 * unit, unit)
        row.setSpacing(2 * unit)
        row.addWidget(self._prompt, alignment=Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.edit)
        foot = QHBoxLayout()
        foot.setContentsMargins(3 * unit, 0, 2 * unit, unit)
        foot.addWidget(self._hint)
        self.column.addLayout(row, 1)
        self.column.addLayout(foot)
        self.set_main(self.edit)
        self._sent = ""
        self.edit.submitted.connect(self._send)
        self.edit.edited.connect(self._show_keys)
        self._show_keys()

    def put(self, text: str) -> None:
        """Put text into the editor and the cursor behind it."""
        self.edit.put(text)

    def take_back(self, outcome: Outcome, sent: str) -> None:
        """After an error put the command back, if nothing else was typed, with the word at fault underlined.

        `sent` is what was handed in to be run: of several lines only those come back that were typed here.
        """
        elsewhere = "\n" in sent and sent != self._sent
        if outcome.error is None or outcome.rc == BREAK_RC or elsewhere or self.edit.toPlainText().strip():
            return
        echo = "\n".join(outcome.echo) if outcome.echo else outcome.command
        had_focus = self.edit.hasFocus()
        other = None if had_focus else self.window().focusWidget()
        self.edit.give_back(echo)
        if other is not None:
            other.setFocus()
        at = echo.find(outcome.typed or outcome.command)
        if outcome.error.typed_span is not None and at >= 0:
            start, end = outcome.error.typed_span
            self.edit.mark_error(at + start, at + end)
        self._say(outcome.error.message.split("\n")[0], "error")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the line goes into the line."""
        self.edit.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    @Slot(str)
    def _send(self, text: str) -> None:
        self._sent = text
        self.submitted.emit(text)

    @Slot()
    def _show_keys(self) -> None:
        self._say(self.tr("Enter runs  ·  Tab completes  ·  Page Up recalls  ·  Shift+Enter adds a line"), "text2")

    def _say(self, text: str, token: str) -> None:
        self._hint.tint(token)
        self._hint.setText(text)
