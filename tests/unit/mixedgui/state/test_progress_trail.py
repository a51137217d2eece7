"""The way of a search as it is reported."""

import math

from engine.api import Iteration, Progress
from mixedgui.state.progress_trail import MOST_POINTS, ProgressTrail


def test_em_and_gradient_iterations_stand_one_behind_the_other():
    trail = ProgressTrail()
    for event in (Iteration("em", 0, -9.0), Iteration("em", 3, -5.0), Iteration("gradient", 0, -4.5)):
        assert trail.take(event)
    trail.take(Iteration("gradient", 1, -4.0, "not concave"))
    assert [(place, em) for place, _, em, _ in trail.points] == [(0, True), (3, True), (4, False), (5, False)]
    assert trail.points[-1][3] == "not concave"
    assert trail.summary == "log likelihood -4.0000, +0.5 since the last report"


def test_the_same_iteration_and_stages_without_a_value_add_nothing():
    trail = ProgressTrail()
    trail.take(Iteration("gradient", 0, -4.0))
    assert not trail.take(Iteration("gradient", 0, -4.0))
    assert not trail.take(Iteration("se", 0, math.nan))
    assert len(trail.points) == 1


def test_a_share_is_known_where_the_total_is():
    trail = ProgressTrail()
    assert trail.take(Progress("reading", 25.0, 100.0))
    assert trail.share == 0.25
    assert trail.take(Progress("reading", 25.0, 0.0))
    assert trail.share is None
    trail.clear()
    assert trail.summary == ""


def test_long_ways_are_thinned():
    trail = ProgressTrail()
    for number in range(3 * MOST_POINTS):
        trail.take(Iteration("em", number, -1.0 / (1 + number)))
    assert len(trail.points) <= MOST_POINTS
    assert trail.points[0][0] == 0
    assert trail.points[-1][0] == 3 * MOST_POINTS - 1
