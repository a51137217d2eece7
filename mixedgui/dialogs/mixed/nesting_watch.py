"""Looks at how the levels lie in each other whenever levels, sample or data change."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from engine.api import Dataset, MixedSpec, NestingReport, StataError, examine_nesting, resolve_names
from mixedgui.jobs.latest import Latest
from mixedgui.state.equation_state import ALL

AT_ONCE = 100_000
"""Up to so many rows the levels are looked at while one edits the list: that takes some hundredths of a second."""

AT_ONCE_TYPING = 5_000
"""Up to so many rows they are looked at after each letter of a condition."""

PAUSE_MS = 150


@dataclass(frozen=True, slots=True, eq=False)
class NestingQuestion:
    """What to look at: level variables as typed, on the rows that `spec` selects; `anew` as in `examine_nesting`."""

    dataset: Dataset
    levels: tuple[str, ...]
    spec: MixedSpec | None
    anew: frozenset[tuple[str, str]] = frozenset()

    def same(self, other: NestingQuestion | None) -> bool:
        """Tell whether the answer to `other` is the answer to this."""
        if other is None or other.dataset is not self.dataset:
            return False
        if (other.levels, other.anew) != (self.levels, self.anew):
            return False
        mine, others = self.spec, other.spec
        if mine is None or others is None:
            return mine is others
        return mine.if_ == others.if_ and mine.in_ == others.in_

    def answer(self) -> NestingReport | None:
        """Return the report, None without levels and while one is not known."""
        if not self.levels:
            return None
        try:
            names = [name if name == ALL else resolve_names(name, self.dataset)[0] for name in self.levels]
            return examine_nesting(self.dataset, names, self.spec, anew=self.anew)
        except (StataError, IndexError):
            return None


class NestingWatch(QObject):
    """Answers the latest question only.

    Attributes
    ----------
    answered
        A report, or None, for the question asked last.
    """

    answered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.report: NestingReport | None = None
        self._before: NestingQuestion | None = None
        self._latest = Latest(self, pause=PAUSE_MS)
        self._latest.answered.connect(self._take)

    def ask(self, question: NestingQuestion) -> None:
        """Answer `question`: at once for small data, after a pause and in another thread for large ones."""
        before, self._before = self._before, question
        typing = before is not None and before.dataset is question.dataset and before.levels == question.levels
        few = question.dataset.n_obs <= (AT_ONCE_TYPING if typing else AT_ONCE)
        self._latest.ask(question, at_once=few or not question.levels)

    @Slot(object)
    def _take(self, report: object) -> None:
        self.report = report if isinstance(report, NestingReport) else None
        self.answered.emit(self.report)
