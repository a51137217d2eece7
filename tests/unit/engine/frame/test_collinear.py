from __future__ import annotations

import numpy as np
import pytest

from engine.frame.collinear import independent_columns


def kept(*columns, constant=True):
    return independent_columns(np.column_stack(columns), constant=constant).kept.tolist()


@pytest.fixture
def x():
    return np.random.default_rng(3).normal(size=(400, 4))


def test_of_two_equal_columns_the_earlier_is_kept(x):
    assert kept(x[:, 0], x[:, 1], x[:, 0]) == [True, True, False]


def test_a_sum_of_earlier_columns_goes(x):
    assert kept(x[:, 0], x[:, 1], x[:, 0] - 3 * x[:, 1] + 7, x[:, 2]) == [True, True, False, True]


def test_a_constant_column_goes_only_where_there_is_a_constant(x):
    ones = np.full(400, 4.0)
    assert kept(ones, x[:, 0]) == [False, True]
    assert kept(ones, x[:, 0], constant=False) == [True, True]


def test_indicators_of_all_levels_lose_the_last_one_to_the_constant():
    level = np.arange(60) % 3
    indicators = [(level == k).astype(float) for k in range(3)]
    assert kept(*indicators) == [True, True, False]
    assert kept(*indicators, constant=False) == [True, True, True]


def test_a_column_of_zeros_goes(x):
    assert kept(x[:, 0], np.zeros(400), constant=False) == [True, False]


def test_powers_of_a_calendar_year_are_kept():
    """Years 1970-2010 uncentred: the cubic has a tolerance near 1e-12, a ninth-degree copy would not be seen in X'X."""
    year = np.tile(np.arange(1970.0, 2011.0), 20)
    assert kept(year, year**2, year**3) == [True, True, True]


def test_an_exact_combination_of_powers_of_years_goes():
    year = np.tile(np.arange(1970.0, 2011.0), 20)
    assert kept(year, year**2, (year - 1990) ** 2) == [True, True, False]


def test_scale_and_shift_do_not_matter(x):
    assert kept(1e9 + x[:, 0], 1e-9 * x[:, 1], 1e12 * x[:, 2], 5 + 1e6 * (x[:, 0] + x[:, 1])) == [
        True,
        True,
        True,
        False,
    ]


def test_a_copy_rounded_to_single_precision_counts_as_a_copy(x):
    assert kept(x[:, 0], (x[:, 0] / 3).astype(np.float32).astype(np.float64)) == [True, False]


def test_a_nearly_equal_column_of_its_own_is_kept(x):
    assert kept(x[:, 0], x[:, 0] + 1e-5 * x[:, 1]) == [True, True]


def test_a_response_that_the_columns_reproduce_is_noticed(x):
    y = 2 + x[:, 0] - x[:, 1]
    assert independent_columns(x[:, :2], constant=True, y=y).exact_fit
    assert not independent_columns(x[:, :2], constant=True, y=y + 1e-3 * x[:, 3]).exact_fit


def test_more_rows_than_a_chunk_give_the_same_answer():
    x = np.random.default_rng(4).normal(size=(100_001, 3))
    assert kept(x[:, 0], x[:, 1], x[:, 0] + x[:, 1], x[:, 2]) == [True, True, False, True]


def test_no_columns_is_fine():
    assert independent_columns(np.empty((5, 0)), constant=True, y=np.arange(5.0)).kept.shape == (0,)
