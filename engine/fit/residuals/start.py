"""Starting values of residual parameters: moments of the residuals of the linear model."""

from __future__ import annotations

import numpy as np

from engine.covariance.residual import ResidualRole, ResidualStructure
from engine.covariance.residual_grid import Banded, Exchangeable, Independent
from engine.covariance.residual_heterogeneous import Heterogeneous, HeterogeneousExchangeable
from engine.covariance.residual_lag import Autoregressive, LagStructure, MovingAverage, Power
from engine.design.residuals import ResidualDesign
from engine.events import NEVER, CancelToken
from engine.fit.residuals.layout import ResidualLayout
from engine.frame.modelframe import FloatArray, IntArray

_LIMIT = 0.9
_SHRINK = 0.9
_TRIES = 60


def starting_values(design: ResidualDesign, layout: ResidualLayout, cancel: CancelToken = NEVER) -> FloatArray:
    """Return residual parameters relative to the reference variance, shape (size,), feasible for every group.

    With random effects the residuals are taken from their group means, and correlations start nearer to zero.
    """
    r = design.table[design.tail[-1]]
    centred = bool(design.effects) and design.n_rows >= 3 * design.n_groups
    if centred:
        means = np.add.reduceat(r, design.starts) / design.counts
        r = r - np.repeat(means, design.counts)
    group = np.repeat(np.arange(design.n_groups), design.counts)
    parts = []
    for b, structure in enumerate(layout.structures):
        cancel.check()
        rows = design.by == b
        v = _natural(structure, r[rows], design.times[rows], group[rows], centred=bool(design.effects))
        parts.append(v)
    cancel.check()
    scale = parts[0][0]
    for structure, v in zip(layout.structures, parts, strict=True):
        for k, parameter in enumerate(structure.parameters):
            if parameter.degree:
                v[k] /= scale
    return np.concatenate(parts)[1:]


def _natural(
    structure: ResidualStructure, r: FloatArray, times: FloatArray, group: IntArray, *, centred: bool
) -> FloatArray:
    """Natural parameters of one set; variances in units of r squared."""
    variance = max(float(np.mean(r * r)), 1e-12)
    if isinstance(structure, Independent):
        return np.array([variance])
    if isinstance(structure, Exchangeable):
        sums = np.bincount(group, weights=r)
        counts = np.bincount(group)
        pairs = float((counts * (counts - 1.0)).sum())
        covariance = 0.0 if centred or pairs == 0.0 else float((sums**2).sum() - (r * r).sum()) / pairs
        return np.array([variance, np.clip(covariance, -0.02 * variance / counts.max(), _LIMIT * variance)])
    if isinstance(structure, Banded):
        return _banded(structure, r, times, group, centred=centred)
    if isinstance(structure, Heterogeneous):
        return _heterogeneous(structure, r, times, group, centred=centred)
    if isinstance(structure, LagStructure):
        return np.append(variance, _shape(structure, r / np.sqrt(variance), times, group))
    raise TypeError(type(structure).__name__)


def _banded(structure: Banded, r: FloatArray, times: FloatArray, group: IntArray, *, centred: bool) -> FloatArray:
    """Pairwise moments, covariances shrunk until the matrix is safely positive definite."""
    p = len(structure.times)
    index = np.searchsorted(structure.times, times)
    values, present = np.zeros((2, int(group.max()) + 1, p))
    values[group, index] = r
    present[group, index] = 1.0
    together = np.maximum(present.T @ present, 1.0)
    moments = values.T @ values / together
    diagonal = np.maximum(np.diag(moments), 1e-3 * float(np.mean(r * r)))
    off = (moments - np.diag(np.diag(moments))) * (0.0 if centred else 1.0)
    far = np.abs(np.subtract.outer(np.arange(p), np.arange(p))) > structure.order
    off[far] = 0.0
    for _ in range(_TRIES):
        matrix = np.diag(diagonal) + off
        scaled = matrix / np.sqrt(np.outer(diagonal, diagonal))
        if np.linalg.eigvalsh(scaled)[0] > 0.02:
            break
        off *= _SHRINK
    return structure.read(matrix)


def _heterogeneous(
    structure: Heterogeneous, r: FloatArray, times: FloatArray, group: IntArray, *, centred: bool
) -> FloatArray:
    """Moments by time, and the correlation of residuals standardised with them."""
    index = np.searchsorted(structure.times, times)
    moments = np.bincount(index, weights=r * r) / np.bincount(index)
    variances = np.maximum(moments, max(1e-3 * float(np.mean(r * r)), 1e-12))
    z = r / np.sqrt(variances[index])
    if isinstance(structure, HeterogeneousExchangeable):
        return np.append(variances, 0.0 if centred else _common_correlation(z, group))
    return np.append(variances, _neighbour_rho(z, times, group))


def _common_correlation(z: FloatArray, group: IntArray) -> float:
    """Mean product of all pairs of standardised residuals of a group."""
    counts = np.bincount(group)
    pairs = float((counts * (counts - 1.0)).sum())
    product = float((np.bincount(group, weights=z) ** 2).sum() - (z * z).sum()) / max(pairs, 1.0)
    return float(np.clip(product, -0.02 / counts.max(), _LIMIT))


def _shape(structure: LagStructure, z: FloatArray, times: FloatArray, group: IntArray) -> FloatArray:
    """Shape parameters from the correlations of neighbours in time, shrunk until all matrices are feasible."""
    roles = [p.role for p in structure.parameters[1:]]
    if isinstance(structure, Power):
        if roles[0] is ResidualRole.PROPORTION:
            gap, near = _neighbours(z, times, group)
            return np.array([np.clip(max(near, 0.05), 0.05, 0.95) ** (1.0 / gap)])
        return np.array([_neighbour_rho(z, times, group)])
    q = len(roles)
    lags = [int(p.suffix) if p.suffix else 1 for p in structure.parameters[1:]]
    r = np.array([_correlation(z, times, group, lag) for lag in lags])
    if isinstance(structure, Autoregressive):
        toeplitz = np.append(1.0, r)[np.abs(np.subtract.outer(np.arange(q), np.arange(q)))]
        shape = np.linalg.solve(toeplitz + 0.05 * np.eye(q), r)
    elif isinstance(structure, MovingAverage):
        shape = 0.8 * r
    else:
        shape = r
    for _ in range(_TRIES):
        if structure.feasible(np.append(1.0, shape)) and _positive(structure, shape, times, group):
            break
        shape = _SHRINK * shape
    return shape


def _positive(structure: LagStructure, shape: FloatArray, times: FloatArray, group: IntArray) -> bool:
    """Whether the correlation matrix of the longest group is safely positive definite."""
    longest = int(np.argmax(np.bincount(group)))
    at = times[group == longest][None]
    W = structure.table(np.append(1.0, shape)).value[structure.cells(at)]
    return bool(np.linalg.eigvalsh(W[0])[0] > 0.02) if at.size <= 400 else structure.feasible(np.append(1.0, shape))


def _neighbour_rho(z: FloatArray, times: FloatArray, group: IntArray) -> float:
    """Correlation one unit of time apart that the correlation of neighbours in time would give."""
    gap, near = _neighbours(z, times, group)
    rho = float(np.clip(near, -_LIMIT, _LIMIT))
    return rho if gap < 1.5 else float(np.sign(rho) * abs(rho) ** (1.0 / gap))


def _neighbours(z: FloatArray, times: FloatArray, group: IntArray) -> tuple[float, float]:
    """Median distance of neighbours in time and their correlation."""
    same = group[1:] == group[:-1]
    if not same.any():
        return 1.0, 0.0
    return float(np.median((times[1:] - times[:-1])[same])), float(np.mean((z[1:] * z[:-1])[same]))


def _correlation(z: FloatArray, times: FloatArray, group: IntArray, lag: int) -> float:
    """Mean product of standardised residuals `lag` apart in time, 0 where there are no such pairs."""
    total, count = 0.0, 0
    for shift in range(1, lag + 1):
        if shift >= len(z):
            break
        here = (group[shift:] == group[:-shift]) & (np.abs(times[shift:] - times[:-shift] - lag) < 0.5)
        total += float((z[shift:] * z[:-shift])[here].sum())
        count += int(here.sum())
    return float(np.clip(total / count, -_LIMIT, _LIMIT)) if count else 0.0
