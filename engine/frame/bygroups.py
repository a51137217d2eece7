"""Groups of neighbouring observations, as ``by`` forms them in sorted data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Dataset

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class ByGroups:
    """The groups of sorted data.

    Attributes
    ----------
    names
        The variables that form the groups.
    starts, sizes
        First row (from 0) and number of rows of each group, shape (G,).
    of_row
        Group of each row, shape (n_obs,).
    """

    names: tuple[str, ...]
    starts: IntArray
    sizes: IntArray
    of_row: IntArray

    @property
    def first(self) -> IntArray:
        """The first row of each row's group, shape (n_obs,)."""
        return self.starts[self.of_row]

    @property
    def size(self) -> IntArray:
        """The size of each row's group, shape (n_obs,)."""
        return self.sizes[self.of_row]


def by_groups(dataset: Dataset, names: tuple[str, ...]) -> ByGroups:
    """Return the groups of data that are sorted by `names`."""
    n = dataset.n_obs
    begins = np.zeros(n, dtype=bool)
    begins[:1] = True
    for name in names:
        column = dataset.columns[name]
        begins[1:] |= np.asarray(column[1:] != column[:-1], dtype=bool)
    starts = np.flatnonzero(begins).astype(np.int64)
    sizes = np.diff(np.append(starts, n)).astype(np.int64)
    return ByGroups(names, starts, sizes, np.cumsum(begins) - 1)
