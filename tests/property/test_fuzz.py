"""Random and mutated command lines end in a result or in an error with its place, and Break ends loops without end."""

from __future__ import annotations

import threading

import numpy as np
import pandas as pd
import pytest
from fuzzing import lines, runs_free

from engine.api import CancelToken, Session

FRESH_EVERY = 40
PATIENCE = 2.0
"""Seconds after which a line is stopped as a user would: a loop without end, or a model of many parameters."""


def frame():
    rng = np.random.default_rng(7)
    g = np.repeat(np.arange(1, 11), 6)
    x = rng.normal(size=60)
    return pd.DataFrame({
        "g": g,
        "t": np.tile(np.arange(1, 7), 10),
        "x": np.where(np.arange(60) == 7, np.nan, x),
        "y": 1 + 0.5 * x + rng.normal(size=10)[g - 1] + rng.normal(size=60),
        "k": rng.integers(1, 4, 60),
        "s": rng.choice(["a", "b b", ""], 60),
    })  # fmt: skip


def check(outcome):
    """Raise AssertionError for a defect, or an error without a place in its command."""
    error = outcome.error
    if error is None:
        return
    assert not error.details, (outcome.command, error.details)
    assert error.span is not None, (outcome.command, error.message)
    start, end = error.span
    assert 0 <= start <= end <= len(outcome.command), (outcome.command, error)


def run_line(session, line):
    """Run a line, stopped after a while, and check everything it did."""
    cancel = CancelToken()
    timer = threading.Timer(PATIENCE, cancel.cancel)
    timer.start()
    try:
        for outcome in session.run_each(line, cancel=cancel):
            check(outcome)
    finally:
        timer.cancel()


def fuzz(seed, count):
    data = frame()
    other = data.groupby("g", as_index=False)[["x"]].mean().rename(columns={"x": "w"})
    Session(data=other).run("save u")
    session = Session(data=data)
    for number, line in enumerate(lines(seed, count)):
        if number % FRESH_EVERY == 0:
            session = Session(data=data)
            session.run("local a 3\nglobal name x\nxtset g t\nquietly mixed y x t || g:")
        if runs_free(line):
            run_line(session, line)


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("seed", range(2))
def test_no_line_ends_in_a_defect(seed):
    fuzz(seed, 400)


@pytest.mark.slow
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("seed", range(100, 150))
def test_no_line_of_100_000_ends_in_a_defect(seed):
    fuzz(seed, 2000)


@pytest.mark.parametrize(
    "text",
    [
        "while 1 {\nlocal i 1\n}",
        "while 1 {\ncapture display 1\n}",
        "local a 1\nwhile `a' {\nlocal ++a\n}",
        "forvalues i = 1/999999999 {\n}",
        "forvalues i = 1/99999999 {\nlocal b `i'\n}",
        "while 1 {\ncapture nonsense\n}",
        "while 1 {\nwhile 1 {\ncontinue, break\n}\n}",
    ],
)
def test_break_ends_a_loop_without_end(text):
    session = Session(data=frame())
    cancel = CancelToken()
    timer = threading.Timer(0.2, cancel.cancel)
    timer.start()
    outcomes = list(session.run_each(text, cancel=cancel))
    assert outcomes[-1].rc == 1
    assert any("--Break--" in outcome.text for outcome in outcomes[-3:])


@pytest.mark.parametrize(
    ("text", "rc"),
    [
        ("local a `a'`a'x\nlocal a `a'`a'`a'\ndisplay \"`a'\"", 0),
        ("global a $b\nglobal b \\$a\nglobal a \\$b\ndisplay $a", 920),
        ("global a \\$a\\$a\ndisplay $a", 920),
    ],
)
def test_macros_that_name_each_other_end_by_themselves(text, rc):
    assert Session().run(text).rc == rc
