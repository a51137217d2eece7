"""Likelihood-ratio tests: of two fits, and of a mixed model against the linear one with the same fixed effects."""

from __future__ import annotations

from dataclasses import dataclass

from engine.inference.normal import chi2_tail

_ZERO = 1e-5
"""Statistics below this are those of an optimum at the boundary: the p-value is 1."""


@dataclass(frozen=True, slots=True)
class LikelihoodRatio:
    """Statistic, degrees of freedom, p-value, and whether it is that of chibar2(01)."""

    chi2: float
    df: int
    p: float
    chibar: bool


def against_linear(ll: float, ll_linear: float, *, df: int, one_variance: bool) -> LikelihoodRatio:
    """Compare log likelihoods; with a single variance the null distribution is the 50:50 mixture chibar2(01).

    With more parameters the p-value of chi2(df) is conservative.
    """
    if df == 0:
        return LikelihoodRatio(float("nan"), 0, float("nan"), chibar=False)
    chi2 = max(0.0, 2.0 * (ll - ll_linear))
    if not one_variance:
        return LikelihoodRatio(chi2, df, chi2_tail(chi2, df), chibar=False)
    p = 1.0 if chi2 < _ZERO else 0.5 * chi2_tail(chi2, 1)
    return LikelihoodRatio(chi2, df, p, chibar=True)


def of_two(ll: float, ll_restricted: float, *, df: int) -> LikelihoodRatio:
    """Compare two fits; a negative difference, which nested optima cannot have, counts as zero."""
    chi2 = max(0.0, 2.0 * (ll - ll_restricted))
    return LikelihoodRatio(chi2, df, chi2_tail(chi2, df), chibar=False)
