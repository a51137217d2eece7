"""``predict`` after ``mixed``: names, labels, rows, refusals; values against the reference results and identities."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from outcomes import ran

from engine.api import Session

BLUP_IN_SE = 1e-5
"""Tolerance of predicted effects, ../shared/oracles/README.md; estimates are good to 1e-5 of their standard errors."""


@pytest.fixture
def session():
    rng = np.random.default_rng(11)
    school = np.repeat(np.arange(20), 6)
    x = rng.normal(size=120)
    y = 1 + 0.5 * x + rng.normal(size=20)[school] + 0.4 * rng.normal(size=20)[school] * x + rng.normal(size=120)
    frame = pd.DataFrame({"y": y, "x": x, "school": school, "female": np.arange(120) % 2})
    frame.loc[3, "y"] = np.nan
    frame.loc[4, "x"] = np.nan
    session = Session(data=frame)
    ran(session, "mixed y x i.female if school < 15 || school: x, cov(un) nolog")
    return session


def failing(session, command, rc, *words):
    before = session.data.names
    outcome = session.run(command)
    assert outcome.rc == rc, outcome.text
    assert outcome.error.details == ""
    for word in words:
        assert word in outcome.error.message, outcome.error.message
    assert session.data.names == before


def column(session, name):
    return session.data.to_pandas()[name].to_numpy(dtype=float)


def test_the_default_is_the_linear_prediction_and_says_so(session):
    outcome = ran(session, "predict double p")
    assert outcome.text.splitlines() == ["(option xb assumed)", "(1 missing value generated)"]
    b = session.estimates.result.beta
    names = [c.name for c in session.estimates.result.columns]
    want = column(session, "x") * b[names.index("x")] + column(session, "female") * b[names.index("1.female")] + b[-1]
    np.testing.assert_allclose(column(session, "p"), want, rtol=1e-13)
    assert session.data.variable("p").label == "Linear prediction, fixed portion"


def test_new_variables_are_float_unless_a_type_is_given(session):
    ran(session, "predict a, xb")
    ran(session, "predict double b, xb")
    assert session.data.variable("a").storage == "float"
    assert session.data.variable("b").storage == "double"


def test_linear_prediction_is_made_outside_the_sample_and_fitted_values_only_in_its_groups(session):
    ran(session, "predict p, xb")
    ran(session, "predict f, fitted")
    school = column(session, "school")
    assert np.isnan(column(session, "p")).sum() == 1
    missing = np.isnan(column(session, "f"))
    np.testing.assert_array_equal(missing, (school >= 15) | (np.arange(120) == 4))


def test_fitted_values_are_the_fixed_and_the_random_part(session):
    ran(session, "predict double p, xb")
    ran(session, "predict double f, fitted")
    ran(session, "predict double u*, reffects")
    inside = ~np.isnan(column(session, "u1"))
    want = column(session, "p") + column(session, "u1") * column(session, "x") + column(session, "u2")
    np.testing.assert_allclose(column(session, "f")[inside], want[inside], rtol=1e-12)


def test_residuals_are_what_the_fitted_values_leave(session):
    ran(session, "predict double f, fitted")
    ran(session, "predict double r, residuals")
    ran(session, "predict double s, rstandard")
    np.testing.assert_allclose(column(session, "r"), column(session, "y") - column(session, "f"), rtol=0, atol=1e-12)
    sigma = np.sqrt(session.estimates.result.sigma2)
    np.testing.assert_allclose(column(session, "s"), column(session, "r") / sigma, rtol=1e-12)


def test_standard_error_of_the_linear_prediction(session):
    ran(session, "predict double s, stdp")
    V = session.estimates.result.vcov_beta
    names = [c.name for c in session.estimates.result.columns]
    design = np.zeros((120, len(names)))
    design[:, names.index("x")] = column(session, "x")
    design[:, names.index("1.female")] = column(session, "female")
    design[:, -1] = 1
    np.testing.assert_allclose(column(session, "s"), np.sqrt(np.einsum("ij,jk,ik->i", design, V, design)), rtol=1e-10)


def test_random_effects_follow_the_table_are_labelled_and_fill_the_sample(session):
    ran(session, "predict u*, reffects reses(se*)")
    labels = {v.name: v.label for v in session.data.variables}
    assert labels["u1"] == "BLUP r.e. for school: x"
    assert labels["u2"] == "BLUP r.e. for school: _cons"
    assert labels["se1"] == "BLUP r.e. std. err. for school: x"
    filled = ~np.isnan(column(session, "u2"))
    in_sample = (column(session, "school") < 15) & ~np.isin(np.arange(120), (3, 4))
    np.testing.assert_array_equal(filled, in_sample)


def test_standard_errors_of_random_effects_alone(session):
    ran(session, "predict u*, reffects reses(se*)")
    ran(session, "predict t*, reses")
    np.testing.assert_array_equal(column(session, "t2"), column(session, "se2"))


def test_if_and_in_restrict_the_rows_and_the_sample_can_be_named(session):
    outcome = ran(session, "predict r if e(sample), residuals")
    assert outcome.text.strip() == f"({120 - int(session.e.scalars['N'])} missing values generated)"
    ran(session, "predict q in 1/10, xb")
    assert np.isnan(column(session, "q")).sum() == 111


def test_lists_and_ranges_of_names(session):
    ran(session, "predict b1-b2, reffects")
    ran(session, "predict slope level, reffects")
    np.testing.assert_array_equal(column(session, "b1"), column(session, "slope"))


def test_levels_can_be_chosen():
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"a": np.repeat(np.arange(8), 12), "b": np.repeat(np.arange(24), 4)})
    frame["y"] = rng.normal(size=8)[frame["a"]] + rng.normal(size=24)[frame["b"]] + rng.normal(size=96)
    session = Session(data=frame)
    ran(session, "mixed y || a: || b:, nolog")
    ran(session, "predict double u*, reffects")
    ran(session, "predict double v, reffects relevel(b)")
    np.testing.assert_array_equal(column(session, "v"), column(session, "u2"))
    ran(session, "predict double f, fitted relevel(a)")
    ran(session, "predict double p, xb")
    np.testing.assert_allclose(column(session, "f"), column(session, "p") + column(session, "u1"), rtol=1e-12)
    failing(session, "predict z, fitted relevel(y)", 198, "y is no level", "a, b")


def test_predictions_follow_the_observations_after_sorting(session):
    ran(session, "predict double f, fitted")
    ran(session, "sort y")
    ran(session, "predict double g, fitted")
    np.testing.assert_allclose(column(session, "g"), column(session, "f"), rtol=1e-10)


@pytest.mark.parametrize(
    ("command", "rc", "words"),
    [
        ("predict y, xb", 110, ["y already defined"]),
        ("predict u1, reffects", 102, ["too few", "2 random effects", "2 names"]),
        ("predict u1 u2 u3, reffects", 103, ["too many", "2 names"]),
        ("predict a b, xb", 103, ["too many", "1 name"]),
        ("predict a, xb fitted", 184, ["xb and fitted may not be combined"]),
        ("predict a, residuals reses(s*)", 184, ["residuals and reses"]),
        ("predict int a, xb", 198, ["int holds whole numbers"]),
        ("predict a, xb relevel(school)", 198, ["relevel()"]),
        ("predict a*, reffects relevel(nothere)", 111, ["nothere"]),
        ("predict a, scores", 102, ["elements of e(b)"]),
        ("predict u u, reffects", 110, ["u already defined"]),
        ("predict", 100, []),
    ],
)
def test_what_does_not_go_is_refused_and_nothing_is_created(session, command, rc, words):
    failing(session, command, rc, *words)


def test_without_results_there_is_nothing_to_predict():
    session = Session(data=pd.DataFrame({"x": [1.0, 2.0]}))
    failing(session, "predict a, xb", 301, "last estimates not found")


def test_a_model_without_random_effects_has_none_to_predict(session):
    ran(session, "mixed y x, nolog")
    failing(session, "predict a*, reffects", 321, "no random effects")
    ran(session, "predict r, residuals")


def test_dropped_rows_leave_the_linear_prediction_and_refuse_the_rest(session):
    ran(session, "drop in 1/2")
    ran(session, "predict p, xb")
    failing(session, "predict f, fitted", 459, "2 of the 88 observations")


@pytest.mark.parametrize(
    "name", ["pig_ri_ml", "pig_slope_ind_reml", "pig_slope_un_ml", "child_girl_hetero_ml", "prod_3level_ml"]
)
def test_predictions_are_those_of_the_reference_results(name, oracle, data_file):
    expected = oracle(name)
    session = Session()
    ran(session, f'use "{data_file(expected["dataset"])}"')
    ran(session, expected["stata"])
    for statistic in ("xb", "stdp", "fitted", "residuals"):
        ran(session, f"predict double p_{statistic}, {statistic}")
    table = session.data.to_pandas()
    for row in expected["predictions"]:
        at = table.iloc[row["row"] - 1]
        for statistic in ("xb", "stdp", "fitted"):
            assert at[f"p_{statistic}"] == pytest.approx(row[statistic], rel=1e-5)
        assert at["p_residuals"] == pytest.approx(row["residual"], rel=1e-4, abs=1e-5)
    effects = [effect["name"] for level in expected["blup"] for effect in level["groups"][0]["effects"]]
    ran(session, "predict double u*, reffects reses(s*)")
    table = session.data.to_pandas()
    place = 0
    for level in expected["blup"]:
        for group in level["groups"]:
            rows = np.logical_and.reduce([table[k] == v for k, v in group["group"].items()])
            for k, effect in enumerate(group["effects"]):
                number = place + k + 1
                assert set(table.loc[rows, f"u{number}"]) == {table.loc[rows, f"u{number}"].iloc[0]}
                close = BLUP_IN_SE * effect["se"]
                assert table.loc[rows, f"u{number}"].iloc[0] == pytest.approx(effect["blup"], abs=close)
                assert table.loc[rows, f"s{number}"].iloc[0] == pytest.approx(effect["se"], rel=1e-4)
        place += len(level["groups"][0]["effects"])
    assert place == len(effects)
