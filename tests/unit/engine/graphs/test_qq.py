"""Normal quantile plots against the definition ([R] Diagnostic plots) evaluated point by point."""

from __future__ import annotations

from statistics import NormalDist, fmean, stdev

import numpy as np
import pytest

from engine.errors import StataError
from engine.graphs.graphspec import LayerStyle, Mark
from engine.graphs.qq import normal_quantiles
from engine.graphs.series import Series, Units


def drawn(values):
    values = np.asarray(values, dtype=float)
    return normal_quantiles(Series("Residuals", values), Units(np.arange(100, 100 + len(values))))


def test_every_point_lies_at_mean_plus_sd_times_the_normal_quantile_of_its_rank():
    values = np.random.default_rng(3).gamma(2.0, size=57)
    points, line = drawn(values).layers
    ordered = sorted(values)
    mean, sd = fmean(ordered), stdev(ordered)
    expected = [mean + sd * NormalDist().inv_cdf(i / 58) for i in range(1, 58)]
    assert points.mark is Mark.POINT
    np.testing.assert_allclose(points.x, expected, rtol=1e-12)
    np.testing.assert_array_equal(points.y, ordered)
    assert line.style is LayerStyle.REFERENCE
    np.testing.assert_array_equal(line.x, [points.x[0], points.x[-1]])
    np.testing.assert_array_equal(line.y, line.x)


def test_points_keep_the_rows_they_stand_for_and_ties_keep_their_order():
    points = drawn([3.0, 1.0, 2.0, 1.0]).layers[0]
    assert points.rows.tolist() == [101, 103, 102, 100]


def test_axes_are_titled_as_in_stata():
    graph = drawn([1.0, 2.0, 4.0])
    assert (graph.kind, graph.x_title, graph.y_title) == ("qnorm", "Inverse Normal", "Residuals")


def test_the_summary_tells_counts_and_tails_in_words():
    uniform = drawn(np.linspace(-1, 1, 1001)).summary
    assert "1,001 observations" in uniform
    assert "lower tail is shorter than normal and the upper tail shorter than normal" in uniform
    skewed = drawn(np.linspace(0, 3, 400) ** 4).summary
    assert "upper tail longer than normal" in skewed


def test_a_mean_that_is_rounding_noise_reads_as_zero():
    values = np.random.default_rng(1).normal(size=500)
    assert "mean 0," in drawn(values - values.mean()).summary


@pytest.mark.parametrize(("values", "rc"), [([], 2000), ([2.5, 2.5, 2.5], 459), ([7.0], 459)])
def test_nothing_to_draw_is_refused(values, rc):
    with pytest.raises(StataError) as caught:
        drawn(values)
    assert caught.value.rc == rc


def test_one_point_per_group_is_said():
    graph = normal_quantiles(Series("BLUP", np.array([1.0, 2.0, 3.0])), Units(np.array([0, 5, 9]), ("school", "class")))
    assert graph.subtitle == "3 groups of school class, one point each"
    assert graph.per == ("school", "class")
