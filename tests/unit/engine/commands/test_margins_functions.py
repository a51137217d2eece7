"""``margins`` of what is not linear in the coefficients, and contrasts of the sets of ``at()`` and ``over()``.

Independent evaluation: the design is built by hand from the data frame, derivatives with respect to the variables are
exact formulas, derivatives with respect to the coefficients are complex-step derivatives of the average.
"""

from __future__ import annotations

import numpy as np
import pytest
from outcomes import ran

from engine.api import Session

MODEL = "mixed mathach c.ses##i.female c.meanses##c.meanses i.sector || id: ses, covariance(unstructured)"


@pytest.fixture(scope="module")
def fitted(data_file):
    session = Session()
    ran(session, f'use "{data_file("hsb")}"', MODEL, "estimates store m")
    return session


@pytest.fixture
def schools(fitted):
    ran(fitted, "estimates restore m")
    return fitted


def design(session, **changes):
    """Columns of the model in the order of e(b), by hand."""
    d = session.data.to_pandas().assign(**changes)
    s, f, m, k = (d[name].to_numpy(dtype=float) for name in ("ses", "female", "meanses", "sector"))
    zero, one = np.zeros(len(d)), np.ones(len(d))
    columns = {
        "ses": s, "0b.female": zero, "1.female": f, "0b.female#co.ses": zero, "1.female#c.ses": f * s, "meanses": m,
        "c.meanses#c.meanses": m * m, "0b.sector": zero, "1.sector": k, "_cons": one,
    }  # fmt: skip
    names = [name.rpartition(":")[2] for name in session.e.matrices["b"].cols][:10]
    return np.array([columns[name] for name in names]).T


def slope_in_ses(session, **changes):
    d = session.data.to_pandas().assign(**changes)
    f = d["female"].to_numpy(dtype=float)
    names = [name.rpartition(":")[2] for name in session.e.matrices["b"].cols][:10]
    columns = {"ses": np.ones(len(d)), "1.female#c.ses": f}
    return np.array([columns.get(name, np.zeros(len(d))) for name in names]).T


def check(outcome, session, functions, table="margins"):
    """Compare with functions of all of e(b): their values, and standard errors by complex steps."""
    b, V = session.e.matrices["b"].values[0], session.e.matrices["V"].values
    values = np.array([function(b) for function in functions])
    J = np.array([[function(b + 1e-30j * unit).imag / 1e-30 for unit in np.eye(len(b))] for function in functions])
    errors = np.sqrt(np.einsum("ij,jk,ik->i", J, V, J))
    rows = outcome.tables[table].rows
    assert [row.values[0] for row in rows] == pytest.approx(values.real, rel=1e-9)
    assert [row.values[1] for row in rows] == pytest.approx(errors, rel=1e-7)


@pytest.mark.parametrize(
    ("option", "of"),
    [
        ("eyex", lambda s, f, g: np.mean(s * g / f)),
        ("eydx", lambda s, f, g: np.mean(g / f)),
        ("dyex", lambda s, f, g: np.mean(s * g)),
    ],
)
def test_an_elasticity_is_the_average_of_derivatives_in_logarithms(schools, option, of):
    X, D = design(schools), slope_in_ses(schools)
    ses = schools.data.to_pandas()["ses"].to_numpy(dtype=float)
    outcome = ran(schools, f"margins, {option}(ses)")
    check(outcome, schools, [lambda b: of(ses, X @ b[:10], D @ b[:10])])
    shown = f"{option[:2]}/{option[2:]}"
    assert f"{shown} wrt:  ses" in outcome.text
    assert f"|      {shown}   std. err." in outcome.text


def test_an_elasticity_in_a_variable_that_stands_squared(schools):
    m = schools.data.to_pandas()["meanses"].to_numpy(dtype=float)
    names = [name.rpartition(":")[2] for name in schools.e.matrices["b"].cols][:10]
    slopes = {"meanses": np.ones(len(m)), "c.meanses#c.meanses": 2.0 * m}
    X, D = design(schools), np.array([slopes.get(name, np.zeros(len(m))) for name in names]).T
    outcome = ran(schools, "margins, eyex(meanses)")
    check(outcome, schools, [lambda b: np.mean(m * (D @ b[:10]) / (X @ b[:10]))])


def test_elasticities_at_values_and_by_level(schools):
    functions = []
    for level in (0, 1):
        for value in (0.5, 1.0):
            X, D = design(schools, ses=value, female=level), slope_in_ses(schools, female=level)
            functions.append(lambda b, X=X, D=D, v=value: np.mean(v * (D @ b[:10]) / (X @ b[:10])))
    outcome = ran(schools, "margins female, eyex(ses) at(ses=(.5 1))")
    check(outcome, schools, [functions[i] for i in (0, 2, 1, 3)])


def test_the_semielasticity_of_a_factor_is_a_difference_of_logarithms(schools):
    high, low = design(schools, female=1), design(schools, female=0)
    outcome = ran(schools, "margins, eydx(female)")
    check(outcome, schools, [lambda b: np.mean(np.log(high @ b[:10]) - np.log(low @ b[:10]))])
    assert "Note: ey/dx for factor levels is the discrete change from the base level." in outcome.text


def test_elasticities_may_be_posted_and_combined(schools):
    ran(schools, "margins female, eyex(ses) post")
    difference = ran(schools, "lincom 1.female - 0.female").tables["lincom"].rows[0].values
    ran(schools, "estimates restore m")
    contrast = ran(schools, "margins r.female, eyex(ses)").tables["effects"].rows[0].values
    assert difference[:2] == pytest.approx(contrast[:2], rel=1e-10)


@pytest.mark.parametrize(
    ("text", "of"),
    [
        ("predict(xb)*2", lambda f, b, s: 2 * f),
        ("exp(predict()/10) + ses", lambda f, b, s: np.exp(f / 10) + s),
        ("ln(xb()) * _b[meanses]", lambda f, b, s: np.log(f) * b[5]),
        ("predict(xb) / exp([lns1_1_1]_cons)", lambda f, b, s: f / np.exp(b[10])),
        ("predict(xb)^2 / _b[mathach:_cons]", lambda f, b, s: f**2 / b[9]),
    ],
)
def test_an_expression_is_averaged_with_the_standard_error_of_the_delta_method(schools, text, of):
    ses = schools.data.to_pandas()["ses"].to_numpy(dtype=float)
    functions = []
    for level in (0, 1):
        X = design(schools, female=level)
        functions.append(lambda b, X=X: np.mean(of(X @ b[:10], b, ses)))
    outcome = ran(schools, f"margins female, expression({text})")
    check(outcome, schools, functions)
    assert f"Expression: {text}" in outcome.text


def test_at_sets_variables_of_an_expression_too(schools):
    X = design(schools, ses=1.5)
    outcome = ran(schools, "margins, expression(predict(xb) * ses) at(ses=1.5)")
    check(outcome, schools, [lambda b: np.mean(X @ b[:10] * 1.5)])


def test_an_expression_over_groups_uses_their_observations(schools):
    X, sector = design(schools), schools.data.to_pandas()["sector"].to_numpy()
    outcome = ran(schools, "margins, expression(sqrt(predict(xb))) over(sector)")
    check(outcome, schools, [lambda b, k=k: np.mean(np.sqrt(X[sector == k] @ b[:10])) for k in (0, 1)])


@pytest.mark.parametrize(
    ("command", "rc", "words"),
    [
        ("margins, expression(predict(fitted))", 198, "linear prediction"),
        ("margins, expression(predict(xb)) dydx(ses)", 198, "may not be combined"),
        ("margins, expression(foo)", 111, "foo not found"),
        ("margins, expression(_b[foo])", 111, "foo not found"),
        ("margins, expression(ln(ses))", 498, "no value for 3,566 of the 7,185 observations"),
        ("margins, expression()", 198, ""),
        ("margins, eyex(female)", 198, "female is a factor"),
        ("margins, at(ses=1) contrast(atcontrast(r))", 198, "several sets"),
        ("margins, at(ses=(1 2)) contrast(atcontrast(zz))", 198, "no contrast operator"),
        ("margins, over(r.female r.sector)", 198, "one variable"),
        ("margins, contrast", 198, "need a term"),
        ("margins female, pwcompare(wald)", 198, "wald is not available"),
    ],
)
def test_what_has_no_value_is_refused(schools, command, rc, words):
    outcome = schools.run(command)
    assert outcome.rc == rc, outcome.text
    assert words in outcome.error.message
    assert outcome.error.details == ""


def test_sets_of_at_are_contrasted(schools):
    rows = [design(schools, ses=value).mean(axis=0) for value in (0.0, 1.0, 3.0)]
    outcome = ran(schools, "margins, at(ses=(0 1 3)) contrast(atcontrast(r._at) effects)")
    check(outcome, schools, [lambda b, i=i: (rows[i] - rows[0]) @ b[:10] for i in (1, 2)], table="effects")
    assert "   (3 vs 1)  |" in outcome.text
    pairs = ran(schools, "margins, at(ses=(0 1 3)) pwcompare")
    check(
        pairs, schools, [lambda b, i=i, j=j: (rows[i] - rows[j]) @ b[:10] for i, j in ((1, 0), (2, 0), (2, 1))],
        table="pwcompare",
    )  # fmt: skip


def test_groups_of_over_are_contrasted(schools):
    X, female = design(schools), schools.data.to_pandas()["female"].to_numpy()
    difference = X[female == 1].mean(axis=0) - X[female == 0].mean(axis=0)
    outcome = ran(schools, "margins, over(r.female)")
    check(outcome, schools, [lambda b: difference @ b[:10]], table="effects")
    assert outcome.r.macros["cmd"] == "contrast"
    assert outcome.r.macros["cmd2"] == "margins"


def test_effects_of_a_factor_by_groups_name_its_base(schools):
    lines = ran(schools, "margins, dydx(female) at(ses=(0 1))").text.splitlines()
    at = lines.index("0.female     |  (base outcome)")
    assert lines[at + 2].rstrip() == "1.female     |"


def test_contrasts_and_pairs_leave_the_names_of_the_manual(schools):
    contrast = ran(schools, "contrast r.sector female").r
    assert set(contrast.matrices) == {"b", "V", "table", "L", "chi2", "df", "p"}
    assert contrast.matrices["L"].values @ schools.e.matrices["b"].values[0] == pytest.approx(
        contrast.matrices["b"].values[0], rel=1e-12
    )
    pairs = ran(schools, "pwcompare female").r
    assert set(pairs.matrices) == {"b", "V", "table", "b_vs", "V_vs", "table_vs"}
    assert pairs.matrices["b"].values[0, 1] - pairs.matrices["b"].values[0, 0] == pytest.approx(
        pairs.matrices["b_vs"].values[0, 0]
    )
    assert pairs.matrices["V_vs"].values[0, 0] == pytest.approx(pairs.matrices["table_vs"].values[1, 0] ** 2)


def test_what_margins_leaves_says_what_was_averaged(schools):
    r = ran(schools, "margins female, eyex(ses)").r
    assert (r.macros["derivatives"], r.macros["xvars"], r.macros["margins"]) == ("ey/ex", "ses", "female")
    assert (r.macros["expression"], r.macros["predict1_label"]) == ("predict()", "Linear prediction, fixed portion")
    assert ran(schools, "margins, expression(predict(xb)^2)").r.macros["expression"] == "predict(xb)^2"


def test_weights_may_be_given_or_left_out(schools):
    """Frequency weights of 0 and 1 choose observations; others weigh the average row of the design."""
    chosen = ran(schools, "margins female if minority == 1").tables["margins"].rows
    weighted = ran(schools, "margins female [fweight=minority]").tables["margins"].rows
    assert [row.values for row in weighted] == [row.values for row in chosen]
    X, size = design(schools), schools.data.to_pandas()["size"].to_numpy(dtype=float)
    outcome = ran(schools, "margins [aweight=size]")
    check(outcome, schools, [lambda b: (size / size.sum()) @ X @ b[:10]])
    for command, rc in (("margins [pw=-1]", 402), ("margins [fw=.5]", 401), ("margins [fw=0]", 2000)):
        assert schools.run(command).rc == rc


def test_noweights_leaves_out_those_of_the_fit(schools):
    ran(schools, "regress mathach ses [fweight=2]")
    assert ran(schools, "margins").r.scalars["N"] == 14370
    assert ran(schools, "margins, noweights").r.scalars["N"] == 7185


def test_noatlevels_leaves_the_joint_test(schools):
    full = ran(schools, "contrast r.female@sector").tables["contrast"].rows
    short = ran(schools, "contrast r.female@sector, noatlevels").tables["contrast"].rows
    assert len(full) > len(short) == 1
    assert short[0].values == full[-1].values


def test_stored_results_bear_the_names_of_the_manual(schools):
    """[R] margins, [R] margins, contrast and [R] pwcompare, *Stored results*."""
    r = ran(schools, "margins female sector").r
    assert (r.scalars["k_margins"], r.scalars["k_predict"]) == (2, 1)
    assert r.macros["predict1_label"] == "Linear prediction, fixed portion"
    assert r.matrices["error"].values.tolist() == [[0.0] * 4]
    r = ran(schools, "pwcompare female").r
    assert (r.macros["mcmethod_vs"], r.macros["mctitle_vs"]) == ("noadjust", "Unadjusted")


def test_factors_as_observed_give_the_contrasts_of_margins(schools):
    """``contrast, asobserved`` with covariates at zero is ``margins`` with them at zero."""
    ran(schools, "mixed mathach i.sector##i.female##i.minority c.ses##i.sector || id:")
    for command, margins, table in (
        ("contrast r.sector, asobserved", "margins r.sector, at(ses=0)", "effects"),
        ("pwcompare female, asobserved", "margins female, pwcompare at(ses=0)", "pwcompare"),
    ):
        outcome = ran(schools, command)
        assert "\nMargins: asobserved\n" in outcome.text
        expected = ran(schools, margins).tables[table].rows[0].values
        assert outcome.tables[table].rows[0].values == pytest.approx(expected, rel=1e-9, nan_ok=True)


def test_weights_that_do_not_sum_to_zero_need_lincom(schools):
    assert schools.run("contrast {sector 1 1}").rc == 198
    rows = ran(schools, "pwcompare sector, cimargins").r.matrices["b"].values[0]
    sums = ran(schools, "contrast {sector 1 1}, lincom").tables["effects"].rows[0].values
    assert sums[0] == pytest.approx(rows.sum(), rel=1e-12)
