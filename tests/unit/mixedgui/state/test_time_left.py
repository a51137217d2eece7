"""The estimate of the time that a fit will still take, held against the ways of real searches.

`recorded_trails.json` holds what `mixed` told of its steps, with the processor's seconds at which it did: (seconds,
stage, number, log likelihood, remark, whether at the edge, scaled gradient), recorded from simulated data of 6,000 to
1,500,000 rows on a busy machine; "total" is when the command was over.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from engine.api import Iteration
from engine.events import IterationDetail
from mixedgui.state.time_left import TimeLeft

TRAILS = json.loads((Path(__file__).parent / "recorded_trails.json").read_text(encoding="utf-8"))

AFTER_THE_SEARCH = "unstructured residuals"
"""Three steps of Newton's method, and four times as long for what comes after: the estimate is too short."""


def step(stage, number, value=math.nan, *, remark="", edge=False, slope=None):
    none = np.zeros(0)
    detail = None
    if slope is not None:
        detail = IterationDetail(
            parameters=none,
            gradient=none,
            hessian=None,
            steps=(),
            parameter_change=0.0,
            value_change=0.0,
            scaled_gradient=slope,
        )
    return Iteration(stage, number, value, remark, detail, edge=edge)


def events(trail):
    for at, stage, number, value, remark, edge, slope in trail["steps"]:
        shown = math.nan if value is None else value
        yield at, step(stage, number, shown, remark=remark, edge=edge, slope=slope)


def told(trail, share):
    """Return the estimate when a share of the search is over, and the truth."""
    first = trail["steps"][0][0]
    now = first + share * (trail["total"] - first)
    left = TimeLeft()
    left.begin(0.0)
    for at, event in events(trail):
        if at <= now:
            left.take(event, at)
    return left.seconds(now), trail["total"] - now


@pytest.mark.parametrize("name", [name for name in TRAILS if name != AFTER_THE_SEARCH])
def test_halfway_the_estimate_is_within_a_factor_of_two_and_a_half(name):
    estimate, truth = told(TRAILS[name], 0.5)
    assert estimate is not None
    assert truth / 2.5 <= estimate <= 2.5 * truth


def test_what_comes_after_a_search_of_three_steps_is_underestimated():
    estimate, truth = told(TRAILS[AFTER_THE_SEARCH], 0.5)
    assert 0.0 <= estimate < truth / 2.5


@pytest.mark.parametrize("name", TRAILS)
def test_the_estimate_is_never_negative_and_counts_down_between_steps(name):
    trail = TRAILS[name]
    left = TimeLeft()
    left.begin(0.0)
    for at, event in events(trail):
        left.take(event, at)
        known = left.seconds(at)
        if known is not None:
            later = left.seconds(at + 0.5 * known)
            assert 0.0 <= later <= known
            assert left.seconds(at + 100.0 * (known + 1.0)) > 0.0, "what is overdue is not about to end"


def test_nothing_is_said_of_short_fits_and_other_commands():
    left = TimeLeft()
    left.begin(0.0)
    assert left.words(60.0) == ""
    for number, value in enumerate((-2000.0, -1990.0, -1989.9)):
        left.take(step("em", number, value), 0.1 * number)
    assert left.words(0.3) == ""


def test_the_words_come_when_the_end_is_in_sight():
    left = TimeLeft()
    left.begin(0.0)
    left.take(step("em", 0, -2000.0), 1.0)
    left.take(step("em", 1, -1900.0), 3.0)
    assert left.words(3.0) == "estimating time left…"
    left.take(step("em", 2, -1890.0), 5.0)
    left.take(step("em", 3, -1889.0), 7.0)  # gains of 100, 10, 1 in 1,900: 1 power of ten each step, 5.7 to go
    words = left.words(7.0)
    assert words.startswith("about ")
    assert words.endswith(" s left")
    assert 10 <= int(words.split()[1]) <= 20  # 5.7 steps and one of Newton's, what comes after, 2 s each
    left.take(step("em", 4, -1888.0), 9.0)
    left.take(step("em", 5, -1887.0), 11.0)
    left.take(step("em", 6, -1886.0), 13.0)
    assert left.words(13.0) == "estimating time left…", "it comes no nearer"


def test_long_times_are_in_minutes_and_a_search_at_the_edge_is_followed_by_another():
    inner, edge = TimeLeft(), TimeLeft()
    for left in (inner, edge):
        left.begin(0.0)
        for number, value in enumerate((-2000.0, -1900.0, -1890.0, -1889.0)):
            left.take(step("em", number, value, edge=left is edge), 100.0 * number)
    assert inner.words(300.0).endswith(" min left")
    assert edge.seconds(300.0) > 1.5 * inner.seconds(300.0)


def test_a_step_told_twice_counts_once():
    left = TimeLeft()
    left.begin(0.0)
    for number, value in enumerate((-2000.0, -1900.0, -1890.0)):
        left.take(step("em", number, value), float(number))
    before = left.seconds(2.5)
    left.take(step("em", 2, -1890.0), 2.5)
    assert left.seconds(2.5) == before
    left.begin(3.0)
    assert left.seconds(3.0) is None
