"""The few numbers by which fits are compared side by side."""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.errors import StataError
from engine.inference.criteria import information_criteria
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


def fit_figures(estimates: Estimates) -> FitFigures:
    """Return the figures of a fit."""
    found = information_criteria(estimates.result)
    icc = math.nan
    if isinstance(estimates, MixedEstimates):
        try:
            levels = intraclass_correlations(estimates.result, _LEVEL)
            icc = levels[-1].icc if levels else math.nan
        except StataError:
            icc = math.nan
    return FitFigures(n_obs=estimates.result.n_obs, ll=found.ll, df=found.df, aic=found.aic, bic=found.bic, icc=icc)
