"""What is to run, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from engine.api import CancelToken, Outcome


class JobState(Enum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    """Taken out of the queue before it began."""


@dataclass(slots=True, eq=False)
class Job:
    """Text handed in to be run: one command or several lines.

    `outcome` is that of the last command that ran, None until the job is done.
    """

    number: int
    text: str
    state: JobState = JobState.WAITING
    cancel: CancelToken = field(default_factory=CancelToken)
    outcome: Outcome | None = None
