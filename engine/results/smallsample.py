"""What small-sample inference for fixed effects needs of a fit, and what it found ([ME] mixed, dfmethod())."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.spec.dfmethod import DfInformation, DfRequest

FloatArray: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VarianceUncertainty:
    """How the covariance of the fixed effects depends on r variance parameters, and how well those are known.

    `root` (p, p) is a square root of the covariance matrix of the estimated coefficients, ``Phi = root root'``, and the
    matrices below are in the basis that it makes orthonormal.

    Attributes
    ----------
    P
        ``root' P_i root`` with P_i the derivative of Phi^-1, shape (r, p, p).
    W
        Per kind of information the covariance matrix of the variance parameters, (r, r), generalised where some are
        not identified. A kind is left out where its matrix is no information matrix: the optimum is at an edge.
    unknown
        For the same kinds the directions without information, (k, r), in units that make the parameters comparable:
        what changes along one of them has no degrees of freedom.
    bias
        For the same kinds ``root' sum_ij W_ij (Q_ij - P_i Phi P_j) root``, (p, p).
    """

    root: FloatArray
    P: FloatArray
    W: Mapping[DfInformation, FloatArray]
    unknown: Mapping[DfInformation, FloatArray]
    bias: Mapping[DfInformation, FloatArray]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DegreesOfFreedom:
    """Small-sample inference by one method.

    Attributes
    ----------
    df
        Per fixed column of e(b), (k_f,); NaN where not estimated or not defined.
    vcov
        The covariance matrix that tests use, (k_f, k_f); adjusted by Kenward and Roger's method.
    F, ddf_model, p_model
        Test of the slopes; NaN where its denominator degrees of freedom are not defined.
    """

    request: DfRequest
    df: FloatArray
    vcov: FloatArray
    F: float
    ddf_model: float
    p_model: float

    @property
    def summary(self) -> tuple[float, float, float]:
        """Minimum, average and maximum over the coefficients that have degrees of freedom; NaN without any."""
        known = self.df[np.isfinite(self.df)]
        if not len(known):
            return (np.nan, np.nan, np.nan)
        return float(known.min()), float(known.mean()), float(known.max())
