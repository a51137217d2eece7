"""Print the longest time in which a running command does not ask whether it should stop, and where that is.

Every command works on 1,000,000 rows; the goal is 0.2 s on a quiet machine.
"""

from __future__ import annotations

import sys
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from models import million_rows  # noqa: E402

from engine.api import CancelToken, Session  # noqa: E402


@dataclass(order=True)
class Gap:
    """A time without a check, in wall seconds, and the calls at its end."""

    seconds: float
    place: str = field(compare=False)


class Listening(CancelToken):
    """Measures the time between checks."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[Gap] = []
        self.restart()

    def restart(self) -> None:
        """Start the clock."""
        self._last = time.perf_counter()

    def check(self) -> None:
        self.record()
        super().check()
        self.restart()

    def record(self) -> None:
        """Note the time since the last check."""
        gap = time.perf_counter() - self._last
        if gap > 0.02:
            calls = [f for f in traceback.extract_stack(limit=7) if "cancel_gaps" not in f.filename]
            place = " > ".join(f"{Path(f.filename).stem}.{f.name}:{f.lineno}" for f in calls[-4:])
            self.gaps.append(Gap(gap, place))


def longest_gaps(session: Session, command: str, most: int = 1) -> tuple[float, list[Gap]]:
    """Run a command; return its seconds and its longest gaps, the longest first."""
    token = Listening()
    started = time.perf_counter()
    token.restart()
    outcome = session.run(command, cancel=token)
    token.record()
    assert outcome.rc == 0, outcome.text
    return time.perf_counter() - started, sorted(token.gaps, reverse=True)[:most]


def main() -> None:
    """Print one row per command."""
    frame = million_rows()
    frame["top"] = frame["g"] // 50
    frame["mid"] = frame["g"] // 5
    frame["t"] = frame.groupby("g").cumcount()
    warm = Session(data=frame.head(2_000))  # what is loaded on first use is no gap
    warm.run("mixed y x || top: || g:, residuals(ar 1, t(t)) reml dfmethod(kroger)")
    warm.run("predict b*, reffects")
    session = Session(data=frame)
    commands = (
        "mixed y x || g: x, cov(unstructured) reml",
        "mixed y x || top: || g: x, cov(unstructured) reml",
        "mixed y x || top: x || mid: x || g: x, reml",
        "mixed y x || top: || g:, vce(robust)",
        "mixed y x || g: x, cov(unstructured) reml dfmethod(kroger)",
        "mixed y x || g:, residuals(ar 1, t(t))",
        "mixed y x || _all: R.top || g:",
        "mixed y x || g: x, emonly emiterate(40)",
        "predict b*, reffects",
        "predict f, fitted",
        "predict e, residuals",
    )
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    print("| command | seconds | longest time without a check | where it ends |\n|---|---|---|---|")
    for command in commands:
        seconds, gaps = longest_gaps(session, command, most)
        for gap in gaps or [Gap(0.0, "")]:
            print(f"| `{command}` | {seconds:.2f} | {gap.seconds:.3f} | {gap.place} |", flush=True)


if __name__ == "__main__":
    main()
