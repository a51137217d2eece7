"""The queue and its worker, without a window."""

import threading

import pytest

from engine.api import Session
from mixedgui.jobs.job import JobState
from mixedgui.jobs.runner import JobRunner


@pytest.fixture
def runner(qapp):
    runner = JobRunner(Session())
    yield runner
    runner.close()


def test_signals_come_in_the_order_of_the_log_and_in_the_windows_thread(runner, qtbot):
    seen = []
    here = threading.current_thread()
    runner.started.connect(
        lambda started: seen.append(("started", started.command, threading.current_thread() is here))
    )
    runner.shown.connect(lambda shown: seen.append(("shown", shown.lines[-1], threading.current_thread() is here)))
    runner.ended.connect(lambda outcome: seen.append(("ended", outcome.rc, threading.current_thread() is here)))
    with qtbot.waitSignal(runner.finished):
        runner.submit("nonsense")
    assert seen == [("started", "nonsense", True), ("shown", "r(199);", True), ("ended", 199, True)]


def test_every_submitted_job_finishes_once(runner, qtbot):
    finished = []
    runner.finished.connect(finished.append)
    jobs = [runner.submit("count") for _ in range(50)]
    assert runner.busy
    qtbot.waitUntil(lambda: not runner.busy)
    assert finished == jobs
    assert {job.state for job in jobs} == {JobState.DONE}


def test_job_cancelled_before_it_began_ends_with_break(runner, qtbot):
    job = runner.submit("count")
    job.cancel.cancel()
    qtbot.waitUntil(lambda: not runner.busy)
    assert job.outcome.rc in {0, 1}  # it may have been quicker than the request
    later = runner.submit("count")
    qtbot.waitUntil(lambda: not runner.busy)
    assert later.outcome.rc == 0


def test_close_ends_the_thread_and_forgets_what_waits(qapp):
    runner = JobRunner(Session())
    jobs = [runner.submit("count") for _ in range(20)]
    assert runner.close()
    assert JobState.WITHDRAWN in {job.state for job in jobs}
    assert runner.close()


def test_modules_are_loaded_between_commands_and_unknown_ones_ignored(runner, qtbot):
    runner.warm(["no_such_module", "json"])
    job = runner.submit("count")
    qtbot.waitUntil(lambda: not runner.busy)
    assert job.outcome.rc == 0
