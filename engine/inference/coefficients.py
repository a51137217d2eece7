"""Tests and confidence limits of coefficients under the normal distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.inference.normal import critical_value, two_sided

FloatArray: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CoefficientTests:
    """Standard errors, z statistics, two-sided p-values and limits, each of shape (k,); NaN without a variance."""

    se: FloatArray
    z: FloatArray
    p: FloatArray
    ll: FloatArray
    ul: FloatArray


def coefficient_tests(beta: FloatArray, variances: FloatArray, level: float) -> CoefficientTests:
    """Test each coefficient against zero; a variance of zero marks a coefficient that is not estimated."""
    se = np.sqrt(np.where(variances > 0.0, variances, np.nan))
    z = beta / se
    p = np.array([two_sided(value) for value in z])
    half = critical_value(level) * se
    return CoefficientTests(se, z, p, beta - half, beta + half)
