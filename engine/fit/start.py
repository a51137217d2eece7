"""Starting values by EM, helped by a few Newton steps where EM alone would creep."""

from __future__ import annotations

from collections.abc import Callable

from engine.events import CancelToken
from engine.fit.criterion import Criterion, Profile
from engine.fit.em import em_step
from engine.fit.metric import Metric
from engine.fit.points import Point, evaluate, newton_step
from engine.frame.modelframe import FloatArray

EM_STEPS = 20
_MORE = 4
"""EM steps between two trials."""
_CLOSE = 1e-9
"""Newton decrement, relative to the criterion, at which the log likelihood shows all its printed digits."""
_NEWTON_STEPS = 4


def accelerated_start(
    criterion: Criterion,
    metric: Metric,
    theta: FloatArray,
    *,
    report: Callable[[int, Profile], None],
    cancel: CancelToken,
) -> tuple[Point, int]:
    """Climb from theta into the reach of Newton's method; return the point and the number of steps.

    EM is safe but slow near the top. After a few of its steps a Newton step is tried, and kept while it climbs through
    a concave region; where it does not, EM goes on, for at most `EM_STEPS` steps.
    """
    done, until = 0, criterion.first_em
    at: Profile | None = None
    while True:
        theta, done = _em(criterion, at or theta, done, until, report=report, cancel=cancel)
        point = evaluate(criterion, metric, metric.to_gamma(theta))
        report(done, point.profile)
        point, taken, arrived = _newton(criterion, metric, point, done, report=report, cancel=cancel)
        if arrived or done >= EM_STEPS:
            return point, done + taken
        at = point.profile
        done, until = done + taken, min(done + taken + _MORE, EM_STEPS)


def _em(
    criterion: Criterion,
    start: FloatArray | Profile,
    done: int,
    until: int,
    *,
    report: Callable[[int, Profile], None],
    cancel: CancelToken,
) -> tuple[FloatArray, int]:
    """Take EM steps from a theta or a reported profile until `until` are done; their end is not evaluated."""
    theta, known = (start.theta, start) if isinstance(start, Profile) else (start, None)
    while done < until:
        cancel.check()
        at = known
        if at is None:
            at = criterion(theta, 1)
            report(done, at)
        theta, known = em_step(criterion, at), None
        done += 1
    return theta, done


def _newton(
    criterion: Criterion,
    metric: Metric,
    point: Point,
    done: int,
    *,
    report: Callable[[int, Profile], None],
    cancel: CancelToken,
) -> tuple[Point, int, bool]:
    """Take Newton steps while they climb; return the point, their number, and whether the top is near."""
    for taken in range(_NEWTON_STEPS):
        found = newton_step(point)
        if not found.concave:
            return point, taken, False
        if found.decrement <= _CLOSE * abs(point.value):
            return point, taken, True
        cancel.check()
        new = evaluate(criterion, metric, point.gamma + found.step)
        if not new.value <= point.value:
            return point, taken, False
        point = new
        report(done + taken + 1, point.profile)
    return point, _NEWTON_STEPS, False
