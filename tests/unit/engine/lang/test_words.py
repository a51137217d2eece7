"""Abbreviations, number lists, tokens and colours."""

from __future__ import annotations

import pytest

from engine.errors import StataError
from engine.lang.abbrev import distance, matches, nearest
from engine.lang.numlist import parse_numlist, print_integers, print_number
from engine.lang.timeseries import canonical
from engine.lang.tokens import Kind, highlight, tokenize


def test_an_abbreviation_needs_its_minimum():
    assert matches("nocons", "noconstant", 6)
    assert matches("noconstant", "noconstant", 6)
    assert not matches("nocon", "noconstant", 6)
    assert not matches("noconsx", "noconstant", 6)
    assert not matches("Nocons", "noconstant", 6)


@pytest.mark.parametrize(
    ("word", "found"),
    [("weigth", "weight"), ("weght", "weight"), ("Weight", "weight"), ("wek", "week"), ("zzz", None), ("x", None)],
)
def test_the_nearest_name_is_one_that_may_have_been_meant(word, found):
    assert nearest(word, ["id", "week", "weight"]) == found


def test_a_swap_of_neighbours_is_one_slip():
    assert distance("weigth", "weight") == 1
    assert distance("", "ab") == 2


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1 2 3", (1, 2, 3)),
        ("1,2 , 3", (1, 2, 3)),
        ("1/4", (1, 2, 3, 4)),
        ("3/1", (3, 2, 1)),
        ("1(2)7", (1, 3, 5, 7)),
        ("0[.1].3", (0, 0.1, 0.2, 0.3)),
        ("1 3:9", (1, 3, 5, 7, 9)),
        ("1 3 to 7", (1, 3, 5, 7)),
        ("-1 2.5 1e2", (-1, 2.5, 100)),
        ("", ()),
    ],
)
def test_number_lists_are_written_out(text, numbers):
    assert parse_numlist(text) == pytest.approx(numbers, abs=1e-15)


@pytest.mark.parametrize(
    ("text", "rc"), [("1 x", 121), ("1(0)3", 121), ("1(-1)3", 121), ("/3", 121), ("1/9999", 123), ("1(1e-300)2", 123)]
)
def test_a_list_that_cannot_be_is_refused(text, rc):
    with pytest.raises(StataError) as caught:
        parse_numlist(text)
    assert caught.value.rc == rc


def test_numbers_print_short_and_exact():
    assert [print_number(value) for value in (90.0, 99.99, 1e-10, -3)] == ["90", "99.99", "1e-10", "-3"]
    assert print_integers((1, 2, 3, 5, 7, 8)) == "1/3 5 7 8"


@pytest.mark.parametrize(
    ("typed", "form"),
    [("l", "L"), ("ld2ls12d", "L2D3S12"), ("L0", ""), ("F2L3", "L"), ("S1", "S"), ("S0", None), ("Lx", None)],
)
def test_time_series_operators_have_one_form(typed, form):
    assert canonical(typed) == form


def test_tokens_know_their_places():
    text = "mixed y x1, cov(un)"
    tokens = tokenize(text)
    assert [text[token.start : token.end] for token in tokens] == [token.text for token in tokens]
    assert [token.kind for token in tokens[:4]] == [Kind.NAME, Kind.NAME, Kind.NAME, Kind.OPERATOR]


def coloured(text, kind):
    return [text[start:end] for start, end, found in highlight(text) if found == kind]


def test_the_parts_of_a_command_have_their_colours():
    text = 'qui by a: mixed y x if z=="in" || id: x, cov(un) nolog // done'
    assert coloured(text, "command") == ["qui", "by", "mixed"]
    assert coloured(text, "bar") == ["||"]
    assert coloured(text, "option") == ["cov", "nolog"]
    assert coloured(text, "string") == ['"in"']
    assert coloured(text, "comment") == ["// done"]


def test_options_end_with_the_next_equation():
    assert coloured("mixed y, nocons || id: x, reml", "option") == ["nocons", "reml"]


@pytest.mark.parametrize(("text", "culprit"), [("list (x", "("), ("list x)", ")"), ('use "pig', '"pig')])
def test_what_has_no_partner_is_an_error(text, culprit):
    assert coloured(text, "error") == [culprit]


def test_each_line_starts_a_command_unless_it_continues():
    assert coloured("use pig\nlist x ///\n  y", "command") == ["use", "list"]
