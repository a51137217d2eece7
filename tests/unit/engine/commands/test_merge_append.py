"""``merge`` and ``append``: which rows belong together, what each column becomes, what is said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.api import Session

NAN = np.nan


@pytest.fixture
def using(tmp_path):
    """Three keys, one of them (4) in no other data; u has a missing value, z is text."""
    path = tmp_path / "u.dta"
    other = Session(data=pd.DataFrame({"id": [3, 1, 4], "u": [30.5, NAN, 40.0], "z": ["c", "a", "d"]}))
    assert other.run(f'label define yes 1 "yes"\nlabel values id yes\nsave "{path}"').rc == 0
    return path


@pytest.fixture
def session():
    return Session(data=pd.DataFrame({"id": [3, 1, 1, 5], "x": [1, 2, 3, 4], "u": [1.0, NAN, 3.0, 4.0]}))


def values(session, name):
    return session.data.to_pandas()[name].tolist()


def same(found, expected):
    np.testing.assert_equal(found, expected)


def test_many_to_one_matches_by_key_and_reports_as_the_manual_does(session, using):
    outcome = session.run(f'merge m:1 id using "{using}"')
    assert outcome.rc == 0, outcome.text
    same(values(session, "id"), [1, 1, 3, 5, 4])
    same(values(session, "u"), [NAN, 3.0, 1.0, 4.0, 40.0])  # the data in memory win where both have a variable
    same(values(session, "z"), ["a", "a", "c", "", "d"])
    same(values(session, "_merge"), [3, 3, 3, 1, 2])
    assert session.data.labels_of("_merge")[3.0] == "Matched (3)"
    # layout of [D] merge, release 17 and later
    assert outcome.text.split("\n")[:-1] == [
        "",
        "    Result                      Number of obs",
        "    -----------------------------------------",
        "    Not matched                             2",
        "        from master                         1  (_merge==1)",
        "        from using                          1  (_merge==2)",
        "",
        "    Matched                                 3  (_merge==3)",
        "    -----------------------------------------",
    ]
    rows = {row.name: row.values[0] for row in outcome.tables["merge"].rows}
    assert rows == {"master": 1, "using": 1, "match": 3}


def test_keep_is_reported_after_it_was_applied_and_nogenerate_makes_no_variable(session, using):
    outcome = session.run(f'merge m:1 id using "{using}", keep(match) nogenerate')
    assert (
        "Not matched                             0\n\n    Matched                                 3\n" in outcome.text
    )
    assert "_merge" not in session.data
    assert session.data.n_obs == 3


def test_update_fills_missing_values_and_replace_takes_over_conflicts(session, using):
    session.run("preserve")
    session.run(f'merge m:1 id using "{using}", update')
    same(values(session, "u"), [NAN, 3.0, 1.0, 4.0, 40.0])
    same(values(session, "_merge"), [3, 3, 5, 1, 2])
    session.run("restore")
    session.run(f'merge m:1 id using "{using}", update replace')
    same(values(session, "u"), [NAN, 3.0, 30.5, 4.0, 40.0])


def test_one_to_many_repeats_the_rows_in_memory(tmp_path):
    path = tmp_path / "many.dta"
    Session(data=pd.DataFrame({"k": [2, 1, 2], "w": [20, 10, 21]})).run(f'save "{path}"')
    session = Session(data=pd.DataFrame({"k": [1, 2], "x": [5, 6]}))
    assert session.run(f'merge 1:m k using "{path}"').rc == 0
    same(values(session, "x"), [5, 6, 6])
    same(values(session, "w"), [10, 20, 21])


def test_many_to_many_pairs_in_turn_and_repeats_the_last_of_the_shorter(tmp_path):
    path = tmp_path / "many.dta"
    Session(data=pd.DataFrame({"k": [1, 1, 1], "w": [7, 8, 9]})).run(f'save "{path}"')
    session = Session(data=pd.DataFrame({"k": [1, 1], "x": [5, 6]}))
    session.run(f'merge m:m k using "{path}"')
    same(values(session, "x"), [5, 6, 6])
    same(values(session, "w"), [7, 8, 9])


def test_observations_are_matched_by_number(session, using):
    session.run(f'merge 1:1 _n using "{using}", keepusing(z)')
    same(values(session, "z"), ["c", "a", "d", ""])


def test_keys_of_several_types_are_compared_as_numbers(tmp_path):
    path = tmp_path / "k.dta"
    Session(data=pd.DataFrame({"k": [1.5, 300.0], "w": [1, 2]})).run(f'save "{path}"')
    session = Session(data=pd.DataFrame({"k": [300, 2], "s": ["b", "a"]}))
    session.run(f'merge 1:1 k using "{path}"')
    same(values(session, "k"), [2, 300, 1.5])
    assert session.data.variable("k").storage == "float"


@pytest.mark.parametrize(
    ("command", "rc", "words"),
    [
        ("merge 1:1 id using U", 459, "does not uniquely identify observations in the master data"),
        ("merge m:1 id using U, assert(match)", 9, "1 Master only (1), 1 Using only (2)"),
        ("merge m:1 x using U", 111, "variable x not found in the using data"),
        ("merge id using U", 198, "write merge 1:1"),
        ("merge m:1 id using nowhere", 601, "not found"),
        ("merge m:1 id using U, keep(sometimes)", 198, "the results are master, using and match"),
        ("merge m:1 id using U, gen(x)", 110, "already defined"),
        ("merge m:1 id using U, nogen gen(q)", 184, "may not be combined"),
        ("merge m:1 id using U, replace", 198, "needs update"),
        ("append using U, gen(x)", 110, "already defined"),
        ("append", 100, "using"),
    ],
)
def test_what_cannot_be_merged_is_refused_and_the_data_stay(session, using, command, rc, words):
    before = session.data
    outcome = session.run(command.replace("U", f'"{using}"'))
    assert outcome.rc == rc
    assert words in " ".join(outcome.text.split())
    assert session.data is before


def test_text_and_numbers_do_not_mix_without_force(session, using):
    session.run('drop u\ngenerate str1 u = "q"')
    outcome = session.run(f'append using "{using}"')
    assert outcome.rc == 106
    outcome = session.run(f'append using "{using}", force')
    assert outcome.rc == 0
    same(values(session, "u"), ["q", "q", "q", "q", "", "", ""])


def test_append_adds_rows_and_makes_room(session, using):
    outcome = session.run(f'append using "{using}", generate(source)')
    assert "(variable u was byte, now float to accommodate using data's values)" in outcome.text
    same(values(session, "id"), [3, 1, 1, 5, 3, 1, 4])
    same(values(session, "x"), [1, 2, 3, 4, NAN, NAN, NAN])
    same(values(session, "u"), [1, NAN, 3, 4, 30.5, NAN, 40])
    same(values(session, "z"), ["", "", "", "", "c", "a", "d"])
    same(values(session, "source"), [0, 0, 0, 0, 1, 1, 1])
    assert len(set(session.data.row_ids.tolist())) == 7


def test_a_label_that_is_there_already_stays(session, using):
    session.run('label define yes 1 "one"')
    assert "(label yes already defined)" in session.run(f'append using "{using}"').text
    assert session.data.value_labels["yes"].texts[1.0] == "one"


def test_matching_agrees_with_pandas_on_random_keys(tmp_path):
    rng = np.random.default_rng(4)
    left = pd.DataFrame({"a": rng.integers(0, 30, 400), "b": rng.integers(0, 9, 400), "x": np.arange(400)})
    right = pd.DataFrame({"a": rng.integers(0, 30, 90), "b": rng.integers(0, 9, 90)}).drop_duplicates()
    right["w"] = np.arange(len(right)) + 1000
    path = tmp_path / "right.dta"
    Session(data=right).run(f'save "{path}"')
    session = Session(data=left)
    assert session.run(f'merge m:1 a b using "{path}", keep(master match)').rc == 0
    found = session.data.to_pandas().sort_values("x")
    expected = left.merge(right, on=["a", "b"], how="left").sort_values("x")
    np.testing.assert_array_equal(found["w"].to_numpy(), expected["w"].to_numpy())
