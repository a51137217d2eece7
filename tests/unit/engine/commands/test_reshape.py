"""``reshape``: the worked example of [D] reshape, the way back, and data that do not allow it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.api import Session

LONG = "reshape long inc ue, i(id) j(year)"


@pytest.fixture
def session():
    """The data of the manual's example: three people, incomes and unemployment of 1980 to 1982."""
    return Session(
        data=pd.DataFrame({
            "id": [1, 2, 3], "sex": [0, 1, 0], "inc80": [5000, 2000, 3000], "inc81": [5500, 2200, 2000],
            "inc82": [6000, 3300, 1000], "ue80": [0, 1, 0], "ue81": [1, 0, 0], "ue82": [0, 0, 1],
        })
    )  # fmt: skip


def test_long_form_and_its_report_are_the_manuals(session):
    outcome = session.run(LONG)
    frame = session.data.to_pandas()
    assert list(frame) == ["id", "year", "inc", "ue", "sex"]
    assert frame["year"].tolist() == [80, 81, 82] * 3
    assert frame["inc"].tolist() == [5000, 5500, 6000, 2000, 2200, 3300, 3000, 2000, 1000]
    assert frame["ue"].tolist() == [0, 1, 0, 1, 0, 0, 0, 0, 1]
    assert frame["sex"].tolist() == [0, 0, 0, 1, 1, 1, 0, 0, 0]
    assert session.data.sorted_by == ("id", "year")
    assert outcome.text.split("\n")[:-1] == [
        "(j = 80 81 82)",
        "",
        "Data                               Wide   ->   Long",
        "-----------------------------------------------------------------------------",
        "Number of observations                3   ->   9",
        "Number of variables                   8   ->   5",
        "j variable (3 values)                     ->   year",
        "xij variables:",
        "                      inc80 inc81 inc82   ->   inc",
        "                         ue80 ue81 ue82   ->   ue",
        "-----------------------------------------------------------------------------",
    ]


def test_there_and_back_without_arguments_gives_the_data_again(session):
    before = session.data.to_pandas()
    session.run(LONG)
    assert session.run("reshape wide").rc == 0
    pd.testing.assert_frame_equal(session.data.to_pandas()[list(before)], before)
    assert session.run("reshape long").rc == 0
    assert session.data.n_obs == 9


def test_the_last_request_is_saved_with_the_data(session, tmp_path):
    session.run(LONG)
    session.run(f'save "{tmp_path / "long.dta"}"')
    other = Session()
    other.run(f'use "{tmp_path / "long.dta"}"')
    assert other.run("reshape wide").rc == 0
    assert other.data.n_obs == 3


def test_a_value_that_is_not_everywhere_is_missing_in_the_wide_form():
    session = Session(data=pd.DataFrame({"id": [1, 1, 2], "t": [1, 2, 2], "x": [5.0, 6.0, 7.0]}))
    session.run("reshape wide x, i(id) j(t)")
    frame = session.data.to_pandas()
    assert frame["x2"].tolist() == [6, 7]
    assert np.isnan(frame["x1"][1])


def test_text_values_of_j_and_the_place_of_the_value_in_the_name():
    session = Session(data=pd.DataFrame({"id": [1, 2], "incm1": [1, 2], "incf1": [3, 4], "name": ["a", "b"]}))
    session.run("reshape long inc@1, i(id) j(sex) string")
    frame = session.data.to_pandas()
    assert frame["sex"].tolist() == ["f", "m", "f", "m"]
    assert frame["inc1"].tolist() == [3, 1, 4, 2]
    assert session.run("reshape wide inc@1, i(id) j(sex) string").rc == 0
    assert set(session.data.names) == {"id", "incf1", "incm1", "name"}


@pytest.mark.parametrize(
    ("before", "command", "rc", "words"),
    [
        ("expand 2 in 2", LONG, 9, "id = 2 occurs more than once"),
        ("", "reshape long wage, i(id) j(year)", 111, "no xij variables found"),
        ("", "reshape long inc, i(id) j(sex)", 110, "variable sex already defined"),
        (f"{LONG}\nreplace sex = 3 in 5", "reshape wide", 9, "sex not constant within id: it differs for id = 2"),
        (f"{LONG}\nexpand 2 in 6", "reshape wide", 9, "id = 2, year = 82 occurs more than once"),
        (f"{LONG}\nreplace year = . in 1", "reshape wide", 498, "year contains missing values"),
        ("", "reshape wide", 198, "have not been reshaped before"),
        ("", "reshape wide inc80, i(id)", 198, "option j() required"),
        ("", "reshape up", 198, "there are reshape long"),
        ("", "reshape long inc, j(t)", 198, "option i() required"),
        ("generate s = string(id)", "reshape wide inc80, i(id) j(s)", 109, "option string"),
    ],
)
def test_what_cannot_be_reshaped_names_the_offender(session, before, command, rc, words):
    session.run(before)
    data = session.data
    outcome = session.run(command)
    assert outcome.rc == rc
    assert words in " ".join(outcome.text.split())
    assert session.data is data


def test_agrees_with_pandas_on_unbalanced_data():
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"id": rng.integers(0, 50, 600), "t": rng.integers(0, 12, 600), "x": rng.normal(size=600)})
    frame = frame.drop_duplicates(["id", "t"])
    session = Session(data=frame)
    assert session.run("reshape wide x, i(id) j(t)").rc == 0
    expected = frame.pivot_table(index="id", columns="t", values="x")
    found = session.data.to_pandas().set_index("id")[[f"x{t}" for t in expected.columns]]
    np.testing.assert_array_equal(found.to_numpy(), expected.to_numpy())
