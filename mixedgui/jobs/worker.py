"""The worker thread: runs jobs one after the other and files what they say for the window to fetch."""

from __future__ import annotations

import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from queue import Empty, SimpleQueue
from typing import TypeAlias

from engine.api import (
    Block,
    Ended,
    ErrorReport,
    Event,
    Iteration,
    Lines,
    Outcome,
    Printed,
    Progress,
    Role,
    Session,
    Started,
    render_block,
)
from mixedgui.jobs.job import Job
from mixedgui.state.time_left import TimeLeft
from mixedgui.state.translation import tr

STACK_BYTES = 16 * 2**20
"""Secondary threads get half a megabyte on some systems; LAPACK and deep expressions want more."""


STEPS_SECONDS = 0.05
"""Steps of a search are told together, no more often than this."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A block of output with its text lines, rendered on the worker's time."""

    block: Block
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JobStarted:
    """A job leaves the queue."""

    job: Job


@dataclass(frozen=True, slots=True)
class JobEnded:
    """A job is over; `outcome` is that of its last command."""

    job: Job
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Stepped:
    """Steps of the search of the running command, those since the last report."""

    steps: tuple[Iteration, ...]


Message: TypeAlias = JobStarted | Started | Shown | Stepped | Ended | JobEnded


class Worker:
    """A thread that owns the running of commands.

    Parameters
    ----------
    session
        What the commands act on.
    wake
        Called from the thread when there is something to `fetch`.
    """

    def __init__(self, session: Session, wake: Callable[[], None]) -> None:
        self._session = session
        self._wake = wake
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._modules: deque[str] = deque()
        self._closed = threading.Event()
        self._messages: deque[Message] = deque()
        self._woken = False
        self._steps: list[Iteration] = []
        self._told = 0.0
        self.latest: Iteration | Progress | None = None
        """The last word on how far the running command is; the window looks at it when it likes."""
        self._left = TimeLeft()
        previous = threading.stack_size(STACK_BYTES)
        self._thread = threading.Thread(target=self._main, name="mixedgui commands", daemon=True)
        self._thread.start()
        threading.stack_size(previous)

    def put(self, job: Job) -> None:
        """Run `job` when the thread is free."""
        self._jobs.put(job)

    def warm(self, modules: Sequence[str]) -> None:
        """Import `modules` while there is nothing else to do."""
        self._modules.extend(modules)
        self._jobs.put(None)

    def fetch(self) -> Iterator[Message]:
        """Yield what has been said since the last time, in order."""
        self._woken = False  # before looking: whatever is filed from here on wakes again
        while self._messages:
            yield self._messages.popleft()

    def time_left(self) -> str:
        """Say how long the running fit will still take; empty where there is nothing to say."""
        return self._left.words(time.monotonic())

    def abandon(self) -> None:
        """End the thread after the running job without waiting for it; nobody listens any more."""
        self._closed.set()
        self._jobs.put(None)

    def close(self, seconds: float) -> bool:
        """End the thread after the running job; return whether it ended within `seconds`."""
        self.abandon()
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _main(self) -> None:
        while not self._closed.is_set():
            try:
                job = self._jobs.get_nowait() if self._modules else self._jobs.get()
            except Empty:
                self._import_one()
                continue
            if job is not None and not self._closed.is_set():
                self._run(job)

    def _import_one(self) -> None:
        name = self._modules.popleft()
        try:
            import_module(name)
        except ImportError:
            return  # whoever needs it will say so

    def _run(self, job: Job) -> None:
        self.latest = None
        self._file(JobStarted(job))
        outcome = Outcome(command=job.text)
        begun = 0

        def listen(event: Event) -> None:
            nonlocal begun
            begun += {Started: 1, Ended: -1}.get(type(event), 0)
            self._hear(event)

        try:
            for outcome in self._session.run_each(job.text, sink=listen, cancel=job.cancel):  # noqa: B007
                pass
        except Exception as defect:
            outcome = self._defect(job, defect, begun)
        self.latest = None
        self._file(JobEnded(job, outcome))

    def _hear(self, event: Event) -> None:
        match event:
            case Iteration():
                self.latest = event
                self._left.take(event, time.monotonic())
                self._steps.append(event)
                if time.monotonic() - self._told > STEPS_SECONDS:
                    self._tell_steps()
            case Progress():
                self.latest = event
            case Printed(block=block):
                self._file(self._shown(block))  # type: ignore[arg-type]  # events know no documents
            case Started() | Ended():
                self.latest = None
                self._left.begin(time.monotonic())
                self._tell_steps()
                self._file(event)

    def _tell_steps(self) -> None:
        if self._steps:
            self._file(Stepped(tuple(self._steps)))
            self._steps.clear()
            self._told = time.monotonic()

    def _shown(self, block: Block) -> Shown:
        return Shown(block, tuple(render_block(block, self._session.settings.linesize)))

    def _defect(self, job: Job, defect: Exception, begun: int) -> Outcome:
        """File what the window shows when a command failed in a way that the session did not catch."""
        message = f"{type(defect).__name__}: {defect}"
        details = "".join(traceback.format_exception(defect))
        outcome = Outcome(command=job.text, rc=9, error=ErrorReport(9, message, None, details))
        if not begun:
            self._file(Started(job.text, tuple(job.text.splitlines())))
            begun = 1
        sentence = tr("this is a defect of mixedgui, not of your command ({message})").format(message=message)
        self._file(self._shown(Lines((sentence, "r(9);"), Role.ERROR)))
        for _ in range(begun):
            self._file(Ended(outcome))
        return outcome

    def _file(self, message: Message) -> None:
        self._messages.append(message)
        if not self._woken and not self._closed.is_set():
            self._woken = True
            self._wake()
