"""Scatter plots, residual plots and smoothed scatter plots as descriptions."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import StataError
from engine.graphs.graphspec import LayerStyle, Mark
from engine.graphs.lowess import lowess_graph
from engine.graphs.rvf import FittedKind, residuals_versus_fitted
from engine.graphs.scatter import scatter_graph
from engine.graphs.series import Series, Units

X = np.array([1.0, 2.0, 4.0, 8.0])
Y = np.array([0.5, -1.0, 3.0, 2.0])
ROWS = Units(np.array([7, 8, 9, 10]))


def test_points_are_the_data_with_their_rows():
    (points,) = scatter_graph([("y", Series("Outcome", Y), ROWS)], [Series("Dose", X)]).layers
    np.testing.assert_array_equal(points.x, X)
    np.testing.assert_array_equal(points.y, Y)
    assert points.rows.tolist() == [7, 8, 9, 10]
    assert points.group == ""


def test_several_variables_become_named_series():
    pair = [("y", Series("Outcome", Y), ROWS), ("z", Series("Other", Y + 1), ROWS)]
    graph = scatter_graph(pair, [Series("Dose", X)] * 2)
    assert graph.series == ("y", "z")
    assert graph.y_title == "y / z"


def test_reference_lines_span_the_data():
    graph = scatter_graph([("y", Series("Outcome", Y), ROWS)], [Series("Dose", X)], yline=[0.0], xline=[3.0])
    _, across, up = graph.layers
    assert (across.x.tolist(), across.y.tolist()) == ([1.0, 8.0], [0.0, 0.0])
    assert (up.x.tolist(), up.y.tolist()) == ([3.0, 3.0], [-1.0, 3.0])
    assert across.style is LayerStyle.REFERENCE


def test_no_observations_are_refused():
    nothing = Series("Outcome", np.empty(0))
    with pytest.raises(StataError) as caught:
        scatter_graph([("y", nothing, Units(np.empty(0, dtype=np.int64)))], [nothing])
    assert caught.value.rc == 2000


@pytest.mark.parametrize(
    ("kind", "words"), [(FittedKind.XB, "fixed part only (xb)"), (FittedKind.FITTED, "fixed and random part")]
)
def test_a_residual_plot_says_which_fitted_values_it_draws(kind, words):
    graph = residuals_versus_fitted(Y, X, ROWS, kind=kind)
    assert (graph.x_title, graph.y_title) == ("Fitted values", "Residuals")
    assert words in graph.note
    (points,) = graph.layers  # no line unless asked for
    assert points.mark is Mark.POINT


def test_a_smoothed_scatter_names_its_bandwidth_as_stata_does():
    graph, _ = lowess_graph(Series("Outcome", Y), Series("Dose", X), ROWS, bandwidth=0.8)
    assert (graph.title, graph.note) == ("Lowess smoother", "bandwidth = .8")
    points, line = graph.layers
    assert (points.mark, line.mark, line.style) == (Mark.POINT, Mark.LINE, LayerStyle.SMOOTH)
    assert np.all(np.diff(line.x) >= 0)


def test_a_smoother_on_a_grid_says_so():
    x = np.linspace(0, 1, 20_001)
    graph, _ = lowess_graph(
        Series("Outcome", x), Series("Dose", x), Units(np.arange(20_001)), bandwidth=0.1, mean=True, weighted=False
    )
    assert graph.note == "bandwidth = .1; smoothed at 400 of 20,001 points, straight lines between them"
    assert graph.title == "Running-mean smoother"
    assert len(graph.layers[0].x) == 20_001
