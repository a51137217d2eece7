from __future__ import annotations

import numpy as np
import pytest

from engine.data.dataset import Dataset, Variable
from engine.errors import StataError
from engine.frame.resolve import check_new_name, resolve_name, resolve_names


def data_with(*names: str) -> Dataset:
    data = Dataset()
    for name in names:
        data = data.with_variable(Variable(name, "byte", "%8.0g"), np.zeros(2, dtype=np.int8))
    return data


DATA = data_with("id", "week", "weight", "weight2", "x1", "x2", "x10", "female")


def test_an_exact_name_wins_over_longer_ones() -> None:
    assert resolve_name("weight", DATA) == "weight"


def test_a_unique_beginning_is_enough() -> None:
    assert resolve_name("fem", DATA) == "female"


def test_an_ambiguous_beginning_is_refused_with_its_candidates() -> None:
    with pytest.raises(StataError) as caught:
        resolve_name("we", DATA, (3, 5))
    assert caught.value.rc == 111
    assert caught.value.message == "we ambiguous abbreviation: week, weight, weight2"
    assert caught.value.span == (3, 5)


def test_a_misspelt_name_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(StataError) as caught:
        resolve_name("weigth", DATA)
    assert (caught.value.rc, caught.value.message) == (111, "variable weigth not found; did you mean weight?")


def test_without_data_the_message_says_so() -> None:
    with pytest.raises(StataError, match="no data in memory") as caught:
        resolve_name("x", Dataset())
    assert caught.value.rc == 111


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("week id", ("week", "id")),
        ("x*", ("x1", "x2", "x10")),
        ("x?", ("x1", "x2")),
        ("*2", ("weight2", "x2")),
        ("week-x1", ("week", "weight", "weight2", "x1")),
        ("fe~e", ("female",)),
        ("_all", DATA.names),
        ("*", DATA.names),
        ("id id wee", ("id", "week")),
        ("", ()),
    ],
)
def test_lists_expand_to_full_names(typed: str, expected: tuple[str, ...]) -> None:
    assert resolve_names(typed, DATA) == expected


def test_a_name_can_be_kept_twice() -> None:
    assert resolve_names("id id", DATA, unique=False) == ("id", "id")


@pytest.mark.parametrize(
    ("typed", "rc"),
    [("foo", 111), ("z*", 111), ("x~", 111), ("x1-week", 111), ("i.week", 101), ("c.week#c.id", 101), ("L.week", 101)],
)
def test_lists_that_cannot_be_used_are_refused(typed: str, rc: int) -> None:
    with pytest.raises(StataError) as caught:
        resolve_names(typed, DATA)
    assert caught.value.rc == rc


def test_errors_point_into_the_command() -> None:
    with pytest.raises(StataError) as caught:
        resolve_names("id wieght", DATA, span=(10, 19))
    assert caught.value.span == (13, 19)


@pytest.mark.parametrize(
    ("name", "rc"), [("week", 110), ("_all", 198), ("2x", 198), ("if", 198), ("str5", 198), ("a b", 198)]
)
def test_names_that_a_new_variable_cannot_have_are_refused(name: str, rc: int) -> None:
    with pytest.raises(StataError) as caught:
        check_new_name(name, DATA)
    assert caught.value.rc == rc


def test_a_new_name_may_have_letters_of_any_alphabet() -> None:
    assert check_new_name("größe", DATA) == "größe"
