"""Asks the data, while one edits, whether residual structure, weights and clusters go with them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal, Slot

from engine.api import Dataset, MixedSpec, Problem, data_problem, needs_data_check, print_mixed
from mixedgui.jobs.task import Task

PAUSE_MS = 250

MOST_ROWS = 500_000
"""Larger data are looked at when the command runs: a check would take too long to help."""

_RESULTS = re.compile(r"\b[rec]\(|\b_(?:b|se)\[")
"""Results of earlier commands, which only the session knows."""


@dataclass(frozen=True, slots=True, eq=False)
class DataQuestion:
    """A model on some data."""

    spec: MixedSpec
    dataset: Dataset

    def same(self, other: DataQuestion | None) -> bool:
        """Tell whether the answer to `other` is the answer to this."""
        return other is not None and other.dataset is self.dataset and other.spec == self.spec

    def answer(self) -> Problem | None:
        """Return what is wrong, None for nothing."""
        return data_problem(self.spec, self.dataset)


class DataWatch(QObject):
    """Answers the latest question only, in another thread, after a pause.

    Attributes
    ----------
    answered
        `problem` has changed.
    """

    answered = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked: DataQuestion | None = None
        self.problem: Problem | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._start)

    def ask(self, spec: MixedSpec | None, dataset: Dataset) -> None:
        """Look at a model; None, and a model without parts that data can rule out, has no problem."""
        question = None
        if spec is not None and 0 < dataset.n_obs <= MOST_ROWS and needs_data_check(spec):
            question = DataQuestion(spec, dataset) if not _RESULTS.search(print_mixed(spec)) else None
        if question is None:
            self._timer.stop()
            self._asked = self.problem = None
        elif not question.same(self._asked):
            self._asked, self.problem = question, None
            self._timer.start()

    @Slot()
    def _start(self) -> None:
        if self._asked is not None:
            QThreadPool.globalInstance().start(Task(self._asked, self._take))

    @Slot(object, object)
    def _take(self, question: object, problem: object) -> None:
        if question is self._asked:
            self.problem = problem if isinstance(problem, Problem) else None
            self.answered.emit()
