"""Results whose standard errors come from replicates: ``bootstrap`` and ``jackknife``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.frame.columns import Column

FloatArray: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resampling:
    """How standard errors came about.

    Attributes
    ----------
    prefix
        ``bootstrap`` or ``jackknife``.
    replications, failed
        Replicates that gave results, and those that did not.
    clustvar, n_clusters
        What was resampled as a whole; empty and 0 where observations were.
    df
        Degrees of freedom of t and F; infinite for ``bootstrap``.
    """

    prefix: str
    replications: int
    failed: int
    clustvar: str
    n_clusters: int
    df: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResampledResult:
    """Statistics with the covariance matrix of their replicates: coefficients of a fit, or named expressions.

    Attributes
    ----------
    columns, beta, vcov_beta
        See `engine.results.linear.LinearResult`.
    legend
        Name and text of the expressions; empty for coefficients.
    title, command
        Heading of the output, and the command that was repeated.
    """

    depvar: str
    columns: tuple[Column, ...]
    beta: FloatArray
    vcov_beta: FloatArray
    theta_names: tuple[str, ...]
    theta: FloatArray
    vcov_theta: FloatArray
    df_residual: float
    n_obs: int
    rank: int
    ll: float
    sample_rows: npt.NDArray[np.int64]
    resampling: Resampling
    title: str
    command: str
    legend: tuple[tuple[str, str], ...] = ()
