"""What the methods for degrees of freedom work on, and what they answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.frame.modelframe import FloatArray, ModelFrame
from engine.results.smallsample import VarianceUncertainty
from engine.spec.dfmethod import DfInformation


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FixedEffects:
    """The p estimated coefficients of a fit.

    Attributes
    ----------
    rank
        How many of them are free: p less the constraints.
    Phi
        Their covariance matrix, (p, p).
    uncertainty
        Of the variance parameters; None when the fit has none (ML).
    frame
        Gives the estimation frame to methods that look at the rows.
    """

    n: int
    rank: int
    Phi: FloatArray
    uncertainty: VarianceUncertainty | None
    information: DfInformation
    frame: Callable[[], ModelFrame]

    @property
    def p(self) -> int:
        """Number of coefficients."""
        return len(self.Phi)


@dataclass(frozen=True, slots=True)
class Joint:
    """Denominator degrees of freedom of a joint test, and the factor by which its F statistic is scaled."""

    ddf: float
    scale: float = 1.0


UNDEFINED = Joint(np.nan, np.nan)


def shared_df(df: FloatArray, C: FloatArray) -> float:
    """Return the degrees of freedom of the coefficients in C (p,) or (p, l) when they all have the same, else NaN.

    Parameters
    ----------
    df
        Per coefficient, (p,).
    C
        Contrasts; a coefficient takes part where its row is not zero.
    """
    used = df[np.any(C.reshape(len(df), -1) != 0.0, axis=1)]
    return float(used[0]) if len(used) and np.all(used == used[0]) else float("nan")
