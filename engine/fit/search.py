"""From starting values to the optimum: EM, then the gradient-based search, as the options ask."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.design.blocks import Design
from engine.events import CancelToken, EventSink, Iteration, IterationDetail
from engine.fit.criterion import Criterion, Profile
from engine.fit.em import DEFAULT_ITERATIONS, DEFAULT_TOLERANCE, run_em, starting_theta
from engine.fit.metric import LogMetric, Metric, RootMetric
from engine.fit.newton import Optimum, Stepping, StoppingRule, maximize
from engine.fit.points import Point, evaluate, newton_step
from engine.fit.start import accelerated_start
from engine.fit.variances import at_edge, snap_to_edge
from engine.frame.modelframe import FloatArray
from engine.results.mixed import OptimizationRecord
from engine.spec.mixed import Maximization
from engine.spec.technique import Technique, print_technique, read_technique

_STATA_DECREMENT = 1e-5
_STATA_COEFFICIENTS = 1e-6
_STATA_CHANGE = 1e-7
_HIGHER = 1e-9
"""Relative difference of the criterion that makes another maximum a better one."""
_PATIENCE = 40
"""Iterations that a second search may take at least."""
_LARGER = 30.0
"""How much larger the variances of the second starting point are."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """The profile at the optimum, with second-order jets, and how it was reached.

    `starts` holds the log likelihoods at which searches from different starting points ended.
    """

    profile: Profile
    record: OptimizationRecord
    starts: tuple[float, ...] = ()


def log_likelihood(value: float, design: Design, *, reml: bool) -> float:
    """Turn the working criterion's value into the log (restricted) likelihood of the data."""
    nu = design.n - design.p if reml else design.n
    value += 2.0 * nu * np.log(design.basis.scale)
    if reml:
        value -= 2.0 * design.basis.log_det
    return float(-0.5 * value)


def stopping_rule(maximization: Maximization) -> StoppingRule:
    """Turn the user's tolerances into a stopping rule; those stricter than Stata's defaults are met anyhow."""
    rule = StoppingRule()
    decrement = maximization.nrtolerance
    return StoppingRule(
        iterations=rule.iterations if maximization.iterate is None else maximization.iterate,
        decrement=np.inf
        if maximization.nonrtolerance
        else _looser(rule.decrement, None if decrement is None else 2.0 * decrement, 2.0 * _STATA_DECREMENT),
        change=_looser(rule.change, maximization.ltolerance, _STATA_CHANGE),
        coefficients=_looser(rule.coefficients, maximization.tolerance, _STATA_COEFFICIENTS),
    )


def _looser(own: float, given: float | None, default: float) -> float:
    return own if given is None or given <= default else max(own, given)


class _Log:
    """Tells the sink of iterations, values on the scale of the log likelihood."""

    def __init__(self, criterion: Criterion, sink: EventSink, names: tuple[str, ...]) -> None:
        self._criterion = criterion
        self._sink = sink
        self._names = names

    def likelihood(self, value: float) -> float:
        """Turn a value of the criterion into the log likelihood of the data."""
        return log_likelihood(value, self._criterion.design, reml=self._criterion.reml)

    def em(self, number: int, at: Profile) -> None:
        self._sink(Iteration("em", number, self.likelihood(at.value), edge=self._at_edge(at)))

    def gradient(self, number: int, at: Profile, remark: str = "", detail: IterationDetail | None = None) -> None:
        if detail is not None:
            steps = tuple((length, self.likelihood(value)) for length, value in detail.steps)
            detail = replace(detail, steps=steps, names=self._names)
        edge = self._at_edge(at)
        self._sink(Iteration("gradient", number, self.likelihood(at.value), remark, detail, edge=edge))

    def again(self, number: int, _at: Profile, *_: object) -> None:
        """Tell of a step of the second search, which is no part of the log."""
        self._sink(Iteration("again", number, float("nan")))

    def _at_edge(self, at: Profile) -> bool:
        return bool(at_edge(self._criterion, at.theta).any())


def find_optimum(
    criterion: Criterion,
    maximization: Maximization,
    *,
    names: tuple[str, ...] = (),
    sink: EventSink,
    cancel: CancelToken,
) -> Fit:
    """Search as `maximization` asks; `names` are those of the parameters in details of the log."""
    log = _Log(criterion, sink, names)
    if not criterion.layout.size:
        at = criterion(np.zeros(0), 2)
        for number in (0, 1):  # the closed form needs no second look, but a log shows that nothing changed
            log.gradient(number, at)
        return Fit(at, OptimizationRecord(em_iterations=0, iterations=1, converged=True, decrement=0.0))
    metric: Metric = (LogMetric if maximization.matlog else RootMetric)(criterion.layout)
    if maximization.emonly:
        return _em_only(criterion, metric, maximization, log, cancel)
    start, em_iterations = _start(criterion, metric, maximization, log, cancel)
    stepping = Stepping(
        plan=read_technique(maximization.technique or Technique.NR.value), difficult=maximization.difficult
    )
    optimum = maximize(
        criterion,
        start,
        rule=stopping_rule(maximization),
        report=log.gradient,
        cancel=cancel,
        metric=metric,
        stepping=stepping,
    )
    optimum, starts = _confirmed(criterion, optimum, log, cancel)
    record = OptimizationRecord(
        em_iterations=em_iterations,
        iterations=optimum.iterations,
        converged=optimum.converged,
        decrement=optimum.decrement,
        metric="matlog" if maximization.matlog else "matsqrt",
        technique=print_technique(stepping.plan),
    )
    return Fit(snap_to_edge(criterion, criterion.settle(optimum.profile)), record, starts)


def _confirmed(
    criterion: Criterion, optimum: Optimum, log: _Log, cancel: CancelToken
) -> tuple[Optimum, tuple[float, ...]]:
    """Search again from elsewhere where the problem looks hard; return the better optimum and all log likelihoods."""
    starts: tuple[float, ...] = (log.likelihood(optimum.profile.value),)
    if not optimum.converged or not (optimum.troubled or at_edge(criterion, optimum.profile.theta).any()):
        return optimum, starts
    other = _from_elsewhere(criterion, max(_PATIENCE, 2 * optimum.iterations), log, cancel)
    if other is None:
        return optimum, starts
    starts += (log.likelihood(other.profile.value),)
    if other.profile.value < optimum.profile.value - _HIGHER * abs(optimum.profile.value):
        optimum = replace(other, iterations=optimum.iterations + 1)
        log.gradient(optimum.iterations, optimum.profile, "restarted")
    return optimum, starts


def _from_elsewhere(criterion: Criterion, iterations: int, log: _Log, cancel: CancelToken) -> Optimum | None:
    """Search once more from large variances without covariances; None where it does not arrive in so many steps."""
    theta = starting_theta(criterion)
    for block in criterion.layout.blocks:
        Psi = block.structure.matrix(theta[block.parameters])
        theta[block.parameters] = block.structure.average(_LARGER * np.diag(np.diag(Psi)))
    metric = RootMetric(criterion.layout)
    try:
        start, steps = accelerated_start(criterion, metric, theta, report=log.again, cancel=cancel)

        def report(number: int, at: Profile, *_: object) -> None:
            if number:
                log.again(steps + number, at)

        rule = StoppingRule(iterations=iterations)
        found = maximize(criterion, start, rule=rule, report=report, cancel=cancel, metric=metric)
    except np.linalg.LinAlgError:
        return None
    return found if found.converged else None


def _start(
    criterion: Criterion, metric: Metric, maximization: Maximization, log: _Log, cancel: CancelToken
) -> tuple[Point, int]:
    """Return the evaluated starting point and the number of steps to it: plain EM where an option names it."""
    theta = starting_theta(criterion)
    if not criterion.layout.blocks:  # EM moves random effects only
        return evaluate(criterion, metric, metric.to_gamma(theta)), 0
    plain = maximization.emlog or maximization.emdots or maximization.emiterate is not None
    if not plain and maximization.emtolerance is None:
        return accelerated_start(criterion, metric, theta, report=log.em, cancel=cancel)
    theta, steps, settled = _plain_em(criterion, theta, maximization, log, cancel)
    point = evaluate(criterion, metric, metric.to_gamma(theta))
    if not settled and (maximization.emlog or maximization.emdots):
        log.em(steps, point.profile)
    return point, steps


def _plain_em(
    criterion: Criterion, theta: FloatArray, maximization: Maximization, log: _Log, cancel: CancelToken
) -> tuple[FloatArray, int, bool]:
    steps, tolerance = maximization.emiterate, maximization.emtolerance
    return run_em(
        criterion,
        theta,
        iterations=DEFAULT_ITERATIONS if steps is None else steps,
        tolerance=DEFAULT_TOLERANCE if tolerance is None else tolerance,
        report=log.em,
        cancel=cancel,
    )


def _em_only(criterion: Criterion, metric: Metric, maximization: Maximization, log: _Log, cancel: CancelToken) -> Fit:
    """Fit by EM alone; converged means that the log likelihood settled within the iterations allowed."""
    theta, steps, settled = _plain_em(criterion, starting_theta(criterion), maximization, log, cancel)
    point = evaluate(criterion, metric, metric.to_gamma(theta))
    if not settled:
        log.em(steps, point.profile)
    record = OptimizationRecord(
        em_iterations=steps,
        iterations=0,
        converged=settled,
        decrement=newton_step(point).decrement,
        emonly=True,
    )
    return Fit(criterion.settle(point.profile), record)
