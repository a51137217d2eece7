"""The smoother against a plain loop over its formula ([R] lowess, Methods and formulas)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Break, StataError
from engine.events import CancelToken
from engine.graphs.smoother import EXACT_LIMIT, SITES, smooth


def by_the_formula(y, x, bandwidth, *, mean=False, weighted=True):
    """Evaluate the definition literally; returns smoothed values along the stably sorted x."""
    n = len(x)
    order = sorted(range(n), key=lambda i: x[i])
    xs, ys = [float(x[i]) for i in order], [float(y[i]) for i in order]
    k = math.floor((n * bandwidth - 0.5) / 2)
    result = []
    for i in range(1, n + 1):
        window = range(max(1, i - k), min(i + k, n) + 1)
        delta = 1.0001 * max(xs[window[-1] - 1] - xs[i - 1], xs[i - 1] - xs[window[0] - 1])
        if delta == 0:
            result.append(sum(ys[j - 1] for j in window) / len(window))
            continue
        weights = [(1 - (abs(xs[j - 1] - xs[i - 1]) / delta) ** 3) ** 3 if weighted else 1.0 for j in window]
        total = sum(weights)
        y_mean = sum(w * ys[j - 1] for w, j in zip(weights, window, strict=True)) / total
        if mean:
            result.append(y_mean)
            continue
        x_mean = sum(w * xs[j - 1] for w, j in zip(weights, window, strict=True)) / total
        sxx = sum(w * (xs[j - 1] - x_mean) ** 2 for w, j in zip(weights, window, strict=True))
        sxy = sum(w * (xs[j - 1] - x_mean) * (ys[j - 1] - y_mean) for w, j in zip(weights, window, strict=True))
        result.append(y_mean + (sxy / sxx * (xs[i - 1] - x_mean) if sxx > 0 else 0.0))
    return np.array(result)


def sample(n, seed=11):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    return np.sin(2 * x) + rng.normal(size=n), x


@pytest.mark.parametrize("bandwidth", [0.8, 0.3, 0.05])
@pytest.mark.parametrize(("mean", "weighted"), [(False, True), (True, True), (False, False), (True, False)])
def test_smoothed_values_are_those_of_the_formula(bandwidth, mean, weighted):
    y, x = sample(83)
    expected = by_the_formula(y, x, bandwidth, mean=mean, weighted=weighted)
    result = smooth(y, x, bandwidth=bandwidth, mean=mean, weighted=weighted)
    np.testing.assert_allclose(result.y, expected, rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(result.x, np.sort(x))


def test_tied_x_have_windows_of_their_own_in_the_order_of_the_data():
    y, _ = sample(60)
    x = np.repeat(np.arange(6.0), 10)[np.random.default_rng(2).permutation(60)]
    np.testing.assert_allclose(smooth(y, x).y, by_the_formula(y, x, 0.8), rtol=1e-9, atol=1e-9)


def test_a_window_of_equal_x_gives_its_mean():
    x = np.array([0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0])
    y = np.array([9.0, 1.0, 2.0, 3.0, 4.0, 5.0, 9.0])
    result = smooth(y, x, bandwidth=0.5)  # k = 1: three observations in a window
    assert result.y[3] == pytest.approx(3.0)  # the mean of 2, 3 and 4


def test_a_straight_line_is_reproduced():
    x = np.sort(np.random.default_rng(5).uniform(0, 1e6, 200))
    np.testing.assert_allclose(smooth(3 - 2 * x, x, bandwidth=0.2).y, 3 - 2 * x, rtol=1e-9)


def test_values_come_back_in_the_order_of_the_data():
    y, x = sample(40)
    result = smooth(y, x)
    np.testing.assert_array_equal(result.at_all[result.order], result.y)


@pytest.mark.parametrize("bandwidth", [0.0, 1.0, -3.0, 7.0])
def test_a_bandwidth_outside_zero_and_one_stands_for_the_default(bandwidth):
    y, x = sample(30)
    np.testing.assert_array_equal(smooth(y, x, bandwidth=bandwidth).y, smooth(y, x).y)


def test_many_points_are_smoothed_at_sites_that_agree_with_the_exact_values():
    n = EXACT_LIMIT + 1
    x = np.linspace(-1, 1, n)
    y = x**2
    result = smooth(y, x)
    assert len(result.sites) == SITES
    assert (result.sites[0], result.sites[-1]) == (0, n - 1)
    middle = by_one_window(y, x, n // 2)
    assert np.interp(0.0, result.x, result.y) == pytest.approx(middle, abs=1e-4)
    assert len(result.at_all) == n


def test_a_line_that_is_only_drawn_has_fewer_sites_with_the_exact_values():
    y, x = sample(5 * SITES)
    drawn, exact = smooth(y, x, exact=False), smooth(y, x)
    assert len(drawn.sites) == SITES
    np.testing.assert_allclose(drawn.y, exact.y[drawn.sites], rtol=1e-9, atol=1e-9)
    few = smooth(y[:SITES], x[:SITES], exact=False)
    np.testing.assert_array_equal(few.y, smooth(y[:SITES], x[:SITES]).y)


def by_one_window(y, x, i):
    """Evaluate the formula at one sorted observation (0-based) with numpy's own weighted line."""
    n = len(x)
    k = math.floor((n * 0.8 - 0.5) / 2)
    window = slice(max(0, i - k), min(n, i + k + 1))
    d = x[window] - x[i]
    w = (1 - (np.abs(d) / (1.0001 * max(d[-1], -d[0]))) ** 3) ** 3
    return np.polyfit(d, y[window], 1, w=np.sqrt(w))[1]


@settings(deadline=None, max_examples=40)
@given(st.integers(3, 25), st.integers(0, 10_000), st.floats(-1e3, 1e3), st.floats(0.01, 100))
def test_shifting_and_stretching_x_changes_nothing(n, seed, shift, stretch):
    y, x = sample(n, seed)
    np.testing.assert_allclose(smooth(y, stretch * x + shift).y, smooth(y, x).y, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(("x", "rc"), [([], 2000), ([1.0], 2001), ([1.0, 2.0], 2001), ([4.0, 4.0, 4.0], 459)])
def test_too_little_to_smooth_is_refused(x, rc):
    with pytest.raises(StataError) as caught:
        smooth(np.zeros(len(x)), np.array(x))
    assert caught.value.rc == rc


def test_it_can_be_cancelled():
    y, x = sample(500)
    token = CancelToken()
    token.cancel()
    with pytest.raises(Break):
        smooth(y, x, cancel=token)
