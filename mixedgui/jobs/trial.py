"""Graphs that are only tried: drawn from the session as it is now, without running anything in it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from engine.api import GraphSpec, Session, StataError, prepare_graph
from mixedgui.jobs.computation import Computation


class Trial(QObject):
    """Draws commands that are tried, the last one only, without running them in the session.

    Attributes
    ----------
    drawn
        Emits the graph.
    """

    drawn = Signal(object)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._computation = Computation(self)
        self._computation.done.connect(self._take)

    @Slot(str)
    def start(self, command: str) -> None:
        """Draw a command in the background."""
        try:
            self._computation.start(prepare_graph(self._session, command))
        except StataError:
            self.stop()

    @Slot()
    def stop(self) -> None:
        """Draw nothing any more."""
        self._computation.stop()

    @Slot(object)
    def _take(self, answer: object) -> None:
        if isinstance(answer, GraphSpec):
            self.drawn.emit(answer)
