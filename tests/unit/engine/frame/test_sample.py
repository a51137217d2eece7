from __future__ import annotations

import numpy as np
import pytest

from engine.data.dataset import Dataset, Variable
from engine.data.missing import MISSING
from engine.errors import StataError
from engine.frame.sample import range_of, select
from engine.lang.command import InRange
from engine.lang.parse_expr import parse_expression

DATA = Dataset().with_variable(Variable("x", "double", "%9.0g"), np.array([1.0, 0.0, MISSING, 4.0]))
DATA = DATA.with_variable(Variable("s", "str1", "%9s"), np.array(["a", "b", "c", "d"], dtype=object))


def test_a_condition_keeps_what_is_not_zero_missing_values_included() -> None:
    assert select(DATA, parse_expression("x"), None).tolist() == [True, False, True, True]
    assert select(DATA, parse_expression("x > 2"), None).tolist() == [False, False, True, True]


def test_condition_and_range_both_have_to_hold() -> None:
    assert select(DATA, parse_expression("x"), InRange("1", "2")).tolist() == [True, False, False, False]
    assert select(DATA, None, None).all()


@pytest.mark.parametrize(
    ("ends", "rows"),
    [(("1", "2"), (1, 2)), (("f", "l"), (1, 4)), (("-2", "l"), (3, 4)), (("3", "3"), (3, 3)), (("F", "-1"), (1, 4))],
)
def test_ranges_count_from_both_ends(ends: tuple[str, str], rows: tuple[int, int]) -> None:
    assert range_of(InRange(*ends), 4) == rows


@pytest.mark.parametrize("ends", [("0", "2"), ("1", "5"), ("-5", "l"), ("3", "2"), ("a", "2")])
def test_ranges_outside_the_data_are_refused(ends: tuple[str, str]) -> None:
    with pytest.raises(StataError) as caught:
        select(DATA, None, InRange(*ends, span=(5, 9)))
    assert (caught.value.rc, caught.value.span) == (198, (5, 9))


def test_text_is_no_condition() -> None:
    with pytest.raises(StataError) as caught:
        select(DATA, parse_expression("s"), None)
    assert caught.value.rc == 109
