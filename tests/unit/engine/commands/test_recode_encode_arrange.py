"""Recoding, text and numbers, the order of variables, copies of observations, and preserved data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from outcomes import ran

from engine.api import Session

NAN = np.nan


@pytest.fixture
def session():
    frame = pd.DataFrame({
        "x": [1.0, 2.0, 3.0, 4.0, np.nan],
        "s": ["b", "a", "b", "", "c"],
        "n": ["1", "2.5", "", "-3e2", "."],
        "d": ["1,5", "$2", "x", "50%", "4"],
    })  # fmt: skip
    return Session(data=frame)


def column(session, name):
    return session.data.to_pandas()[name].tolist()


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("(1 2 = 10)", [10, 10, 3, 4, NAN]),
        ("(1/3=0) (else=9)", [0, 0, 0, 9, 9]),
        ("(min/2=0) (3/max=1)", [0, 0, 1, 1, NAN]),
        ("(.=7)", [1, 2, 3, 4, 7]),
        ("(missing=7) (nonmissing=1)", [1, 1, 1, 1, 7]),
        (".=0 1=5", [5, 2, 3, 4, 0]),
        ("(1=2) (2=1)", [2, 1, 3, 4, NAN]),
        ("(1=copy) (*=0)", [1, 0, 0, 0, 0]),
        ("(2=.a)", [1, NAN, 3, 4, NAN]),
        ("(1=1.5)", [1.5, 2, 3, 4, NAN]),
        ("(1/4=0) if x > 2", [1, 2, 0, 0, NAN]),
    ],
)
def test_the_first_rule_that_fits_holds(session, rules, expected):
    ran(session, f"recode x {rules}")
    np.testing.assert_array_equal(column(session, "x"), expected)


def test_recode_makes_labelled_variables(session):
    outcome = ran(session, 'recode x (1/2=1 "low") (3/4=2 "high values"), generate(y)')
    assert outcome.text == "(3 differences between x and y)\n"
    assert dict(session.data.labels_of("y")) == {1.0: "low", 2.0: "high values"}
    assert session.data.variable("y").label == "RECODE of x"
    assert column(session, "x") == [1, 2, 3, 4, pytest.approx(NAN, nan_ok=True)]


def test_recode_names_the_value_label_of_its_words(session):
    ran(session, 'recode x (1/2=1 "low") (3/4=2 "high"), generate(y) label(halves)')
    assert session.data.variable("y").value_label == "halves"
    assert dict(session.data.value_labels["halves"].texts) == {1.0: "low", 2.0: "high"}
    again = session.run('recode x (1/2=1 "low"), generate(z) label(halves)')
    assert (again.rc, again.error.message) == (110, "value label halves already defined")
    assert session.run("recode x (1/2=1), generate(z) label(other)").rc == 198
    assert session.run('recode x (1/2=1 "low"), label(other)').rc == 198


def test_encode_numbers_texts_in_alphabetical_order_and_decode_goes_back(session):
    ran(session, "encode s, generate(code)", "decode code, generate(back)")
    np.testing.assert_array_equal(column(session, "code"), [2, 1, 2, NAN, 3])
    assert column(session, "back") == column(session, "s")


def test_encode_uses_and_extends_an_existing_label(session):
    ran(session, 'label define l 5 "b"', "encode s, generate(code) label(l)")
    np.testing.assert_array_equal(column(session, "code"), [5, 6, 5, NAN, 7])


def test_destring_makes_numbers_of_the_smallest_type(session):
    outcome = ran(session, "destring n, replace")
    assert outcome.text == "n: all characters numeric; replaced as double\n(2 missing values generated)\n"
    np.testing.assert_array_equal(column(session, "n"), [1, 2.5, NAN, -300, NAN])
    ran(session, "tostring x, generate(t)", "destring t, replace")
    assert session.data.variable("t").storage == "byte"


def test_destring_leaves_what_is_no_number_unless_forced(session):
    assert "contains nonnumeric characters; no generate" in ran(session, "destring d, generate(e)").text
    assert "e" not in session.data
    ran(session, 'destring d, generate(e) force ignore("$") dpcomma')
    np.testing.assert_array_equal(column(session, "e"), [1.5, 2, NAN, NAN, 4])


def test_order_moves_variables(session):
    ran(session, "order n d")
    assert session.data.names == ("n", "d", "x", "s")
    ran(session, "order n, after(x)")
    assert session.data.names == ("d", "x", "n", "s")
    ran(session, "order d, last")
    assert session.data.names == ("x", "n", "s", "d")
    ran(session, "order _all, alphabetic")
    assert session.data.names == ("d", "n", "s", "x")


def test_expand_adds_copies_with_rows_of_their_own(session):
    assert ran(session, "expand 3 if x == 1, generate(new)").text == "(2 observations created)\n"
    np.testing.assert_array_equal(column(session, "x"), [1, 2, 3, 4, NAN, 1, 1])
    assert column(session, "new") == [0, 0, 0, 0, 0, 1, 1]
    assert len(set(session.data.row_ids.tolist())) == 7
    assert ran(session, "expand x").text == "(6 observations created)\n"
    assert ran(session, "expand =-1").text == "(0 observations created)\n"


def test_preserved_data_come_back(session):
    ran(session, "preserve", "drop x", "restore")
    assert "x" in session.data
    assert session.run("restore").rc == 622
    ran(session, "preserve")
    assert session.run("preserve").rc == 621
    ran(session, "drop x", "restore, not")
    assert "x" not in session.data


def test_a_do_file_that_ends_brings_its_preserved_data_back(session, tmp_path):
    path = tmp_path / "inner.do"
    path.write_text("preserve\nclear\n", encoding="utf-8")
    ran(session, f'do "{path}"')
    assert "x" in session.data


@pytest.mark.parametrize(
    ("line", "rc"),
    [
        ("recode x", 198),
        ("recode x (1 2)", 198),
        ("recode x (a=1)", 198),
        ("recode x (1=b)", 198),
        ("recode s (1=2)", 109),
        ("recode x (1=2), generate(s)", 110),
        ("recode x (1=2), generate(a b)", 198),
        ("recode nothing (1=2)", 111),
        ("encode x, generate(y)", 107),
        ("encode s", 198),
        ("decode x, generate(y)", 182),
        ("destring n", 198),
        ("order x, first last", 184),
        ("order x, before(x)", 198),
        ("order nothing", 111),
        ("expand s", 109),
        ("expand", 198),
        ("restore", 622),
    ],
)
def test_mistakes_have_their_code_and_change_nothing(session, line, rc):
    before = session.data
    assert session.run(line).rc == rc
    assert session.data is before
