"""Missing values in every storage type; codes as in the published description of the data formats."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.missing import (
    MISSING,
    from_doubles,
    is_missing,
    missing_code,
    missing_text,
    missing_value,
    to_doubles,
)

LETTERS = ["", *"abcdefghijklmnopqrstuvwxyz"]


def test_the_double_of_dot_is_that_of_the_format_description() -> None:
    assert np.float64(MISSING).view(np.uint64) == 0x7FE0000000000000
    assert np.float64(missing_value("a")).view(np.uint64) == 0x7FE0010000000000
    assert np.float64(missing_value("z")).view(np.uint64) == 0x7FE01A0000000000


@pytest.mark.parametrize("storage", ["byte", "int", "long", "float", "double"])
def test_all_missing_values_survive_every_storage_type(storage: str) -> None:
    values = np.array([missing_value(letter) for letter in LETTERS] + [-1.0, 100.0])
    stored = from_doubles(values, storage)
    assert to_doubles(stored, storage).tolist() == values.tolist()


def test_missing_values_are_ordered_above_every_number() -> None:
    values = np.array([missing_value(letter) for letter in LETTERS])
    assert (np.diff(values) > 0).all()
    assert is_missing(values).all()
    assert not is_missing(np.array([1e307, -1e308, 0.0])).any()
    assert is_missing(np.array([np.nan, np.inf])).all()


def test_missing_values_are_named() -> None:
    assert [missing_text(missing_value(letter)) for letter in LETTERS] == [f".{letter}" for letter in LETTERS]
    assert missing_text(float("nan")) == "."
    assert missing_code(1.0) is None


def test_what_is_too_large_for_a_number_is_plain_missing():
    assert missing_text(1e308) == "."
    stored = from_doubles(np.array([1e308, np.inf, missing_value("z")]), "double")
    assert [missing_text(value) for value in stored] == [".", ".", ".z"]
