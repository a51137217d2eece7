"""Asks the data, while one edits, whether residual structure, weights and clusters go with them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from engine.api import Dataset, MixedSpec, Problem, data_problem, needs_data_check, print_mixed
from mixedgui.jobs.latest import Latest

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
        self.problem: Problem | None = None
        self._latest = Latest(self, pause=PAUSE_MS)
        self._latest.answered.connect(self._take)

    def ask(self, spec: MixedSpec | None, dataset: Dataset) -> None:
        """Look at a model; None, and a model without parts that data can rule out, has no problem."""
        question = None
        if spec is not None and 0 < dataset.n_obs <= MOST_ROWS and needs_data_check(spec):
            question = DataQuestion(spec, dataset) if not _RESULTS.search(print_mixed(spec)) else None
        if self._latest.ask(question):
            self.problem = None

    @Slot(object)
    def _take(self, problem: object) -> None:
        self.problem = problem if isinstance(problem, Problem) else None
        self.answered.emit()
