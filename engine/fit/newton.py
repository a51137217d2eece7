"""The gradient-based search: Newton's method with the exact Hessian, or quasi-Newton updates, with step halving."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from engine.events import CancelToken, IterationDetail
from engine.fit.criterion import Criterion, Profile
from engine.fit.layout import Layout
from engine.fit.metric import Metric, RootMetric
from engine.fit.points import Point, evaluate, newton_step
from engine.fit.quasi import InverseHessian
from engine.frame.modelframe import FloatArray
from engine.spec.technique import Plan, Technique

DEFAULT_ITERATIONS = 300
_DECREMENT = 1e-11
"""Own stopping rule: g'H^-1 g in units of -2 log L, which leaves errors of about 1e-6 standard errors."""
_NOISE = 1e-14
"""Relative rounding error of the criterion."""
_ACCURATE, _EXACT = 1e-16, 1e-29
"""Decrements that end polishing: errors of 1e-8 standard errors, and, where it costs nothing, none at all."""
_SAME_VALUE = 5e-10
_HALVINGS = 30
_LEAVE = 1e-3
_EDGE = 1e-9
_MANY = 10
"""Iterations beyond which a search did not go smoothly."""
_IDLE = 4
"""Steps in a row without a change of the criterion after which a search has come to the edge of what is possible."""
_STUCK = 1e-6
"""Decrement with which a search that cannot go on has still arrived."""
_SLOW, _SLIGHT = 8, 1e-9
"""Steps in a row with so slight a relative change that what is left of the way is flat up to rounding."""

Trials: TypeAlias = tuple[tuple[float, float], ...]
"""Step lengths tried and the criterion's values there."""
Report: TypeAlias = Callable[[int, Profile, str, IterationDetail], None]
"""Gets each iteration's number, profile, remark and details; values in `steps` are those of the criterion."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepping:
    """How steps are made: techniques in turn, and what happens in nonconcave regions."""

    plan: Plan = ((Technique.NR, 0),)
    difficult: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Optimum:
    """Where the search ended, with second-order jets; `troubled` when it met nonconcave regions or halved steps."""

    profile: Profile
    gamma: FloatArray
    iterations: int
    converged: bool
    decrement: float
    troubled: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Move:
    """What one iteration did; `point` is the old one where no step helped."""

    point: Point
    halved: bool
    concave: bool
    trials: Trials


def maximize(
    criterion: Criterion,
    start: FloatArray | Point,
    *,
    rule: StoppingRule,
    report: Report,
    cancel: CancelToken,
    metric: Metric | None = None,
    stepping: Stepping = Stepping(),
) -> Optimum:
    """Minimise the criterion from a theta or an evaluated point; iteration number 0 is reported first."""
    search = _Search(criterion, metric or RootMetric(criterion.layout), stepping, cancel)
    point = start if isinstance(start, Point) else search.evaluate(search.metric.to_gamma(start), 1)
    point = search.ready(point, 1)
    report(0, point.profile, "", search.detail(point, None, ()))
    decrement, troubled, idle, slow = np.inf, False, 0, 0
    for iteration in range(1, rule.iterations + 1):
        cancel.check()
        move = search.move(point, iteration)
        idle = idle + 1 if abs(move.point.value - point.value) <= _NOISE * abs(point.value) else 0
        slow = slow + 1 if abs(move.point.value - point.value) <= _SLIGHT * abs(point.value) else 0
        stuck = move.point is point or idle >= _IDLE or slow >= _SLOW
        settled = _settled(point, move.point, rule)
        old, point = point, search.ready(move.point, iteration + 1)
        near = stuck or settled
        if near and point.hessian is None:
            point = search.evaluate(point.gamma, 2)
        troubled = troubled or move.halved or not move.concave or iteration > _MANY
        remark = "not concave" if not move.concave else "backed up" if move.halved else ""
        report(iteration, point.profile, remark, search.detail(point, old, move.trials))
        if point.hessian is None:
            continue
        found = newton_step(point)
        decrement = found.decrement
        if slow >= _SLOW and decrement > rule.decrement:
            decrement = found.firm
        if stuck or (decrement <= rule.decrement and settled):
            away = _leave_saddle(criterion.layout, point)
            if away is None:
                if rule.decrement == _DECREMENT:
                    point, decrement = search.polish(point, decrement)
                return Optimum(
                    profile=point.profile,
                    gamma=point.gamma,
                    iterations=iteration,
                    converged=not stuck or decrement <= max(rule.decrement, _STUCK),
                    decrement=decrement,
                    troubled=troubled,
                )
            troubled = True
            point = search.evaluate(search.metric.to_gamma(away), 2)
    if point.hessian is None:
        point = search.evaluate(point.gamma, 2)
    return Optimum(
        profile=point.profile,
        gamma=point.gamma,
        iterations=rule.iterations,
        converged=False,
        decrement=newton_step(point).decrement,
        troubled=troubled,
    )


def _settled(old: Point, new: Point, rule: StoppingRule) -> bool:
    if abs(new.value - old.value) <= rule.change * abs(new.value):
        return True
    return _relative_change(old, new) <= rule.coefficients


def _relative_change(old: Point, new: Point) -> float:
    """Stata's mreldif of the coordinates."""
    return float((np.abs(new.gamma - old.gamma) / (np.abs(old.gamma) + 1.0)).max())


class _Search:
    """The moves of one search and the memory of its quasi-Newton steps."""

    def __init__(self, criterion: Criterion, metric: Metric, stepping: Stepping, cancel: CancelToken) -> None:
        self.criterion = criterion
        self.metric = metric
        self._stepping = stepping
        self._cancel = cancel
        self._memory: InverseHessian | None = None

    def evaluate(self, gamma: FloatArray, order: int) -> Point:
        return evaluate(self.criterion, self.metric, gamma, order)

    def polish(self, point: Point, decrement: float) -> tuple[Point, float]:
        """Take the last steps, which no log would show: each doubles the number of correct digits."""
        wanted = _EXACT if self.criterion.small else _ACCURATE
        for _ in range(self.criterion.polishes):
            if decrement <= wanted:
                break
            found = newton_step(point)
            new = self.evaluate(point.gamma + found.step, 2)
            left = newton_step(new).decrement
            if not found.concave or not left < decrement:
                break
            point, decrement = new, left
        return point, decrement

    def technique(self, iteration: int) -> Technique:
        """Return the technique of an iteration: each in turn for its number of iterations."""
        plan = self._stepping.plan
        if len(plan) == 1:
            return plan[0][0]
        place = (iteration - 1) % sum(count for _, count in plan)
        for technique, count in plan:
            if place < count:
                return technique
            place -= count
        return plan[-1][0]

    def ready(self, point: Point, iteration: int) -> Point:
        """Return the point with the derivatives that the iteration's technique needs."""
        if self.technique(iteration) is Technique.NR and point.hessian is None:
            return self.evaluate(point.gamma, 2)
        return point

    def move(self, point: Point, iteration: int) -> _Move:
        """Take one step."""
        technique = self.technique(iteration)
        if technique is Technique.NR:
            self._memory = None
            found = newton_step(point, difficult=self._stepping.difficult)
            longer = self._stepping.difficult and not found.concave
            return self._line(point, found.step, concave=found.concave, order=2, longer=longer)
        if self._memory is None:
            self._memory = InverseHessian.at(point)
        move = self._line(point, self._memory.step(point.gradient), concave=True, order=1, longer=False)
        if move.point is point:
            self._memory = None
            return self._line(point, newton_step(self._whole(point)).step, concave=True, order=1, longer=False)
        self._memory = self._memory.updated(technique, point, move.point)
        return move

    def _whole(self, point: Point) -> Point:
        return point if point.hessian is not None else self.evaluate(point.gamma, 2)

    def _line(self, point: Point, step: FloatArray, *, concave: bool, order: int, longer: bool) -> _Move:
        """Halve the step until the criterion does not rise; with `longer` double it first while that helps."""
        allowed = point.value + _NOISE * abs(point.value)
        trial = self.evaluate(point.gamma + step, order)
        trials = [(1.0, trial.value)]
        if trial.value <= allowed:
            factor = 1.0
            while longer and factor < 64.0:
                self._cancel.check()
                factor *= 2.0
                further = self.evaluate(point.gamma + factor * step, order)
                trials.append((factor, further.value))
                if not further.value < trial.value:
                    break
                trial = further
            return _Move(trial, False, concave, tuple(trials))
        for halving in range(1, _HALVINGS):
            self._cancel.check()
            gamma = point.gamma + 0.5**halving * step
            at = self.criterion(self.metric.from_gamma(gamma)[0], 0)
            trials.append((0.5**halving, at.value))
            if at.value <= allowed:
                return _Move(self.evaluate(gamma, order), concave, concave, tuple(trials))
        return _Move(point, True, concave, tuple(trials))

    def detail(self, point: Point, old: Point | None, trials: Trials) -> IterationDetail:
        """Describe an iteration on the scale of the log likelihood."""
        hessian = point.hessian
        return IterationDetail(
            parameters=point.gamma,
            gradient=-0.5 * point.gradient,
            hessian=None if hessian is None else -0.5 * hessian,
            steps=trials,
            parameter_change=np.nan if old is None else _relative_change(old, point),
            value_change=np.nan if old is None else abs(point.value - old.value) / (abs(old.value) + 1.0),
            scaled_gradient=np.nan if hessian is None else 0.5 * newton_step(point).decrement,
        )


def _leave_saddle(layout: Layout, point: Point) -> FloatArray | None:
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
