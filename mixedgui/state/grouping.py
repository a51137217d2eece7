"""Which observations belong to which group of a fit: from a point that stands for a group to its rows, and back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.api import Dataset
from mixedgui.state.selection import RowIds


class Grouping:
    """The groups of one level.

    Parameters
    ----------
    sample_rows
        `Dataset.row_ids` of the estimation sample.
    codes
        Group of each, 0 … n_groups-1.
    """

    def __init__(self, sample_rows: RowIds, codes: npt.NDArray[np.int64]) -> None:
        order = np.argsort(sample_rows, kind="stable")
        self._rows, self._codes = sample_rows[order], codes[order]
        self.n_groups = int(codes.max()) + 1 if len(codes) else 0

    def groups_of(self, row_ids: RowIds) -> npt.NDArray[np.int64]:
        """Return the group of each row, shape (m,); -1 for rows outside the sample."""
        if not len(self._rows):
            return np.full(len(row_ids), -1, dtype=np.int64)
        place = np.minimum(np.searchsorted(self._rows, row_ids), len(self._rows) - 1)
        return np.where(self._rows[place] == row_ids, self._codes[place], -1)

    def touched(self, row_ids: RowIds) -> npt.NDArray[np.bool_]:
        """Tell for each group whether one of the rows is in it, shape (n_groups,)."""
        groups = self.groups_of(row_ids)
        out = np.zeros(self.n_groups, dtype=bool)
        out[groups[groups >= 0]] = True
        return out

    def rows_of(self, groups: npt.NDArray[np.bool_]) -> RowIds:
        """Return all rows of the groups that a mask marks."""
        return self._rows[groups[self._codes]]

    def whole(self, row_ids: RowIds) -> RowIds:
        """Return all rows of every group that one of the rows is in."""
        return self.rows_of(self.touched(row_ids))


def grouping_by(dataset: Dataset, names: Sequence[str]) -> Grouping | None:
    """Return the groups that some variables name together in the data as they are; None where one is not there."""
    if not names or any(name not in dataset for name in names):
        return None
    everything = np.arange(dataset.n_obs)
    codes = np.zeros(dataset.n_obs, dtype=np.int64)
    for name in names:
        values = dataset.values_at(name, everything)
        own = np.unique(values.astype(str) if values.dtype == object else values, return_inverse=True)[1]
        codes = np.unique(codes * (int(own.max(initial=0)) + 1) + own, return_inverse=True)[1]
    return Grouping(dataset.row_ids, codes)
