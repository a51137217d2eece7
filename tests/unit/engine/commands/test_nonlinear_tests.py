"""``nlcom, post``, ``testnl``, further options of ``test``, posted results, and ``lrtest`` of composite models."""

from __future__ import annotations

import numpy as np
import pytest
from outcomes import ran, refused
from scipy.special import chdtrc, fdtrc

from engine.api import Session


@pytest.fixture
def pigs(data_file):
    session = Session()
    ran(session, f'use "{data_file("pig")}"', "mixed weight week || id: week, covariance(unstructured)")
    return session


def by_delta(session, function):
    """Values and covariance of functions of e(b), derivatives by complex steps."""
    b, V = session.e.matrices["b"].values[0], session.e.matrices["V"].values
    J = np.array([function(b + 1e-30j * unit).imag / 1e-30 for unit in np.eye(len(b))]).T
    return function(b).real, J @ V @ J.T


def test_posted_expressions_are_results_of_their_own(pigs):
    values, V = by_delta(pigs, lambda b: np.array([b[0] / b[1], np.exp(b[2])]))
    ran(pigs, "nlcom (ratio: _b[week]/_b[_cons]) (sd: exp([lns1_1_1]_cons)), post")
    assert pigs.e.matrices["b"].cols == ("ratio", "sd")
    assert pigs.e.matrices["b"].values[0] == pytest.approx(values, rel=1e-12)
    assert pigs.e.matrices["V"].values == pytest.approx(V, rel=1e-8)
    chi2 = (values[0] - values[1]) ** 2 / (V[0, 0] + V[1, 1] - 2 * V[0, 1])
    assert ran(pigs, "test ratio = sd").r.scalars["chi2"] == pytest.approx(chi2, rel=1e-7)
    text = ran(pigs, "lincom ratio - sd").text
    assert "             | Coefficient  Std. err." in text
    refused(pigs, "margins", 321, "restore a model first")
    refused(pigs, "predict z", 321, "restore a model first")
    refused(pigs, "mixed", 321, "not available after nlcom")


def test_expressions_may_be_left_out_of_the_text(pigs):
    assert ran(pigs, "nlcom (r: _b[week]/_b[_cons]), noheader").text.startswith("\n-----")


def test_standard_deviations_that_were_posted_are_tested_by_name(pigs):
    """sd(week) after ``estat sd, post``; variances by the delta method from e(b) of the fit."""
    values, V = by_delta(pigs, lambda b: np.exp(b[2:4]))
    ran(pigs, "estat sd, post")
    for command in ("test [id]sd(week) = 1", "test _b[id:sd(week)] = 1", "testnl _b[id:sd(week)] = 1"):
        assert ran(pigs, command).r.scalars["chi2"] == pytest.approx((values[0] - 1) ** 2 / V[0, 0], rel=1e-6), command
    outcome = ran(pigs, "lincom _b[sd(_cons)] - _b[sd(week)]")
    assert outcome.r.scalars["estimate"] == pytest.approx(values[1] - values[0], rel=1e-9)
    assert outcome.r.scalars["se"] == pytest.approx(np.sqrt(V[0, 0] + V[1, 1] - 2 * V[0, 1]), rel=1e-6)
    lines = ran(pigs, "estimates store s", "estimates table s").text.splitlines()
    assert any(line.startswith("      sd(week) |  .60952") for line in lines)


def test_posted_standard_deviations_of_groups_have_equations_of_their_own(pigs):
    ran(pigs, "generate byte late = week > 5", "mixed weight week || id:, residuals(independent, by(late))")
    sd = np.sqrt([p.estimate for p in pigs.estimates.result.parameters][1:])
    ran(pigs, "estat sd, post")
    assert pigs.e.matrices["b"].cols == ("id:sd(_cons)", "Residual_0:sd(e)", "Residual_1:sd(e)")
    outcome = ran(pigs, "lincom [Residual_1]sd(e) - [Residual_0]sd(e)")
    assert outcome.r.scalars["estimate"] == pytest.approx(sd[1] - sd[0])


def test_nonlinear_equations_are_tested_by_the_delta_method(pigs):
    values, V = by_delta(pigs, lambda b: np.array([b[0] * b[1] - 120, b[0] - np.exp(2 * b[5])]))
    outcome = ran(pigs, "testnl (_b[week]*_b[_cons] = 120) (_b[week] = exp(2*[lnsig_e]_cons))")
    chi2 = values @ np.linalg.solve(V, values)
    assert outcome.tables["test"].rows[0].values == pytest.approx((chi2, 2, chdtrc(2, chi2)), rel=1e-6)
    lines = outcome.text.splitlines()
    assert lines[1:3] == ["  (1)  _b[week]*_b[_cons] = 120", "  (2)  _b[week] = exp(2*[lnsig_e]_cons)"]
    assert lines[4] == f"               chi2(2) = {chi2:11.2f}"
    assert lines[5] == f"           Prob > chi2 = {chdtrc(2, chi2):13.4f}"


def test_each_nonlinear_equation_by_itself(pigs):
    values, V = by_delta(pigs, lambda b: np.array([b[0] * b[1] - 120, b[0] - 6]))
    outcome = ran(pigs, "testnl (_b[week]*_b[_cons] = 120) (_b[week] = 6), mtest(bonferroni)")
    p = [min(1.0, 2 * chdtrc(1, value**2 / variance)) for value, variance in zip(values, np.diag(V), strict=True)]
    assert outcome.r.matrices["mtest"].values[:, 3] == pytest.approx(p, rel=1e-6)
    assert outcome.r.macros["mtmethod"] == "bonferroni"


def test_equations_that_follow_from_others_are_left_out(pigs):
    outcome = ran(pigs, "testnl (_b[week] = 6) (2*_b[week] = 12)")
    assert outcome.r.scalars["df"] == 1
    assert "Constraint (2) dropped" in outcome.text


def test_after_regress_the_statistic_is_f(pigs):
    ran(pigs, "regress weight week")
    values, V = by_delta(pigs, lambda b: np.array([b[0] * b[1] - 120]))
    F = values[0] ** 2 / V[0, 0]
    outcome = ran(pigs, "testnl _b[week]*_b[_cons] = 120")
    assert outcome.tables["test"].rows[0].values == pytest.approx((F, 1, 430, fdtrc(1, 430, F)), rel=1e-6)


def test_a_chain_of_equations_compares_all_with_the_first(pigs):
    text = ran(pigs, "testnl _b[week] = 6 = _b[_cons]").text
    assert "  (1)  _b[week] = 6\n  (2)  _b[week] = _b[_cons]\n" in text


@pytest.mark.parametrize(
    ("command", "rc", "words"),
    [
        ("testnl", 198, "takes equations"),
        ("testnl _b[week]", 198, "takes equations"),
        ("testnl _b[week] =", 198, "takes equations"),
        ("testnl _b[foo] = 1", 111, "foo not found"),
        ("testnl ln(-_b[week]) = 1", 498, "no value"),
        ("testnl _b[week] = 1, foo", 198, "option foo not allowed"),
        ("test week, minimum", 198, "dropped anyway"),
    ],
)
def test_what_is_no_nonlinear_test_is_refused(pigs, command, rc, words):
    refused(pigs, command, rc, words)


def test_equations_are_compared_by_the_coefficients_they_share(data_file):
    """Verbose posted results have an equation of coefficients beside those of the standard deviations."""
    session = Session()
    ran(session, f'use "{data_file("hsb")}"', "mixed mathach ses || id: ses", "estat sd, verbose post")
    refused(session, "test [mathach=id]", 111, "no coefficients")
    ran(session, "mixed mathach ses || id: ses")
    assert ran(session, "test [lns1_1_1=lns1_1_2]").r.scalars["df"] == 1


def test_coefficients_under_a_hypothesis_of_zero_are_zero(pigs):
    rows = ran(pigs, "test week, coef").tables["constrained"].rows
    assert rows[0].values[0] == 0.0


@pytest.fixture
def sexes(data_file):
    session = Session()
    ran(
        session, f'use "{data_file("childweight")}"', "mixed weight age if girl || id:", "estimates store girls",
        "mixed weight age if !girl || id:", "estimates store boys", "mixed weight age || id:", "estimates store all",
    )  # fmt: skip
    return session


def test_fits_of_separate_groups_make_a_composite_model(sexes):
    """Log likelihoods and parameters add: 2{(l1 + l2) - l}, 4 + 4 - 4 degrees of freedom."""
    ll = [sexes.stored[name].result.ll for name in ("girls", "boys", "all")]
    chi2 = 2 * (ll[0] + ll[1] - ll[2])
    for command in ("lrtest (girls boys) all", "lrtest all (girls boys)", "lrtest (girls, boys)"):
        scalars = ran(sexes, command).r.scalars
        assert [scalars[name] for name in ("chi2", "df", "p")] == pytest.approx([chi2, 4, chdtrc(4, chi2)]), command
    assert "Assumption: all nested within (girls, boys)\n\n LR chi2(4) =" in ran(sexes, "lrtest (girls boys) all").text
    assert len(ran(sexes, "lrtest (girls boys) all, stats").tables["ic"].rows) == 3


@pytest.mark.parametrize(
    ("command", "rc", "words"),
    [
        ("lrtest (girls all) boys", 498, "observations differ"),
        ("lrtest (girls girls) all", 498, "observations differ"),
        ("lrtest (girls boys) (boys girls)", 498, "as many parameters"),
        ("lrtest (girls foo) all", 111, "foo not found"),
        ("lrtest ()", 198, "is none"),
        ("lrtest (girls", 198, ""),
        ("lrtest a b c", 198, "two stored results"),
        ("lrtest (girls boys) all, reps(20)", 198, "composite"),
    ],
)
def test_composites_that_cannot_be_compared_are_refused(sexes, command, rc, words):
    outcome = sexes.run(command)
    assert outcome.rc in (rc, 132), outcome.text
    assert words in outcome.error.message


def test_composites_of_robust_or_restricted_fits_are_refused(sexes):
    ran(sexes, "mixed weight age if girl || id:, vce(robust)", "estimates store rgirls")
    refused(sexes, "lrtest (rgirls boys) all", 498, "robust")
    ran(sexes, "mixed weight age if girl || id:, reml", "estimates store reml")
    refused(sexes, "lrtest (reml boys) all", 498, "restricted likelihoods")
    ran(
        sexes,
        "regress weight age if girl",
        "estimates store ols",
        "regress brthwt age if girl",
        "estimates store other",
    )
    refused(sexes, "lrtest (other boys) all", 498, "responses differ")


def test_further_information_criteria(sexes):
    """Stata 18, https://www.stata.com/new-in-stata/aic-corrected-consistent: N = 87, ll = -70.36684, 8 parameters give

    AIC 156.7337, BIC 176.4609, AICc 158.5798, CAIC 184.4609.
    """
    from engine.inference.criteria import InformationCriteria

    ll, k, n = -70.36684, 8, 87.0
    found = InformationCriteria(n=n, ll=ll, df=k, aic=2 * (k - ll), bic=k * np.log(n) - 2 * ll)
    printed = found.row(("aic", "bic", "aicc", "caic"))
    assert printed == pytest.approx([156.7337, 176.4609, 158.5798, 184.4609], abs=6e-5)
    outcome = ran(sexes, "estat ic, n(87) df(8) all")
    assert outcome.tables["ic"].columns == ("N", "ll_null", "ll", "df", "aic", "bic", "aicc", "caic")
    shift = 2 * (ll - sexes.stored["all"].result.ll)
    assert outcome.tables["ic"].rows[0].values[4:] == pytest.approx(printed + shift, rel=1e-12)
    assert outcome.r.matrices["S"].cols == ("N", "ll0", "ll", "df", "AIC", "BIC", "AICc", "CAIC")
    assert "Note: BIC, AICc and CAIC use N = 87, as given.\nNote: df = 8, as given." in outcome.text
    assert ran(sexes, "estat ic, aicc").tables["ic"].columns[4:] == ("aicc", "bic")
    assert ran(sexes, "estimates stats all boys, aicconsistent").tables["ic"].columns[4:] == ("caic", "bic")
    refused(sexes, "estat ic, all aicc", 198, "may not be combined")


def test_degrees_of_freedom_are_given_or_those_of_the_fit(data_file):
    session = Session()
    ran(
        session, f'use "{data_file("oats")}"', "generate int n4 = round(nitro*5)",
        "mixed yld i.variety##i.n4 || block: || variety:, reml dfmethod(kroger)",
    )  # fmt: skip
    for command in ("test 2.variety", "testparm i.n4", "lincom 2.variety", "contrast variety", "pwcompare variety"):
        refused(session, f"{command}, small df(3)", 184, "may not be combined")
