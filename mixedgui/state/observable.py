"""Telling others that something changed, without Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

Listener: TypeAlias = Callable[[], None]


class Observable:
    """Something whose listeners are called after each change, once per batch."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._depth = 0
        self._pending = False

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after each change; return what ends the subscription."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Hold back notifications; one is given at the end of the outermost batch if anything changed."""
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            if not self._depth and self._pending:
                self._tell()

    def changed(self) -> None:
        """Note a change: tell the listeners now, or at the end of the batch."""
        self._pending = True
        if not self._depth:
            self._tell()

    def _tell(self) -> None:
        self._pending = False
        for listener in tuple(self._listeners):
            listener()
