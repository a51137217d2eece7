"""The groups of ``level: R.factor``: one effect for every value of the factor that occurs in a group of the level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.errors import Span, StataError
from engine.frame.modelframe import Factor, IntArray, Level


@dataclass(frozen=True, slots=True, eq=False)
class Crossing:
    """Combinations of a level's groups and a factor's values.

    Attributes
    ----------
    codes
        Combination of each row, shape (n,), 0 … n_groups-1.
    keys
        ``group * n_levels + value`` of each combination, ascending, shape (n_groups,).
    groups
        Group of the level that each combination belongs to, shape (n_groups,).
    """

    codes: IntArray
    keys: IntArray
    groups: IntArray

    @property
    def n_groups(self) -> int:
        """Number of combinations that occur."""
        return len(self.keys)


def crossing(level: Level, factor: Factor) -> Crossing:
    """Number the combinations of `level` and `factor` that occur in the sample."""
    n = factor.n_levels
    if level.n_groups == 1:
        return Crossing(factor.codes, np.arange(n, dtype=np.int64), np.zeros(n, dtype=np.int64))
    key = level.codes * n + factor.codes
    if level.n_groups * n <= max(8 * len(key), 1 << 20):
        present = np.zeros(level.n_groups * n, dtype=np.bool_)
        present[key] = True
        keys = np.flatnonzero(present)
        number = np.cumsum(present, dtype=np.int64) - 1
        return Crossing(number[key], keys, keys // n)
    keys, codes = np.unique(key, return_inverse=True)
    return Crossing(codes.astype(np.int64).reshape(-1), keys, keys // n)


def check_factor(level_name: str, factor: Factor, n_groups: int, place: Span | None) -> None:
    """Raise StataError r(459) when the variance between a factor's values cannot be estimated from the sample.

    `n_groups` is the number of combinations with the level's groups, `place` where the factor was typed.
    """
    n_obs = len(factor.codes)
    equation = f"{level_name}: R.{factor.name}"
    if factor.n_levels < 2:
        raise StataError(
            459,
            f"{equation}: {factor.name} has only one value among the {n_obs:,} observations, and a variance between "
            "values needs at least two. Choose another variable or widen the sample.",
            place,
        )
    if n_groups == n_obs:
        raise StataError(
            459,
            f"{equation}: each of the {n_obs:,} observations has a value of its own, so the variance between values "
            "cannot be told from the residual variance. Remove this equation.",
            place,
        )


def find_crossing(known: Crossing, n_levels: int, groups: IntArray, values: IntArray) -> IntArray:
    """Return the combination of each row's group and value, shape (m,); -1 where it did not occur or is not known."""
    out = np.full(len(groups), -1, dtype=np.int64)
    rows = np.flatnonzero((groups >= 0) & (values >= 0))
    key = groups[rows] * n_levels + values[rows]
    place = np.minimum(np.searchsorted(known.keys, key), known.n_groups - 1)
    out[rows] = np.where(known.keys[place] == key, place, -1)
    return out
