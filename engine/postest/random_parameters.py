"""Variance parameters in the metric of display with their covariance matrix (``estat sd``)."""

from __future__ import annotations

import numpy as np

from engine.covariance.structure import structure
from engine.frame.modelframe import FloatArray
from engine.results.mixed import MixedResult, ParameterRole, VarianceParameter
from engine.spec.mixed import Metric


def displayed(parameters: tuple[VarianceParameter, ...], metric: Metric) -> tuple[FloatArray, FloatArray]:
    """Return estimates and standard errors in a metric, (m,) each."""
    if metric is Metric.STDDEVIATION:
        return np.array([p.sd_estimate for p in parameters]), np.array([p.sd_se for p in parameters])
    return np.array([p.estimate for p in parameters]), np.array([p.se for p in parameters])


def parameter_covariance(result: MixedResult, metric: Metric) -> FloatArray:
    """Return the covariance matrix of the printed parameters by the delta method, (m, m).

    theta holds log standard deviations and inverse hyperbolic tangents of correlations. Structured residual errors have
    their variances only.
    """
    m = len(result.parameters)
    J = np.zeros((m, len(result.theta)))
    row, at = 0, 0
    for block in result.blocks:
        if block.structure is None:
            continue
        own = structure(block.structure, len(block.columns)).parameters if not block.n_values else None
        count = sum(p.block == result.blocks.index(block) for p in result.parameters) if own is None else len(own)
        for k in range(count):
            parameter = result.parameters[row + k]
            pair = own[k].variances if own is not None else (0, 0) if k else None
            scale = 0.0
            if pair is not None:
                scale = result.parameters[row + pair[0]].sd_estimate * result.parameters[row + pair[1]].sd_estimate
            _fill(J[row + k], parameter, (at, k), (pair, scale), metric)
        row, at = row + count, at + count
    single = result.residual is None and m - row == 1
    if single:
        parameter = result.parameters[row]
        sd = metric is Metric.STDDEVIATION
        J[row, at] = parameter.sd_estimate if sd else 2.0 * parameter.estimate
    V = J @ np.nan_to_num(result.vcov_theta) @ J.T
    if not single:
        _, se = displayed(result.parameters, metric)
        V[range(row, m), range(row, m)] = se[row:] ** 2
    return np.asarray(V)


def _fill(
    J: FloatArray,
    parameter: VarianceParameter,
    place: tuple[int, int],
    scaled: tuple[tuple[int, int] | None, float],
    metric: Metric,
) -> None:
    """Write the derivatives of parameter `place[1]` of an equation whose theta begins at `place[0]`, in place.

    `scaled` are the places of the two variances that scale a covariance, and the product of their roots.
    """
    sd = metric is Metric.STDDEVIATION
    at, k = place
    pair, scale = scaled
    if parameter.role is ParameterRole.VARIANCE or pair is None:
        J[at + k] = parameter.sd_estimate if sd else 2.0 * parameter.estimate
        return
    rho = parameter.sd_estimate
    if sd:
        J[at + k] = 1.0 - rho**2
        return
    J[at + k] = scale * (1.0 - rho**2)
    J[at + pair[0]] += parameter.estimate
    J[at + pair[1]] += parameter.estimate
