"""What a command would do to the data, tried on all of them where they are few, else on their first rows."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from engine.api import Dataset, Outcome, Session
from mixedgui.state.translation import counted, tr

ALL_UP_TO = 20_000
"""Data with no more cells than this times ten are tried whole."""

FIRST_ROWS = 2_000

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class DataPreview:
    """The outcome of a trial.

    Attributes
    ----------
    dataset
        The data after the command; as they were where it fails.
    outcome
        What the command said.
    whole
        Whether all rows were tried.
    new
        Variables that were not there before.
    """

    dataset: Dataset
    outcome: Outcome
    whole: bool
    before: tuple[int, int]
    new: tuple[str, ...]

    @property
    def telling(self) -> tuple[str, ...]:
        """Variables worth looking at: where rows stay, the new ones and those that the command names; else all."""
        if not self.new or self.dataset.n_obs != self.before[0]:
            return ()
        words = set(_WORD.findall(self.outcome.command))
        return (*(name for name in self.dataset.names if name in words and name not in self.new), *self.new)

    @property
    def problem(self) -> str:
        """Why the command fails, empty when it does not."""
        return self.outcome.error.message if self.outcome.error is not None else ""

    @property
    def words(self) -> str:
        """Return ``432 rows, 3 variables → 48 rows, 10 variables``, or why there is no result."""
        if self.problem:
            return self.problem
        if not self.whole:
            return tr("From the first {FIRST_ROWS:,} rows").format(FIRST_ROWS=FIRST_ROWS)
        rows, variables = self.before
        after = self.dataset
        return f"{_size(rows, variables)}  →  {_size(after.n_obs, len(after.variables))}"


def _size(rows: int, variables: int) -> str:
    return f"{counted(rows, '{n} row', '{n} rows')}, {counted(variables, '{n} variable', '{n} variables')}"


def try_on_data(dataset: Dataset, command: str) -> DataPreview:
    """Run a command on a copy of the data, which share their columns with it."""
    whole = dataset.n_obs * max(len(dataset.variables), 1) <= 10 * ALL_UP_TO or dataset.n_obs <= FIRST_ROWS
    tried = dataset if whole else dataset.take(np.arange(FIRST_ROWS))
    session = Session(tried)
    outcome = session.run(command)
    after = session.data
    new = tuple(name for name in after.names if name not in dataset)
    return DataPreview(after, outcome, whole, (dataset.n_obs, len(dataset.variables)), new)
