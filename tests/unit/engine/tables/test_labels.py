"""Labels that fit their column."""

from __future__ import annotations

import numpy as np
import pytest
from oracle_results import column

from engine.data.dataset import Dataset, ValueLabel, Variable
from engine.tables.labels import abbreviate, factor_labels, fit_levels, fit_name, needed_width, truncate, wrap


@pytest.mark.parametrize(
    ("name", "width", "short"),
    [
        ("displacement", 8, "displa~t"),  # the manual's example of abbrev()
        ("weight", 6, "weight"),
        ("a234567890123456789012345678901z", 14, "a23456789012~z"),
    ],
)
def test_a_long_name_keeps_its_beginning_and_its_last_character(name, width, short):
    assert abbreviate(name, width) == short


def test_a_long_value_label_ends_in_two_dots():
    assert truncate("Roman Catholic", 11) == "Roman Cat.."
    assert truncate("Catholic", 11) == "Catholic"


def test_an_interaction_that_does_not_fit_is_broken_after_each_hash():
    assert fit_name("c.ses#c.meanses", 14) == "c.ses#\nc.meanses"
    assert fit_name("c.ses#c.meanses", 15) == "c.ses#c.meanses"


def test_pieces_of_a_broken_interaction_are_abbreviated_too():
    assert fit_name("c.averylongvariablename#c.x", 12) == "c.averylon~e#\nc.x"


def test_levels_that_do_not_fit_take_a_line_each():
    assert fit_levels(("Female", "Catholic"), 15) == "Female#Catholic"
    assert fit_levels(("Female", "Catholic"), 14) == "Female#\nCatholic"
    assert fit_levels(("Strongly agree", "no"), 10) == "Strongly..#\nno"


def test_width_wanted_counts_the_pieces_of_what_will_be_broken():
    assert needed_width("c.ses#c.meanses", 15) == 15
    assert needed_width("c.ses#c.meanses", 14) == 9
    assert needed_width("x" * 20, 14) == 20


def test_value_labels_are_found_behind_time_series_operators_and_missing_variables_have_none():
    data = Dataset(
        variables=(Variable("sector", "byte", "%8.0g", value_label="s"),),
        columns={"sector": np.array([0, 1], dtype=np.int8)},
        n_obs=2,
        value_labels={"s": ValueLabel("s", {0.0: "Public", 1.0: "Catholic"})},
    )
    lagged = column("1.sector")
    labels = factor_labels((lagged, column("2.gone"), column("c.ses#c.ses")), data)
    assert labels["sector"][1] == "Catholic"
    assert "gone" not in labels
    assert "ses" not in labels


@pytest.mark.parametrize(
    ("lines", "words", "shown"),
    [
        (1, True, "a long label of.."),
        (2, True, "a long label of\nthe school"),
        (2, False, "a long label of t\nhe school"),
        (9, True, "a long label of\nthe school"),
    ],
)
def test_a_value_label_may_wrap_between_words_or_anywhere(lines, words, shown):
    assert wrap("a long label of the school", 17, lines, words=words) == shown


def test_a_word_longer_than_the_line_is_cut_and_the_last_line_truncated():
    assert wrap("Donaudampfschifffahrt", 8, 3, words=True) == "Donaudam\npfschiff\nfahrt"
    assert wrap("Donaudampfschifffahrt", 8, 2, words=True) == "Donaudam\npfschi.."
    assert fit_levels(("a long label", "two"), 8, 2) == "a long\nlabel#\ntwo"
