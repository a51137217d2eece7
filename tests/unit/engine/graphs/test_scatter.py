"""Residual plots and smoothed scatter plots as descriptions."""

from __future__ import annotations

import numpy as np
import pytest

from engine.graphs.graphspec import LayerStyle, Mark
from engine.graphs.lowess import smoothed_layers, title_of
from engine.graphs.marks import SeriesLook
from engine.graphs.rvf import FittedKind, residuals_versus_fitted
from engine.graphs.series import Units
from engine.graphs.smoother import smooth

X = np.array([1.0, 2.0, 4.0, 8.0])
Y = np.array([0.5, -1.0, 3.0, 2.0])
ROWS = Units(np.array([7, 8, 9, 10]))


@pytest.mark.parametrize(
    ("kind", "words"), [(FittedKind.XB, "fixed part only (xb)"), (FittedKind.FITTED, "fixed and random part")]
)
def test_a_residual_plot_says_which_fitted_values_it_draws(kind, words):
    graph = residuals_versus_fitted(Y, X, ROWS, kind=kind)
    assert (graph.x_title, graph.y_title) == ("Fitted values", "Residuals")
    assert words in graph.note
    (points,) = graph.layers  # no line unless asked for
    assert points.mark is Mark.POINT


def test_a_smoother_lies_over_its_points():
    points, line = smoothed_layers(Y, X, ROWS.rows, smooth(Y, X), look=SeriesLook())
    assert (points.mark, line.mark, line.style) == (Mark.POINT, Mark.LINE, LayerStyle.SMOOTH)
    assert points.rows.tolist() == [7, 8, 9, 10]
    assert np.all(np.diff(line.x) >= 0)


@pytest.mark.parametrize(
    ("mean", "weighted", "title"),
    [
        (False, True, "Lowess smoother"),
        (True, False, "Running-mean smoother"),
        (False, False, "Running-line smoother"),
    ],
)
def test_the_title_says_which_smoother_it_is(mean, weighted, title):
    assert title_of(mean=mean, weighted=weighted) == title
