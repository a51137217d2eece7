"""What both renderers share: sizes, ranges and rasters."""

from __future__ import annotations

import numpy as np
import pytest

from engine.graphs import appearance
from engine.graphs.graphspec import GraphSpec, Layer, Mark


def graph_of(*layers):
    return GraphSpec(kind="scatter", title="", x_title="x", y_title="y", layers=layers)


@pytest.mark.parametrize(
    ("n", "size", "alpha"), [(200, 6.0, 0.65), (201, 4.5, 0.5), (2_001, 3.2, 0.22), (50_000, 2.0, 0.12)]
)
def test_more_points_are_smaller_and_fainter(n, size, alpha):
    assert appearance.point_look(n) == appearance.PointLook(size, alpha)


def test_the_ranges_hold_all_marks_with_five_percent_to_spare():
    layer = Layer(mark=Mark.POINT, x=np.array([0.0, 10.0]), y=np.array([-1.0, 1.0]))
    assert appearance.extent(graph_of(layer)) == appearance.Extent((-0.5, 10.5), (-1.1, 1.1))


def test_bars_stand_on_zero_and_show_their_edges():
    bars = Layer(mark=Mark.BAR, x=np.array([1.0, 3.0]), y=np.array([4.0, 2.0]), width=2.0)
    area = appearance.extent(graph_of(bars))
    assert area.y[0] == 0.0
    assert area.x[0] < 0.0
    assert area.x[1] > 4.0


def test_one_value_still_gives_a_range():
    area = appearance.extent(graph_of(Layer(mark=Mark.POINT, x=np.array([5.0]), y=np.array([0.0]))))
    assert area.x[0] < 5.0 < area.x[1]
    assert area.y[0] < 0.0 < area.y[1]


def test_a_raster_is_darkest_where_most_points_are_and_empty_where_none_is():
    x = np.concatenate([np.full(99, 0.25), [0.75]])
    y = np.concatenate([np.full(99, 0.75), [0.75]])
    alpha = appearance.raster(x, y, appearance.Extent((0.0, 1.0), (0.0, 1.0)), 2, 2)
    assert alpha[1, 0] == 1.0
    assert 0.15 < alpha[1, 1] < 1.0
    assert alpha[0].tolist() == [0.0, 0.0]
