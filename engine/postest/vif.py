"""Variance inflation factors: 1/(1 - R2) of each regressor on the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.frame.columns import ColumnState
from engine.results.regress import RegressResult


@dataclass(frozen=True, slots=True)
class Inflation:
    """The factor of one regressor; its tolerance is the inverse."""

    name: str
    vif: float

    @property
    def tolerance(self) -> float:
        """Share of the regressor that the others do not explain."""
        return 1.0 / self.vif


def inflation_factors(result: RegressResult, *, uncentered: bool) -> tuple[Inflation, ...]:
    """Return the factors, largest first.

    As (X'X)^-1_jj = 1 / (SS_j (1 - R2_j)), the factor is the product of the two; `uncentered` takes sums of squares
    about zero and the constant as one more regressor, called ``intercept``.
    """
    squares = result.raw if uncentered else result.spread
    factors = np.diag(result.inverse) * squares
    found = []
    for column, factor in zip(result.columns, factors, strict=True):
        if column.state is not ColumnState.ESTIMATED or (column.is_constant and not uncentered):
            continue
        found.append(Inflation("intercept" if column.is_constant else column.name, float(max(factor, 1.0))))
    return tuple(sorted(found, key=lambda each: -each.vif))
