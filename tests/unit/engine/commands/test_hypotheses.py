"""``test``, ``testparm``, ``lincom`` and ``nlcom`` against the manual and against plain algebra on e(b) and e(V)."""

from __future__ import annotations

import numpy as np
import pytest
from outcomes import ran, refused
from scipy.special import chdtrc, fdtrc, ndtri, stdtr

from engine.api import Session

HOMOSKEDASTIC = "mixed weight ibn.girl i.girl#c.age c.age#c.age, noconstant || id: age"
KROGER = "mixed weight i.girl##c.age c.age#c.age || id: age, reml dfmethod(kroger)"


def wald(session, R, r):
    """(Rb - r)' (RVR')^-1 (Rb - r) of e(b) and e(V)."""
    b, V = session.e.matrices["b"].values[0], session.e.matrices["V"].values
    R = np.atleast_2d(R)
    difference = R @ b - r
    return float(difference @ np.linalg.solve(R @ V @ R.T, difference))


@pytest.fixture
def pigs(data_file):
    session = Session()
    ran(session, f'use "{data_file("pig")}"', "mixed weight week || id: week")
    return session


@pytest.fixture
def children(data_file):
    session = Session()
    ran(session, f'use "{data_file("childweight")}"', HOMOSKEDASTIC)
    return session


def test_equality_of_two_slopes_is_printed_as_in_the_manual(children, oracle):
    """[ME] mixed, example 6: chi2(1) = 1.66, p = 0.1978; full precision from ``shared/oracles``."""
    outcome = ran(children, "test 0.girl#c.age = 1.girl#c.age")
    assert outcome.text == (
        "\n ( 1)  [weight]0bn.girl#c.age - [weight]1.girl#c.age = 0\n\n"
        "           chi2(  1) =    1.66\n         Prob > chi2 =    0.1978\n"
    )
    expected = oracle("child_girl_homo_ml")["test"]
    (row,) = outcome.tables["test"].rows
    assert outcome.tables["test"].columns == ("chi2", "df", "p")
    assert row.values[0] == pytest.approx(expected["chi2"], rel=1e-5)
    assert row.values[2] == pytest.approx(expected["p"], rel=1e-5)


@pytest.mark.parametrize(
    ("command", "R", "r"),
    [
        ("test week", [[1, 0, 0, 0, 0]], [0]),
        ("test week = 6.2", [[1, 0, 0, 0, 0]], [6.2]),
        ("test week _cons", [[1, 0, 0, 0, 0], [0, 1, 0, 0, 0]], [0, 0]),
        ("test (week = 6) (_cons = 19)", [[1, 0, 0, 0, 0], [0, 1, 0, 0, 0]], [6, 19]),
        ("test 2*week - (_cons + 1)/3 = 4", [[2, -1 / 3, 0, 0, 0]], [4 + 1 / 3]),
        ("test week = 6 = _cons - 13", [[1, 0, 0, 0, 0], [1, -1, 0, 0, 0]], [6, -13]),
        ("test [lnsig_e]_cons", [[0, 0, 0, 0, 1]], [0]),
        ("test [weight]week = [lnsig_e]_b[_cons]", [[1, 0, 0, 0, -1]], [0]),
        ("test [lns1_1_1 = lns1_1_2]", [[0, 0, 1, -1, 0]], [0]),
        ("test [#2]", [[0, 0, 1, 0, 0]], [0]),
        ("test [weight], constant", [[1, 0, 0, 0, 0], [0, 1, 0, 0, 0]], [0, 0]),
        ("test [weight]: _cons", [[0, 1, 0, 0, 0]], [0]),
        ("te _b[weight:week] = _b[_cons]", [[1, -1, 0, 0, 0]], [0]),
        ("testparm w*", [[1, 0, 0, 0, 0]], [0]),
    ],
)
def test_every_way_of_writing_a_hypothesis_gives_its_wald_statistic(pigs, command, R, r):
    outcome = ran(pigs, command)
    expected = wald(pigs, np.array(R, dtype=float), np.array(r, dtype=float))
    assert outcome.r.scalars["chi2"] == pytest.approx(expected, rel=1e-9)
    assert outcome.r.scalars["df"] == len(R)
    assert outcome.r.scalars["p"] == pytest.approx(chdtrc(len(R), expected), rel=1e-7)


def test_a_hypothesis_that_follows_from_others_is_dropped(pigs):
    outcome = ran(pigs, "test (week = _cons) (_cons = 19) (week = 19)")
    assert "       Constraint 3 dropped\n" in outcome.text
    assert outcome.r.scalars["df"] == 2
    assert outcome.r.scalars["dropped_1"] == 3


def test_accumulate_adds_to_the_test_before(pigs):
    refused(pigs, "test week, accumulate", 302, "no earlier test")
    ran(pigs, "test week = 6, notest")
    outcome = ran(pigs, "test _cons = 19, accumulate")
    assert outcome.text.startswith("\n ( 1)  [weight]week = 6\n ( 2)  [weight]_cons = 19\n")
    assert outcome.r.scalars["chi2"] == pytest.approx(wald(pigs, np.eye(5)[:2], [6, 19]), rel=1e-9)
    ran(pigs, "mixed weight week || id:")
    refused(pigs, "test week, accumulate", 302, "no earlier test")


@pytest.mark.parametrize(
    ("word", "adjusted"),
    [
        ("bonferroni", lambda p: np.minimum(1, 2 * p)),
        ("sidak", lambda p: 1 - (1 - p) ** 2),
        ("holm", lambda p: np.array([max(p[0], min(1, 2 * p.min())), max(p[1], min(1, 2 * p.min()))])),
        ("noadjust", lambda p: p),
    ],
)
def test_each_hypothesis_is_tested_with_adjusted_p_values(pigs, word, adjusted):
    outcome = ran(pigs, f"test (week = 6.3) (_cons = 20), mtest({word})")
    rows = outcome.tables["test"].rows
    assert [row.name for row in rows] == ["All", "[weight]week = 6.3", "[weight]_cons = 20"]
    matrix = outcome.r.matrices["mtest"]
    assert matrix.cols == ("chi2", "df", "p", "adjustp")
    assert matrix.values[:, 3] == pytest.approx(adjusted(matrix.values[:, 2]), rel=1e-10)


def test_constrained_coefficients_meet_the_hypothesis(pigs):
    outcome = ran(pigs, "test week = 6, coef")
    assert "Constrained coefficients" in outcome.text
    assert "        week |          6          .        .       .            .           .\n" in outcome.text


def test_small_uses_the_degrees_of_freedom_of_the_fit(children):
    ran(children, KROGER)
    outcome = ran(children, "test 1.girl age, small")
    ddf = children.estimates.result.ddf
    single = ran(children, "test age, small")
    place = [column.name for column in children.estimates.result.columns].index("age")
    assert single.tables["test"].columns == ("F", "df", "ddf", "p")
    F, _, df, p = single.tables["test"].rows[0].values
    assert pytest.approx(children.estimates.result.beta[place] ** 2 / ddf.vcov[place, place]) == F
    assert df == pytest.approx(ddf.df[place])
    assert p == pytest.approx(fdtrc(1, df, F))
    assert "      F(  2, 125.14) =  481.54\n" in outcome.text
    refused(children, "test [lnsig_e]_cons, small", 198, "fixed effects")
    ran(children, HOMOSKEDASTIC)
    refused(children, "test 1.girl, small", 198, "dfmethod")


def test_after_regress_tests_are_f_with_its_degrees_of_freedom(children):
    ran(children, "regress weight i.girl age")
    outcome = ran(children, "test 1.girl = age")
    b, V = children.e.matrices["b"].values[0], children.e.matrices["V"].values
    L = np.zeros(len(b))
    names = [column.name for column in children.estimates.result.columns]
    L[names.index("1.girl")], L[names.index("age")] = 1.0, -1.0
    F = float((L @ b) ** 2 / (L @ V @ L))
    assert outcome.tables["test"].rows[0].values == pytest.approx((F, 1, 195, fdtrc(1, 195, F)))
    assert "       F(  1,   195) =  288.57\n" in outcome.text


@pytest.mark.parametrize(
    ("terms", "names"),
    [
        ("i.girl#c.age", ["0.girl#c.age", "1.girl#c.age"]),
        ("c.age#i.girl", ["0.girl#c.age", "1.girl#c.age"]),
        ("girl", ["0.girl", "1.girl"]),
        ("1.girl", ["1.girl"]),
        ("c.age#c.age", ["c.age#c.age"]),
        ("i.girl c.age#c.age", ["0.girl", "1.girl", "c.age#c.age"]),
    ],
)
def test_testparm_finds_the_coefficients_of_terms(children, terms, names):
    text = ran(children, f"testparm {terms}").text
    shown = [line.split("]")[1].split(" =")[0].replace("bn.", ".") for line in text.splitlines() if "[weight]" in line]
    assert shown == names


def test_linear_combinations_have_normal_limits(pigs):
    outcome = ran(pigs, "lincom 10*week + _cons - 3, level(90)")
    b, V = pigs.e.matrices["b"].values[0], pigs.e.matrices["V"].values
    L = np.array([10.0, 1, 0, 0, 0])
    estimate, se = float(L @ b) - 3.0, float(np.sqrt(L @ V @ L))
    half = float(ndtri(0.95)) * se
    table = outcome.tables["lincom"]
    assert table.columns == ("estimate", "se", "statistic", "p", "ll", "ul")
    assert table.rows[0].eq == "weight"
    assert table.rows[0].name == "(1)"
    expected = (estimate, se, estimate / se, 0.0, estimate - half, estimate + half)
    assert table.rows[0].values == pytest.approx(expected, abs=1e-12, rel=1e-9)
    assert " ( 1)  10*[weight]week + [weight]_cons = 3\n" in outcome.text
    assert outcome.r.scalars["lb"] == table.rows[0].values[4]


def test_an_exponentiated_combination_keeps_its_test(pigs):
    plain, shown = ran(pigs, "lincom week").r.scalars, ran(pigs, "lincom week, eform").r.scalars
    assert shown["estimate"] == pytest.approx(np.exp(plain["estimate"]))
    assert shown["se"] == pytest.approx(np.exp(plain["estimate"]) * plain["se"])
    assert shown["z"] == plain["z"]
    assert shown["ub"] == pytest.approx(np.exp(plain["ub"]))


def test_a_combination_after_dfmethod_is_tested_by_t(children):
    ran(children, KROGER)
    outcome = ran(children, "lincom age + 1.girl#c.age, small")
    assert outcome.tables["lincom"].columns == ("estimate", "se", "statistic", "p", "df", "ll", "ul")
    estimate, se, t, p, df, *_ = outcome.tables["lincom"].rows[0].values
    assert t == pytest.approx(estimate / se)
    assert p == pytest.approx(2 * stdtr(df, -abs(t)))
    assert ran(children, "lincom age").tables["lincom"].columns[4] == "ll"


def test_nonlinear_combinations_by_the_delta_method(pigs):
    """Against derivatives by hand: d(a/c) = (1/c, -a/c^2), d exp(2x) = 2 exp(2x)."""
    outcome = ran(pigs, "nlcom (ratio: _b[week]/_b[_cons]) (v: exp(2*[lnsig_e]_cons))")
    b, V = pigs.e.matrices["b"].values[0], pigs.e.matrices["V"].values
    J = np.zeros((2, 5))
    J[0, :2] = 1 / b[1], -b[0] / b[1] ** 2
    J[1, 4] = 2 * np.exp(2 * b[4])
    assert outcome.r.matrices["b"].values[0] == pytest.approx([b[0] / b[1], np.exp(2 * b[4])], rel=1e-14)
    assert outcome.r.matrices["V"].values == pytest.approx(J @ V @ J.T, rel=1e-8)
    assert [row.name for row in outcome.tables["nlcom"].rows] == ["ratio", "v"]
    assert ran(pigs, "nlcom _b[week]^2").text.startswith("\n       _nl_1: _b[week]^2\n\n-----")


@pytest.mark.parametrize(
    ("command", "rc", "words"),
    [
        ("test", 198, "hypotheses are missing"),
        ("test foo", 111, "foo not found"),
        ("test wek", 111, "did you mean week?"),
        ("test [lnsig]_cons", 111, "equation [lnsig] not found"),
        ("test week*_cons = 1", 198, "linear"),
        ("test week ==", 198, "equal sign"),
        ("test ()", 198, "empty"),
        ("testparm", 100, "varlist required"),
        ("testparm id", 111, "no coefficients of the last fit"),
        ("testparm week, equal", 198, "two coefficients"),
        ("lincom", 198, "expression is missing"),
        ("lincom week = 1", 198, "without an equal sign"),
        ("lincom 3", 198, "names no coefficient"),
        ("nlcom", 198, "expression is missing"),
        ("nlcom ln(-_b[week])", 498, "no value"),
        ("nlcom _b[foo]", 111, "foo not found"),
        ("nlcom (a: _b[week]) (a: _b[_cons])", 110, "name of its own"),
        ("nlcom (2a: _b[week])", 198, "not a name"),
        ("nlcom weight", 111, "weight not found"),
    ],
)
def test_what_is_no_hypothesis_is_refused(pigs, command, rc, words):
    refused(pigs, command, rc, words)


def test_without_a_fit_nothing_is_tested():
    for command in ("test x", "testparm x", "lincom x", "nlcom _b[x]"):
        refused(Session(), command, 301, "last estimates not found")


def test_a_variance_of_zero_leaves_combinations_of_coefficients_alone():
    session = Session()
    ran(session, "set obs 200", "set seed 1", "generate g = ceil(_n/20)", "generate x = rnormal()",
        "generate f = mod(_n,3)", "generate y = x + rnormal() + f", "mixed y x i.f || g:, nolog")  # fmt: skip
    assert session.estimates.result.theta[0] == 0.0 or not np.isfinite(session.e.matrices["b"].values[0, -2])
    b, V = session.e.matrices["b"].values[0], session.e.matrices["V"].values
    ran(session, "lincom x + 1.f")
    assert session.r.scalars["estimate"] == pytest.approx(b[0] + b[2], rel=1e-12)
    ran(session, "test x = 1.f")
    R = np.array([1.0, 0.0, -1.0, 0.0, 0.0])
    expected = (R @ b[:5]) ** 2 / (R @ V[:5, :5] @ R)
    assert session.r.scalars["chi2"] == pytest.approx(expected, rel=1e-10)
    ran(session, "margins f")
    margin = b[4] + b[0] * session.data.to_pandas()["x"].astype(float).mean() + np.array([0.0, b[2], b[3]])
    assert session.r.matrices["b"].values[0] == pytest.approx(margin, rel=1e-10)
    outcome = ran(session, "lincom [lns1_1_1]_cons")
    assert "(1) |          .          ." in outcome.text
    ran(session, "quietly margins f, post")
    outcome = ran(session, "estimates replay")
    assert "0bn.f |  -.0759516   .1091233    -0.70   0.486    -.2898292    .1379261" in outcome.text
