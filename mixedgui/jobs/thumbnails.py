"""Pictures of the examples, made on a thread of their own and kept for the life of the program."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from engine.api import Example
from mixedgui.models.thumbnail import Thumbnail, thumbnail_of

_made: dict[str, Thumbnail | None] = {}


class Thumbnails(QObject):
    """Makes pictures of examples one by one.

    Attributes
    ----------
    made
        An example's name and its `Thumbnail`.
    """

    made = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stop = threading.Event()
        self.destroyed.connect(self._stop.set)

    def ask(self, wanted: Sequence[Example]) -> None:
        """Make pictures of `wanted`; those made before come at once."""
        self._stop.clear()
        missing = []
        for example in wanted:
            if example.name in _made:
                self.made.emit(example.name, _made[example.name])
            else:
                missing.append(example)
        if missing:
            threading.Thread(
                target=_make, args=(missing, self._stop, self.made.emit), name="mixedgui pictures", daemon=True
            ).start()

    def stop(self) -> None:
        """Make no more."""
        self._stop.set()


def _make(examples: Sequence[Example], stop: threading.Event, tell: Callable[[str, object], None]) -> None:
    for example in examples:
        if stop.is_set():
            return
        picture = _made[example.name] = thumbnail_of(example)
        try:
            if not stop.is_set():
                tell(example.name, picture)
        except RuntimeError:  # the window has gone meanwhile
            return
