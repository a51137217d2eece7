"""What the points of a graph are called: observation and group, looked up in the data as they are now."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from engine.api import Dataset, format_value
from mixedgui.state.translation import tr


class PointNames:
    """Names of rows, by their permanent number.

    Parameters
    ----------
    dataset
        Gives the data in memory; they may have been sorted or cut since the graph was drawn.
    levels
        Level variables of the model the graph belongs to, top level first.
    per
        Level variables when a point stands for a group.

    Attributes
    ----------
    label
        A variable that labels show and that pointing tells too; empty for none.
    """

    def __init__(
        self, dataset: Callable[[], Dataset], *, levels: tuple[str, ...] = (), per: tuple[str, ...] = ()
    ) -> None:
        self._dataset = dataset
        self.label = ""
        self._per = per
        self._model_levels = levels
        self._levels = per or levels
        self._indexed: Dataset | None = None
        self._order: npt.NDArray[np.intp] = np.empty(0, dtype=np.intp)
        self._sorted: npt.NDArray[np.int64] = np.empty(0, dtype=np.int64)

    def of_groups(self, per: tuple[str, ...]) -> PointNames:
        """Return the names of another graph of the same data, whose points stand for these groups."""
        return PointNames(self._dataset, levels=self._model_levels, per=per)

    def position(self, row_id: int) -> int | None:
        """Return the 0-based place of a row in the data, None when it is no longer there."""
        dataset = self._dataset()
        if dataset is not self._indexed:
            self._order = np.argsort(dataset.row_ids, kind="stable")
            self._sorted = dataset.row_ids[self._order]
            self._indexed = dataset
        place = int(np.searchsorted(self._sorted, row_id))
        if place == len(self._sorted) or self._sorted[place] != row_id:
            return None
        return int(self._order[place])

    def group(self, row_id: int) -> str:
        """Return the group path of a row (``region 3, state 17``), empty when it has none."""
        position = self.position(row_id)
        if position is None:
            return ""
        dataset = self._dataset()
        words = [f"{name} {_value(dataset, name, position)}" for name in self._levels if name in dataset]
        return ", ".join(words)

    def observation(self, row_id: int) -> str:
        """Return ``observation 57``, or that it is gone; empty when points stand for groups."""
        if self._per:
            return ""
        position = self.position(row_id)
        return (
            tr("observation no longer in the data")
            if position is None
            else tr("observation {0:,}").format(position + 1)
        )

    @property
    def variables(self) -> tuple[str, ...]:
        """What labels can show: all variables of the data."""
        return self._dataset().names

    def labelled(self, row_id: int) -> str:
        """Return the value of the label variable, empty where none is chosen or the row is gone."""
        position = self.position(row_id) if self.label in self._dataset().names else None
        return "" if position is None else _value(self._dataset(), self.label, position)

    def short(self, row_id: int) -> str:
        """Return what a label says: the value of the label variable, else the name of the row."""
        return self.labelled(row_id) or self.full(row_id)

    def full(self, row_id: int) -> str:
        """Return group path and observation on one line."""
        return ", ".join(word for word in (self.group(row_id), self.observation(row_id)) if word)


def _value(dataset: Dataset, name: str, position: int) -> str:
    variable = dataset.variable(name)
    if variable.is_string:
        return str(dataset.texts(name)[position])
    value = float(dataset.numeric(name)[position])
    return dataset.labels_of(name).get(value) or format_value(value, variable.format)
