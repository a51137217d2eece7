"""Replicates that run in processes while the window is open."""

from __future__ import annotations

import engine.commands.resampling.resample_run


def test_replicates_in_processes_give_the_numbers_of_a_session_without_a_window(run, window, monkeypatch):
    from engine.api import Session

    alone = Session()
    alone.run("webuse pig")
    expected = alone.run("bootstrap, reps(6) seed(1) nodots: regress weight week").e.matrices["V"].values
    monkeypatch.setattr(engine.commands.resampling.resample_run, "WORTH_PROCESSES", 0.0)
    monkeypatch.setattr(engine.commands.resampling.resample_run.os, "cpu_count", lambda: 2)
    assert run("webuse pig").rc == 0
    outcome = run("bootstrap, reps(6) seed(1) nodots: regress weight week")
    assert outcome.rc == 0
    assert (outcome.e.matrices["V"].values == expected).all()
