"""Answers questions about the data in another thread; only the answer to the latest one counts."""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal, Slot

from mixedgui.jobs.task import Task

PAUSE_MS = 120


class Question(Protocol):
    """Something that can be answered, and compared with another of its kind."""

    def same(self, other: Any) -> bool:
        """Tell whether the answer to `other` is the answer to this."""

    def answer(self) -> object:
        """Return the answer."""


class Latest(QObject):
    """Attributes: `answered` tells the answer to the question asked last."""

    answered = Signal(object)

    def __init__(self, parent: QObject | None = None, *, pause: int = PAUSE_MS) -> None:
        super().__init__(parent)
        self._asked: Question | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(pause)
        self._timer.timeout.connect(self._start)

    def ask(self, question: Question | None, *, at_once: bool = False) -> bool:
        """Ask, and tell whether that is a new question.

        None takes the last question back. `at_once` answers here and now, for small data.
        """
        if question is not None and question.same(self._asked):
            return False
        self._asked = question
        self._timer.stop()
        if question is not None and at_once:
            self.answered.emit(question.answer())
        elif question is not None:
            self._timer.start()
        return True

    @Slot()
    def _start(self) -> None:
        if self._asked is not None:
            QThreadPool.globalInstance().start(Task(self._asked, self._take))

    @Slot(object, object)
    def _take(self, question: object, answer: object) -> None:
        if question is self._asked:
            self.answered.emit(answer)
