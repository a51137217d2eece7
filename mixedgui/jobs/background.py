"""Work beside the window: a function on a thread of its own, its result back in the window's thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot


class Background(QObject):
    """Runs functions that read and never write."""

    _finished = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._finished.connect(self._hand_over)

    def run(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Call `work` on another thread, and `done` with its result here."""
        threading.Thread(target=self._main, args=(work, done), name="mixedgui background", daemon=True).start()

    def _main(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        result = work()
        try:
            self._finished.emit(done, result)
        except RuntimeError:  # the window has gone meanwhile
            return

    @Slot(object, object)
    def _hand_over(self, done: Callable[[Any], None], result: object) -> None:
        done(result)
