"""The linear model as the null hypothesis of a mixed one: what is at the edge there, and the information at hand.

Variances of random effects end at zero; parameters of residual errors (correlations, ratios of variances) go both ways.
"""

from __future__ import annotations

import numpy as np

from engine.covariance.factor import ExchangeableFactor
from engine.covariance.residual import ResidualRole
from engine.covariance.structure import Structure, structure
from engine.fit.criterion import Criterion
from engine.fit.residuals.layout import ResidualLayout
from engine.fit.uncertainty import linearized_jets
from engine.frame.modelframe import FloatArray
from engine.inference.boundary import NullCone
from engine.spec.mixed import CovarianceKind


def null_cone(criterion: Criterion) -> NullCone | None:
    """Return the null hypothesis; None where it has no regular likelihood, or would take too long to measure."""
    layout = criterion.layout
    if layout.size == 0 or not criterion.measurable:
        return None
    null = np.zeros(0) if layout.residual is None else _independent(layout.residual)
    if null is None:
        return None
    structures: list[Structure] = []
    turn = np.eye(layout.size)
    for block in layout.blocks:
        own = block.parameters
        if isinstance(block.structure, ExchangeableFactor):
            # theta = (a, b) with a >= 0 and a + L b >= 0; (a, a + L b) are two variances
            size = float(block.structure.basis[1][1, 1])
            turn[own, own] = np.array([[1.0, 0.0], [-1.0 / size, 1.0 / size]])
            structures.append(structure(CovarianceKind.INDEPENDENT, 2))
        else:
            structures.append(block.structure)
    theta = np.append(np.zeros(layout.n_random), null)

    def measure() -> FloatArray:
        criterion.uninterrupted()  # asked for after the fit, whose token may have been triggered too late to stop it
        jets = linearized_jets(criterion, theta) or criterion.exact_jets(theta)
        information = 0.5 * (-jets.d2log - np.outer(jets.dlog, jets.dlog) / criterion.design.n)
        return np.asarray(turn.T @ information @ turn)

    return NullCone(tuple(structures), measure, layout.size - layout.n_random)


def _independent(layout: ResidualLayout) -> FloatArray | None:
    """Return the parameters of independent errors with one variance; None where they end a correlation's range."""
    parameters = [p for shape in layout.structures for p in shape.parameters]
    if any(p.role is ResidualRole.PROPORTION for p in parameters):
        return None
    return np.array([1.0 if p.role is ResidualRole.VARIANCE else 0.0 for p in parameters])[1:]
