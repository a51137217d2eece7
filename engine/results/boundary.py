"""What a result can be asked about tests on the boundary of the parameter space."""

from __future__ import annotations

from typing import Protocol


class BoundaryTest(Protocol):
    """The comparison of a model with the linear model, whose null hypothesis has all variances at zero."""

    @property
    def simulated(self) -> bool:
        """Whether p-values are simulated; otherwise they are exact mixtures of chi-squared."""

    def p_value(self, chi2: float) -> float:
        """Return P(statistic >= chi2) under the null hypothesis."""
