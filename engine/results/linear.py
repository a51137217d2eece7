"""What the results of all estimation commands have in common: a linear predictor with its covariance matrix."""

from __future__ import annotations

from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.frame.columns import Column

FloatArray: TypeAlias = npt.NDArray[np.float64]


class LinearResult(Protocol):
    """Estimates of a linear predictor X beta; ``test``, ``lincom``, ``margins`` and others read no more than this."""

    @property
    def depvar(self) -> str:
        """Response, also the name of the coefficients' equation in e(b)."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """All k columns of X in e(b) order, also those not estimated."""

    @property
    def beta(self) -> FloatArray:
        """Coefficients, shape (k,); 0 for those not estimated."""

    @property
    def vcov_beta(self) -> FloatArray:
        """Covariance matrix of beta, shape (k, k); 0 for those not estimated."""

    @property
    def theta_names(self) -> tuple[str, ...]:
        """Further parameters of e(b), each an equation of its own (log standard deviations); may be empty."""

    @property
    def theta(self) -> FloatArray:
        """Their estimates, shape (len(theta_names),)."""

    @property
    def vcov_theta(self) -> FloatArray:
        """Their covariance matrix."""

    @property
    def df_residual(self) -> float:
        """Degrees of freedom of t and F; infinite where inference is by z and chi-squared."""

    @property
    def ll(self) -> float:
        """Log likelihood; NaN where the estimator has none."""

    @property
    def n_obs(self) -> int:
        """Number of observations."""

    @property
    def rank(self) -> int:
        """Rank of e(V)."""

    @property
    def sample_rows(self) -> npt.NDArray[np.int64]:
        """`Dataset.row_ids` of the estimation sample, shape (n,)."""
