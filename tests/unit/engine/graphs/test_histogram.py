"""Histograms: the rule for bins with numbers printed by Stata, and heights by counting."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import StataError
from engine.graphs.graphspec import LayerStyle
from engine.graphs.histogram import Bins, Scale, choose_bins, default_bin_count, histogram_graph, normal_curve
from engine.graphs.series import Series, Units


def drawn(values, **options):
    values = np.asarray(values, dtype=float)
    bins = options.pop("bins", None) or choose_bins(values)
    return histogram_graph(Series("Size", values), Units(np.arange(len(values))), bins=bins, **options)


@pytest.mark.parametrize(("n", "bins"), [(160, 12), (7185, 38), (1, 1), (2, 1)])
def test_the_number_of_bins_follows_the_rule(n, bins):
    # 160 and 7,185: printed by Stata in the notes on High School and Beyond.
    assert default_bin_count(n) == bins


def test_width_and_start_of_160_schools_between_100_and_2713():
    values = np.linspace(100, 2713, 160)
    assert choose_bins(values) == Bins(12, 100.0, 217.75)  # (bin=12, start=100, width=217.75)


@pytest.mark.parametrize(
    ("scale", "total"),
    [(Scale.FREQUENCY, 50.0), (Scale.FRACTION, 1.0), (Scale.PERCENT, 100.0)],
)
def test_heights_sum_to_what_the_scale_says(scale, total):
    values = np.random.default_rng(1).normal(size=50)
    graph = drawn(values, scale=scale)
    assert graph.layers[0].y.sum() == pytest.approx(total)
    assert graph.y_title == scale.value.capitalize()


def test_densities_enclose_an_area_of_one():
    bars = drawn(np.random.default_rng(1).normal(size=300)).layers[0]
    assert (bars.y * bars.width).sum() == pytest.approx(1.0)


def test_each_value_is_counted_once_and_the_largest_in_the_last_bin():
    bars = drawn([0, 1, 1, 2, 3, 4], bins=Bins(4, 0.0, 1.0), scale=Scale.FREQUENCY).layers[0]
    assert bars.y.tolist() == [1, 2, 1, 2]
    assert bars.x.tolist() == [0.5, 1.5, 2.5, 3.5]  # centres


def test_the_normal_curve_has_the_mean_and_sd_of_the_data_in_the_scale_of_the_bars():
    values = np.random.default_rng(4).normal(10, 2, size=400)
    bins = choose_bins(values)
    (bars,) = drawn(values, scale=Scale.FREQUENCY, bins=bins).layers
    curve = normal_curve(values, bins, Scale.FREQUENCY)
    assert curve.style is LayerStyle.CURVE
    sd = values.std(ddof=1)
    expected = 400 * bars.width / (sd * np.sqrt(2 * np.pi)) * np.exp(-((curve.x - values.mean()) ** 2) / (2 * sd**2))
    np.testing.assert_allclose(curve.y, expected)


def test_a_width_that_divides_the_range_adds_no_empty_bin():
    assert choose_bins(np.array([0.0, 0.3]), width=0.1).count == 3


@pytest.mark.parametrize("options", [{"start": 1.0}, {"width": 1e-9}])
def test_impossible_bins_are_refused(options):
    with pytest.raises(StataError) as caught:
        choose_bins(np.array([0.5, 9.0]), **options)
    assert caught.value.rc == 198


def test_a_constant_variable_is_refused_in_words():
    values = np.full(5, 3.0)
    with pytest.raises(StataError, match="every value is 3") as caught:
        histogram_graph(Series("Size", values), Units(np.arange(5)), bins=Bins(2, 3.0, 0.0))
    assert caught.value.rc == 459
