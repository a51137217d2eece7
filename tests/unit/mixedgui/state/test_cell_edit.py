"""What is typed or pasted into cells becomes replace commands that write exactly that."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.api import Session, Variable
from mixedgui.state.cell_edit import (
    CellChange,
    NotAValue,
    cell_expression,
    number_text,
    paste_changes,
    read_block,
    replace_commands,
    text_literal,
)

X = Variable("x", "float", "%9.0g")
S = Variable("s", "str9", "%9s")
DAY = Variable("d", "int", "%td")
YESNO = {0.0: "No", 1.0: "Yes", 2.0: "yes"}


@pytest.mark.parametrize(
    ("typed", "expression"),
    [
        ("3", "3"),
        (" -.5 ", "-.5"),
        ("1e-3", "1e-3"),
        ("\N{MINUS SIGN}2", "-2"),
        ("1,234,567.5", "1234567.5"),
        ("", "."),
        (".", "."),
        (".z", ".z"),
        ("=ln(x)+1", "ln(x)+1"),
    ],
)
def test_numbers_missing_codes_and_expressions_are_taken(typed, expression):
    assert cell_expression(X, typed) == expression


@pytest.mark.parametrize("typed", ["abc", "1,5", "..", ".A", "1 2", "=ln(", "=", "1e", "--1"])
def test_what_is_no_number_is_refused_with_a_sentence(typed):
    with pytest.raises(NotAValue):
        cell_expression(X, typed)


def test_words_of_value_labels_stand_for_their_numbers():
    assert cell_expression(X, "No", YESNO) == "0"
    assert cell_expression(X, "no", YESNO) == "0"
    assert cell_expression(X, "Yes", YESNO) == "1"
    assert cell_expression(X, "7", YESNO) == "7"
    with pytest.raises(NotAValue, match="several"):
        cell_expression(X, "YES", YESNO)
    with pytest.raises(NotAValue, match="Its labels are No, Yes, yes"):
        cell_expression(X, "maybe", YESNO)


def test_dates_are_typed_as_dates():
    assert cell_expression(DAY, "12mar2020") == "td(12mar2020)"
    assert cell_expression(DAY, "2020-03-12") == "td(12mar2020)"
    assert cell_expression(DAY, "21986") == "21986"
    with pytest.raises(NotAValue):
        cell_expression(DAY, '12"mar')


def written(text):
    session = Session(pd.DataFrame({"s": ["a"]}))
    outcome = session.run(f"replace s = {text_literal(text)} in 1")
    return outcome.rc, session.data.columns["s"][0]


@pytest.mark.parametrize(
    "text",
    ["", "plain", 'say "hi"', '"', '""', "`", "`x'", "$name", "cost $5", "${a}", "a\\b", "a\\", "`\"", "\"'", "a\nb\t",
     "// no comment", "/* none */", "* star", "é 日本 😀", "'", "x\"'y`z$w", " lead and trail "],
)  # fmt: skip
def test_any_text_is_written_as_it_is(text):
    assert written(text) == (0, text)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab \"'`$\\{}/*\n\t,:=;"), max_size=12))
def test_any_sequence_of_awkward_characters_is_written_as_it_is(text):
    assert written(text) == (0, text)


@settings(max_examples=100, deadline=None)
@given(st.floats(min_value=-8e307, max_value=8e307))
def test_a_number_is_written_with_all_its_digits(value):
    session = Session(pd.DataFrame({"x": [0.5]}))
    session.run(f"generate double z = {number_text(value)}")
    assert session.data.numeric("z")[0] == value


def test_neighbours_with_one_value_share_a_command():
    changes = [CellChange("x", 7, "1"), CellChange("x", 5, "1"), CellChange("x", 6, "1"), CellChange("x", 9, "1")]
    assert replace_commands(changes) == ["replace x = 1 in 5/7", "replace x = 1 in 9"]
    changes = [CellChange("x", 1, "1"), CellChange("y", 2, "1"), CellChange("x", 2, "2")]
    assert replace_commands(changes) == ["replace x = 1 in 1", "replace x = 2 in 2", "replace y = 1 in 2"]


def test_a_block_is_read_as_spreadsheets_write_it():
    assert read_block("1\t2\r\n3\t\r\n") == [["1", "2"], ["3", ""]]
    assert read_block('"a ""b"""\tx') == [['a "b"', "x"]]
    assert read_block("5") == [["5"]]


def test_a_block_goes_cell_by_cell_and_a_single_value_everywhere():
    block = [["1", "a"], ["2", "b"]]
    changes = paste_changes(block, [X, S], [4, 9], {})
    assert replace_commands(changes) == [
        "replace x = 1 in 4",
        "replace x = 2 in 9",
        'replace s = "a" in 4',
        'replace s = "b" in 9',
    ]
    assert replace_commands(paste_changes([["7"]], [X], [1, 2, 3], {})) == ["replace x = 7 in 1/3"]


def test_one_cell_that_does_not_fit_stops_the_whole_paste():
    with pytest.raises(NotAValue, match=r"Nothing was pasted\. Row 2: x holds numbers"):
        paste_changes([["1"], ["b"]], [X], [1, 2], {})
