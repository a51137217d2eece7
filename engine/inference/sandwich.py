"""Robust variances: a bread from the information, a meat from the scores of independent clusters."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float64]


def sandwich(left: FloatArray, left_scores: FloatArray, right_scores: FloatArray, right: FloatArray) -> FloatArray:
    """Return M/(M-1) D1 u1 u2' D2 ([ME] mixed, *Methods and formulas*; [P] _robust).

    Parameters
    ----------
    left, right
        Inverse information of two blocks of parameters, (k, k) and (m, m); the information has no block between them.
        NaN for parameters without a variance, which stay so.
    left_scores, right_scores
        Scores by cluster, (k, M) and (m, M).
    """
    n_clusters = left_scores.shape[1]
    moved = _known(left) @ left_scores
    out = n_clusters / (n_clusters - 1.0) * (moved @ (_known(right) @ right_scores).T)
    out[np.isnan(np.diag(left)), :] = np.nan
    out[:, np.isnan(np.diag(right))] = np.nan
    return np.asarray(out)


def _known(vcov: FloatArray) -> FloatArray:
    return np.where(np.isnan(vcov), 0.0, vcov)
