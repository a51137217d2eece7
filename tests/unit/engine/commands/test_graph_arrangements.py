"""A second y axis, jitter, conditions for all plots, graphs kept unseen, and graphs side by side."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from engine.api import Session
from engine.graphs.appearance import extent
from engine.render.figure import draw

N = 40
RNG = np.random.default_rng(3)
FRAME = pd.DataFrame(
    {
        "y": RNG.normal(10, 2, size=N),
        "z": RNG.uniform(100, 1000, size=N),
        "x": np.tile(np.arange(10.0), 4),
        "g": np.repeat([0, 1], 20),
    }
)


@pytest.fixture
def session():
    return Session(data=FRAME)


def graph_of(session, command):
    outcome = session.run(command)
    assert outcome.rc == 0, outcome.text
    return outcome.graph


def test_a_plot_on_the_second_axis_has_a_range_title_labels_and_lines_of_its_own(session):
    graph = graph_of(
        session,
        'twoway (scatter y x) (line z x, yaxis(2)), ytitle("Right", axis(2)) ylabel(0(500)1000, axis(2)) '
        "yline(500, axis(2)) yscale(reverse axis(2))",
    )
    assert [layer.right for layer in graph.layers] == [False, True, True]
    assert (graph.y_title, graph.right_title) == ("y", "Right")
    assert [tick.value for tick in graph.right_axis.ticks] == [0.0, 500.0, 1000.0]
    area = extent(graph)
    pad = 0.05 * np.ptp(FRAME["y"])
    assert area.y == pytest.approx((FRAME["y"].min() - pad, FRAME["y"].max() + pad))
    assert area.right == pytest.approx((1050.0, -50.0))
    left, right = draw(graph).axes
    assert left.get_ylim() == pytest.approx(area.y)
    assert right.get_ylim() == pytest.approx(area.right)
    assert right.get_ylabel() == "Right"
    np.testing.assert_array_equal(right.lines[0].get_ydata(), FRAME["z"])
    layers = session.run("twoway (scatter y x) (line z x, yaxis(2))").to_json()["graph"]["layers"]
    assert [layer.get("axis") for layer in layers] == [None, 2]


def test_a_logarithmic_second_axis_leaves_the_first_alone(session):
    graph = graph_of(session, "twoway (scatter y x) (line x z, yaxis(2)), yscale(log axis(2))")
    assert (graph.y_axis.log, graph.right_axis.log) == (False, True)
    assert graph.layers[1].y.min() == 1.0, "x = 0 cannot be shown"
    assert graph.layers[0].x.min() == 0.0


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("scatter y x, ytitle(a, axis(2))", "there is no axis 2"),
        ("scatter y x, yaxis(3)", "yaxis"),
        ("twoway (scatter y x) (line z x, yaxis(2)), xlabel(0 5, axis(2))", "axis() is 1"),
        ("twoway (histogram y, horizontal) (line z x, yaxis(2))", "horizontal bars"),
        ("graph combine a b, rows(1) cols(1)", "may not be combined"),
        ("graph combine a b, iscale(big)", "write a factor"),
        ("graph combine a b, holes(0)", "holes() lists places"),
    ],
)
def test_what_cannot_be_arranged_is_refused(session, command, words):
    for name in "ab":
        session.run(f"scatter y x, name({name}) nodraw")
    outcome = session.run(command)
    assert outcome.rc == 198
    assert words in outcome.text.replace("\n", " ")


def test_a_condition_behind_the_last_bracket_holds_for_all_plots(session):
    graph = graph_of(session, "twoway (scatter y x if x > 2) (line z x) if g == 1, title(T)")
    assert [len(layer.x) for layer in graph.layers] == [14, 20]
    assert graph.title == "T"
    assert len(graph_of(session, "twoway (scatter y x) in 1/7").layers[0].x) == 7


def test_jitter_moves_markers_by_a_share_of_the_range_and_keeps_their_values(session):
    plain = graph_of(session, "scatter y x, connect(l)")
    graph = graph_of(session, "scatter y x, jitter(10) connect(l)")
    line, points = graph.layers
    np.testing.assert_array_equal(line.x, FRAME["x"])
    np.testing.assert_array_equal(points.exact_x, FRAME["x"])
    np.testing.assert_array_equal(points.exact_y, FRAME["y"])
    area = extent(plain)
    for moved, true, ends in ((points.x, FRAME["x"], area.x), (points.y, FRAME["y"], area.y)):
        shift = np.abs(moved - true)
        assert 0 < shift.max() <= 0.05 * (ends[1] - ends[0])
    np.testing.assert_array_equal(graph_of(session, "scatter y x, jitter(10)").layers[0].x, points.x)
    other = graph_of(session, "scatter y x, jitter(10) jitterseed(7)").layers[0]
    assert not np.array_equal(other.x, points.x)
    assert extent(graph_of(session, "scatter y x, jitter(5)")).x == area.x, "a little jitter leaves the axes alone"
    wild = graph_of(session, "scatter y x, jitter(100)")
    assert extent(wild).x[0] == min(area.x[0], wild.layers[0].x.min())


def test_jitter_on_a_logarithmic_axis_stays_positive(session):
    points = graph_of(session, "scatter z x, jitter(50) yscale(log)").layers[0]
    assert points.y.min() > 0
    decades = np.log10(FRAME["z"].max() / FRAME["z"].min()) * 1.1
    assert np.abs(np.log10(points.y / points.exact_y)).max() <= 0.25 * decades * (1 + 1e-9)


def test_graphs_stand_side_by_side_with_their_own_titles_and_marks(session, tmp_path):
    graph_of(session, "histogram y, name(h)")
    kept = session.run("scatter y x, name(s) nodraw")
    assert kept.graph.unseen
    both = graph_of(session, 'graph combine h s, title("Both") name(c)')
    assert [part.kind for part in both.parts] == ["histogram", "scatter"]
    assert not both.layers
    assert "Both" in both.title
    layers = session.run("graph display c").to_json()["graph"]["layers"]
    assert [(layer["panel"], layer["mark"]) for layer in layers] == [("h", "bar"), ("s", "point")]
    np.testing.assert_array_equal(layers[1]["y"], FRAME["y"])
    figure = draw(both)
    assert len(figure.axes) == 2
    assert len(figure.axes[0].patches) == len(both.parts[0].layers[0].x)
    target = tmp_path / "both.png"
    assert session.run(f'graph export "{target}", width(640px) height(400px)').rc == 0
    with Image.open(target) as picture:
        assert picture.size == (640, 400)
        assert len(np.unique(np.asarray(picture.convert("L")))) > 20


def test_rows_columns_holes_and_direction(session):
    for name in "abcd":
        session.run(f"scatter y x, name({name}) nodraw")
    grid = graph_of(session, "graph combine a b c d").grid
    assert grid.cells(4) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert graph_of(session, "graph combine a b c d, rows(1)").grid.shape(4) == (1, 4)
    assert graph_of(session, "graph combine a b c d, cols(1)").grid.shape(4) == (4, 1)
    assert graph_of(session, "graph combine a b c, colfirst").grid.cells(3) == [(0, 0), (1, 0), (0, 1)]
    assert graph_of(session, "graph combine a b c, holes(2)").grid.cells(3) == [(0, 0), (1, 0), (1, 1)]


def test_common_axes_reach_as_far_as_the_graphs_together(session):
    session.run("scatter y x, name(a) nodraw")
    session.run("scatter z x if x < 5, name(b) nodraw")
    session.run("graph box y, over(g) name(c) nodraw")
    parts = graph_of(session, "graph combine a b c, xcommon ycommon").parts
    first, second = (extent(part) for part in parts[:2])
    assert first == second
    assert (first.x[0], first.y[1]) == pytest.approx((-0.45, extent(session.graphs["b"]).y[1]))
    assert parts[2].x_axis.categories
    assert parts[2].x_axis.low is None
    assert extent(parts[2]).y == first.y
    free = graph_of(session, "graph combine a b").parts
    assert extent(free[0]) == extent(session.graphs["a"])


def test_a_combined_graph_is_saved_read_and_combined_again(session, tmp_path):
    session.run("scatter y x, jitter(3) name(a) nodraw")
    session.run("twoway (scatter y x) (line z x, yaxis(2)), by(g) name(b) nodraw")
    before = graph_of(session, "graph combine a b")
    target = tmp_path / "both.gph"
    assert session.run(f'graph save "{target}"').rc == 0
    after = graph_of(session, f'graph use "{target}"')
    for old, new in zip(before.every_layer, after.every_layer, strict=True):
        np.testing.assert_array_equal(old.x, new.x)
        np.testing.assert_array_equal(old.exact_y, new.exact_y)
        assert (old.panel, old.right) == (new.panel, new.right)
    nested = graph_of(session, f'graph combine a "{target}"')
    assert [len(part.parts) for part in nested.parts] == [0, 2]
    assert session.run("graph combine nothing").rc == 111
    assert session.run("graph combine nothing.gph").rc == 601
    assert session.run("graph combine").rc == 100


def test_bars_and_boxes_know_the_observations_in_them(session):
    bars = graph_of(session, "histogram y, bin(5)").layers[0]
    edges = np.linspace(FRAME["y"].min(), FRAME["y"].max(), 6)
    for k in range(5):
        rows = bars.members[bars.member_of == k]
        inside = (FRAME["y"] >= edges[k]) & ((FRAME["y"] < edges[k + 1]) | (k == 4))
        np.testing.assert_array_equal(np.sort(rows), session.data.row_ids[inside.to_numpy()])
    box = next(layer for layer in graph_of(session, "graph box y, over(g)").layers if layer.mark.value == "box")
    np.testing.assert_array_equal(np.sort(box.members[box.member_of == 1]), session.data.row_ids[20:])
