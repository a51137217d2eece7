"""Newton's method with the exact Hessian, in the symmetric-square-root metric of the covariance matrices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.events import CancelToken
from engine.fit.criterion import Criterion, Profile
from engine.fit.layout import Layout
from engine.frame.modelframe import FloatArray

DEFAULT_ITERATIONS = 300
_DECREMENT = 1e-11
"""Own stopping rule: g'H^-1 g in units of -2 log L, which leaves errors of about 1e-6 standard errors."""
_NOISE = 1e-14
"""Relative rounding error of the criterion."""
_FLOOR = 1e-8
_SAME_VALUE = 5e-10
_HALVINGS = 30
_LEAVE = 1e-3
_EDGE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppingRule:
    """Tolerances given by the user; they can only loosen the own rule, never tighten it out of reach.

    `decrement` is that of nrtolerance, `change` the relative change of the log likelihood, `coefficients` that of the
    covariance parameters, which may stand in for `change`.
    """

    iterations: int = DEFAULT_ITERATIONS
    decrement: float = _DECREMENT
    change: float = _SAME_VALUE
    coefficients: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Optimum:
    """Where the search ended, with second-order jets there."""

    profile: Profile
    gamma: FloatArray
    iterations: int
    converged: bool
    decrement: float


@dataclass(frozen=True, slots=True, eq=False)
class _Point:
    gamma: FloatArray
    profile: Profile
    gradient: FloatArray
    hessian: FloatArray


def maximize(
    criterion: Criterion,
    theta: FloatArray,
    *,
    rule: StoppingRule,
    report: Callable[[int, Profile, str], None],
    cancel: CancelToken,
) -> Optimum:
    """Minimise the criterion from theta; `report` gets each iteration's number, profile and remark, number 0 first."""
    layout = criterion.layout
    point = _point(criterion, layout, layout.to_root(theta))
    report(0, point.profile, "")
    decrement = np.inf
    for iteration in range(1, rule.iterations + 1):
        cancel.check()
        step, decrement, concave = _newton_step(point)
        new, halved = _search(criterion, layout, point, step, cancel)
        settled = _settled(point, new, rule)
        stuck = new is point
        point = new
        report(iteration, point.profile, "backed up" if halved and concave else "" if concave else "not concave")
        decrement = min(decrement, _decrement(point)) if stuck else _decrement(point)
        if stuck or (decrement <= rule.decrement and settled):
            away = _leave_saddle(layout, point)
            if away is None:
                done = decrement <= max(rule.decrement, 1e-6) if stuck else True
                return Optimum(
                    profile=point.profile, gamma=point.gamma, iterations=iteration, converged=done, decrement=decrement
                )
            point = _point(criterion, layout, layout.to_root(away))
    return Optimum(
        profile=point.profile,
        gamma=point.gamma,
        iterations=rule.iterations,
        converged=False,
        decrement=float(decrement),
    )


def _settled(old: _Point, new: _Point, rule: StoppingRule) -> bool:
    if abs(new.profile.value - old.profile.value) <= rule.change * abs(new.profile.value):
        return True
    moved = np.abs(new.gamma - old.gamma) / (np.abs(old.gamma) + 1.0)
    return bool(moved.max() <= rule.coefficients)


def _point(criterion: Criterion, layout: Layout, gamma: FloatArray) -> _Point:
    theta, jacobian = layout.from_root(gamma)
    at = criterion(theta, 2)
    hessian = jacobian.T @ at.hessian @ jacobian + layout.curvature(at.gradient)
    return _Point(gamma, at, jacobian.T @ at.gradient, hessian)


def _newton_step(point: _Point) -> tuple[FloatArray, float, bool]:
    """Return the step, the decrement g'H^-1 g with |eigenvalues| of H, and whether -f is concave here."""
    values, vectors = np.linalg.eigh(point.hessian)
    top = float(np.abs(values).max())
    floored = np.maximum(np.abs(values), _FLOOR * top)
    rotated = vectors.T @ point.gradient
    step = -vectors @ (rotated / floored)
    concave = bool(values[0] > -_FLOOR * top)
    return step, float(rotated @ (rotated / floored)), concave


def _decrement(point: _Point) -> float:
    return _newton_step(point)[1]


def _search(
    criterion: Criterion, layout: Layout, point: _Point, step: FloatArray, cancel: CancelToken
) -> tuple[_Point, bool]:
    """Halve the step until the criterion does not rise; return the old point when no step helps."""
    allowed = point.profile.value + _NOISE * abs(point.profile.value)
    trial = _point(criterion, layout, point.gamma + step)
    if trial.profile.value <= allowed:
        return trial, False
    for halving in range(1, _HALVINGS):
        cancel.check()
        gamma = point.gamma + 0.5**halving * step
        if criterion(layout.from_root(gamma)[0], 0).value <= allowed:
            return _point(criterion, layout, gamma), True
    return point, True


def _leave_saddle(layout: Layout, point: _Point) -> FloatArray | None:
    """Return a theta off a saddle point at a singular covariance matrix, or None where the optimum is genuine.

    The square-root metric is stationary at every singular matrix; a genuine optimum there needs a gradient that does
    not fall towards the inside: v' Gam v >= 0 for every v in the null space of Psi.
    """
    theta = point.profile.theta.copy()
    moved = False
    for block in layout.blocks:
        own = block.parameters
        Psi = block.structure.matrix(theta[own])
        values, vectors = np.linalg.eigh(Psi)
        null = vectors[:, values <= _EDGE * max(float(values[-1]), _LEAVE)]
        if not null.shape[1]:
            continue
        Gam = block.structure.gradient_matrix(point.profile.gradient[own])
        slopes, directions = np.linalg.eigh(null.T @ Gam @ null)
        if slopes[0] < -1e-6 * (1.0 + float(np.abs(Gam).max())):
            inward = null @ directions[:, 0]
            theta[own] += _LEAVE * block.structure.average(np.outer(inward, inward))
            moved = True
    return theta if moved else None
