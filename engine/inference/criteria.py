"""Akaike's and the Bayesian information criterion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.frame.modelframe import FloatArray
from engine.results.linear import LinearResult


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationCriteria:
    """AIC = -2 ll + 2 df and BIC = -2 ll + df ln N; df is the rank of e(V), under REML too.

    `ll_null` is the log likelihood of the model without covariates, NaN where the command does not fit it.
    """

    n: float
    ll: float
    df: int
    aic: float
    bic: float
    ll_null: float = float("nan")

    @property
    def row(self) -> FloatArray:
        """N, log likelihood of the null model, log likelihood, df, AIC, BIC."""
        return np.array([self.n, self.ll_null, self.ll, self.df, self.aic, self.bic])


def information_criteria(
    result: LinearResult, n: float | None = None, *, ll_null: float = float("nan")
) -> InformationCriteria:
    """Return the criteria of a fit; `n` replaces the number of observations."""
    n = float(result.n_obs) if n is None else n
    ll, k = result.ll, result.rank
    return InformationCriteria(
        n=n, ll=ll, df=k, aic=2.0 * (k - ll), bic=k * float(np.log(n)) - 2.0 * ll, ll_null=ll_null
    )
