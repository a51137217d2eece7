"""The small pictures of the examples."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.api import examples
from mixedgui.models.thumbnail import MOST_LINES, MOST_POINTS, thumbnail_of

EXAMPLES = {example.name: example for example in examples()}


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name != "insteval"])
def test_every_example_has_a_picture_inside_the_unit_square(name):
    picture = thumbnail_of(EXAMPLES[name])
    assert len(picture.points) or picture.lines
    assert len(picture.points) <= MOST_POINTS
    assert len(picture.lines) + 1 <= MOST_LINES
    for marks in (picture.points, *picture.lines):
        assert np.isfinite(marks).all()
        assert ((marks >= 0) & (marks <= 1)).all()


def test_repeated_measures_are_lines_and_a_continuous_predictor_is_a_cloud():
    lines, cloud, strips = (thumbnail_of(EXAMPLES[name]) for name in ("sleepstudy", "hsb", "penicillin"))
    assert (len(lines.lines), len(lines.accents), len(lines.points)) == (17, 1, 0)  # 18 people, one stands out
    assert (len(cloud.points), len(cloud.accents)) == (MOST_POINTS, 1)
    assert len(strips.accents) == 6  # samples A to F, a mean each


def test_the_line_of_a_cloud_is_least_squares():
    picture = thumbnail_of(EXAMPLES["exam"])
    (start, end) = picture.accents[0]
    slope = (end - start)[1] / (end - start)[0]
    x, y = picture.points.T
    assert slope == pytest.approx(np.polyfit(x, y, 1)[0], rel=0.15)  # 600 of 4,059 points


def test_an_example_that_cannot_be_read_has_no_picture():
    assert thumbnail_of(replace(EXAMPLES["hsb"], name="not there")) is None
    assert thumbnail_of(replace(EXAMPLES["hsb"], command="mixed nothing ses || id:")) is None
