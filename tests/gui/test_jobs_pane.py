"""The Jobs pane: what runs, its search, and the queue."""

from PySide6.QtWidgets import QLabel

from engine.api import Iteration


def test_the_pane_tells_what_runs_and_what_waits(window, qtbot):
    pane = window.jobs
    assert not pane.cancel.isEnabled()
    assert pane.cancel.toolTip() == "Nothing runs"
    with qtbot.waitSignal(window.command_finished, timeout=20000):
        window.run_command("use hsb")
        window.run_command("describe")
        window.run_command("count")
        assert pane.queue.count() == 2
        assert pane.cancel.isEnabled()
        pane.queue.item(1).setSelected(True)
        pane.withdraw.click()
        assert [pane.queue.item(i).text() for i in range(pane.queue.count())] == ["describe"]
    qtbot.waitUntil(lambda: not window.busy, timeout=20000)
    assert pane.queue.count() == 0
    assert pane.findChild(QLabel, "jobs_command").text() == "Nothing runs"
    assert [entry.command for entry in window.session.history] == ["use hsb", "describe"]


def test_the_search_of_a_running_fit_is_drawn(window, qtbot):
    pane = window.jobs
    steps = (Iteration("em", 0, -900.0), Iteration("em", 1, -500.0), Iteration("gradient", 0, -400.0))
    window.runner.stepped.emit(steps[:2])
    window.runner.stepped.emit(steps[2:])
    places = pane.plot.places()
    assert len(places) == 3
    assert places[0].x() < places[1].x() < places[2].x()
    assert places[0].y() > places[1].y() > places[2].y(), "better is higher"
    assert "log likelihood -400" in pane.plot.accessibleDescription()
    assert not pane.plot.grab().isNull()


def test_every_step_of_a_quick_fit_is_drawn_and_stays(window, run):
    run("use sleepstudy")
    printed = run("mixed reaction days || subject: days, cov(un)").text
    steps = [point for point in window.jobs.trail.points if not point[2]]
    assert len(steps) == sum(line.startswith("Iteration ") for line in printed.splitlines()) >= 2
    run("mixed reaction days || subject:")
    again = [point[1] for point in window.jobs.trail.points if not point[2]]
    assert again[-1] != steps[-1][1], "the search of the command before has gone"
    run("describe")
    assert window.jobs.trail.points == []


def test_the_end_of_a_job_is_told_with_its_time(window, run):
    run("use hsb")
    assert window.jobs._how_far.text().startswith("Done in")
    run("describe nothing")
    assert window.jobs._how_far.text().startswith("Ended with r(111)")


def test_the_pane_and_the_status_bar_tell_how_long_a_fit_will_take(window, qtbot, monkeypatch):
    monkeypatch.setattr(window.runner._worker, "time_left", lambda: "about 12 s left")
    window.runner.progressed.emit(Iteration("em", 3, -900.0), 4.0)
    shown = "EM iteration 3, log likelihood -900.0000, about 12 s left"
    assert window.jobs.findChild(QLabel, "jobs_progress").text() == shown
    assert window.findChild(QLabel, "status_progress").text() == shown


def test_the_steps_of_a_fit_reach_the_estimate_and_the_next_command_forgets_them(window, run, monkeypatch):
    taken, begun = [], []
    left = window.runner._worker._left
    take, begin = left.take, left.begin
    worker = window.runner._worker

    class Watched:
        def take(self, event, at):
            taken.append(event.stage)
            take(event, at)

        def begin(self, at):
            begun.append(at)
            begin(at)

        words = left.words

    monkeypatch.setattr(worker, "_left", Watched())
    run("use sleepstudy")
    assert taken == []
    run("mixed reaction days || subject: days")
    assert {"em", "gradient", "se"} <= set(taken)
    assert len(begun) == 4  # each command begins and ends
    assert window.runner.time_left == ""
