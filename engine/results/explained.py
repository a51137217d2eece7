"""Variance of the response by source, and the shares called R-squared and intraclass correlation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedVariance:
    """Components of the variance of the response.

    Attributes
    ----------
    fixed
        Variance of X beta over the observations.
    levels
        Name and mean random-effects variance of each level, top first.
    residual
        Residual variance.
    """

    fixed: float
    levels: tuple[tuple[str, float], ...]
    residual: float

    @property
    def random(self) -> float:
        """Variance of all random effects."""
        return sum(variance for _, variance in self.levels)

    @property
    def total(self) -> float:
        """Sum of all components."""
        return self.fixed + self.random + self.residual

    @property
    def marginal(self) -> float:
        """R-squared of the fixed effects (Nakagawa and Schielzeth)."""
        return self.fixed / self.total

    @property
    def conditional(self) -> float:
        """R-squared of fixed and random effects."""
        return (self.fixed + self.random) / self.total

    @property
    def icc(self) -> float:
        """Share of the random effects in what the fixed effects leave."""
        return self.random / (self.random + self.residual)

    @property
    def components(self) -> tuple[tuple[str, float], ...]:
        """All components by name: ``fixed``, the levels, ``Residual``."""
        return (("fixed", self.fixed), *self.levels, ("Residual", self.residual))
