"""*Edit > Undo* and *Redo*: of the text being written, of what was done to results, else of changes of the data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPlainTextEdit, QTextEdit, QWidget

from mixedgui.state.translation import tr
from mixedgui.widgets.icons import set_icon

if TYPE_CHECKING:
    from mixedgui.main_window import MainWindow

_LONGEST = 50
"""Characters of a command that the menu shows."""


@dataclass(frozen=True, slots=True)
class _Step:
    """What one of the two actions would do: in words, and the call."""

    text: str
    call: Callable[[], object]


class EditUndo(QObject):
    """The two entries; their texts say what they would take back or do again."""

    def __init__(self, window: MainWindow, menu: QMenu) -> None:
        super().__init__(window)
        self._window = window
        self._undo = self._add(menu, "undo", "arrow-u-up-left", QKeySequence.StandardKey.Undo)
        self._redo = self._add(menu, "redo", "arrow-u-up-right", "Ctrl+Shift+Z", "Ctrl+Y")
        menu.aboutToShow.connect(self._name)
        self._name()

    @Slot()
    def undo(self) -> None:
        """Take the last step back, or say that there is none."""
        step = self._step(back=True)
        if step is None:
            self._window.say(tr("There is nothing to undo."))
        else:
            step.call()

    @Slot()
    def redo(self) -> None:
        """Do the step again that was taken back last, or say that there is none."""
        step = self._step(back=False)
        if step is None:
            self._window.say(tr("There is nothing to redo."))
        else:
            step.call()

    @Slot()
    def _name(self) -> None:
        """Say in the menu what the two entries would do."""
        for action, word, back in ((self._undo, tr("&Undo"), True), (self._redo, tr("&Redo"), False)):
            step = self._step(back=back)
            action.setText(word if step is None or not step.text else f"{word}: {step.text.replace('&', '&&')}")

    def _step(self, *, back: bool) -> _Step | None:
        """Return what would be done: where one is writing, then where one is, then in the data."""
        focus = QApplication.focusWidget()
        steps = [self._in_text(focus, back=back)]
        results, data = self._in_results(back=back), self._in_data(back=back)
        within = focus is not None and self._window.results.isAncestorOf(focus)
        steps += [results, data] if within else [data, results]
        return next((step for step in steps if step is not None), None)

    def _in_text(self, focus: QWidget | None, *, back: bool) -> _Step | None:
        if isinstance(focus, QLineEdit):
            possible = focus.isUndoAvailable() if back else focus.isRedoAvailable()
        elif isinstance(focus, QPlainTextEdit | QTextEdit) and not focus.isReadOnly():
            document = focus.document()
            possible = document.isUndoAvailable() if back else document.isRedoAvailable()
        else:
            return None
        return _Step(tr("Typing"), focus.undo if back else focus.redo) if possible else None

    def _in_results(self, *, back: bool) -> _Step | None:
        marks = self._window.results.text.marks
        text = marks.undo_text if back else marks.redo_text
        return _Step(text, marks.undo if back else marks.redo) if text else None

    def _in_data(self, *, back: bool) -> _Step | None:
        steps, windows = self._window.session.steps, self._window.data_windows
        kept = steps.last_done if back else steps.last_undone
        if not kept:
            return None
        command = " ".join(kept[-1].command.split())
        shown = command if len(command) <= _LONGEST else f"{command[: _LONGEST - 1]}…"
        return _Step(shown, windows.undo if back else windows.redo)

    def _add(self, menu: QMenu, name: str, icon: str, *keys: QKeySequence.StandardKey | str) -> QAction:
        action = menu.addAction(tr("&Undo") if name == "undo" else tr("&Redo"))
        action.setObjectName(f"action_edit_{name}")
        action.setShortcuts([QKeySequence(each) for each in keys])
        action.triggered.connect(self.undo if name == "undo" else self.redo)
        set_icon(action, icon)
        return action
