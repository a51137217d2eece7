"""The way back: data sets before each change, kept as long as they are small enough.

A data set shares the columns that a change leaves alone with the one before it, so a step costs the columns that it
replaced and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.data.dataset import Dataset

DEPTH = 200
"""How many steps are kept."""

MOST_BYTES = 512 * 2**20
"""How much memory the columns may take that only the steps hold."""

_ABOUT_THE_FILE = frozenset({"path", "timestamp", "changed"})
_CONTENT = tuple(name for name in Dataset.__dataclass_fields__ if name not in _ABOUT_THE_FILE)


@dataclass(frozen=True, slots=True)
class Step:
    """One change of the data.

    Attributes
    ----------
    dataset
        The data on the other side of the change.
    command
        What changed them, as executed.
    group
        Number of the text that was run; the changes of one text share it.
    nbytes
        Size of the columns that only `dataset` holds.
    """

    dataset: Dataset
    command: str
    group: int
    nbytes: int


@dataclass(frozen=True, slots=True)
class DataSteps:
    """Changes that can be taken back, oldest first, and those that can be done again, the next one last."""

    done: tuple[Step, ...] = ()
    undone: tuple[Step, ...] = ()

    @property
    def last_done(self) -> tuple[Step, ...]:
        """The changes that the last text made together, which a user takes back together."""
        return _last_group(self.done)

    @property
    def last_undone(self) -> tuple[Step, ...]:
        """The changes of one text that a user would do again together."""
        return _last_group(self.undone)

    def noted(self, before: Dataset, after: Dataset, command: str, group: int) -> DataSteps:
        """Return the steps after a change.

        A file that is saved is no step, but makes all other states differ from the file. Other data begin anew, unless
        they replace data that no file holds.
        """
        if not before.changed and _others(before, after):
            return DataSteps()
        if _same_content(before, after):
            return self._saved(after) if before.changed and not after.changed else self
        step = Step(before, command, group, _bytes_lost(before, after))
        return DataSteps(_within_limits((*self.done, step)))

    def back(self, current: Dataset, count: int = 1) -> tuple[Dataset, DataSteps]:
        """Return the data before the last `count` changes, and the steps from there; there have to be that many."""
        done, undone = list(self.done), list(self.undone)
        for _ in range(count):
            step = done.pop()
            undone.append(replace(step, dataset=current))
            current = step.dataset
        return current, DataSteps(tuple(done), tuple(undone))

    def forward(self, current: Dataset, count: int = 1) -> tuple[Dataset, DataSteps]:
        """Return the data after the next `count` changes that were taken back, and the steps from there."""
        done, undone = list(self.done), list(self.undone)
        for _ in range(count):
            step = undone.pop()
            done.append(replace(step, dataset=current))
            current = step.dataset
        return current, DataSteps(tuple(done), tuple(undone))

    def _saved(self, current: Dataset) -> DataSteps:
        def differing(step: Step) -> Step:
            return replace(step, dataset=replace(step.dataset, path=current.path, changed=True))

        return DataSteps(tuple(map(differing, self.done)), tuple(map(differing, self.undone)))


def _last_group(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    start = len(steps)
    while start and steps[start - 1].group == steps[-1].group:
        start -= 1
    return steps[start:]


def _others(before: Dataset, after: Dataset) -> bool:
    """Tell whether the data came from elsewhere, or are gone, rather than having been changed."""
    if not before.variables and not before.n_obs:
        return bool(after.variables)
    return before.path != after.path


def _same_content(one: Dataset, other: Dataset) -> bool:
    return all(getattr(one, name) is getattr(other, name) for name in _CONTENT)


def _bytes_lost(before: Dataset, after: Dataset) -> int:
    kept = {id(column) for column in after.columns.values()}
    return sum(column.nbytes for column in before.columns.values() if id(column) not in kept)


def _within_limits(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return the last steps that are neither too many nor too large."""
    start, room = max(0, len(steps) - DEPTH), MOST_BYTES
    for place in range(len(steps) - 1, start - 1, -1):
        room -= steps[place].nbytes
        if room < 0:
            return steps[place + 1 :]
    return steps[start:]
