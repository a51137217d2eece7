"""Judging a fit: gradient at the edge, curvature, agreement of starting points."""

from __future__ import annotations

import numpy as np

from engine.fit.criterion import Criterion, Profile
from engine.fit.search import Fit
from engine.fit.variances import VarianceEstimates, at_edge
from engine.frame.modelframe import ModelFrame
from engine.results import verdict as say
from engine.results.verdict import Checks, Trust, Verdict
from engine.spec.mixed import Maximization

_EDGE = 1e-9
_MOST_NAMES = 8
"""Parameters that a sentence lists."""
_INSIDE = -1e-6
"""Relative slope at the edge below which the maximum lies inside."""


def judge(
    criterion: Criterion, fit: Fit, variances: VarianceEstimates, frame: ModelFrame, maximization: Maximization
) -> Verdict:
    """Say what was checked at the estimates and whether they can be trusted."""
    checks = Checks(
        decrement=fit.record.decrement,
        boundary_slope=boundary_slope(criterion, fit.profile),
        eigenvalues=curvature(criterion, fit.profile),
        starts=fit.starts,
    )
    trust, sentence = _conclusion(fit, checks, variances, frame, maximization)
    return Verdict(trust=trust, sentence=sentence, checks=checks, at_boundary=variances.at_boundary)


def _conclusion(
    fit: Fit, checks: Checks, variances: VarianceEstimates, frame: ModelFrame, maximization: Maximization
) -> tuple[Trust, str]:
    if maximization.emonly and variances.Sigmas and fit.record.em_iterations:
        settled = fit.record.converged
        return (Trust.CAREFUL, say.EM_SETTLED) if settled else (Trust.NO, say.EM_UNSETTLED)
    if not fit.record.converged or checks.boundary_slope < _INSIDE:
        return Trust.NO, say.not_converged(fit.record.iterations)
    if checks.starts_agree is False:
        return Trust.CAREFUL, say.starts_differ(checks.starts)
    if variances.at_boundary:
        return Trust.CAREFUL, say.boundary(variances.at_boundary)
    lost = np.isnan(np.diag(variances.vcov_alpha))
    if lost.any():
        return Trust.CAREFUL, say.flat(_open_parameters(variances, frame))
    return Trust.YES, say.CONVERGED


def _open_parameters(variances: VarianceEstimates, frame: ModelFrame) -> tuple[str, ...]:
    """Names of the parameters without a standard error, with their level where several levels share a name."""
    several = len({block.level_name for block in frame.blocks}) > 1
    names = []
    for parameter in variances.parameters:
        if np.isnan(parameter.se):
            place = f" of {frame.blocks[parameter.block].level_name}" if several and parameter.block >= 0 else ""
            names.append(f"{parameter.name}{place}")
    if len(names) > _MOST_NAMES:
        names = [*names[: _MOST_NAMES - 1], f"{len(names) - _MOST_NAMES + 1} other parameters"]
    return tuple(names) or ("the variance parameters",)


def boundary_slope(criterion: Criterion, at: Profile) -> float:
    """Return the smallest relative slope inwards over the singular covariance matrices; NaN without one."""
    slopes = []
    for block in criterion.layout.blocks:
        own = block.parameters
        values, vectors = np.linalg.eigh(block.structure.matrix(at.theta[own]))
        null = vectors[:, values <= _EDGE * max(float(values[-1]), _EDGE)]
        if null.shape[1]:
            Gam = block.structure.gradient_matrix(at.gradient[own])
            slopes.append(float(np.linalg.eigvalsh(null.T @ Gam @ null)[0]) / (1.0 + float(np.abs(Gam).max())))
    return min(slopes, default=float("nan"))


def curvature(criterion: Criterion, at: Profile) -> tuple[float, float]:
    """Return the extreme eigenvalues of the scaled Hessian over the parameters inside their range."""
    free = np.flatnonzero(np.logical_not(at_edge(criterion, at.theta)))
    part = at.hessian[np.ix_(free, free)]
    diagonal = np.diag(part)
    if not len(free) or not np.all(np.isfinite(part)) or np.any(diagonal <= 0.0):
        return float("nan"), float("nan")
    scale = np.sqrt(diagonal)
    values = np.linalg.eigvalsh(part / np.outer(scale, scale))
    return float(values[0]), float(values[-1])
