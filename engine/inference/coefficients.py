"""Tests and confidence limits of coefficients under the normal distribution or Student's t."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.inference.normal import critical_value, two_sided
from engine.inference.student import t_critical, t_two_sided

FloatArray: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CoefficientTests:
    """Standard errors, z or t statistics, two-sided p-values and limits, (k,) each; NaN without a variance.

    `critical` is the number of standard errors from the estimate to a limit.
    """

    se: FloatArray
    z: FloatArray
    p: FloatArray
    ll: FloatArray
    ul: FloatArray
    critical: FloatArray


def coefficient_tests(
    beta: FloatArray, variances: FloatArray, level: float, df: FloatArray | None = None
) -> CoefficientTests:
    """Test each coefficient against zero; a variance of zero marks a coefficient that is not estimated.

    With `df` (k,) the distribution is Student's t, where df is infinite the normal; NaN leaves p and limits unknown.
    """
    se = np.sqrt(np.where(variances > 0.0, variances, np.nan))
    z = beta / se
    if df is None:
        p = np.array([two_sided(value) for value in z])
        critical = np.full(len(z), critical_value(level))
    else:
        p = np.array([t_two_sided(value, own) for value, own in zip(z, df, strict=True)])
        critical = np.array([t_critical(level, own) for own in df])
    half = critical * se
    return CoefficientTests(se, z, p, beta - half, beta + half, critical)
