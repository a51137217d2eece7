"""A question answered in another thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, QRunnable, Qt, Signal, Slot
from shiboken6 import isValid


class Answerable(Protocol):
    """Something that can be answered in another thread."""

    def answer(self) -> object:
        """Return the answer."""


class _Desk(QObject):
    """Hands answers over in the window's thread, which made it; one for all tasks, so that none ends it elsewhere."""

    came = Signal(object, object, object)

    def __init__(self) -> None:
        super().__init__()
        self.came.connect(self._hand_over, Qt.ConnectionType.QueuedConnection)

    @Slot(object, object, object)
    def _hand_over(self, receiver: Callable[[object, object], None], question: object, answer: object) -> None:
        owner = getattr(receiver, "__self__", None)
        if not isinstance(owner, QObject) or isValid(owner):
            receiver(question, answer)


_desks: list[_Desk] = []


def _desk() -> _Desk:
    if not _desks:
        _desks.append(_Desk())
    return _desks[0]


class Task(QRunnable):
    """Answers in another thread; `receiver` is called in the window's, unless it is a method of what has gone."""

    def __init__(self, question: Answerable, receiver: Callable[[object, object], None]) -> None:
        super().__init__()
        self._question = question
        self._receiver = receiver
        self._desk = _desk()

    def run(self) -> None:
        """Find the answer."""
        answer = self._question.answer()
        try:
            self._desk.came.emit(self._receiver, self._question, answer)
        except RuntimeError:  # the program is being left
            return
