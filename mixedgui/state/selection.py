"""Which observations are selected, shared by the data editor, the plots and the tables: brushing without Qt."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from mixedgui.state.observable import Observable

RowIds: TypeAlias = npt.NDArray[np.int64]

SMALL = 1024
"""A table of this many entries is always worth while."""


class Selection(Observable):
    """An observable set of `Dataset.row_ids`.

    Rows keep their id through sorting and dropping, so a selection outlives both; ids that the data no longer have
    do no harm. Listeners (`subscribe`) are called only when the set has really changed.

    Attributes
    ----------
    label
        What is selected in words ("School 3427", "ses < -2"), empty where nobody said it.
    condition
        An ``if`` expression that selects the same rows, empty where there is none.
    """

    def __init__(self) -> None:
        super().__init__()
        self._rows: RowIds = np.empty(0, dtype=np.int64)
        self.label = ""
        self.condition = ""

    @property
    def row_ids(self) -> RowIds:
        """The selected rows, shape (n,), ascending, each once."""
        return self._rows

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, row_id: object) -> bool:
        if not isinstance(row_id, int | np.integer):
            return False
        place = int(np.searchsorted(self._rows, row_id))
        return place < len(self._rows) and int(self._rows[place]) == int(row_id)

    def mask(self, row_ids: RowIds) -> npt.NDArray[np.bool_]:
        """Tell for each of `row_ids`, shape (m,), whether it is selected; shape (m,)."""
        if not len(self._rows) or not len(row_ids):
            return np.zeros(len(row_ids), dtype=bool)
        low, high = int(row_ids.min()), int(row_ids.max())
        if high - low < 4 * len(row_ids) + SMALL:  # the rows of one data set lie close together: look them up
            table = np.zeros(high - low + 1, dtype=bool)
            table[self._rows[(self._rows >= low) & (self._rows <= high)] - low] = True
            return np.asarray(table[row_ids - low])
        place = np.minimum(np.searchsorted(self._rows, row_ids), len(self._rows) - 1)
        found: npt.NDArray[np.bool_] = self._rows[place] == row_ids
        return found

    def set(self, row_ids: RowIds | Sequence[int] | Collection[int], *, label: str = "", condition: str = "") -> None:
        """Select exactly these rows."""
        rows = _as_set(row_ids)
        if np.array_equal(rows, self._rows) and (label, condition) == (self.label, self.condition):
            return
        self._rows, self.label, self.condition = rows, label, condition
        self.changed()

    def add(self, row_ids: RowIds | Sequence[int] | Collection[int]) -> None:
        """Select these rows too."""
        self.set(np.union1d(self._rows, _as_set(row_ids)))

    def remove(self, row_ids: RowIds | Sequence[int] | Collection[int]) -> None:
        """Select these rows no longer."""
        self.set(np.setdiff1d(self._rows, _as_set(row_ids), assume_unique=True))

    def toggle(self, row_ids: RowIds | Sequence[int] | Collection[int]) -> None:
        """Select those of these rows that are not selected, and the others no longer."""
        self.set(np.setxor1d(self._rows, _as_set(row_ids), assume_unique=True))

    def clear(self) -> None:
        """Select nothing."""
        self.set(())


def _as_set(row_ids: RowIds | Sequence[int] | Collection[int]) -> RowIds:
    if not isinstance(row_ids, np.ndarray):
        row_ids = np.fromiter(row_ids, dtype=np.int64, count=len(row_ids))
    rows = row_ids.astype(np.int64, copy=False)
    return rows if (rows[1:] > rows[:-1]).all() else np.unique(rows)
