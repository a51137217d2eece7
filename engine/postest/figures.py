"""The few numbers by which fits are compared side by side."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass

from engine.errors import StataError
from engine.inference.criteria import information_criteria
from engine.inference.lrtest import LikelihoodRatio, of_two
from engine.postest.icc import intraclass_correlations
from engine.results.estimates import Estimates, MixedEstimates

_LEVEL = 95.0
"""Of confidence limits that are not looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FitFigures:
    """Log likelihood, number of parameters, criteria, and the correlation within the smallest groups (NaN for none)."""

    n_obs: int
    ll: float
    df: int
    aic: float
    bic: float
    icc: float
    iccs: tuple[tuple[str, float], ...] = ()
    """Level -> correlation within its groups, outermost first."""
    pseudo: bool = False
    """Whether `ll` is no likelihood in the strict sense."""


def fit_figures(estimates: Estimates) -> FitFigures:
    """Return the figures of a fit."""
    found = information_criteria(estimates.result)
    iccs: tuple[tuple[str, float], ...] = ()
    if isinstance(estimates, MixedEstimates):
        with suppress(StataError):  # not every model has one
            iccs = tuple((each.level, each.icc) for each in intraclass_correlations(estimates.result, _LEVEL))
    return FitFigures(
        n_obs=estimates.result.n_obs,
        ll=found.ll,
        df=found.df,
        aic=found.aic,
        bic=found.bic,
        icc=iccs[-1][1] if iccs else math.nan,
        iccs=iccs,
        pseudo=is_pseudo(estimates),
    )


def is_pseudo(estimates: Estimates) -> bool:
    """Tell whether the likelihood is none: robust standard errors, sampling weights."""
    macros = estimates.e.macros
    weighted = "pweight" in (macros.get("wtype"), macros.get("marginswtype"))
    return weighted or macros.get("vce", "") in ("robust", "cluster", "bootstrap", "jackknife")


def likelihood_ratio(large: FitFigures, small: FitFigures) -> LikelihoodRatio:
    """Return the likelihood-ratio test of the smaller of two nested fits against the larger one."""
    return of_two(large.ll, small.ll, df=large.df - small.df)
