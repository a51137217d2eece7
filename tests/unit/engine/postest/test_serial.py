"""Correlations and semivariances of residuals, by hand on a few numbers."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import StataError
from engine.postest.serial import autocorrelation, semivariogram

E = np.array([3.0, 1.0, 2.0, 5.0, 4.0])
GROUPS = np.array([0, 0, 0, 1, 1])
TIMES = np.array([2.0, 0.0, 1.0, 7.0, 4.0])
"""In order of time the first group is 1 2 3, the second 4 5."""


def test_products_at_a_lag_are_divided_by_the_mean_square():
    found = autocorrelation(E, GROUPS, TIMES)
    square = np.mean(E**2)  # about zero, not about the mean
    assert found.lags.tolist() == [1.0]  # at lag 2 there is one pair only
    assert found.r == pytest.approx([np.mean([1 * 2, 2 * 3, 4 * 5]) / square])
    assert found.pairs.tolist() == [3.0]


def test_half_squared_differences_are_averaged_by_their_distance_in_time():
    found = semivariogram(E, GROUPS, TIMES)
    assert found.distance == pytest.approx([1.0, 2.0, 3.0])
    assert found.value == pytest.approx([0.5 * (1 + 1) / 2, 0.5 * 4, 0.5 * 1])
    assert found.pairs.tolist() == [2.0, 1.0, 1.0]
    assert found.total == pytest.approx(np.var(E))


@pytest.mark.parametrize("function", [autocorrelation, semivariogram])
def test_groups_of_one_have_no_pairs(function):
    with pytest.raises(StataError, match="no group has two observations"):
        function(E, np.arange(5), TIMES)
