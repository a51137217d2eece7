"""``margins`` against the reference table and against L b, L V L' by hand; what cannot be averaged is refused."""

from __future__ import annotations

import numpy as np
import pytest
from margins_by_hand import by_hand, check, columns_of, design, factorial_session
from outcomes import ran, refused

from engine.api import Session

CUBIC = "mixed mathach c.ses##c.meanses##c.meanses##c.meanses c.ses##i.sector i.female || id: female, cov(unstructured)"
SUMMARIES = (
    "egen tagged=tag(id)", "quietly summarize ses", "global a=r(min)", "global c=r(mean)", "global e=r(max)",
    "global b=r(mean)-r(sd)", "global d=r(mean)+r(sd)", "quietly summarize meanses if tagged==1", "global f=r(min)",
    "global h=r(mean)", "global j=r(max)", "global g=r(mean)-r(sd)", "global i=r(mean)+r(sd)",
)  # fmt: skip


@pytest.fixture(scope="module")
def factorial(data_file):
    return factorial_session(data_file)


@pytest.fixture
def schools(factorial):
    ran(factorial, "estimates restore factorial")
    return factorial


def test_the_margins_of_the_reference_document(data_file, oracle):
    """25 margins of ``shared/oracles`` at full precision; the document prints the same numbers."""
    expected = oracle("hsb_cubic_small_ml")["margins"]["rows"]
    session = Session()
    ran(session, f'use "{data_file("hsb")}"', *SUMMARIES, CUBIC)
    outcome = ran(session, "margins, at(ses= ($a $b $c $d $e) meanses=($f $g $h $i $j))")
    table = outcome.tables["margins"]
    assert table.columns == ("margin", "se", "statistic", "p", "ll", "ul")
    assert [row.name for row in table.rows] == [f"{i}._at" for i in range(1, 26)]
    for row, want in zip(table.rows, expected, strict=True):
        assert row.values[0] == pytest.approx(want["margin"], abs=1e-5 * want["se"])
        assert row.values[1] == pytest.approx(want["se"], rel=1e-5)
        assert row.values[4:] == pytest.approx(want["ci95"], abs=1e-4 * want["se"])
    at = outcome.r.matrices["at"]
    assert at.cols == ("ses", "meanses")
    wanted = [[want["at"]["ses"], want["at"]["meanses"]] for want in expected]
    assert at.values == pytest.approx(np.array(wanted), rel=1e-12)
    lines = outcome.text.splitlines()
    assert lines[1] == "Predictive margins                                       Number of obs = 7,185"
    assert lines[3:6] == [
        "Expression: Linear prediction, fixed portion, predict()",
        "1._at:  ses     =    -3.758",
        "        meanses =    -1.188",
    ]
    assert "10._at: ses     = -.7792118" in lines
    assert "         _at |" in lines
    assert "         13  |   12.87213   .1827898    70.42   0.000     12.51387    13.23039" in lines


def test_a_margin_is_the_average_of_predictions(schools):
    check(ran(schools, "margins"), schools, design(schools).mean(axis=0))
    levels = [design(schools, sector=s).mean(axis=0) for s in (0, 1)]
    outcome = ran(schools, "margins sector")
    check(outcome, schools, levels)
    assert [row.name for row in outcome.tables["margins"].rows] == ["0.sector", "1.sector"]
    assert outcome.r.matrices["b"].cols == ("0bn.sector", "1.sector")


def test_margins_at_values_of_covariates_and_factors(schools):
    L = [design(schools, ses=x, sector=s).mean(axis=0) for x in (-1, 1) for s in (0, 1)]
    outcome = ran(schools, "margins sector, at(ses=(-1 1))")
    check(outcome, schools, L)
    assert [row.name for row in outcome.tables["margins"].rows] == [
        f"{i}._at#{s}.sector" for i in (1, 2) for s in (0, 1)
    ]
    again = ran(schools, "margins, at(sector=(0 1) ses=-1) at(ses=1 sector=0 sector=1)")
    assert [row.values[0] for row in again.tables["margins"].rows] == pytest.approx(
        [row.values[0] for row in outcome.tables["margins"].rows]
    )


def test_values_vary_in_the_order_of_the_model(schools):
    """The last variable of the model varies fastest, however at() is written."""
    text = ran(schools, "margins, at(ses=(0 1) sector=(0 1))").text
    assert "1._at: sector = 0\n       ses    = 0\n2._at: sector = 0\n       ses    = 1\n" in text


def test_margins_over_groups_average_within_them(schools):
    groups = schools.data.to_pandas()["female"].to_numpy()
    L = [design(schools)[groups == g].mean(axis=0) for g in (0, 1)]
    outcome = ran(schools, "margins, over(female)")
    check(outcome, schools, L)
    assert "\nOver:       female\n" in outcome.text
    subset = ran(schools, "margins if female == 1")
    assert subset.tables["margins"].rows[0].values[0] == pytest.approx(outcome.tables["margins"].rows[1].values[0])
    assert "Number of obs = 3,795" in subset.text


def test_covariates_at_their_means(schools):
    X = schools.data.to_pandas()
    means = {name: float(X[name].mean()) for name in ("ses", "sector", "female")}
    shares = {g: float((X["grp"] == g).mean()) for g in (0, 1, 2)}
    L = []
    for column in schools.estimates.result.columns:
        value = 1.0
        for part in column.parts:
            if part.level is None:
                value *= means[part.variable]
            elif part.variable == "grp":
                value *= shares[part.level]
            else:
                value *= means[part.variable] if part.level == 1 else 1 - means[part.variable]
        L.append(value)
    outcome = ran(schools, "margins, atmeans")
    check(outcome, schools, L)
    assert outcome.text.startswith("\nAdjusted predictions ")
    assert "At: 0.grp    = .3300" in outcome.text or "At: 0.grp" in outcome.text
    assert "(mean)" in outcome.text
    median = ran(schools, "margins, at((median) ses)")
    check(median, schools, design(schools, ses=float(X["ses"].median())).mean(axis=0))


def test_balanced_factors_weigh_all_levels_alike(schools):
    L = np.mean(
        [design(schools, grp=g, sector=s, female=f).mean(axis=0) for g in (0, 1, 2) for s in (0, 1) for f in (0, 1)],
        axis=0,
    )
    check(ran(schools, "margins, asbalanced"), schools, L)


def test_effects_are_derivatives_and_changes_from_the_base(schools):
    step = 1e-3
    ses = schools.data.to_pandas()["ses"]
    slope = (design(schools, ses=ses + step) - design(schools, ses=ses - step)).mean(axis=0) / (2 * step)
    change = (design(schools, sector=1) - design(schools, sector=0)).mean(axis=0)
    outcome = ran(schools, "margins, dydx(ses sector)")
    estimates, errors = by_hand(schools, np.array([slope, change]))
    rows = outcome.tables["margins"].rows
    assert [row.values[0] for row in rows] == pytest.approx(estimates, rel=1e-9)
    assert [row.values[1] for row in rows] == pytest.approx(errors, rel=1e-8)
    assert [(row.eq, row.name) for row in rows] == [("ses", "ses"), ("1.sector", "1.sector")]
    assert "Note: dy/dx for factor levels is the discrete change from the base level.\n" in outcome.text
    assert "\ndy/dx wrt:  ses 1.sector\n" in outcome.text
    power = ran(schools, "mixed mathach c.ses##c.ses##c.meanses || id:", "margins, dydx(ses) at(ses=2 meanses=1)")
    names = columns_of(schools)
    by = dict.fromkeys(names, 0.0) | {"ses": 1, "c.ses#c.ses": 4, "c.ses#c.meanses": 1, "c.ses#c.ses#c.meanses": 4}
    check(power, schools, [by[name] for name in names])


def test_an_omitted_variable_does_not_hide_what_is_estimable(schools):
    """The second ``ses`` is left out of the fit, and the margin at a value of ses is determined all the same."""
    ran(schools, "mixed mathach ses ses i.sector || id:")
    assert np.isfinite(ran(schools, "margins, at(ses=0)").tables["margins"].rows[0].values[0])
    ran(schools, "generate sum = ses + meanses", "mixed mathach ses meanses sum || id:")
    outcome = ran(schools, "margins, at(ses=0 sum=1)")
    assert "          .  (not estimable)\n" in outcome.text
    assert np.isnan(outcome.tables["margins"].rows[0].values[0])
    assert np.isfinite(ran(schools, "margins").tables["margins"].rows[0].values[0])
    ran(schools, "drop sum")


def test_margins_of_empty_cells_are_not_estimable(schools):
    ran(schools, "mixed mathach i.grp##i.sector if !(grp == 1 & sector == 1) || id:")
    values = [row.values[0] for row in ran(schools, "margins grp#sector").tables["margins"].rows]
    assert [bool(np.isnan(value)) for value in values] == [False, False, False, True, False, False]


def test_margins_are_weighted_as_the_fit(data_file):
    session = Session()
    ran(session, f'use "{data_file("hsb")}"', "generate w = 1 + female", "regress mathach ses i.sector [fweight=w]")
    w = session.data.to_pandas()["w"].to_numpy()
    L = (design(session, sector=1) * w[:, None]).sum(axis=0) / w.sum()
    outcome = ran(session, "margins 1.sector")
    check(outcome, session, L)
    assert "Number of obs = 10,980" in outcome.text
    assert "\nModel VCE: OLS\n" in outcome.text
    assert "P>|t|" in outcome.text


def test_posted_margins_can_be_tested(schools):
    outcome = ran(schools, "margins sector, post")
    b, V = outcome.e.matrices["b"].values[0], outcome.e.matrices["V"].values
    chi2 = ran(schools, "test 0.sector = 1.sector").r.scalars["chi2"]
    c = np.array([1.0, -1.0])
    assert chi2 == pytest.approx((c @ b) ** 2 / (c @ V @ c))
    refused(schools, "margins", 322, "restore")


@pytest.mark.parametrize(
    ("command", "rc", "words"),
    [
        ("margins foo", 322, "foo not found in list of covariates"),
        ("margins ses", 322, "continuous"),
        ("margins c.ses", 198, "at() or dydx()"),
        ("margins 7.grp", 198, "7 is no level of factor grp"),
        ("margins, at(foo=1)", 322, "foo not found"),
        ("margins, at(ses)", 198, "at() incorrectly specified"),
        ("margins, at(ses=(1 2)", 132, "')'"),
        ("margins, at(ses=(a))", 121, "invalid numlist"),
        ("margins, at(grp=5)", 198, "no level of factor grp"),
        ("margins, at((mode) ses)", 198, "is no statistic"),
        ("margins, at((mean))", 198, "variables are missing"),
        ("margins, eyex(sector)", 198, "factor"),
        ("margins, eyex(ses) dydx(ses)", 198, "may not be combined"),
        ("margins, eyex(ses) at(ses=-9)", 498, "zero or negative"),
        ("margins, vce(unconditional)", 198, "delta"),
        ("margins, dydx(foo)", 322, "foo not found"),
        ("margins, predict(fitted)", 198, "linear prediction"),
        ("margins, over(ses)", 459, "whole numbers"),
        ("margins, over(foo)", 111, "foo not found"),
        ("margins if ses > 99", 2000, "no observations"),
        ("margins, pwcompare", 198, "need a term"),
        ("margins grp, pwcompare contrast", 198, "may not be combined"),
        ("margins z.grp", 198, "no contrast operator"),
        ("margins r._at", 198, "several values"),
        ("margins grp, over(grp)", 198, "in over() and among the margins"),
        ("margins grp#grp", 198, "in the term twice"),
        ("contrast r.grp@grp", 198, "in the term twice"),
        ("contrast", 198, "terms are missing"),
        ("contrast foo", 322, "foo not found"),
        ("contrast ses", 322, "ses not found"),
        ("contrast {grp 1 1 1}", 198, "sum to 0"),
        ("contrast grp, small", 198, "dfmethod"),
        ("contrast female#grp", 322, "no such term"),
        ("pwcompare r.grp", 198, "without contrast operators"),
        ("pwcompare grp, mcompare(tukey)", 198, "mcompare"),
    ],
)
def test_what_cannot_be_averaged_or_compared_is_refused(schools, command, rc, words):
    refused(schools, command, rc, words)


def test_errors_of_margins_tell_their_place(schools):
    for command, word in (
        ("margins grp, at(foo=1)", "foo=1"),
        ("margins sector foo", "foo"),
        ("margins, dydx(foo)", "foo"),
        ("margins, over(foo)", "foo"),
        ("margins r.foo", "r.foo"),
    ):
        start, end = schools.run(command).error.span
        assert command[start:end] == word


def test_margins_without_the_sample_in_memory_are_refused(data_file):
    session = Session()
    refused(session, "margins", 301, "last estimates not found")
    ran(session, f'use "{data_file("hsb")}"', "mixed mathach ses || id:", f'use "{data_file("hsb")}", clear')
    refused(session, "margins", 322, "does not identify the estimation sample")
    assert ran(session, "margins, noesample").rc == 0
    ran(session, "drop ses")
    refused(session, "margins, noesample", 111, "ses not found")


def test_a_model_without_coefficients_has_no_margins(data_file):
    session = Session()
    ran(session, f'use "{data_file("pig")}"', "mixed weight, noconstant || id:")
    refused(session, "margins", 321, "needs coefficients")
    assert ran(session, "predict u, reffects").rc == 0
