"""Which rows of two data sets belong together: the pairs that ``merge`` makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Dataset
from engine.frame.groups import Codes, code_paths, code_values

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Keys:
    """The groups of equal keys in two data sets.

    Attributes
    ----------
    master, using
        Group of each row, numbered alike in both, in ascending order of the keys.
    """

    master: IntArray
    using: IntArray
    n_groups: int

    def counts(self) -> tuple[IntArray, IntArray]:
        """Return how many rows of each data set have each key."""
        return (
            np.bincount(self.master, minlength=self.n_groups),
            np.bincount(self.using, minlength=self.n_groups),
        )


def matched_keys(master: Dataset, using: Dataset, names: Sequence[str]) -> Keys:
    """Code the keys of two data sets together; numbers are compared as numbers whatever their storage type."""
    levels: list[Codes] = []
    for name in names:
        if master.variable(name).is_string:
            values = np.concatenate([master.texts(name), using.texts(name)])
        else:
            values = np.concatenate([master.numeric(name), using.numeric(name)])
        levels.append(code_values(values))
    codes = code_paths(levels)[-1]
    return Keys(codes.values[: master.n_obs], codes.values[master.n_obs :], codes.n_groups)


def numbered_keys(n_master: int, n_using: int) -> Keys:
    """Return keys that are the numbers of the observations (``merge 1:1 _n``)."""
    return Keys(np.arange(n_master), np.arange(n_using), max(n_master, n_using))


def pairs(keys: Keys) -> tuple[IntArray, IntArray]:
    """Return the rows of master and using in each row of the result, -1 where there is none.

    Groups of the master data come first, in the order of their keys, those that only the using data have at the end.
    Where both have several rows of a key, they are taken in turn and the last one of the shorter list is repeated.
    """
    in_master, in_using = keys.counts()
    order = np.argsort(in_master == 0, kind="stable")
    sizes = np.maximum(in_master, in_using)[order]
    group = np.repeat(order, sizes)
    position = np.arange(len(group)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return _rows(keys.master, in_master, group, position), _rows(keys.using, in_using, group, position)


def _rows(codes: IntArray, counts: IntArray, group: IntArray, position: IntArray) -> IntArray:
    """Return the row at a position of a group, the last one behind its end, -1 in a group without rows."""
    if not len(codes):
        return np.full(len(group), -1, dtype=np.int64)
    order = np.argsort(codes, kind="stable")
    starts = np.cumsum(counts) - counts
    place = starts[group] + np.minimum(position, counts[group] - 1)
    return np.where(counts[group] > 0, order[np.maximum(place, 0)], -1)
