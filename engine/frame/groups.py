"""Group codes of nested levels: a group is a distinct path of level variables, so a reused code is another group.

Codes run from 0 in the sorted order of paths; children of one parent are numbered next to each other. Everything is
linear in the number of rows where ids are integers in a moderate range or one level determines another, as in real
hierarchies; only what is left needs a sort.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Dataset
from engine.events import NEVER, CancelToken

IntArray: TypeAlias = npt.NDArray[np.int64]

_SMALLEST_TABLE = 1 << 20


@dataclass(frozen=True, slots=True)
class Codes:
    """Group of each row, 0 … n_groups-1, every number in use."""

    values: IntArray
    n_groups: int

    def sizes(self) -> IntArray:
        """Return the number of rows of each group."""
        return np.bincount(self.values, minlength=self.n_groups)

    def first_rows(self) -> IntArray:
        """Return the index of the first row of each group."""
        first = np.empty(self.n_groups, dtype=np.int64)
        first[self.values[::-1]] = np.arange(len(self.values) - 1, -1, -1)
        return first


def code_variable(
    dataset: Dataset, name: str, rows: npt.NDArray[np.bool_] | None = None, *, cancel: CancelToken = NEVER
) -> Codes:
    """Code one level variable (numeric or string) on the rows of a mask; ``_all`` is one group."""
    if name == "_all":
        n_rows = dataset.n_obs if rows is None else int(np.count_nonzero(rows))
        return Codes(np.zeros(n_rows, dtype=np.int64), min(n_rows, 1))
    column = dataset.columns[name]
    cancel.check()
    return code_values(column if rows is None else column[rows], cancel)


def code_values(values: npt.NDArray[Any], cancel: CancelToken = NEVER) -> Codes:
    """Code integers, reals or strings in ascending order of value."""
    if len(values) == 0:
        return Codes(np.empty(0, dtype=np.int64), 0)
    if values.dtype == object:
        return _code_objects(values, cancel)
    if values.dtype.kind == "f":
        integers = values.astype(np.int64) if np.abs(values).max() < 2**53 else None
        if integers is None or not np.array_equal(integers, values):
            return _code_by_sorting(values)
        values = integers
    return _code_integers(values)


def code_paths(levels: Sequence[Codes], cancel: CancelToken = NEVER) -> tuple[Codes, ...]:
    """Return the codes of the paths down to each level, top level first."""
    paths: list[Codes] = []
    for level in levels:
        cancel.check()
        paths.append(_within(paths[-1], level) if paths else level)
    return tuple(paths)


def determines(inner: Codes, outer: Codes) -> IntArray | None:
    """Return the outer group of every inner group, or None when an inner group has rows in several outer ones."""
    if inner.n_groups < outer.n_groups:
        return None
    outer_of = np.empty(inner.n_groups, dtype=np.int64)
    outer_of[inner.values] = outer.values
    return outer_of if np.array_equal(outer_of[inner.values], outer.values) else None


def _within(parent: Codes, child: Codes) -> Codes:
    parent_of = determines(child, parent)
    if parent_of is not None:
        order = np.lexsort((np.arange(child.n_groups), parent_of))
        rank = np.empty(child.n_groups, dtype=np.int64)
        rank[order] = np.arange(child.n_groups)
        return Codes(rank[child.values], child.n_groups)
    if determines(parent, child) is not None:
        return parent
    return _code_integers(parent.values * child.n_groups + child.values)


def _code_integers(values: npt.NDArray[np.integer[Any]]) -> Codes:
    low, high = int(values.min()), int(values.max())
    width = high - low + 1
    if width > max(_SMALLEST_TABLE, 8 * len(values)):
        return _code_by_sorting(values)
    shifted = values.astype(np.int64)
    shifted -= low
    present = np.zeros(width, dtype=np.bool_)
    present[shifted] = True
    if present.all():
        return Codes(shifted, width)
    number = np.cumsum(present, dtype=np.int64) - 1
    return Codes(number[shifted], int(number[-1]) + 1)


def _code_by_sorting(values: npt.NDArray[Any]) -> Codes:
    distinct, codes = np.unique(values, return_inverse=True)
    return Codes(codes.astype(np.int64, copy=False).reshape(-1), len(distinct))


def _code_objects(values: npt.NDArray[Any], cancel: CancelToken) -> Codes:
    texts = values.tolist()
    distinct = set(texts)
    cancel.check()
    number = {text: code for code, text in enumerate(sorted(distinct))}
    cancel.check()
    codes = np.fromiter(map(number.__getitem__, texts), dtype=np.int64, count=len(texts))
    return Codes(codes, len(number))
