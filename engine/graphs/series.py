"""What a graph is drawn from: titled arrays and the units behind them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.errors import StataError
from engine.graphs.graphspec import FloatArray
from engine.graphs.words import counted

_SQUARABLE = 1e150
"""Size of values up to which sums of their squares are finite."""


@dataclass(frozen=True, slots=True)
class Series:
    """One variable as plotted: the title of its axis and its finite values, shape (n,)."""

    title: str
    values: FloatArray


@dataclass(frozen=True, slots=True)
class Units:
    """What the points stand for.

    `rows` are `Dataset.row_ids`, shape (n,); `per` names the level variables when a point stands for a group
    (`rows` then holds one row of each group).
    """

    rows: npt.NDArray[np.int64]
    per: tuple[str, ...] = ()

    @property
    def counted(self) -> str:
        """``7,185 observations`` or ``160 groups of id, one point each``."""
        if self.per:
            return counted_groups(len(self.rows), self.per)
        return counted(len(self.rows), "observation")


def counted_groups(n: int, levels: tuple[str, ...]) -> str:
    """Return ``160 groups of id, one point each``."""
    return f"{counted(n, 'group')} of {' '.join(levels)}, one point each"


def require_spread(series: Series, purpose: str) -> None:
    """Raise `StataError` when there is nothing to draw (2000) or every value is the same (459)."""
    if not len(series.values):
        raise StataError(2000, "no observations")
    low, high = float(series.values.min()), float(series.values.max())
    if low == high:
        raise StataError(459, f"{series.title} does not vary: every value is {low:.9g}. {purpose}")


def require_variance(series: Series, purpose: str) -> None:
    """Raise what `require_spread` does, and 459 where squares of the values are beyond what can be computed with."""
    require_spread(series, purpose)
    if float(np.abs(series.values).max()) > _SQUARABLE:
        raise StataError(459, "the values are too large or too small to be drawn; rescale the variable")


def require_points(*series: Series) -> None:
    """Raise `StataError` 2000 when there is no observation."""
    if not len(series[0].values):
        raise StataError(2000, "no observations")
