"""Which mark is meant at a place, and what it is called."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.api import GraphSpec, Layer, Mark, Session
from mixedgui.plots.names import PointNames
from mixedgui.plots.nearest import Marks, screen_number


def graph_of(*layers):
    return GraphSpec(kind="scatter", title="", x_title="x", y_title="y", layers=layers)


def points(x, y, rows=(), group=""):
    return Layer(
        mark=Mark.POINT, x=np.asarray(x, float), y=np.asarray(y, float), rows=np.asarray(rows, np.int64), group=group
    )


def test_the_nearest_point_is_the_one_nearest_on_the_screen():
    rng = np.random.default_rng(2)
    x, y = rng.uniform(0, 100, 400), rng.uniform(0, 1, 400)
    marks = Marks(graph_of(points(x, y, np.arange(400))))
    for px, py in rng.uniform(0, 1, (50, 2)):
        hit = marks.nearest(100 * px, py, x_pixel=0.2, y_pixel=0.002, radius=60)
        distance = ((x - 100 * px) / 0.2) ** 2 + ((y - py) / 0.002) ** 2
        best = int(distance.argmin())
        assert (hit.row_id if hit else None) == (best if distance[best] <= 3600 else None)


def test_a_place_far_from_every_point_means_none():
    assert Marks(graph_of(points([0], [0]))).nearest(5, 5, x_pixel=0.1, y_pixel=0.1) is None


def test_a_hit_tells_its_series_and_exact_values():
    first, second = points([1, 2], [1, 2], [10, 11], "a"), points([2.1], [2], [12], "b")
    hit = Marks(graph_of(first, second)).nearest(2.11, 2, x_pixel=0.1, y_pixel=0.1)
    assert (hit.layer.group, hit.x, hit.y, hit.row_id) == ("b", 2.1, 2.0, 12)


def test_a_bar_is_hit_anywhere_inside_and_not_above():
    bars = Layer(mark=Mark.BAR, x=np.array([1.0, 3.0]), y=np.array([4.0, 2.0]), width=2.0)
    marks = Marks(graph_of(bars))
    assert marks.nearest(3.9, 1.0, x_pixel=0.1, y_pixel=0.1).index == 1
    assert marks.nearest(3.9, 3.0, x_pixel=0.1, y_pixel=0.1) is None
    assert len(marks) == 2


def test_ranks_walk_through_the_points_along_x():
    marks = Marks(graph_of(points([3, 1, 2], [0, 0, 0], [30, 10, 20])))
    assert [marks.at_rank(rank).row_id for rank in range(3)] == [10, 20, 30]
    with pytest.raises(IndexError):
        Marks(graph_of()).at_rank(0)


def test_names_follow_the_data_when_they_are_sorted_and_cut():
    session = Session(data=pd.DataFrame({"id": [7, 8, 9], "v": [3, 2, 1]}))
    names = PointNames(lambda: session.data, levels=("id",))
    row = int(session.data.row_ids[0])
    assert names.full(row) == "id 7, observation 1"
    session.run("sort v")
    assert names.full(row) == "id 7, observation 3"
    session.run("drop if id == 7")
    assert names.full(row) == "observation no longer in the data"


def test_a_point_that_stands_for_a_group_is_called_by_the_group():
    session = Session(data=pd.DataFrame({"region": [1, 1], "place": ["north", "south"]}))
    names = PointNames(lambda: session.data, levels=("region",), per=("region", "place"))
    assert names.full(int(session.data.row_ids[1])) == "region 1, place south"


def test_value_labels_are_shown():
    session = Session(data=pd.DataFrame({"sex": pd.Categorical(["boy", "girl"])}))
    assert PointNames(lambda: session.data, levels=("sex",)).group(int(session.data.row_ids[1])) == "sex girl"


def test_numbers_have_a_true_minus_sign():
    assert screen_number(-0.5) == "\N{MINUS SIGN}0.5"
