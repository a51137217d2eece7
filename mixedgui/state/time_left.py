"""How long a single fit will still take, from the way of its search so far.

A search comes nearer to its end by about the same factor at each step: what the log likelihood still gains, relative to
its value, falls from step to step, and the search ends where it no longer shows in the printed digits. The steps that
this takes, times what a step has taken, and what comes after the search make the estimate.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from engine.api import Iteration
from mixedgui.state.translation import tr

PATIENCE = 2.0
"""Seconds; of a shorter fit nothing is told."""

NEAR = -9.0
"""Power of ten of the relative gain at which the first part of a search ends (that of `engine.fit.start`)."""

END = -12.0
"""Power of ten of the scaled gradient at which Newton's method has arrived."""

LOOK_BACK = 3
"""Over so many gains their fall is measured."""

CLOSE = -2.0
"""Power of ten of a first gain from which the digits that are right double at each step."""

LEAST_FALL = 0.1
"""Powers of ten per step; a search that comes nearer more slowly has no end in sight."""

MOST_STEPS = 200.0

FIRST_PART = 24
"""Steps after which the first part of a search gives way to Newton's method (that of `engine.fit.start`)."""

FINISH = 1.3
"""After the last step: curvature, standard errors and checks, in steps; between 0.6 and 1.8 in recorded fits."""

SHOWN = 0.3
"""From the standard errors to the printed tables, in steps."""

AGAIN = 1.5
"""Steps of a second search per step of the first; between 1.3 and 1.8 in recorded fits."""

OVERDUE = 0.25
"""What takes longer than expected will take this much more of the time since the last step."""


@dataclass(slots=True)
class TimeLeft:
    """Takes the steps of a running command as they come; times are seconds on any clock that does not go back."""

    _began: float = 0.0
    _last: Iteration | None = None
    _at: float = 0.0
    _value: float = math.nan
    _gains: list[float] = field(default_factory=list)
    _gradients: list[float] = field(default_factory=list)
    _times: list[float] = field(default_factory=list)
    _steps: int = 0
    _troubled: bool = False
    _planned: float | None = None

    def begin(self, at: float) -> None:
        """Forget everything: another command begins."""
        self._began, self._last, self._at, self._value = at, None, at, math.nan
        self._gains.clear()
        self._gradients.clear()
        self._times.clear()
        self._steps, self._troubled, self._planned = 0, False, None

    def take(self, step: Iteration, at: float) -> None:
        """Take a step; the same one may be told again."""
        last = self._last
        if last is not None and (last.stage, last.number) == (step.stage, step.number):
            return
        before = self.seconds(at)
        if last is not None and last.stage == step.stage:
            if step.stage == "again" and not last.number:
                self._times.clear()  # until now those of the first search stood for them
            self._times.append((at - self._at) / max(step.number - last.number, 1))
        if step.stage in {"em", "gradient"}:
            self._measure(step)
        same_stage = last is not None and last.stage == step.stage
        self._last, self._at = step, at
        planned = self._plan()
        if planned is not None and before is not None and same_stage:
            planned = math.sqrt(planned * before)  # no wild jumps from step to step
        self._planned = planned

    def seconds(self, at: float) -> float | None:
        """Return how long it will take from `at`, None while that cannot be known."""
        if self._planned is None:
            return None
        since = at - self._at
        return max(self._planned - since, OVERDUE * since, 0.0)

    def words(self, at: float) -> str:
        """Say how long it will take; nothing of short commands and of those that do not search."""
        elapsed, left = at - self._began, self.seconds(at)
        if self._last is None or elapsed + (left or 0.0) < PATIENCE or elapsed < PATIENCE / 2.0:
            return ""
        if left is None:
            return tr("estimating time left…") if elapsed >= PATIENCE else ""
        if left < 100.0:
            rounded = max(round(left), 1) if left < 20.0 else 5 * round(left / 5.0)
            return tr("about {0} s left").format(rounded)
        return tr("about {0} min left").format(max(round(left / 60.0), 2))

    def _measure(self, step: Iteration) -> None:
        """Keep what tells how near the end is."""
        gain = abs(step.value - self._value) / (abs(step.value) + 1.0)
        if gain > 0.0:
            self._gains.append(math.log10(gain))
        self._value = step.value
        self._steps += 1
        self._troubled = self._troubled or bool(step.remark)
        slope = step.detail.scaled_gradient if step.detail is not None else math.nan
        if slope > 0.0:
            self._gradients.append(math.log10(slope))

    def _plan(self) -> float | None:
        """Return how long it takes from the last step to the end."""
        step = self._last
        if step is None or not self._times:
            return None
        each = sum(self._times) / len(self._times)
        if step.stage in {"se", "df"}:
            return each * SHOWN
        if step.stage == "again":
            expected = AGAIN * self._steps
            return each * (max(expected - step.number, OVERDUE * step.number) + FINISH)
        steps = self._until_near(step) if step.stage == "em" else self._until_end(step)
        if steps is None:
            return None
        again = AGAIN * (self._steps + steps) if step.edge or self._troubled else 0.0
        return each * (steps + again + FINISH)

    def _until_near(self, step: Iteration) -> float | None:
        """Return the steps to the end of a search that has only told values: one of Newton's method comes last."""
        steps = _steps_to(NEAR, self._gains, LOOK_BACK)
        if steps is not None and step.number < FIRST_PART:
            steps = min(steps, FIRST_PART - step.number)
        return None if steps is None else steps + 1.0

    def _until_end(self, step: Iteration) -> float | None:
        """Return the steps that Newton's method still takes."""
        if step.remark:
            return None
        if not self._gradients:
            return _steps_to(NEAR, self._gains, LOOK_BACK)
        if len(self._gradients) == 1:
            return 1.0 if self._gradients[-1] < END / 2.0 else 2.0
        return _steps_to(END, self._gradients, LOOK_BACK)


def _steps_to(goal: float, powers: list[float], look_back: int) -> float | None:
    """Return the steps until falling powers of ten reach `goal`, None where they do not fall."""
    if powers and powers[-1] <= goal:
        return 0.0
    if len(powers) < 2:
        return math.log2(goal / powers[0]) if powers and powers[0] < CLOSE else None
    seen = powers[-1 - look_back :]
    fall = (seen[0] - seen[-1]) / (len(seen) - 1)
    if fall < LEAST_FALL:
        return None
    steps = (powers[-1] - goal) / fall
    return steps if steps <= MOST_STEPS else None
