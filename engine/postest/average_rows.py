"""Average rows of a design matrix with some variables set to values: what margins are made of.

The average of a column is the product of what its fixed factors give and the mean of the product of the others. Means
are taken once per set of free factors, for all groups at once; no rows are visited again for further values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from engine.frame.columns import Column, ColumnPart
from engine.frame.columnvalues import FloatArray, Numeric

_Key = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class Fixed:
    """What a variable is set to: a value, or for a factor the share of each level."""

    value: float = float("nan")
    shares: Mapping[int, float] | None = None

    def of(self, part: ColumnPart) -> float:
        """Return the value of a factor of a column."""
        if part.level is None:
            return self.value
        if self.shares is not None:
            return self.shares.get(part.level, 0.0)
        return float(self.value == part.level)


Fixing = Mapping[str, Fixed]
"""Variable -> what it is set to."""


@dataclass(slots=True, eq=False)
class AverageRows:
    """Averages of design rows within groups.

    Attributes
    ----------
    columns
        All k columns of e(b).
    numeric
        Values of a variable on the rows that are averaged.
    weights
        Weight of each row, (n,).
    codes, n_groups
        Group of each row.
    """

    columns: Sequence[Column]
    numeric: Numeric
    weights: FloatArray
    codes: npt.NDArray[np.int64]
    n_groups: int
    _means: dict[_Key, FloatArray] = field(default_factory=dict)
    _totals: FloatArray | None = None

    def rows(self, fixing: Fixing) -> FloatArray:
        """Return the average row of each group with variables set as `fixing` says, (n_groups, k)."""
        out = np.zeros((self.n_groups, len(self.columns)))
        for i, column in enumerate(self.columns):
            out[:, i] = self._product(column.parts, fixing)
        return out

    def slopes(self, fixing: Fixing, variable: str) -> FloatArray:
        """Return the average derivative of the rows with respect to a continuous variable, (n_groups, k)."""
        out = np.zeros((self.n_groups, len(self.columns)))
        for i, column in enumerate(self.columns):
            places = [k for k, part in enumerate(column.parts) if part.variable == variable and part.level is None]
            if places:
                rest = column.parts[: places[0]] + column.parts[places[0] + 1 :]
                out[:, i] = len(places) * self._product(rest, fixing)
        return out

    def _product(self, parts: tuple[ColumnPart, ...], fixing: Fixing) -> FloatArray:
        factor = 1.0
        free: list[ColumnPart] = []
        for part in parts:
            if part.variable in fixing:
                factor *= fixing[part.variable].of(part)
            else:
                free.append(part)
        if factor == 0.0:
            return np.zeros(self.n_groups)
        return factor * self.mean(tuple(free))

    def mean(self, parts: tuple[ColumnPart, ...]) -> FloatArray:
        """Return the mean of a product of variables and indicators in each group, (n_groups,)."""
        key = tuple(sorted(((part.variable, part.level) for part in parts), key=str))
        found = self._means.get(key)
        if found is None:
            product = self.weights
            for variable, level in key:
                values = self.numeric(variable)
                product = product * (values if level is None else values == level)
            totals = self._totals
            if totals is None:
                totals = self._totals = self._sums(self.weights)
            found = self._sums(product) / totals
            self._means[key] = found
        return found

    def _sums(self, values: FloatArray) -> FloatArray:
        return np.asarray(np.bincount(self.codes, weights=values, minlength=self.n_groups), dtype=np.float64)
