"""What a variable looks like at a glance: how many values, their spread, a small histogram, and whether it varies
within groups.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Column, Dataset
from engine.data.missing import is_missing, to_doubles

BINS = 24

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A variable at a glance; NaN where a statistic is not defined.

    Attributes
    ----------
    missing, distinct
        How many values are missing (text: empty), and how many different ones there are besides.
    share
        Of a variable with two values, the share of the larger; NaN for others.
    counts
        Numbers of values in `BINS` classes of equal width, or for each of a few whole numbers; empty for text.
    """

    missing: int
    distinct: int
    mean: float = math.nan
    sd: float = math.nan
    minimum: float = math.nan
    maximum: float = math.nan
    share: float = math.nan
    counts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """Groups of rows: the code of each row, shape (n_obs,), and the first row of each group, shape (G,)."""

    codes: IntArray
    first: IntArray

    @property
    def n_groups(self) -> int:
        """How many groups there are."""
        return len(self.first)

    def constant(self, column: Column) -> bool:
        """Tell whether a stored column, shape (n_obs,), has one value in each group."""
        if not len(column):
            return True
        same = column == column[self.first][self.codes]
        return bool(np.all(same))


def grouping_of(dataset: Dataset, names: tuple[str, ...]) -> Grouping:
    """Return the groups that the values of some variables form together; missing values are values."""
    codes = np.zeros(dataset.n_obs, dtype=np.int64)
    for name in names:
        own = _codes(dataset.columns[name])
        codes = _codes(codes * (int(own.max(initial=0)) + 1) + own)
    n_groups = int(codes.max(initial=-1)) + 1
    first = np.zeros(n_groups, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return Grouping(codes, first)


def _codes(column: Column) -> IntArray:
    if column.dtype == object:
        column = np.array([_text(cell) for cell in column], dtype=object)
        known: dict[Any, int] = {}
        return np.fromiter((known.setdefault(cell, len(known)) for cell in column), dtype=np.int64, count=len(column))
    _, codes = np.unique(column, return_inverse=True)
    return codes.astype(np.int64, copy=False)


def _text(cell: str | bytes) -> str:
    return cell.decode("latin-1") if isinstance(cell, bytes) else cell


def profile_of(dataset: Dataset, name: str) -> Profile:
    """Return what is to be seen of a variable at a glance."""
    variable, column = dataset.variable(name), dataset.columns[name]
    if variable.is_string:
        values = set(column.tolist())
        empty = int(np.count_nonzero(column == "")) if len(column) else 0
        return Profile(missing=empty, distinct=len(values - {""}))
    doubles = to_doubles(column, variable.storage)
    absent = is_missing(doubles)
    present = doubles[~absent] if absent.any() else doubles
    n = len(present)
    if not n:
        return Profile(missing=len(doubles), distinct=0)
    ordered = np.sort(present)
    starts = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    distinct = int(np.count_nonzero(starts))
    mean = float(present.mean())
    sd = float(np.sqrt(((present - mean) ** 2).sum() / (n - 1))) if n > 1 else math.nan
    share = float(np.count_nonzero(present == ordered[-1]) / n) if distinct == 2 else math.nan
    return Profile(
        missing=len(doubles) - n,
        distinct=distinct,
        mean=mean,
        sd=sd,
        minimum=float(ordered[0]),
        maximum=float(ordered[-1]),
        share=share,
        counts=_counts(ordered, distinct),
    )


def _counts(ordered: npt.NDArray[np.float64], distinct: int) -> tuple[int, ...]:
    low, high = ordered[0], ordered[-1]
    if distinct == 1:
        return (len(ordered),)
    whole = bool((ordered == np.floor(ordered)).all())
    edges = np.arange(low, high + 2.0) if whole and high - low < BINS else np.linspace(low, high, BINS + 1)
    edges[-1] = np.inf
    return tuple(int(count) for count in np.diff(np.searchsorted(ordered, edges, side="left")))
