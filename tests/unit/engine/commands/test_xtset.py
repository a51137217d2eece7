"""``xtset``, ``tsset``, time-series operators, ``xtdescribe`` and ``xtsum``."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.api import Session

NAN = np.nan


@pytest.fixture
def session():
    """Two panels: the first with a gap at 3, the second shorter; in no order."""
    frame = pd.DataFrame({
        "id": [2, 1, 1, 2, 1, 1],
        "t": [2, 4, 1, 1, 2, 5],
        "x": [12.0, 4.0, 1.0, 11.0, 2.0, 7.0],
        "s": list("abcdef"),
    })  # fmt: skip
    session = Session(data=frame)
    assert session.run("xtset id t").rc == 0
    return session


def values(session, expression):
    outcome = session.run(f"generate double new = {expression}")
    assert outcome.rc == 0, outcome.text
    found = session.data.to_pandas()["new"].tolist()
    session.run("drop new")
    return found


def test_settings_are_printed_sort_the_data_and_are_stored(session):
    outcome = session.run("xtset")
    assert outcome.text == (
        "\nPanel variable: id (unbalanced)\n Time variable: t, 1 to 5, but with a gap\n         Delta: 1 unit\n"
    )
    assert session.data.to_pandas()["x"].tolist() == [1, 2, 4, 7, 11, 12]
    assert outcome.r.macros["panelvar"] == "id"
    assert outcome.r.scalars["tmax"] == 5


def test_balance_is_told(data_file):
    session = Session()
    session.run(f'use "{data_file("pig")}"')
    assert "Panel variable: id (strongly balanced)\n Time variable: week, 1 to 9\n" in session.run("xtset id week").text
    session.run("drop if (id == 1 & week == 1) | (id > 1 & week == 9)")
    assert "(weakly balanced)" in session.run("xtset id week").text
    assert session.run("xtset id").text == "\nPanel variable: id (balanced)\n"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [  # rows: id 1 at t 1 2 4 5, id 2 at t 1 2; a time that is not there gives missing ([U] 11.4.4)
        ("L.x", [NAN, 1, NAN, 4, NAN, 11]),
        ("l.x", [NAN, 1, NAN, 4, NAN, 11]),
        ("L2.x", [NAN, NAN, 2, NAN, NAN, NAN]),
        ("F.x", [2, NAN, 7, NAN, 12, NAN]),
        ("D.x", [NAN, 1, NAN, 3, NAN, 1]),
        ("S3.x", [NAN, NAN, 3, 5, NAN, NAN]),
        ("LF.x", [1, 2, 4, 7, 11, 12]),
        ("L0.x + 1", [2, 3, 5, 8, 12, 13]),
        ("x - L.x > 2 if !missing(L.x)", [NAN, 0, NAN, 1, NAN, 0]),
    ],
)
def test_operators_look_at_other_times_within_the_panel(session, expression, expected):
    np.testing.assert_array_equal(values(session, expression), expected)


def test_second_differences_are_differences_of_differences():
    session = Session(data=pd.DataFrame({"t": range(6), "x": [1.0, 4.0, 9.0, 16.0, 25.0, 36.0]}))
    session.run("tsset t")
    np.testing.assert_array_equal(values(session, "D2.x"), [NAN, NAN, 2, 2, 2, 2])
    np.testing.assert_array_equal(values(session, "S2.x"), [NAN, NAN, 8, 12, 16, 20])
    np.testing.assert_array_equal(values(session, "LD.x"), [NAN, NAN, 3, 5, 7, 9])
    np.testing.assert_array_equal(values(session, "DS2.x"), [NAN, NAN, NAN, 4, 4, 4])


def test_operators_do_not_depend_on_the_order_of_the_data(session):
    session.run("generate l = L.x\ngsort -x\ngenerate m = L.x")
    frame = session.data.to_pandas()
    np.testing.assert_array_equal(frame["l"], frame["m"])


def test_replace_goes_from_time_to_time():
    session = Session(data=pd.DataFrame({"t": range(1, 6), "x": [1.0, 0, 0, 0, 0]}))
    session.run("tsset t\nreplace x = 2*L.x if t > 1")
    assert session.data.to_pandas()["x"].tolist() == [1, 2, 4, 8, 16]


def test_steps_other_than_one_and_units():
    session = Session(data=pd.DataFrame({"t": [0, 10, 20, 40], "x": [1.0, 2, 3, 4]}))
    assert "Delta: 10 units" in session.run("tsset t, delta(10)").text
    np.testing.assert_array_equal(values(session, "L.x"), [NAN, 1, 2, NAN])
    assert "Time variable: t, 1960m1 to 1963m5, but with a gap" in session.run("tsset t, monthly delta(10)").text


def test_settings_are_saved_with_the_data_and_follow_a_new_name(session, tmp_path):
    session.run(f'rename t when\nsave "{tmp_path / "panel.dta"}"')
    other = Session()
    other.run(f'use "{tmp_path / "panel.dta"}"')
    np.testing.assert_array_equal(values(other, "L.x"), [NAN, 1, NAN, 4, NAN, 11])
    other.run("drop when")
    assert other.run("generate l = L.x").error.message.startswith("time variable not set; use tsset")


def test_lists_of_variables_take_operators(session):
    outcome = session.run("summarize L(0/1).x D.x")
    assert [row.name for row in outcome.tables["summarize"].rows] == ["x", "L.x", "D.x"]
    assert outcome.tables["summarize"].rows[1].values[0] == 3
    assert session.run("drop L.x").rc == 101


def test_a_model_with_lags_is_the_one_with_variables_made_by_hand(data_file):
    session = Session()
    session.run(f'use "{data_file("pig")}"\nxtset id week\ngenerate double l = L.weight\ngenerate double d = D.weight')
    session.run("mixed d l i.week || id:")
    by_hand = session.e.scalars["ll"]
    session.run("predict double a, fitted")
    outcome = session.run("mixed D.weight L.weight i.week || id:")
    assert session.e.scalars["ll"] == pytest.approx(by_hand, rel=1e-12)
    assert outcome.tables["fixed"].rows[0].name == "L.weight"
    assert "      weight |\n         L1. |" in outcome.text
    session.run("predict double b, fitted")
    frame = session.data.to_pandas()
    np.testing.assert_allclose(frame["a"], frame["b"], rtol=1e-12)


@pytest.mark.parametrize(
    ("before", "command", "rc", "words"),
    [
        ("xtset, clear", "generate y = L.x", 111, "time variable not set"),
        ("xtset, clear", "summarize L.x", 111, "time variable not set"),
        ("xtset, clear", "xtset", 459, "panel variable not set; use xtset varname"),
        ("xtset, clear", "tsset", 111, "time variable not set"),
        ("xtset, clear", "xtsum x", 459, "panel variable not set"),
        ("xtset id", "generate y = L.x", 111, "time variable not set"),
        ("xtset id", "xtdescribe", 459, "time variable not set"),
        ("", "generate y = L.s", 109, "s holds text"),
        ("", "xtset s t", 109, "string variables not allowed"),
        ("", "tsset t", 451, "repeated time values in sample: t = 1 occurs more than once"),
        ("replace t = 2 in 1", "xtset id t", 451, "repeated time values within panel: id = 1, t = 2"),
        ("replace t = 1.5 in 1", "xtset id t", 451, "whole numbers"),
        ("", "xtset id t x", 103, "too many variables"),
        ("", "xtset id t, delta(2)", 451, "do not lie delta(2) apart"),
    ],
)
def test_what_cannot_be_is_refused(session, before, command, rc, words):
    session.run(before)
    outcome = session.run(command)
    assert outcome.rc == rc
    assert words in " ".join(outcome.text.split())


def test_xtdescribe_shows_the_patterns(session):
    outcome = session.run("xtdescribe")
    assert [(row.name, row.values[0]) for row in outcome.tables["xtdescribe"].rows] == [("11 11", 1), ("11 ..", 1)]
    assert outcome.r.scalars["max"] == 4
    assert "(id*t uniquely identifies each observation)" in outcome.text


def test_xtsum_splits_the_variation(session):
    outcome = session.run("xtsum x")
    rows = {row.name: row.values for row in outcome.tables["xtsum"].rows}
    x, means = np.array([1, 2, 4, 7, 11, 12.0]), np.array([3.5, 11.5])
    within = x - np.repeat(means, [4, 2]) + x.mean()
    np.testing.assert_allclose(rows["overall"], [x.mean(), x.std(ddof=1), 1, 12, 6])
    np.testing.assert_allclose(rows["between"][1:], [means.std(ddof=1), 3.5, 11.5, 2])
    np.testing.assert_allclose(rows["within"][1:], [within.std(ddof=1), within.min(), within.max(), 3])
    assert outcome.r.scalars["sd_b"] == pytest.approx(means.std(ddof=1))
