from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.frame.groups import Codes, code_paths, code_values, determines


def by_hand(*columns):
    """Number distinct tuples in sorted order."""
    rows = list(zip(*[column.tolist() for column in columns], strict=True))
    number = {row: i for i, row in enumerate(sorted(set(rows)))}
    return [number[row] for row in rows]


@pytest.mark.parametrize(
    "values",
    [
        np.array([7, 3, 3, 9], dtype=np.int8),
        np.array([7.0, 3.0, 3.0, 9.0]),
        np.array([0.25, -1.5, 0.25, 3.0]),
        np.array([2**31 - 100, -(2**30), 5, 5], dtype=np.int64),
        np.array([1e300, 5.0, 1e300, -2.0]),
        np.array(["b", "a", "ö", "a"], dtype=object),
    ],
)
def test_codes_follow_the_order_of_values(values):
    codes = code_values(values)
    assert codes.values.tolist() == by_hand(values)
    assert codes.n_groups == len(set(values.tolist()))


code = st.integers(0, 6)


@given(st.lists(st.tuples(code, code, code), min_size=1, max_size=40))
def test_paths_number_distinct_combinations_in_sorted_order(rows):
    a, b, c = np.array(rows).T
    paths = code_paths([code_values(a), code_values(b), code_values(c)])
    assert paths[0].values.tolist() == by_hand(a)
    assert paths[1].values.tolist() == by_hand(a, b)
    assert paths[2].values.tolist() == by_hand(a, b, c)


@given(st.lists(st.tuples(code, code), min_size=1, max_size=40))
def test_every_path_number_is_in_use_and_children_of_a_parent_are_neighbours(rows):
    a, b = np.array(rows).T
    upper, lower = code_paths([code_values(a), code_values(b)])
    assert lower.sizes().min() >= 1
    parent = determines(lower, upper)
    assert parent is not None
    assert np.all(np.diff(parent) >= 0)


def test_the_same_code_under_two_parents_is_two_groups():
    school = np.array([1, 1, 2, 2])
    class_ = np.array([1, 2, 1, 2])
    assert code_paths([code_values(school), code_values(class_)])[1].n_groups == 4


def test_many_combinations_of_crossed_ids_are_coded():
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 30_000, 40_000), rng.integers(0, 30_000, 40_000)
    assert code_paths([code_values(a), code_values(b)])[1].values.tolist() == by_hand(a, b)


def test_first_rows_point_at_the_first_row_of_each_group():
    codes = Codes(np.array([2, 0, 2, 1, 0]), 3)
    assert codes.first_rows().tolist() == [1, 3, 0]


def test_no_rows_make_no_groups():
    assert code_values(np.empty(0, dtype=np.int32)).n_groups == 0
