"""How often Python looks for cycles of garbage, and where; imported before everything else that makes objects.

At its usual setting the collector takes a seventh of the time to the first paint, all of it in vain, and later stops
the window for tens of milliseconds whenever it walks through everything that the start has left. And it runs in
whatever thread happens to make an object: one that computes would then end widgets and documents of Qt, which must
die in the thread of the window. So with a window garbage is collected there, between events, once the start is over.
"""

from __future__ import annotations

import gc

gc.set_threshold(200_000, 20, 50)  # the start makes half as many, and keeps them; the usual setting is 700

from PySide6.QtCore import QObject, QTimer, Slot  # noqa: E402  making Qt's classes is part of the start

ALLOCATIONS = 50_000
"""Objects made since the last look at the youngest ones."""

EVERY = 12
"""A generation is looked at once for so many looks at the next younger one."""

LOOK_MS = 200
"""How often the objects made since the last look are counted."""

SETTLED_MS = 2_000
"""After so long everything that the start makes and keeps is there."""


class Collector(QObject):
    """Looks for garbage in the thread it is made in, instead of wherever objects are made; ends with its parent."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        parent.destroyed.connect(_as_ever)
        self._clock = QTimer(self)
        self._clock.setInterval(LOOK_MS)
        self._clock.timeout.connect(self.look)
        QTimer.singleShot(SETTLED_MS, self, self._settle)

    @Slot()
    def look(self) -> None:
        """Collect the generations whose turn it is."""
        young, middle, old = gc.get_count()
        if young >= ALLOCATIONS:
            gc.collect(2 if old >= EVERY else 1 if middle >= EVERY else 0)

    @Slot()
    def _settle(self) -> None:
        """Leave what the start has made out of all looks, and begin to look."""
        gc.freeze()
        self._clock.start()


def _as_ever() -> None:
    """Leave the collecting to Python again."""
    gc.unfreeze()
    gc.enable()
