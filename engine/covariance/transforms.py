"""Between natural covariance parameters and the log-sd/atanh metric of ``e(b)``."""

from __future__ import annotations

import numpy as np

from engine.covariance.structure import FloatArray, Structure

_ONE = 1.0 - 1e-13
"""Correlations beyond it cannot be told from one."""


def correlations(structure: Structure, theta: FloatArray) -> FloatArray:
    """Return standard deviations for variances and correlations for covariances, shape (m,).

    A correlation with a zero variance is NaN.
    """
    out = np.empty(structure.m)
    for k, parameter in enumerate(structure.parameters):
        if parameter.variances is None:
            out[k] = np.sqrt(max(theta[k], 0.0))
        else:
            i, j = parameter.variances
            scale = np.sqrt(max(theta[i], 0.0)) * np.sqrt(max(theta[j], 0.0))
            out[k] = theta[k] / scale if scale > 0.0 else np.nan
    return out


def to_log(structure: Structure, theta: FloatArray) -> FloatArray:
    """Return log standard deviations and atanh correlations (m,); NaN at the edge of the parameter space."""
    out = np.full(structure.m, np.nan)
    display = correlations(structure, theta)
    for k, parameter in enumerate(structure.parameters):
        if parameter.is_variance:
            if display[k] > 0.0:
                out[k] = np.log(display[k])
        elif abs(display[k]) < _ONE:
            out[k] = np.arctanh(display[k])
    return out


def from_log(structure: Structure, alpha: FloatArray) -> FloatArray:
    """Return the natural parameters (m,) of log standard deviations and atanh correlations `alpha` (m,)."""
    theta = np.empty(structure.m)
    for k, parameter in enumerate(structure.parameters):
        if parameter.variances is None:
            theta[k] = np.exp(2.0 * alpha[k])
        else:
            i, j = parameter.variances
            theta[k] = np.exp(alpha[i] + alpha[j]) * np.tanh(alpha[k])
    return theta


def log_jacobian(structure: Structure, theta: FloatArray) -> FloatArray:
    """Return d theta / d alpha, shape (m, m), rows natural parameters, columns log-sd/atanh parameters."""
    jacobian = np.zeros((structure.m, structure.m))
    for k, parameter in enumerate(structure.parameters):
        if parameter.variances is None:
            jacobian[k, k] = 2.0 * theta[k]
        else:
            i, j = parameter.variances
            jacobian[k, i] += theta[k]
            jacobian[k, j] += theta[k]
            scale = np.sqrt(theta[i] * theta[j])
            jacobian[k, k] = scale - theta[k] ** 2 / scale
    return jacobian
