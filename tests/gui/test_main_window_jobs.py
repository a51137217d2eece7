"""Progress, cancel, queue, closing while a command runs, and defects of the program."""

import threading

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QMessageBox, QPushButton

from engine.api import Break, Document, Ended, Lines, Outcome, Printed, Progress, Session, Started


class SlowSession:
    """Stands in for the engine: `wait` runs until it is cancelled or let go."""

    def __init__(self, window):
        self.go = threading.Event()
        self.began = threading.Event()
        self.real = window.session
        window.runner._worker._session = self

    @property
    def settings(self):
        return self.real.settings

    def run_each(self, text, *, sink, cancel):
        if text != "wait":
            yield from self.real.run_each(text, sink=sink, cancel=cancel)
            return
        sink(Started(text, (text,)))
        sink(Printed(Lines(("halfway",))))
        self.began.set()
        rc = 0
        while not self.go.wait(0.005):
            sink(Progress("waiting", 1, 4))
            try:
                cancel.check()
            except Break:
                rc = 1
                sink(Printed(Lines(("--Break--", "r(1);"))))
                break
        outcome = Outcome(command=text, rc=rc, document=Document(()))
        sink(Ended(outcome))
        yield outcome


@pytest.fixture
def slow(window):
    return SlowSession(window)


def test_lines_appear_while_the_command_still_runs(window, slow, qtbot):
    window.run_command("wait")
    qtbot.waitUntil(lambda: "halfway" in window.results_text())
    assert window.busy
    slow.go.set()
    qtbot.waitUntil(lambda: not window.busy)


def test_cancel_button_appears_and_stops_the_command(window, slow, qtbot):
    window.run_command("wait")
    button = window.findChild(QPushButton, "cancel_command")
    assert not button.isVisible()
    qtbot.waitUntil(button.isVisible)
    assert "waiting: 25%" in window.status._what.text()
    with qtbot.waitSignal(window.command_finished, timeout=1000) as done:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done.args[0].rc == 1
    assert not window.busy
    assert not button.isVisible()


def test_commands_given_while_busy_wait_and_run_in_order(window, slow, qtbot):
    finished = []
    window.command_finished.connect(lambda outcome: finished.append(outcome.command))
    window.run_command("wait")
    window.run_command("count")
    window.run_command("describe")
    model = window.history.view.model()
    qtbot.waitUntil(slow.began.is_set)
    qtbot.waitUntil(lambda: "running" in model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole))
    texts = [model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(3)]
    assert [text.rsplit(" ", 1)[-1] for text in texts] == ["running", "waiting", "waiting"]
    slow.go.set()
    qtbot.waitUntil(lambda: not window.busy)
    assert finished == ["wait", "count", "describe"]
    assert model.rowCount() == 3


def test_waiting_command_can_be_taken_out_of_the_queue(window, slow, qtbot):
    window.run_command("wait")
    job = window.run_command("describe")
    window.history.withdraw_wanted.emit(job.number)
    slow.go.set()
    qtbot.waitUntil(lambda: not window.busy)
    assert ". describe" not in window.results_text()
    assert window.history.view.model().rowCount() == 1


def test_closing_cancels_the_running_command_and_ends_the_thread(window, slow, qtbot, capfd):
    window.run_command("wait")
    window.run_command("count")
    qtbot.waitUntil(slow.began.is_set)
    thread = window.runner._worker._thread
    window.close()
    assert not thread.is_alive()
    assert not window.isVisible()
    assert capfd.readouterr().err == ""


def test_defect_of_the_engine_becomes_a_report_with_details(window, qtbot, capfd, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("the furnace is cold")

    monkeypatch.setattr(window.session, "run_each", broken)
    with qtbot.waitSignal(window.command_finished) as done:
        window.run_command("count")
    assert done.args[0].rc == 9
    assert not window.busy
    text = " ".join(window.results_text().split())
    assert "this is a defect of mixedgui, not of your command" in text
    assert "the furnace is cold" in text
    record = window.results.text.records[-1]
    entries = [action.text().replace("&", "") for action in window.results.actions_.menu(record).actions()]
    assert "Copy Details for a Report" in entries
    assert "Traceback" not in capfd.readouterr().err


def test_defect_of_the_window_is_shown_in_a_card(window):
    window.report_defect(ValueError("odd"), "Traceback: odd")
    card = window.findChild(QMessageBox, "defect_report")
    assert "defect in mixedgui" in card.text()
    assert "Traceback: odd" in card.detailedText()
    card.close()


def test_progress_is_not_reported_more_than_twenty_times_a_second(window, slow, qtbot):
    reports = []
    window.runner.progressed.connect(lambda *_: reports.append(1))
    window.run_command("wait")
    qtbot.waitUntil(lambda: len(reports) >= 5)
    assert window.runner._clock.interval() >= 50
    slow.go.set()
    qtbot.waitUntil(lambda: not window.busy)


def _long_fit(window, qtbot):
    """Start a fit that goes on until it is stopped, and wait until it is under way."""
    rng = np.random.default_rng(7)
    groups = np.repeat(np.arange(4_000), 5)
    x, u = rng.normal(size=len(groups)), rng.normal(size=4_000)
    frame = {"y": x + u[groups] + rng.normal(size=len(groups)), "x": x, "g": groups}
    window.session.data = Session(data=pd.DataFrame(frame)).data
    iterations = []
    window.runner.progressed.connect(lambda event, _: iterations.append(event) if event is not None else None)
    window.run_command("mixed y x || g: x, emonly emiterate(16000) emtolerance(1e-300)")
    qtbot.waitUntil(lambda: len(iterations) > 2, timeout=60_000)
    return iterations


def test_a_real_fit_is_cancelled_at_its_next_step_and_leaves_the_data(window, qtbot):
    iterations = _long_fit(window, qtbot)
    job = window.runner.running
    last = window.runner._worker.latest.number
    with qtbot.waitSignal(window.command_finished, timeout=60_000) as done:
        qtbot.mouseClick(window.status.cancel_button, Qt.MouseButton.LeftButton)
        last = max(last, window.runner._worker.latest.number)
    assert done.args[0].rc == 1
    assert job.outcome is done.args[0]
    assert "--Break--" in window.results_text()
    assert window.session.data.n_obs == 20_000
    assert max(event.number for event in iterations) <= last + 1  # at most the step that was being taken


def test_the_window_works_off_events_while_a_real_fit_computes(window, qtbot):
    _long_fit(window, qtbot)
    beats, clock = [], QTimer()
    clock.setInterval(0)
    clock.timeout.connect(lambda: beats.append(window.runner._worker.latest.number))
    clock.start()
    qtbot.waitUntil(lambda: len(beats) >= 100, timeout=60_000)
    clock.stop()
    assert window.busy  # a hundred rounds of the event loop fit into the computation, not after it
    assert beats[-1] > beats[0]
    qtbot.keyClicks(window.command_line.edit, "count")
    assert window.command_line.edit.toPlainText() == "count"
    window.cancel_command()
    qtbot.waitUntil(lambda: not window.busy, timeout=60_000)


def test_closing_during_a_real_fit_ends_the_thread(window, qtbot):
    _long_fit(window, qtbot)
    thread = window.runner._worker._thread
    window.session.data = type(window.session.data)()
    window.close()
    assert not thread.is_alive()
