"""``mixed`` with ``R.``: tables, options, stored results, predictions and what does not go together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.api import Session

PIG = "mixed weight week || _all: R.week || id:"


@pytest.fixture
def session(data_file):
    session = Session()
    session.run(f'use "{data_file("pig")}"')
    return session


def fit(session, command):
    outcome = session.run(command)
    assert outcome.rc == 0, outcome.text
    return outcome


def estimates(outcome):
    return [row.values[0] for row in outcome.tables["random"].rows]


@pytest.mark.parametrize(
    "options",
    [
        "matlog",
        "technique(bfgs)",
        "technique(dfp)",
        "emiterate(0)",
        "emiterate(50)",
        "difficult",
        "trace hessian",
        "emlog",
    ],
)
def test_however_the_search_goes_the_optimum_is_the_same(session, options):
    plain = fit(session, PIG)
    other = fit(session, f"{PIG}, {options}")
    assert other.e.scalars["ll"] == pytest.approx(plain.e.scalars["ll"], rel=1e-10)
    assert estimates(other) == pytest.approx(estimates(plain), rel=1e-4)


def test_em_alone_has_no_standard_errors(session):
    outcome = fit(session, f"{PIG}, emonly emiterate(500)")
    assert all(np.isnan(row.values[1]) for row in outcome.tables["random"].rows)


def test_a_factor_is_shown_as_such_in_every_metric(session):
    assert "var(R.week)" in fit(session, PIG).text
    assert "sd(R.week)" in session.run("mixed, stddeviations").text
    assert "lns1_1_1" in session.run("mixed, estmetric").text
    fit(session, "mixed weight week || _all: R.week, cov(ex) || id:")
    text = session.run("mixed, stddeviations").text
    assert "_all: Exchangeable" in text
    assert "corr(R.week)" in text


def test_a_long_factor_name_is_abbreviated(session):
    fit(session, "rename week number_of_the_week_of_weighing")
    text = fit(session, "mixed weight || _all: R.number_of_the_week_of_weighing || id:").text
    assert "var(R.number_of_the_week_~g)" in text


def test_levels_are_counted_once_and_crossing_is_no_concern(session):
    outcome = fit(session, PIG)
    assert [(row.name, row.values[0]) for row in outcome.tables["groups"].rows] == [("_all", 1.0), ("id", 48.0)]
    assert "Note: The levels" not in outcome.text
    assert "inside out" not in outcome.text


def test_predicted_effects_are_labelled_and_constant_within_a_value(session):
    fit(session, PIG)
    assert session.run("predict u v, reffects reses(su sv)").rc == 0
    labels = {variable.name: variable.label for variable in session.data.variables}
    assert labels["u"] == "BLUP r.e. for _all: R.week"
    assert labels["su"] == "BLUP r.e. std. err. for _all: R.week"
    data = session.data.to_pandas()
    assert data.groupby("week")["u"].nunique().tolist() == [1] * 9
    assert data.groupby("id")["v"].nunique().tolist() == [1] * 48
    assert data["u"].nunique() == 9


def test_one_level_only_is_predicted_on_request(session):
    fit(session, PIG)
    assert session.run("predict u, reffects relevel(_all)").rc == 0
    assert session.run("predict double f0, fitted relevel(_all)").rc == 0
    assert session.run("predict double xb, xb").rc == 0
    data = session.data.to_pandas()
    assert (data["f0"] - data["xb"]).to_numpy() == pytest.approx(data["u"].to_numpy(), abs=1e-6)


def test_factors_that_define_the_same_groups_share_their_variance(session):
    one = fit(session, "mixed weight week || id:")
    two = fit(session, "mixed weight week || _all: R.id || id:")
    assert two.e.scalars["ll"] == pytest.approx(one.e.scalars["ll"], rel=1e-10)
    first, second, _ = estimates(two)
    assert first + second == pytest.approx(estimates(one)[0], rel=1e-5)


def test_text_is_a_factor_too():
    rng = np.random.default_rng(1)
    data = pd.DataFrame({"g": rng.integers(12, size=200), "k": rng.integers(5, size=200)})
    data["y"] = rng.normal(size=12)[data["g"]] + rng.normal(size=5)[data["k"]] + rng.normal(size=200)
    data["s"] = data["k"].map(lambda k: f"kind {k}")
    session = Session(data=data)
    by_number = fit(session, "mixed y || _all: R.k || g:")
    by_text = fit(session, "mixed y || _all: R.s || g:")
    assert by_text.e.scalars["ll"] == by_number.e.scalars["ll"]
    assert session.run("predict a b, reffects").rc == 0


def test_degrees_of_freedom_for_crossed_effects(session):
    outcome = fit(session, f"{PIG}, reml dfmethod(kroger)")
    assert 7 < outcome.e.scalars["df_min"] < 60


@pytest.mark.parametrize(
    "command",
    [
        "mixed weight week [fw=mod(id,3)+1] || _all: R.week || id:",
        "mixed weight week || _all: R.week || id:, fweight(mod(id,3)+1)",
        "mixed weight week || _all: R.week || id:, residuals(ar 1, t(week)) reml dfmethod(kroger)",
        "mixed weight week || _all: R.week || id:, residuals(independent, by(week))",
        "mixed weight week || pen: R.week || id:, vce(robust)",
        "mixed weight week || pen: R.week, covariance(exchangeable) pweight(mod(pen,3)+1)",
        "mixed weight week || pen: R.week || id: week, pweight(mod(pen,3)+1) residuals(exponential, t(week))",
    ],
)
def test_what_goes_with_nested_levels_goes_with_a_factor_too(session, command):
    assert session.run("generate pen = mod(id, 12)").rc == 0
    outcome = fit(session, command)
    assert outcome.e.scalars["converged"] == 1
    for follow in ("predict a*, reffects reses(b*)", "predict c, fitted", "estat ic"):
        assert session.run(follow).rc == 0


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("mixed weight week || _all: R.week || id:, vce(robust)", "_all is one group"),
        ("mixed weight week [pw=id] || _all: R.week || id:", "_all is one group"),
        ("mixed weight week || _all: R.week, cov(un) || id:", "covariance(identity) and covariance(exchangeable)"),
        ("mixed weight week || id: || _all: R.week", "List it first"),
    ],
)
def test_what_does_not_go_with_a_factor_is_refused_in_a_sentence(session, command, words):
    outcome = session.run(command)
    assert outcome.rc == 198
    assert words in outcome.error.message


def test_a_crossing_too_large_for_the_machine_is_refused_before_it_starts():
    rng = np.random.default_rng(0)
    n = 400_000
    data = pd.DataFrame(
        {"y": rng.normal(size=n), "a": rng.integers(150_000, size=n), "b": rng.integers(150_000, size=n)}
    )
    outcome = Session(data=data).run("mixed y || _all: R.a || _all: R.b")
    assert outcome.rc == 909
    assert "GB of memory" in outcome.error.message
    assert "of b" in outcome.error.message or "of a" in outcome.error.message
