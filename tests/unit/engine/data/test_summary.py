from __future__ import annotations

import math

import numpy as np
import pytest

from engine.data.summary import percentile, summarize_values


def test_statistics_agree_with_plain_formulas() -> None:
    values = np.array([1.0, 2.0, 4.0, 9.0])
    summary = summarize_values(values, name="x", detail=True)
    assert summary.values == (4.0, 4.0, pytest.approx(math.sqrt((9 + 4 + 0 + 25) / 3)), 1.0, 9.0)
    second, third, fourth = 38 / 4, (-27 - 8 + 0 + 125) / 4, (81 + 16 + 0 + 625) / 4
    assert summary.skewness == pytest.approx(third / second**1.5)
    assert summary.kurtosis == pytest.approx(fourth / second**2)
    assert summary.smallest == (1.0, 2.0, 4.0, 9.0)


def test_the_mean_of_large_numbers_keeps_its_digits() -> None:
    values = 1e9 + np.array([0.1, 0.2, 0.3])
    summary = summarize_values(values, name="x")
    assert summary.sd == pytest.approx(0.1, rel=1e-6)


@pytest.mark.parametrize(("percent", "expected"), [(25, 1.5), (50, 2.5), (10, 1.0), (99, 4.0), (75, 3.5)])
def test_percentiles_average_where_the_position_is_whole(percent: float, expected: float) -> None:
    assert percentile(np.array([1.0, 2.0, 3.0, 4.0]), percent) == expected


def test_one_value_has_no_standard_deviation_and_none_has_no_mean() -> None:
    assert math.isnan(summarize_values(np.array([3.0]), name="x").sd)
    empty = summarize_values(np.empty(0), name="x", detail=True)
    assert empty.n == 0
    assert math.isnan(empty.mean)


def test_a_constant_has_no_shape() -> None:
    summary = summarize_values(np.ones(5), name="x", detail=True)
    assert summary.sd == 0.0
    assert math.isnan(summary.skewness)
