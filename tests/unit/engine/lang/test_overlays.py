"""Plots separated by bars or in brackets, read as parts."""

from __future__ import annotations

import pytest

from engine.commands.registry import find, names
from engine.errors import StataError
from engine.lang.parse_command import parse_command
from engine.lang.parse_expr import parse_expression
from engine.lang.printer import print_command


def parts(text):
    return parse_command(text, find, names(), expanded=True).parts


@pytest.mark.parametrize(
    "text",
    [
        "twoway scatter y x if a == 1, mcolor(red) || lfit y x, lcolor(blue)",
        "twoway (scatter y x if a == 1, mcolor(red)) (lfit y x, lcolor(blue))",
        "twoway (scatter y x if a == 1, mcolor(red)) || (lfit y x, lcolor(blue))",
        "graph twoway (scatter y x if a == 1, mcolor(red)) || lfit y x, lcolor(blue)",
        "gr tw (sc y x if a == 1, mc(red))(lfit y x, lc(blue))",
    ],
)
def test_bars_and_brackets_mean_the_same(text):
    first, second = parts(text)
    assert (first.word, first.body, second.word, second.body) == ("scatter", "y x", "lfit", "y x")
    assert first.if_ is not None
    assert first.option("mcolor").argument == "red"
    assert second.option("lcolor").argument == "blue"


def test_options_behind_the_last_bracket_are_a_part_of_their_own():
    *_, last = parts('twoway (scatter y x) (line y x), title("a, (b)") by(g)')
    assert (last.word, last.body) == ("", "")
    assert last.option("title").argument == '"a, (b)"'
    assert [part.word for part in parts("scatter y x || lfit y x ||, title(t)")] == ["", "lfit", ""]


def test_a_command_that_is_a_plot_needs_no_word_and_may_be_followed_by_others():
    first, second = parts("scatter y x || lowess y x, bwidth(.4)")
    assert (first.word, first.body, second.word) == ("", "y x", "lowess")


def test_a_condition_in_brackets_is_no_plot():
    (only,) = parts("scatter y x if (a == 1) & (b == 2)")
    assert only.body == "y x"
    assert only.if_ == parse_expression("(a == 1) & (b == 2)")


def test_printing_gives_the_command_back():
    for text in ("twoway scatter y x || lfit y x, lcolor(red)", "scatter y x, by(g) || lowess y x"):
        once = print_command(parse_command(text, find, names(), expanded=True))
        assert once == text
        assert print_command(parse_command(once, find, names(), expanded=True)) == once


@pytest.mark.parametrize(
    ("text", "rc", "words"),
    [
        ("twoway", 100, "required"),
        ("twoway (scattter y x)", 198, "did you mean scatter?"),
        ("twoway (scatter y x, bwidth(3))", 198, "option bwidth not allowed"),
        ("scatter y x || lfit y x, msymbol(o)", 198, "option msymbol not allowed"),
        ("twoway (scatter y x", 132, ""),
        ("scatter", 100, "varlist required"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text, rc, words):
    with pytest.raises(StataError) as caught:
        parts(text)
    assert caught.value.rc == rc
    assert words in caught.value.message


def test_two_words_name_a_command_and_may_be_abbreviated():
    for text, name in (
        ("graph box y", "graph box"),
        ("gr hbox y", "graph hbox"),
        ("graph exp a.png", "graph export"),
        ("graph save a", "graph save"),
        ("gr tw scatter y x", "graph twoway"),
    ):
        assert parse_command(text, find, names(), expanded=True).decl.name == name
    assert parse_command("graph nothing", find, names(), expanded=True).decl.name == "graph"
