"""The way of a search as it is reported: log likelihoods by iteration, for the plot of a running fit."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from engine.api import Iteration, Progress
from mixedgui.state.translation import tr

MOST_POINTS = 2_000
"""Of longer ways every other point is forgotten."""


@dataclass(slots=True)
class ProgressTrail:
    """Points (place, log likelihood, whether by EM, remark) in the order of their coming, and the latest share done."""

    points: list[tuple[int, float, bool, str]] = field(default_factory=list)
    share: float | None = None
    _at: int = -1
    _last: tuple[str, int] = ("", -1)

    def clear(self) -> None:
        """Forget everything: another command begins."""
        self.points.clear()
        self.share, self._at, self._last = None, -1, ("", -1)

    def take(self, event: object) -> bool:
        """Take what is reported; return whether there is a new point or share."""
        if isinstance(event, Progress):
            before, self.share = self.share, event.done / event.total if event.total > 0 else None
            return self.share != before
        if not isinstance(event, Iteration) or math.isnan(event.value):
            return False
        if (event.stage, event.number) == self._last:
            return False
        step = event.number - self._last[1] if event.stage == self._last[0] else 1
        self._at += max(step, 1)
        self._last = (event.stage, event.number)
        self.points.append((self._at, event.value, event.stage == "em", event.remark))
        if len(self.points) > MOST_POINTS:
            del self.points[1:-1:2]
        return True

    @property
    def summary(self) -> str:
        """The way in words: where it is now, and by how much it rose last."""
        if not self.points:
            return ""
        value = self.points[-1][1]
        text = tr("log likelihood {value:,.4f}").format(value=value)
        if len(self.points) > 1:
            text += tr(", {0:+.2g} since the last report").format(value - self.points[-2][1])
        return text
