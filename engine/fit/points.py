"""A point of the search: coordinates, criterion, and derivatives in these coordinates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.fit.criterion import Criterion, Profile
from engine.fit.metric import Metric
from engine.frame.modelframe import FloatArray

_FLOOR = 1e-8
_FIRM = 1e-3
"""Relative curvature from which a direction is not flat."""


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """The criterion f = -2 log L at gamma; `hessian` is None where only the gradient was computed."""

    gamma: FloatArray
    profile: Profile
    gradient: FloatArray
    hessian: FloatArray | None

    @property
    def value(self) -> float:
        """The criterion f."""
        return self.profile.value


def evaluate(criterion: Criterion, metric: Metric, gamma: FloatArray, order: int = 2) -> Point:
    """Evaluate at gamma with derivatives up to `order` 1 or 2."""
    theta, jacobian = metric.from_gamma(gamma)
    at = criterion(theta, order)
    hessian = None
    if order == 2:
        hessian = jacobian.T @ at.hessian @ jacobian + metric.curvature(gamma, at.gradient)
    return Point(gamma, at, jacobian.T @ at.gradient, hessian)


@dataclass(frozen=True, slots=True, eq=False)
class NewtonStep:
    """A step, the decrement g'H^-1 g with |eigenvalues| of H, and whether -f is concave at its start.

    `firm` is the part of the decrement in directions with curvature.
    """

    step: FloatArray
    decrement: float
    concave: bool
    firm: float


def newton_step(point: Point, *, difficult: bool = False) -> NewtonStep:
    """Return the step from a point with a Hessian.

    Where the Hessian is not positive definite its eigenvalues are taken positive; with `difficult` the step in the
    nonconcave directions is that of steepest descent instead ([R] Maximize, option difficult).
    """
    if point.hessian is None:
        raise ValueError("a Newton step needs the Hessian")
    values, vectors = np.linalg.eigh(point.hessian)
    top = float(np.abs(values).max())
    floored = np.maximum(np.abs(values), _FLOOR * top)
    concave = bool(values[0] > -_FLOOR * top)
    rotated = vectors.T @ point.gradient
    parts = rotated * rotated / floored
    firm = float(parts[np.abs(values) > _FIRM * top].sum())
    decrement = float(parts.sum())
    if difficult and not concave:
        floored = np.where(values > _FLOOR * top, floored, top)
    return NewtonStep(-vectors @ (rotated / floored), decrement, concave, firm)
