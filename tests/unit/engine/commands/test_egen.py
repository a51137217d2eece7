"""``egen``, ``set seed`` and ``set obs``."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.api import Session


@pytest.fixture
def session():
    frame = pd.DataFrame({
        "g": [2, 1, 2, 1, 1, 3],
        "x": [1.0, 2.0, 4.0, np.nan, 6.0, np.nan],
        "y": [1.0, 1.0, 3.0, 5.0, 2.0, np.nan],
        "s": ["b", "a", "b", "a", "", "a"],
    })  # fmt: skip
    return Session(data=frame)


def made(session, line, name="new"):
    outcome = session.run(line)
    assert outcome.rc == 0, outcome.text
    return session.data.to_pandas()[name].tolist()


NAN = np.nan


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("mean(x), by(g)", [2.5, 4, 2.5, 4, 4, NAN]),
        ("sd(x), by(g)", [np.sqrt(4.5), np.sqrt(8), np.sqrt(4.5), np.sqrt(8), np.sqrt(8), NAN]),
        ("min(x), by(g)", [1, 2, 1, 2, 2, NAN]),
        ("max(x), by(g)", [4, 6, 4, 6, 6, NAN]),
        ("total(x), by(g)", [5, 8, 5, 8, 8, 0]),
        ("total(x), by(g) missing", [5, 8, 5, 8, 8, NAN]),
        ("count(x), by(g)", [2, 2, 2, 2, 2, 0]),
        ("median(y)", [2] * 6),
        ("pctile(y), p(40)", [1.5] * 6),
        ("iqr(y)", [2] * 6),
        ("rank(y)", [1.5, 1.5, 4, 5, 3, NAN]),
        ("rank(y), field", [4, 4, 2, 1, 3, NAN]),
        ("rank(y), track", [1, 1, 4, 5, 3, NAN]),
        ("rank(y), unique", [1, 2, 4, 5, 3, NAN]),
        ("rank(y), by(g)", [1, 1, 2, 3, 2, NAN]),
        ("group(g)", [2, 1, 2, 1, 1, 3]),
        ("group(s)", [2, 1, 2, 1, NAN, 1]),
        ("group(s g), missing", [4, 2, 4, 2, 1, 3]),
        ("tag(g)", [1, 1, 0, 0, 0, 1]),
        ("tag(g) in 3/l", [0, 0, 1, 1, 0, 1]),
        ("seq()", [1, 2, 3, 4, 5, 6]),
        ("seq(), from(2) to(3)", [2, 3, 2, 3, 2, 3]),
        ("seq(), block(2)", [1, 1, 2, 2, 3, 3]),
        ("seq(), by(g)", [1, 1, 2, 2, 3, 1]),
        ("cut(y), at(0 2 4)", [0, 0, 2, NAN, 2, NAN]),
        ("cut(y), at(0 2 4) icodes", [0, 0, 1, NAN, 1, NAN]),
        ("cut(y), group(2)", [0, 0, 1, 1, 0, NAN]),
        ("anycount(g y), values(1 3)", [1, 2, 1, 1, 1, 1]),
        ("anymatch(g), values(1)", [0, 1, 0, 1, 1, 0]),
        ("rowmean(x y)", [1, 1.5, 3.5, 5, 4, NAN]),
        ("rowtotal(x y)", [2, 3, 7, 5, 8, 0]),
        ("rowmiss(x y s)", [0, 0, 0, 1, 1, 2]),
        ("rowmin(x y)", [1, 1, 3, 5, 2, NAN]),
        ("rowmax(x y)", [1, 2, 4, 5, 6, NAN]),
        ("mean(x*2) if g==2", [5, NAN, 5, NAN, NAN, NAN]),
        ("count(s), by(g)", [2, 2, 2, 2, 2, 1]),
        ("mad(x), by(g)", [1.5, 2, 1.5, 2, 2, NAN]),
        ("mdev(y)", [1.28] * 6),
        ("mode(y)", [1] * 6),
        ("mode(g), by(s)", [2, 1, 2, 1, 1, 1]),
        ("mode(y), by(g) minmode", [1, 1, 1, 1, 1, NAN]),
        ("mode(y), by(g) nummode(2)", [3, 2, 3, 2, 2, NAN]),
        ("fill(2 4)", [2, 4, 6, 8, 10, 12]),
        ("fill(0 0 1 0 0 1)", [0, 0, 1, 0, 0, 1]),
        ("fill(1 1 2 2)", [1, 1, 2, 2, 3, 3]),
        ("diff(x y)", [0, 1, 1, 1, 1, 0]),
        ("rowmedian(x y g)", [1, 1, 3, 3, 2, 3]),
        ("rowpctile(x y g), p(25)", [1, 1, 2, 1, 1, 3]),
        ("rowfirst(x y)", [1, 2, 4, 5, 6, NAN]),
        ("rowlast(x y)", [1, 1, 3, 5, 2, NAN]),
        ("rownonmiss(x y s)", [3, 3, 3, 2, 2, 1]),
        ("anyvalue(g), values(1 3)", [NAN, 1, NAN, 1, 1, 3]),
        ("pc(y)", [100 / 12, 100 / 12, 25, 500 / 12, 200 / 12, NAN]),
    ],
)
def test_functions_against_results_by_hand(session, call, expected):
    np.testing.assert_allclose(made(session, f"egen double new = {call}"), expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ('concat(g s), punct("-")', ["2-b", "1-a", "2-b", "1-a", "1-", "3-a"]),
        ("concat(x y)", ["11", "21", "43", ".5", "62", ".."]),
        ("mode(s)", ["a"] * 6),
        ("mode(s), by(g)", ["b", "a", "b", "a", "a", "a"]),
        ('ends(s+" z"), last', ["z"] * 6),
        ("ends(s)", ["b", "a", "b", "a", "", "a"]),
    ],
)
def test_functions_that_give_text(session, call, expected):
    assert made(session, f"egen new = {call}") == expected


def test_std_has_mean_0_and_standard_deviation_1(session):
    values = np.array(made(session, "egen double new = std(y)"))
    assert np.nanmean(values) == pytest.approx(0, abs=1e-15)
    assert np.nanstd(values, ddof=1) == pytest.approx(1)


def test_the_prefix_and_the_option_by_give_the_same(session):
    first = made(session, "egen a = mean(x), by(g)", "a")
    session.run("bysort g: egen b = mean(x)")
    frame = session.data.to_pandas()
    np.testing.assert_array_equal(frame["a"], frame["b"])
    assert len(first) == 6


def test_group_statistics_agree_with_pandas():
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"g": rng.integers(0, 50, 2000), "x": rng.normal(size=2000) + 1e6})
    frame.loc[::7, "x"] = np.nan
    session = Session(data=frame)
    for name in ("mean", "sd", "min", "max", "median"):
        found = made(session, f"egen double {name} = {name}(x), by(g)", name)
        expected = frame.groupby("g")["x"].transform("std" if name == "sd" else name)
        np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_results_are_float_unless_a_type_is_given_and_tags_are_bytes(session):
    made(session, "egen a = mean(x)", "a")
    made(session, "egen double b = mean(x)", "b")
    made(session, "egen c = tag(g)", "c")
    assert [session.data.variable(name).storage for name in "abc"] == ["float", "double", "byte"]


def test_groups_are_labelled_with_their_values(session):
    made(session, "egen new = group(s g), label")
    assert dict(session.data.labels_of("new")) == {1.0: "a 1", 2.0: "a 3", 3.0: "b 2"}


def test_missing_values_are_counted(session):
    assert session.run("egen new = mean(x), by(g)").text == "(1 missing value generated)\n"


@pytest.mark.parametrize(
    ("line", "rc", "typed"),
    [
        ("egen new = men(x)", 133, "men"),
        ("egen x = mean(x)", 110, "x"),
        ("egen new = mean(nothing)", 111, "nothing"),
        ("egen new = mean(s)", 109, "s"),
        ("egen new = mean(x), by(nothing)", 111, "nothing"),
        ("egen new = mean(x), p(50)", 198, "p(50)"),
        ("egen new = mean()", 198, None),
        ("egen new", 198, "new"),
        ("egen new = tag(g), by(g)", 190, None),
        ("bysort g: egen new = tag(g)", 190, None),
        ("egen new = cut(x)", 198, None),
        ("egen new = anycount(x)", 198, None),
        ("egen str5 new = mean(x)", 109, None),
        ("egen byte new = concat(s g)", 109, None),
        ("egen new = fill(1 3 4)", 198, "1 3 4"),
        ("egen new = mode(y), minmode maxmode", 184, None),
        ("egen new = diff(x s)", 109, "x s"),
    ],
)
def test_mistakes_have_their_code_and_place(session, line, rc, typed):
    outcome = session.run(line)
    assert outcome.rc == rc, outcome.text
    if typed is not None:
        assert line[slice(*outcome.error.span)] == typed


def test_a_seed_repeats_the_random_numbers():
    session = Session()
    session.run("set obs 20\nset seed 42\ngenerate a = rnormal()\nset seed 42\ngenerate b = rnormal()")
    session.run("generate c = rnormal()")
    frame = session.data.to_pandas()
    assert frame["a"].tolist() == frame["b"].tolist()
    assert frame["a"].tolist() != frame["c"].tolist()


def test_set_obs_adds_observations_with_missing_values(session):
    outcome = session.run("set obs 8")
    assert outcome.text == "Number of observations (_N) was 6, now 8.\n"
    assert session.data.to_pandas()["x"].isna().sum() == 4
    assert session.data.texts("s")[-1] == ""
    assert len(set(session.data.row_ids.tolist())) == 8
    assert session.run("set obs 3").rc == 198
    assert session.run("set obs many").rc == 198
    assert session.run("set seed -1").rc == 198


def test_cut_labels_intervals_by_their_left_ends(session):
    assert made(session, "egen new = cut(y), at(0 2.5 4) label") == pytest.approx([0, 0, 1, NAN, 0, NAN], nan_ok=True)
    assert dict(session.data.labels_of("new")) == {0.0: "0-", 1.0: "2.5-"}
    assert made(session, "egen half = cut(y), group(2) label", "half") == pytest.approx(
        [0, 0, 1, 1, 0, NAN], nan_ok=True
    )
    assert dict(session.data.labels_of("half")) == {0.0: "1-", 1.0: "3-"}
