"""``estat``: subcommands, their tables, what they store and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest
from outcomes import refused

from engine.api import Session

PIG = "mixed weight week || id:"


def session_of(data_file, name, *commands):
    session = Session()
    session.run(f'use "{data_file(name)}"')
    for command in commands:
        outcome = session.run(command)
        assert outcome.rc == 0, outcome.text
    return session


@pytest.mark.parametrize(
    "name", ["cake_kr_reml", "exam_ri_ml", "hs40_oneway_reml", "hsb_null_reml", "oats_kr_reml", "prod_3level_ml"]
)
def test_intraclass_correlations_are_those_of_the_reference(data_file, oracle, name):
    """Estimates, delta-method errors and logit limits of ``shared/oracles``; SE 1e-4 relative as its README says."""
    expected = oracle(name)
    session = session_of(data_file, expected["dataset"], expected["stata"])
    outcome = session.run("estat icc")
    table = outcome.tables["icc"]
    assert table.columns == ("icc", "se", "ll", "ul")
    assert [row.name for row in table.rows] == [each["level"] for each in expected["icc"]]
    for row, want in zip(table.rows, expected["icc"], strict=True):
        assert row.values[0] == pytest.approx(want["icc"], abs=1e-5 * want["se"])
        assert row.values[1] == pytest.approx(want["se"], rel=1e-4)
        assert row.values[2:] == pytest.approx(want["ci95"], abs=2e-4 * want["se"])
    top = len(table.rows) + 1
    assert outcome.r.scalars[f"icc{top}"] == table.rows[0].values[0]
    assert outcome.r.macros["label2"] == table.rows[-1].name
    residual = any(row["name"] != "_cons" for row in expected["fixed"])
    assert ("Residual intraclass correlation" in outcome.text) is residual


def test_an_intraclass_correlation_with_slopes_is_conditional(data_file):
    session = session_of(data_file, "pig", "mixed weight week || id: week, cov(un)")
    outcome = session.run("estat icc, level(90)")
    assert outcome.text.startswith("\nConditional intraclass correlation\n")
    assert "[90% conf. interval]" in outcome.text
    assert "Note: ICC is conditional on zero values of random-effects covariates." in outcome.text
    result = session.estimates.result
    variance = result.blocks[0].Sigma[1, 1]
    assert outcome.tables["icc"].rows[0].values[0] == pytest.approx(variance / (variance + result.sigma2))


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("mixed weight week", "needs random effects"),
        ("mixed weight week || id: week, noconstant", "needs a random intercept"),
        ("mixed weight week || id:, residuals(ar 1, t(week))", "independent residuals"),
        ("mixed weight week || _all: R.week || id:", "crossed effects"),
    ],
)
def test_correlations_that_do_not_exist_are_refused(data_file, model, words):
    refused(session_of(data_file, "pig", model), "estat icc", 321, words)


def test_information_criteria_as_printed(data_file, oracle):
    session = session_of(data_file, "pig", "mixed weight week || id: week, cov(un)")
    outcome = session.run("estat ic")
    want = oracle("pig_slope_un_ml")["ic"]
    row = outcome.tables["ic"].rows[0].values
    assert row[0] == 432
    assert np.isnan(row[1])
    assert row[3:] == pytest.approx([want["k"], want["aic"], want["bic"]], rel=1e-8)
    assert outcome.text.split("\n")[3:9] == [
        "-" * 77,
        "       Model |          N   ll(null)  ll(model)      df        AIC        BIC",
        "-" * 13 + "+" + "-" * 63,
        "           . |        432          .  -868.9619       6   1749.924   1774.334",
        "-" * 77,
        "Note: BIC uses N = number of observations. See [R] IC note.",
    ]
    assert list(outcome.r.matrices["S"].cols) == ["N", "ll0", "ll", "df", "AIC", "BIC"]


def test_the_number_of_observations_in_bic_may_be_given(data_file):
    session = session_of(data_file, "pig", PIG)
    plain, groups = (session.run(command).tables["ic"].rows[0].values for command in ("estat ic", "estat ic, n(48)"))
    assert groups[4] == plain[4]
    assert groups[5] - plain[5] == pytest.approx(4 * np.log(48 / 432))


def test_groups_are_listed_again(data_file):
    session = session_of(data_file, "productivity", "mixed gsp private || region: || state:, nolog")
    outcome = session.run("estat group")
    assert [row.name for row in outcome.tables["groups"].rows] == ["region", "state"]
    assert "         region |          9         51       90.7        136\n" in outcome.text


def test_degrees_of_freedom_have_a_column_per_method(data_file):
    session = session_of(data_file, "pig", PIG + ", reml")
    outcome = session.run("estat df, method(kr sat res)")
    assert outcome.text.split("\n")[1:7] == [
        "Degrees of freedom",
        "--------------------------------------------------------------",
        "             |   Kenward–Roger   Satterthwaite        Residual",
        "-------------+------------------------------------------------",
        "weight       |",
        "        week |             383             383             430",
    ]
    assert outcome.tables["df"].columns == ("kroger", "satterthwaite", "residual")
    assert outcome.r.matrices["df"].rows == ("kroger", "satterthwaite", "residual")
    assert set(outcome.r.matrices) == {"df", "V_df"}
    assert session.e.scalars["small"] == 0
    refused(session, "mixed, small", 198, "dfmethod()")


def test_posted_degrees_of_freedom_stay_with_the_results(data_file):
    session = session_of(data_file, "pig", PIG + ", reml", "estat df, method(res kr) post(kr) oim")
    e = session.e
    assert (e.scalars["small"], e.macros["dfmethod"], e.macros["dftitle"]) == (1, "kroger", "Kenward–Roger")
    assert {"df", "V_df"} <= set(e.matrices)
    assert e.scalars["df_min"] <= e.scalars["df_avg"] <= e.scalars["df_max"]
    assert "DF method: Kenward–Roger" in session.run("mixed, small").text
    again = session.run("estat df")  # the method and the information of the results
    assert again.tables["df"].columns == ("kroger",)
    assert again.tables["df"].rows[0].values[0] == e.matrices["df"].values[0, 0]


@pytest.mark.parametrize(
    ("command", "rc", "words"),
    [
        ("estat", 198, "a subcommand is missing"),
        ("estat icd", 198, "did you mean"),
        ("estat ic, method(kr)", 198, "not allowed with estat ic"),
        ("estat icc now", 198, "not expected"),
        ("estat df", 198, "method() is required"),
        ("estat df, method()", 198, "method() incorrectly specified"),
        ("estat df, method(kenward)", 198, "none of residual"),
        ("estat df, method(kr)", 198, "requires a model fitted with option reml"),
        ("estat df, method(res anova) post", 198, "post(method)"),
        ("estat df, method(res) post(anova)", 198, "not among"),
        ("estat df, method(res) eim oim", 184, "may not be combined"),
    ],
)
def test_what_cannot_be_told_is_refused_in_a_sentence(data_file, command, rc, words):
    refused(session_of(data_file, "pig", PIG), command, rc, words)


def test_without_results_there_is_nothing_to_tell(data_file):
    refused(session_of(data_file, "pig"), "estat icc", 301, "last estimates not found")


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (PIG + ", vce(robust)", "vce(oim)"),
        ("mixed weight week [fw=week] || id:", "weights"),
        (PIG + ", reml residuals(ar 1, t(week))", "computed together with the fit"),
        ("mixed weight week || _all: R.week || id:, reml", "two-level"),
    ],
)
def test_models_without_these_degrees_of_freedom_are_refused(data_file, model, words):
    method = "repeated" if words == "two-level" else "residual" if "fit" not in words else "kroger"
    refused(session_of(data_file, "pig", model), f"estat df, method({method})", 198, words)
