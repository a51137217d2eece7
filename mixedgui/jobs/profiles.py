"""Profiles of variables, computed on a thread of their own while the window goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from engine.api import Dataset, grouping_of, profile_of
from mixedgui.state.variable_table import Glance


@dataclass(frozen=True, slots=True, eq=False)
class Glanced:
    """A variable of a data set and what was computed of it."""

    dataset: Dataset
    name: str
    glance: Glance


class Profiles(QObject):
    """Computes what is asked for; a new question ends the one before.

    Attributes
    ----------
    made
        One variable is done (`Glanced`).
    """

    made = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stop = threading.Event()
        self.destroyed.connect(lambda: self._stop.set())  # noqa: PLW0108  # the event in force then

    def ask(self, dataset: Dataset, names: Sequence[str], levels: tuple[str, ...]) -> None:
        """Compute the profiles of some variables, and whether they vary within the groups of each level."""
        self.stop()
        self._stop = stop = threading.Event()
        if names:
            threading.Thread(
                target=_compute,
                args=(dataset, tuple(names), levels, stop, self.made.emit),
                name="mixedgui profiles",
                daemon=True,
            ).start()

    def stop(self) -> None:
        """Compute no more."""
        self._stop.set()


def _compute(
    dataset: Dataset,
    names: Sequence[str],
    levels: tuple[str, ...],
    stop: threading.Event,
    tell: Callable[[Glanced], None],
) -> None:
    groupings = []
    for depth in range(len(levels)):
        if stop.is_set():
            return
        groupings.append(grouping_of(dataset, levels[: depth + 1]))
    for name in names:
        if stop.is_set():
            return
        constant = tuple(grouping.constant(dataset.columns[name]) for grouping in groupings)
        glance = Glance(profile_of(dataset, name), constant)
        try:
            if not stop.is_set():
                tell(Glanced(dataset, name, glance))
        except RuntimeError:  # the window has gone meanwhile
            return
