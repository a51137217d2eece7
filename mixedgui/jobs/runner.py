"""Commands run on a worker thread; what they say arrives as signals in the window's thread."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from engine.api import Ended, Iteration, Progress, Session, Started
from mixedgui.jobs.job import Job, JobState
from mixedgui.jobs.worker import JobEnded, JobStarted, Message, Shown, Stepped, Worker

PROGRESS_MS = 50
"""Progress is reported at most this often."""

PATIENCE_MS = 150
"""Work shorter than this shows no progress at all."""

SLICE_SECONDS = 0.025
"""How long messages are worked off before the window gets a chance to paint and to listen."""


class JobRunner(QObject):
    """The queue of commands and its one worker.

    Attributes
    ----------
    submitted, withdrawn
        A job has entered or left the queue (`Job`).
    started, shown, ended
        A command begins (`Started`), prints a block (`Shown`), is over (`Outcome`); in the order of the log.
    finished
        A job is over (`Job`, its `outcome` set).
    progressed
        How far the running command is (`Iteration` or `Progress`), and seconds since the job began.
    stepped
        Steps of the search of the running command, in order and none left out (tuple of `Iteration`).
    busy_changed
        Whether anything runs or waits.
    """

    submitted = Signal(object)
    withdrawn = Signal(object)
    started = Signal(object)
    shown = Signal(object)
    ended = Signal(object)
    finished = Signal(object)
    progressed = Signal(object, float)
    stepped = Signal(object)
    busy_changed = Signal(bool)
    _woken = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self._waiting: list[Job] = []
        self._running: Job | None = None
        self._began = 0.0
        self._reported: Iteration | Progress | None = None
        self._clock = QTimer(self)
        self._clock.setInterval(PROGRESS_MS)
        self._clock.timeout.connect(self._report)
        self._turn = QTimer(self)  # messages wait for a turn: posted events would come before painting and input
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._work_off)
        self._woken.connect(self._turn.start, Qt.ConnectionType.QueuedConnection)
        self._worker = Worker(session, self._woken.emit)
        self.destroyed.connect(self._worker.abandon)
        self._closed = False

    @property
    def busy(self) -> bool:
        """Whether a command runs or waits."""
        return self._running is not None or bool(self._waiting)

    @property
    def running(self) -> Job | None:
        """The job that runs, if any."""
        return self._running

    @property
    def time_left(self) -> str:
        """How long the running fit will still take, in words; empty where there is nothing to say."""
        return self._worker.time_left()

    @property
    def waiting(self) -> tuple[Job, ...]:
        """Jobs that wait, first in line first."""
        return tuple(self._waiting)

    def submit(self, text: str) -> Job:
        """Queue `text`; it runs at once when nothing else does."""
        self._count += 1
        job = Job(self._count, text)
        was_busy = self.busy
        self._waiting.append(job)
        self.submitted.emit(job)
        if not was_busy:
            self.busy_changed.emit(True)
        self._next()
        return job

    def cancel(self) -> None:
        """Ask the running command to stop; commands that wait run next."""
        if self._running is not None:
            self._running.cancel.cancel()

    def withdraw(self, job: Job) -> None:
        """Take a waiting job out of the queue."""
        if job in self._waiting:
            self._waiting.remove(job)
            job.state = JobState.WITHDRAWN
            self.withdrawn.emit(job)

    def warm(self, modules: Sequence[str]) -> None:
        """Import `modules` in the background while no command runs."""
        self._worker.warm(modules)

    def close(self, seconds: float = 2.0) -> bool:
        """Cancel what runs, forget what waits, end the worker; return whether it ended within `seconds`."""
        if self._closed:
            return True
        self._closed = True
        self._clock.stop()
        for job in list(self._waiting):
            self.withdraw(job)
        self.cancel()
        return self._worker.close(seconds)

    def _next(self) -> None:
        if self._running is None and self._waiting and not self._closed:
            self._running = self._waiting.pop(0)
            self._running.state = JobState.RUNNING
            self._worker.put(self._running)

    @Slot()
    def _work_off(self) -> None:
        until = time.perf_counter() + SLICE_SECONDS
        for message in self._worker.fetch():
            if self._closed:
                return
            self._deal(message)
            if time.perf_counter() > until:
                self._turn.start()
                return

    def _deal(self, message: Message) -> None:
        match message:
            case JobStarted():
                self._began = time.perf_counter()
                self._reported = None
                self._clock.start()
            case Started():
                self.started.emit(message)
            case Shown():
                self.shown.emit(message)
            case Stepped(steps=steps):
                self.stepped.emit(steps)
            case Ended(outcome=outcome):
                self.ended.emit(outcome)
            case JobEnded(job=job, outcome=outcome):
                self._clock.stop()
                job.state, job.outcome = JobState.DONE, outcome
                self._running = None
                self.finished.emit(job)  # listeners read the session before the next command changes it
                self._next()
                if not self.busy:
                    self.busy_changed.emit(False)

    @Slot()
    def _report(self) -> None:
        elapsed = time.perf_counter() - self._began
        latest = self._worker.latest
        if elapsed * 1000 < PATIENCE_MS:
            return
        self._reported = latest if latest is not None else self._reported
        self.progressed.emit(self._reported, elapsed)
