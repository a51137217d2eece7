"""Confidence limits of variance parameters, each in the metric the manual prescribes for it."""

from __future__ import annotations

import numpy as np

from engine.inference.normal import critical_value
from engine.results.mixed import ParameterRole, VarianceParameter
from engine.spec.mixed import Metric


def limits(parameter: VarianceParameter, metric: Metric, level: float) -> tuple[float, float]:
    """Return the lower and upper limit at `level` percent; NaN where there is no standard error.

    Variances and standard deviations on the log scale; covariances, AR and MA coefficients symmetric; correlations on
    the atanh scale; the exponential structure's rho, which lies between 0 and 1, on the logit scale.
    """
    z = critical_value(level)
    sd = metric is Metric.STDDEVIATION
    estimate, se = (parameter.sd_estimate, parameter.sd_se) if sd else (parameter.estimate, parameter.se)
    if not (np.isfinite(estimate) and np.isfinite(se)):
        return (float("nan"), float("nan"))
    with np.errstate(over="ignore"):
        if parameter.role is ParameterRole.VARIANCE:
            factor = float(np.exp(z * se / estimate)) if estimate > 0.0 else float("nan")
            return (estimate / factor, estimate * factor)
        if parameter.role is ParameterRole.COEFFICIENT or (parameter.role is ParameterRole.COVARIANCE and not sd):
            return (estimate - z * se, estimate + z * se)
        if parameter.role is ParameterRole.PROPORTION:
            if not 0.0 < estimate < 1.0:
                return (float("nan"), float("nan"))
            center, half = np.log(estimate / (1.0 - estimate)), z * se / (estimate * (1.0 - estimate))
            return (float(1.0 / (1.0 + np.exp(half - center))), float(1.0 / (1.0 + np.exp(-half - center))))
        if abs(estimate) >= 1.0:
            return (float("nan"), float("nan"))
        center, half = np.arctanh(estimate), z * se / (1.0 - estimate**2)
        return (float(np.tanh(center - half)), float(np.tanh(center + half)))
