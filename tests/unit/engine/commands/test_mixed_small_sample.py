"""``mixed`` with dfmethod(): header, tables, stored results, redisplay, refusals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from outcomes import ran

from engine.api import Session
from engine.tables.mixed_notes import ddf_lines

T43 = "mixed score i.drug || person:, reml dfmethod(repeated)"


@pytest.fixture(scope="module")
def session(data_file):
    session = Session()
    session.run(f'use "{data_file("t43")}"')
    return session


def test_the_log_tells_that_degrees_of_freedom_are_computed(session):
    text = ran(session, T43).text
    assert "\nComputing standard errors ...\n\nComputing degrees of freedom ...\n" in text
    assert "Computing" not in ran(session, T43 + " nolog").text


def test_the_header_and_the_table_are_laid_out_to_the_column(session):
    lines = ran(session, T43 + " nolog").text.split("\n")
    at = next(i for i, line in enumerate(lines) if line.startswith("DF method"))
    assert lines[at : at + 5] == [
        "DF method: Repeated                                  DF:          min =   4.00",
        "                                                                  avg =  10.00",
        "                                                                  max =  12.00",
        "                                                     F(3, 12.00)      =  24.76",
        "Log restricted-likelihood = -49.640099               Prob > F         = 0.0000",
    ]
    assert "       score | Coefficient  Std. err.      t    P>|t|     [95% conf. interval]" in lines


def test_the_table_as_data_has_degrees_of_freedom_after_p(session):
    table = ran(session, T43).tables["fixed"]
    assert table.columns == ("estimate", "se", "statistic", "p", "df", "ll", "ul")
    assert [row.values[4] for row in table.rows if not row.status] == [12.0, 12.0, 12.0, 4.0]
    assert np.isnan(table.rows[0].values[4])  # the base level


def test_stored_results_carry_the_names_of_the_manual(session):
    e = ran(session, T43).e
    want = {"small": 1, "df_m": 3, "ddf_m": 12, "df_min": 4, "df_avg": 10, "df_max": 12}
    assert {name: e.scalars[name] for name in want} == want
    assert e.scalars["F"] == pytest.approx(e.scalars["chi2"] / 3)
    assert e.macros["dfmethod"] == "repeated"
    assert e.macros["dftitle"] == "Repeated"
    assert e.matrices["df"].cols == e.matrices["b"].cols[:5]
    assert "V_df" not in e.matrices


def test_kenward_and_roger_leave_e_v_as_it_is(data_file):
    session = Session()
    session.run(f'use "{data_file("veneer")}"')
    model = "mixed gcf followup age || patient: followup || tooth:, reml nolog"
    plain = ran(session, model).e.matrices["V"].values
    e = ran(session, model + " dfmethod(kroger)").e
    assert e.matrices["V"].values == pytest.approx(plain)
    assert np.all(np.diag(e.matrices["V_df"].values) > np.diag(plain)[:3])


def test_a_plain_redisplay_is_that_of_large_samples(session):
    ran(session, T43)
    plain = ran(session, "mixed")
    assert plain.tables["fixed"].columns == ("estimate", "se", "statistic", "p", "ll", "ul")
    assert "Wald chi2(3)" in plain.text
    assert "P>|z|" in plain.text
    for command in ("mixed, small", "mixed, dftable(default)"):
        small = ran(session, command)
        assert "P>|t|" in small.text
        assert small.tables["fixed"].columns[4] == "df"
    table = small.r.matrices["table"]
    assert table.rows[2] == "t"
    assert list(table.values[6, 1:5]) == [12.0, 12.0, 12.0, 4.0]


@pytest.mark.parametrize(
    ("dftable", "heading", "width"),
    [
        ("pvalue", "       score | Coefficient  Std. err.        df       t    P>|t|", 64),
        ("ci", "       score | Coefficient  Std. err.        df      [95% conf. interval]", 73),
    ],
)
def test_dftable_chooses_the_columns(session, dftable, heading, width):
    lines = ran(session, f"{T43} nolog noheader noretable dftable({dftable})").text.split("\n")
    assert heading in lines
    assert "-" * width in lines


def test_without_common_degrees_of_freedom_the_header_shows_chi2(data_file):
    session = Session()
    session.run(f'use "{data_file("veneer")}"')
    outcome = ran(session, "mixed gcf followup age || patient:, dfmethod(repeated) nolog")
    assert "DF method: Repeated" in outcome.text
    assert "Wald chi2(2)" in outcome.text
    assert np.isnan(outcome.e.scalars["ddf_m"])


@pytest.mark.parametrize("options", ["reml dfmethod(kroger)", "dfmethod(residual)"])
def test_a_linear_regression_has_its_textbook_degrees_of_freedom(session, options):
    table = ran(session, f"mixed score i.drug, {options}").tables["fixed"]
    assert [row.values[4] for row in table.rows if not row.status] == pytest.approx([16.0] * 4)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("mixed score i.drug || person:, dfmethod(kroger)", "requires option reml"),
        ("mixed score i.drug || person:, vce(robust) dfmethod(residual)", "vce(oim)"),
        ("mixed score i.drug [fw=drug] || person:, dfmethod(residual)", "weights"),
        ("mixed score i.drug, dfmethod(repeated)", "two-level"),
        ("mixed score i.drug || person:, dftable(ci)", "needs dfmethod()"),
        ("mixed score i.drug || person:, reml dfmethod(kr) small", "mixed, small"),
    ],
)
def test_what_does_not_go_together_is_refused(session, command, words):
    outcome = session.run(command)
    assert outcome.rc == 198
    assert words in outcome.error.message


@pytest.mark.parametrize("option", ["small", "dftable(pvalue)"])
def test_a_small_sample_redisplay_needs_degrees_of_freedom(session, option):
    ran(session, "mixed score i.drug || person:, nolog")
    outcome = session.run(f"mixed, {option}")
    assert outcome.rc == 198
    assert "dfmethod()" in outcome.error.message


def test_a_constrained_model_has_the_degrees_of_freedom_of_the_reduced_one(data_file):
    session = Session()
    session.run(f'use "{data_file("orthodont")}"')
    ran(session, "generate double y = distance - 0.5*age")
    ran(session, "constraint 1 age = 0.5")
    random = "|| subject: age, cov(un) reml nolog"
    for method in ("kroger", "satterthwaite, oim", "residual"):
        reduced = ran(session, f"mixed y i.sex {random} dfmethod({method})")
        full = ran(session, f"mixed distance age i.sex {random} constraints(1) dfmethod({method})")
        wanted = {row.name: row.values for row in reduced.tables["fixed"].rows if not row.status}
        found = {row.name: row.values for row in full.tables["fixed"].rows if row.name in wanted and not row.status}
        for name, values in wanted.items():
            assert found[name] == pytest.approx(values, rel=1e-5)
        assert full.e.scalars["F"] == pytest.approx(reduced.e.scalars["F"], rel=1e-5)
        assert full.e.scalars["ddf_m"] == pytest.approx(reduced.e.scalars["ddf_m"], rel=1e-5)
        assert np.isnan(full.tables["fixed"].rows[0].values[4])
    refused = session.run(f"mixed distance age i.sex {random} constraints(1) dfmethod(anova)")
    assert refused.rc == 198
    assert "constraints()" in refused.error.message


def test_methods_that_leave_nothing_say_so(data_file):
    session = Session()
    session.run(f'use "{data_file("pig")}"')
    text = ran(session, "mixed weight || _all: R.id, dfmethod(repeated) nolog").text
    assert "Note: the repeated method leaves no degrees of freedom in this model." in text
    assert "Wald chi2(0)" in text


def test_an_indefinite_observed_information_is_named_with_the_way_out(data_file):
    session = Session()
    session.run(f'use "{data_file("t43")}"')
    ran(session, "mixed score i.drug || person:, reml nolog dfmethod(kroger, oim)")
    result = session.estimates.result
    unknown = replace(result.ddf, df=np.full_like(result.ddf.df, np.nan), ddf_model=np.nan)
    (lines,) = ddf_lines(replace(result, ddf=unknown))
    assert "observed information" in lines.lines[1]
    assert "dfmethod(kroger)" in lines.lines[1]
    assert ddf_lines(result) == ddf_lines(replace(result, ddf=None)) == ()
