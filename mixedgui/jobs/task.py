"""A question answered in another thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, QRunnable, Signal


class Answerable(Protocol):
    """Something that can be answered in another thread."""

    def answer(self) -> object:
        """Return the answer."""


class _Answer(QObject):
    ready = Signal(object, object)


class Task(QRunnable):
    """Answers in another thread; keeps its own signal object alive until it is done."""

    def __init__(self, question: Answerable, receiver: Callable[[object, object], None]) -> None:
        super().__init__()
        self._question = question
        self._answer = _Answer()
        self._answer.ready.connect(receiver)

    def run(self) -> None:
        """Find the answer."""
        answer = self._question.answer()
        try:
            self._answer.ready.emit(self._question, answer)
        except RuntimeError:  # the program is being left
            return
