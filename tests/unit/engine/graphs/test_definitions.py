"""Arrays of plots against each definition evaluated in another way."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import stdtrit

from engine.errors import StataError
from engine.graphs import smoother
from engine.graphs.axes import Axis
from engine.graphs.categories import Group, box_layers, box_numbers, category_axis, positions, statistic
from engine.graphs.fits import polynomial_fit
from engine.graphs.graphspec import GraphSpec, Layer, Mark
from engine.graphs.histogram import Bins, Scale, bars, choose_bins, density_curve, discrete_bins
from engine.graphs.kdensity import KERNELS, default_bandwidth, kernel_density
from engine.graphs.logscale import on_log_axes
from engine.graphs.look import Look
from engine.graphs.qq import normal_probabilities, uniform_quantiles, with_percentile_grid
from engine.graphs.series import Series, Units
from engine.graphs.styles import Connect, path
from engine.graphs.ticks import decades, round_ticks
from engine.inference.ladder import POWERS

RNG = np.random.default_rng(31)
VALUES = np.concatenate([RNG.normal(size=60), RNG.exponential(2, size=41)])
UNITS = Units(np.arange(101))


def test_a_density_is_the_mean_of_kernels_around_the_values():
    sd = VALUES.std(ddof=1)
    ordered = np.sort(VALUES)
    quarters = ordered[25], ordered[75]  # 101 values: positions 25.25 and 75.75 are rounded up
    h = 0.9 * min(sd, (quarters[1] - quarters[0]) / 1.349) * 101**-0.2
    found = kernel_density(VALUES)
    assert found.bandwidth == pytest.approx(h, rel=1e-12)
    assert len(found.x) == 50
    assert (found.x[0], found.x[-1]) == pytest.approx((VALUES.min() - h, VALUES.max() + h))
    for x, y in zip(found.x[::7], found.y[::7], strict=True):
        z = [(x - value) / h for value in VALUES]
        expected = sum(0.75 * (1 - u * u / 5) / math.sqrt(5) for u in z if abs(u) < math.sqrt(5)) / (101 * h)
        assert y == pytest.approx(expected, rel=1e-10, abs=1e-15)


@pytest.mark.parametrize("name", KERNELS)
def test_every_kernel_has_an_area_of_one(name):
    z = np.linspace(-8, 8, 160_001)
    assert np.trapezoid(KERNELS[name](z), z) == pytest.approx(1.0, abs=2e-4)


def test_a_small_sample_has_as_many_places_as_values():
    assert len(kernel_density(np.array([1.0, 2.0, 4.0])).x) == 3


def test_values_that_do_not_vary_have_no_density_without_a_bandwidth():
    with pytest.raises(StataError, match="do not vary") as caught:
        kernel_density(np.ones(5))
    assert caught.value.rc == 459
    assert kernel_density(np.ones(5), bandwidth=1.0).y.max() > 0
    assert default_bandwidth(np.array([1.0, 1, 1, 1, 1, 9.0])) > 0  # no spread between the quartiles


@pytest.mark.parametrize("degree", [1, 2])
@pytest.mark.parametrize("forecast", [False, True])
def test_a_fitted_line_and_its_limits_are_those_of_least_squares(degree, forecast):
    x = RNG.normal(5, 2, size=40)
    y = 1 + x - 0.1 * x**2 + RNG.normal(size=40)
    fit = polynomial_fit(y, x, degree=degree, level=90, forecast=forecast)
    X, at = np.vander(x, degree + 1), np.vander(fit.x, degree + 1)
    b = np.linalg.solve(X.T @ X, X.T @ y)
    s2 = np.sum((y - X @ b) ** 2) / (40 - degree - 1)
    variance = s2 * (np.diag(at @ np.linalg.inv(X.T @ X) @ at.T) + forecast)
    half = stdtrit(40 - degree - 1, 0.95) * np.sqrt(variance)
    np.testing.assert_allclose(fit.y, at @ b, rtol=1e-8)
    np.testing.assert_allclose(fit.ll, at @ b - half, rtol=1e-7)
    np.testing.assert_allclose(fit.ul, at @ b + half, rtol=1e-7)
    assert (fit.x[0], fit.x[-1]) == (x.min(), x.max())


def test_a_line_through_one_place_is_refused():
    with pytest.raises(StataError) as caught:
        polynomial_fit(np.array([1.0, 2.0, 3.0]), np.ones(3), degree=1)
    assert caught.value.rc == 459


def test_a_probability_plot_standardises_and_a_quantile_plot_ranks():
    points, line = normal_probabilities(Series("v", VALUES), UNITS, name="v").layers
    ordered = np.sort(VALUES)
    z = (ordered - VALUES.mean()) / VALUES.std(ddof=1)
    np.testing.assert_allclose(points.y, [0.5 * math.erfc(-u / math.sqrt(2)) for u in z], rtol=1e-12)
    np.testing.assert_allclose(points.x, np.arange(1, 102) / 102)
    assert (line.x.tolist(), line.y.tolist()) == ([0, 1], [0, 1])
    graph = uniform_quantiles(Series("v", VALUES), UNITS)
    np.testing.assert_array_equal(graph.layers[0].y, ordered)
    np.testing.assert_allclose(graph.layers[0].x, (np.arange(101) + 0.5) / 101)
    assert graph.x_title == "Fraction of the data"


def test_percentile_lines_stand_at_seven_percentiles_each_way():
    graph = with_percentile_grid(normal_probabilities(Series("v", VALUES), UNITS, name="v"), VALUES)
    added = graph.layers[2:]
    assert sorted({float(layer.x[0]) for layer in added if layer.x[0] == layer.x[1]}) == pytest.approx(
        [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95]
    )
    assert len(added) == 14
    assert "95 percentiles" in graph.note


def test_a_box_has_the_percentiles_of_summarize_and_whiskers_within_one_and_a_half():
    values = np.array([1.0, 2, 3, 4, 5, 6, 7, 30, -20])
    box = box_numbers(values)
    # numpy's averaged_inverted_cdf is the same definition of a percentile
    expected = np.percentile(values, [25, 50, 75], method="averaged_inverted_cdf")
    assert (box.lower, box.median, box.upper) == tuple(expected)
    reach = 1.5 * (box.upper - box.lower)
    inside = [v for v in values if box.lower - reach <= v <= box.upper + reach]
    assert box.adjacent == (min(inside), max(inside))
    assert sorted(values[box.outside]) == [-20, 30]


def test_boxes_stand_beside_each_other_within_a_category():
    columns = [np.arange(8.0), np.arange(8.0) + 10]
    groups = [Group("a", "", np.arange(4)), Group("b", "", np.arange(4, 8))]
    layers = box_layers(columns, groups, np.arange(8) + 100, labels=("u", "v"), look=Look(), outsides=True)
    boxes = [layer for layer in layers if layer.mark is Mark.BOX]
    assert [layer.group for layer in boxes] == ["u", "v"]
    assert boxes[0].x[0] < 1 < boxes[1].x[0] < boxes[0].x[1] < 2
    assert boxes[0].y.tolist() == [1.5, 5.5]


def test_outer_categories_stand_apart_and_are_named_once():
    groups = [Group(label, outer, np.arange(1)) for outer in ("x", "y") for label in ("a", "b", "c")]
    places = positions(groups)
    assert np.diff(places)[2] > np.diff(places)[0]
    texts = [tick.label for tick in category_axis(groups, reverse=False).ticks]
    assert texts == ["a", "b\nx", "c", "a", "b\ny", "c"]


@pytest.mark.parametrize(
    ("name", "value"), [("mean", 4.0), ("median", 3.0), ("p25", 2.0), ("sum", 20.0), ("count", 5), ("max", 9.0)]
)
def test_statistics_of_bars(name, value):
    assert statistic(name, np.array([1.0, 2, 3, 5, 9])) == value


def test_an_unknown_statistic_is_refused_with_the_one_meant():
    with pytest.raises(StataError, match="did you mean median"):
        statistic("mediann", np.ones(2))


def test_strokes_begin_where_x_decreases():
    x = np.array([1.0, 2, 3, 1, 2, 2, 1])
    _, _, starts = path(x, x, Connect.ASCENDING)
    assert starts.tolist() == [3, 6]


def test_stairs_go_level_first_or_upright_first():
    x, y = np.array([0.0, 1, 2]), np.array([5.0, 6, 7])
    level = path(x, y, Connect.STAIRSTEP)
    assert list(zip(*(part.tolist() for part in level[:2]), strict=True)) == [(0, 5), (1, 5), (1, 6), (2, 6), (2, 7)]
    upright = path(x, y, Connect.STEPSTAIR)
    assert list(zip(*(part.tolist() for part in upright[:2]), strict=True)) == [(0, 5), (0, 6), (1, 6), (1, 7), (2, 7)]


def test_discrete_bars_are_centred_on_the_values():
    bins = discrete_bins(np.array([1.0, 2, 2, 4]))
    assert bins == Bins(4, 0.5, 1.0)
    layer = bars(np.array([1.0, 2, 2, 4]), bins, Scale.FREQUENCY)
    assert (layer.x.tolist(), layer.y.tolist()) == ([1, 2, 3, 4], [1, 2, 0, 1])


def test_a_density_over_a_histogram_is_in_its_scale():
    bins = choose_bins(VALUES)
    curve = density_curve(kernel_density(VALUES), 101, bins, Scale.FREQUENCY)
    np.testing.assert_allclose(curve.y, kernel_density(VALUES).y * 101 * bins.width)


def test_transformations_of_the_ladder_and_where_they_end():
    x = np.array([1.0, 4.0, 9.0])
    found = {power.name: power.of(x) for power in POWERS}
    np.testing.assert_allclose(found["Square root"], [1, 2, 3])
    np.testing.assert_allclose(found["1/Cubic"], x**-3)
    undefined = {power.name for power in POWERS if power.of(np.array([-1.0, 2.0])) is None}
    assert undefined == {"Square root", "Log", "1/(Square root)", "Inverse", "1/Square", "1/Cubic"}


@pytest.mark.parametrize("kind", ["normal", "ties", "far", "skewed"])
@pytest.mark.parametrize("bandwidth", [0.8, 0.05])
@pytest.mark.parametrize(("mean", "weighted"), [(False, True), (True, True), (False, False)])
def test_fits_by_blocks_are_those_row_by_row(monkeypatch, kind, bandwidth, mean, weighted):
    n = 24_000
    x = {
        "normal": RNG.normal(size=n),
        "ties": np.round(RNG.exponential(size=n), 1),
        "far": 1e12 + RNG.integers(0, 50, n),
        "skewed": RNG.lognormal(0, 3, n),
    }[kind]
    x = np.sort(x)
    y = np.sin(x / x.std()) + RNG.normal(size=n)
    sites = np.unique(np.linspace(0, n - 1, 25).round().astype(np.intp))
    half = int((n * bandwidth - 0.5) / 2)
    options = {"sites": sites, "half": half, "mean": mean, "weighted": weighted, "cancel": None}
    quick = smoother._local_fits(x, y, **options)
    monkeypatch.setattr(smoother.BlockMoments, "window", lambda *_, **__: None)
    np.testing.assert_allclose(quick, smoother._local_fits(x, y, **options), rtol=1e-9, atol=1e-10)


def test_the_exact_smoother_agrees_with_another_program_away_from_the_ends():
    # statsmodels takes the k nearest neighbours, which on an even grid is the symmetric window of Stata in the middle
    # and whose weights reach 1.0001 times as far in Stata
    x = np.arange(301.0)
    y = np.sin(x / 40) + np.random.default_rng(4).normal(size=301)
    k = int(np.floor((301 * 0.2 - 0.5) / 2))
    ours = smoother.smooth(y, x, bandwidth=0.2)
    statsmodels = pytest.importorskip("statsmodels.nonparametric.smoothers_lowess")
    theirs = statsmodels.lowess(y, x, frac=(2 * k + 1) / 301, it=0, return_sorted=False)
    np.testing.assert_allclose(ours.y[80:220], theirs[80:220], atol=1e-3)


def test_ticks_are_round_and_cover_the_range():
    assert round_ticks(0.3, 9.7, 5) == (0, 2.5, 5, 7.5, 10)
    assert round_ticks(2.0, 2.0) == (2.0,)
    assert decades(0.5, 2000) == (1, 10, 100, 1000)


def test_a_logarithmic_axis_leaves_out_what_it_cannot_show_and_says_so():
    layers = (
        Layer(mark=Mark.POINT, x=np.array([-1.0, 1, 10]), y=np.ones(3), rows=np.arange(3)),
        Layer(mark=Mark.LINE, x=np.array([1.0, -1, 10]), y=np.ones(3)),
    )
    graph = GraphSpec(kind="t", title="", x_title="", y_title="", layers=layers, x_axis=Axis(log=True))
    shown = on_log_axes(graph)
    assert shown.layers[0].rows.tolist() == [1, 2]
    assert shown.layers[1].starts.tolist() == [1]
    assert shown.note == "1 point at zero or below not shown on the logarithmic axis"
