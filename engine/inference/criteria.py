"""Akaike's and the Bayesian information criterion."""

from __future__ import annotations

from collections.abc import Sequence
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
    def aicc(self) -> float:
        """AIC + 2 df (df + 1) / (N - df - 1), for small samples (Hurvich and Tsai 1989); NaN for N <= df + 1."""
        room = self.n - self.df - 1.0
        return self.aic + 2.0 * self.df * (self.df + 1.0) / room if room > 0.0 else float("nan")

    @property
    def caic(self) -> float:
        """-2 ll + df (ln N + 1), the consistent AIC (Bozdogan 1987)."""
        return self.bic + self.df

    def row(self, columns: Sequence[str]) -> FloatArray:
        """Return what `columns` name: ``N ll_null ll df aic bic aicc caic``."""
        return np.array([float(self.n if name == "N" else getattr(self, name)) for name in columns])


def information_criteria(
    result: LinearResult, n: float | None = None, *, df: int | None = None, ll_null: float = float("nan")
) -> InformationCriteria:
    """Return the criteria of a fit; `n` replaces the number of observations, `df` the number of parameters."""
    n = float(result.n_obs) if n is None else n
    ll, k = result.ll, result.rank if df is None else df
    return InformationCriteria(
        n=n, ll=ll, df=k, aic=2.0 * (k - ll), bic=k * float(np.log(n)) - 2.0 * ll, ll_null=ll_null
    )
