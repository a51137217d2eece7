"""A computation in another thread that can be given up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QThreadPool, Signal, Slot

from engine.api import Break, CancelToken, StataError
from mixedgui.jobs.task import Task
from mixedgui.state.translation import tr


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer, in a sentence."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Question:
    compute: Callable[[CancelToken], Any]
    cancel: CancelToken

    def answer(self) -> object:
        try:
            return self.compute(self.cancel)
        except Break:
            return None
        except StataError as error:
            return Failure(error.message)
        except (ArithmeticError, ValueError, IndexError, KeyError, TypeError, MemoryError) as error:
            return Failure(tr("This could not be computed ({0}: {error}).").format(type(error).__name__, error=error))


class Computation(QObject):
    """Computes one thing at a time; starting another gives the last up.

    Attributes
    ----------
    done
        Emits what was computed, or a `Failure`.
    """

    done = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: _Question | None = None

    def start(self, compute: Callable[[CancelToken], Any]) -> None:
        """Compute in the background."""
        self.stop()
        self._running = _Question(compute, CancelToken())
        QThreadPool.globalInstance().start(Task(self._running, self._take))

    def stop(self) -> None:
        """Give up what is being computed."""
        if self._running is not None:
            self._running.cancel.cancel()
            self._running = None

    @Slot(object, object)
    def _take(self, question: object, answer: object) -> None:
        if question is self._running:
            self._running = None
            if answer is not None:
                self.done.emit(answer)
