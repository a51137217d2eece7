"""``margins``, ``contrast`` and ``pwcompare`` against the reference table and against L b, L V L' by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from outcomes import ran, refused
from scipy.special import chdtrc, fdtri, ndtri

from engine.api import Session

CUBIC = "mixed mathach c.ses##c.meanses##c.meanses##c.meanses c.ses##i.sector i.female || id: female, cov(unstructured)"
SUMMARIES = (
    "egen tagged=tag(id)", "quietly summarize ses", "global a=r(min)", "global c=r(mean)", "global e=r(max)",
    "global b=r(mean)-r(sd)", "global d=r(mean)+r(sd)", "quietly summarize meanses if tagged==1", "global f=r(min)",
    "global h=r(mean)", "global j=r(max)", "global g=r(mean)-r(sd)", "global i=r(mean)+r(sd)",
)  # fmt: skip
FACTORIAL = "mixed mathach i.grp##i.sector c.ses##i.sector i.female || id:"


@pytest.fixture(scope="module")
def factorial(data_file):
    session = Session()
    ran(session, f'use "{data_file("hsb")}"', "generate grp = mod(id, 3)", FACTORIAL, "estimates store factorial")
    return session


@pytest.fixture
def schools(factorial):
    ran(factorial, "estimates restore factorial")
    return factorial


def columns_of(session):
    return [column.name for column in session.estimates.result.columns]


def design(session, **changes):
    """Rows of the design built by hand from the data frame, variables replaced by what `changes` says."""
    frame = session.data.to_pandas().assign(**changes)
    n, rows = len(frame), []
    for column in session.estimates.result.columns:
        values = np.ones(n)
        for part in column.parts:
            own = frame[part.variable].to_numpy(dtype=float)
            values = values * (own if part.level is None else own == part.level)
        rows.append(values)
    return np.array(rows).T


def by_hand(session, L):
    result = session.estimates.result
    return L @ result.beta, np.sqrt(np.einsum("ij,jk,ik->i", L, result.vcov_beta, L))


def check(outcome, session, L, table="margins"):
    estimates, errors = by_hand(session, np.atleast_2d(L))
    rows = outcome.tables[table].rows
    assert [row.values[0] for row in rows] == pytest.approx(estimates, rel=1e-10, abs=1e-12)
    assert [row.values[1] for row in rows] == pytest.approx(errors, rel=1e-9)


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


def test_a_contrast_of_margins_is_their_difference(schools):
    L = [design(schools, ses=x, sector=1).mean(axis=0) - design(schools, ses=x, sector=0).mean(axis=0) for x in (0, 1)]
    outcome = ran(schools, "margins r.sector, at(ses=(0 1))")
    check(outcome, schools, L, "effects")
    estimates, _ = by_hand(schools, np.array(L))
    V = np.array(L) @ schools.estimates.result.vcov_beta @ np.array(L).T
    joint = float(estimates @ np.linalg.solve(V, estimates))
    rows = outcome.tables["contrast"].rows
    assert [row.name for row in rows] == ["sector@_at: (1 vs 0) 1", "sector@_at: (1 vs 0) 2", "sector@_at: Joint"]
    assert rows[-1].values == pytest.approx((2, joint, chdtrc(2, joint)))
    assert "  sector@_at |\n (1 vs 0) 1  |          1" in outcome.text


def test_pairwise_comparisons_with_adjusted_limits(schools):
    margins = [design(schools, grp=g).mean(axis=0) for g in (0, 1, 2)]
    L = np.array([margins[1] - margins[0], margins[2] - margins[0], margins[2] - margins[1]])
    outcome = ran(schools, "margins grp, pwcompare(effects) mcompare(bonferroni)")
    check(outcome, schools, L, "pwcompare")
    estimates, errors = by_hand(schools, L)
    z = float(ndtri(1 - 0.05 / 6))
    assert [row.values[5] for row in outcome.tables["pwcompare"].rows] == pytest.approx(estimates - z * errors)
    assert "         grp |            3\n" in outcome.text
    assert "|            Delta-method    Bonferroni           Bonferroni\n" in outcome.text
    scheffe = ran(schools, "pwcompare grp, mcompare(scheffe) effects")
    est, se, _, stat, p, ll, _ = scheffe.tables["pwcompare"].rows[0].values
    assert p == pytest.approx(chdtrc(2, stat**2))
    assert (est - ll) / se == pytest.approx(np.sqrt(5.991464547107979))


def test_noeffects_leaves_out_the_single_contrasts(schools):
    assert "conf. interval" in ran(schools, "contrast r.grp").text
    assert "conf. interval" not in ran(schools, "contrast r.grp, noeffects").text
    assert "conf. interval" not in ran(schools, "margins r.grp, contrast(noeffects)").text


def test_cells_of_contrast_are_balanced(schools):
    """Averages over sector with equal weights, ses at zero, female cancels."""
    names = columns_of(schools)
    L = np.zeros((2, len(names)))
    for row, g in zip(L, (1, 2), strict=True):
        row[names.index(f"{g}.grp")] = 1.0
        row[names.index(f"{g}.grp#1.sector")] = 0.5
    outcome = ran(schools, "contrast r.grp, effects")
    check(outcome, schools, L, "effects")
    assert outcome.text.startswith("\nContrasts of marginal linear predictions\n\nMargins: asbalanced\n\n---------")
    assert "mathach      |\n         grp |\n   (1 vs 0)  |          1" in outcome.text


@pytest.mark.parametrize(
    ("operator", "labels", "weights"),
    [
        ("r.", ["(1 vs 0)", "(2 vs 0)"], [[-1, 1, 0], [-1, 0, 1]]),
        ("rb1.", ["(0 vs 1)", "(2 vs 1)"], [[1, -1, 0], [0, -1, 1]]),
        ("a.", ["(0 vs 1)", "(1 vs 2)"], [[1, -1, 0], [0, 1, -1]]),
        ("ar.", ["(1 vs 0)", "(2 vs 1)"], [[-1, 1, 0], [0, -1, 1]]),
        ("g.", ["(0 vs mean)", "(1 vs mean)", "(2 vs mean)"], (np.eye(3) - 1 / 3).tolist()),
        ("h.", ["(0 vs >0)", "(1 vs 2)"], [[1, -0.5, -0.5], [0, 1, -1]]),
        ("j.", ["(1 vs 0)", "(2 vs <2)"], [[-1, 1, 0], [-0.5, -0.5, 1]]),
        ("p.", ["(linear)", "(quadratic)"], [[-(0.5**0.5), 0, 0.5**0.5], [6**-0.5, -2 * 6**-0.5, 6**-0.5]]),
        ("q(1).", ["(linear)"], [[-(0.5**0.5), 0, 0.5**0.5]]),
    ],
)
def test_contrast_operators(schools, operator, labels, weights):
    names = columns_of(schools)
    cells = np.zeros((3, len(names)))
    for g in (0, 1, 2):
        cells[g, names.index(f"{g}.grp")] = 1.0
        cells[g, names.index(f"{g}.grp#1.sector")] = 0.5
    outcome = ran(schools, f"contrast {operator}grp, effects")
    check(outcome, schools, np.array(weights) @ cells, "effects")
    assert [row.name for row in outcome.tables["effects"].rows] == [f"grp: {label}" for label in labels]


def test_weighted_operators_use_the_frequencies_of_the_levels(schools):
    grp = schools.data.to_pandas()["grp"].to_numpy()
    share = np.array([(grp == g).mean() for g in (0, 1, 2)])
    plain = ran(schools, "contrast g.grp, effects").tables["effects"].rows
    weighted = ran(schools, "contrast gw.grp, effects").tables["effects"].rows
    b = np.array([row.values[0] for row in plain])
    assert [row.values[0] for row in weighted] == pytest.approx(b - share @ b)


def test_simple_effects_interactions_and_slopes(schools):
    simple = ran(schools, "contrast grp@sector")
    rows = simple.tables["contrast"].rows
    assert [row.name for row in rows] == ["grp@sector: 0", "grp@sector: 1", "grp@sector: Joint"]
    assert [row.values[0] for row in rows] == [2, 2, 4]
    interaction = ran(schools, "contrast grp#sector").tables["contrast"].rows[0].values[1]
    assert interaction == pytest.approx(ran(schools, "testparm grp#sector").r.scalars["chi2"])
    slopes = ran(schools, "contrast sector#c.ses")
    assert slopes.tables["contrast"].rows[0].name == "sector#c.ses"
    assert slopes.tables["contrast"].rows[0].values[1] == pytest.approx(
        ran(schools, "test 1.sector#c.ses").r.scalars["chi2"]
    )
    overall = ran(schools, "contrast grp##sector, overall").tables["contrast"].rows
    assert [row.name for row in overall] == ["grp", "sector", "grp#sector", "Overall"]
    assert overall[-1].values[0] == 5


def test_small_contrasts_have_their_own_degrees_of_freedom(data_file):
    """[ME] mixed, example 13: F(3, 12.00) = 24.76 of drug."""
    session = Session()
    ran(session, f'use "{data_file("t43")}"', "mixed score i.drug || person:, reml dfmethod(repeated)")
    outcome = ran(session, "contrast drug, small")
    assert outcome.text.endswith(
        "-----------------------------------------------------------\n"
        "             |         df        ddf           F        P>F\n"
        "-------------+---------------------------------------------\n"
        "score        |\n"
        "        drug |          3      12.00       24.76     0.0000\n"
        "-----------------------------------------------------------\n"
    )
    assert outcome.tables["contrast"].columns == ("df", "ddf", "F", "p")
    effects = ran(session, "contrast r.drug, small effects")
    assert [row.values[2] for row in effects.tables["effects"].rows] == pytest.approx([12.0] * 3)
    critical = float(np.sqrt(fdtri(1, 12, 0.95)))
    est, se, *_, ll, _ = effects.tables["effects"].rows[0].values
    assert (est - ll) / se == pytest.approx(critical)


def test_after_regress_the_denominator_stands_below(data_file):
    session = Session()
    ran(session, f'use "{data_file("t43")}"', "regress score i.drug")
    text = ran(session, "contrast drug").text
    assert "        drug |          3        4.69     0.0155\n             |\n Denominator |         16\n" in text


def test_margins_that_share_a_letter_do_not_differ(schools):
    outcome = ran(schools, "pwcompare grp#sector, groups")
    letters = {}
    for line in outcome.text.splitlines():
        name, bar, rest = line.partition("|")
        if bar and name.strip().replace(" ", "").isdigit():
            letters["".join(name.split())] = set(rest.split()[-1]) if rest.split()[-1].isalpha() else set()
    pairs = ran(schools, "pwcompare grp#sector, effects").tables["pwcompare"].rows
    for row in pairs:
        first, second = (text.strip("() ").replace(" ", "") for text in row.name.split(": ")[1].split(" vs "))
        assert bool(letters[first] & letters[second]) == (row.values[4] >= 0.05), row.name


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


@pytest.fixture
def drugs(data_file):
    session = Session()
    ran(session, f'use "{data_file("t43")}"', "regress score i.drug")
    return session


def test_tukeys_method_after_regress(drugs):
    """R 4: limits by qtukey(.95, 4, 16) = 4.04609303679, p = 1 - ptukey(|t| sqrt 2, 4, 16) by summation."""
    rows = ran(drugs, "pwcompare drug, effects mcompare(tukey)").tables["pwcompare"].rows
    estimate, se, _, t, p, ll, ul = rows[3].values
    assert rows[3].name == "drug: 3 vs 2"
    assert (estimate - ll) / se == pytest.approx(4.04609303679 / 2**0.5, rel=1e-7)
    assert ul - estimate == pytest.approx(estimate - ll)
    assert p == pytest.approx(range_tail(abs(t) * 2**0.5, 4, 16), abs=1e-6)


def range_tail(q, k, df):
    """P(range > q) by plain summation over a fine grid."""
    from scipy.special import gammaln, ndtr

    z = np.linspace(-9, 9, 2001)
    s = np.linspace(1e-4, 4, 2001)
    inner = k * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    cdf = ((ndtr(z) - ndtr(z - q * s[:, None])) ** (k - 1) @ inner) * (z[1] - z[0])
    log = np.log(2) + df / 2 * np.log(df / 2) - gammaln(df / 2) + (df - 1) * np.log(s) - df * s**2 / 2
    return 1 - float(np.exp(log) @ cdf) * (s[1] - s[0])


def test_stepwise_methods_count_the_means_between(drugs):
    """Neighbouring means are compared as two; the range of all four as in Tukey's method."""
    means = [row.values[0] for row in ran(drugs, "margins drug").tables["margins"].rows]
    order = np.argsort(means)
    plain = {row.name: row.values for row in ran(drugs, "pwcompare drug, effects").tables["pwcompare"].rows}
    tukey = {r.name: r.values for r in ran(drugs, "pwcompare drug, eff mcompare(tukey)").tables["pwcompare"].rows}
    for method in ("snk", "duncan"):
        found = {
            r.name: r.values for r in ran(drugs, f"pwcompare drug, eff mcompare({method})").tables["pwcompare"].rows
        }
        for name, values in found.items():
            i, j = (int(word) - 1 for word in name.removeprefix("drug: ").split(" vs "))
            spanned = abs(int(np.flatnonzero(order == i)[0]) - int(np.flatnonzero(order == j)[0])) + 1
            if spanned == 2:
                assert values[4] == pytest.approx(plain[name][4], abs=1e-6)
            if spanned == 4:
                widest = tukey[name][4]
                assert values[4] == pytest.approx(widest if method == "snk" else 1 - (1 - widest) ** (1 / 3), abs=1e-6)


def test_dunnetts_method_compares_with_the_first(drugs):
    """Two-sided 5% point of three comparisons with 16 degrees of freedom: 2.59 (Dunnett 1964, table)."""
    rows = ran(drugs, "pwcompare drug, mcompare(dunnett)").tables["pwcompare"].rows
    assert [row.name for row in rows] == ["drug: 2 vs 1", "drug: 3 vs 1", "drug: 4 vs 1"]
    estimate, se, *_, ll, _ = rows[0].values
    assert (estimate - ll) / se == pytest.approx(2.59, abs=0.005)


def test_dunnetts_method_knows_the_correlation_of_comparisons_with_an_unequal_control():
    rng = np.random.default_rng(8)
    g = np.repeat([0.0, 1.0, 2.0], [4, 9, 15])
    session = Session(data=pd.DataFrame({"y": rng.normal(size=28) + 0.8 * g, "g": g}))
    ran(session, "regress y i.g")
    rows = ran(session, "pwcompare g, effects mcompare(dunnett)").tables["pwcompare"].rows
    r, nu = (1 / 4) / np.sqrt((1 / 4 + 1 / 9) * (1 / 4 + 1 / 15)), 25.0
    nodes, weights = np.polynomial.legendre.leggauss(60)
    for row in rows:
        t, p = row.values[3:5]
        a, b = np.meshgrid(abs(t) * nodes, abs(t) * nodes)
        # density of two t statistics of correlation r with a common scale
        density = (1 + (a * a - 2 * r * a * b + b * b) / ((1 - r * r) * nu)) ** (-(nu + 2) / 2)
        inside = t * t * weights @ density @ weights / (2 * np.pi * np.sqrt(1 - r * r))
        assert p == pytest.approx(1 - inside, abs=1e-7)


def test_methods_on_the_range_of_means_need_regress(schools, drugs):
    refused(schools, "pwcompare grp, mcompare(tukey)", 198, "not after mixed")
    refused(schools, "margins grp, pwcompare mcompare(snk)", 198, "not after mixed")
    refused(drugs, "contrast r.drug, mcompare(dunnett)", 198, "pairwise comparisons")
    assert "Tukey" in ran(drugs, "margins drug, pwcompare(effects) mcompare(tukey)").text


def test_contrasts_and_pairs_in_small_samples_are_those_of_r(data_file):
    """R 4, lmerTest: ``anova(lmer(yld ~ variety*n4 + (1|block/variety)), type = 3, ddf = "Kenward-Roger")``

    with sum contrasts, and ``contest1D(..., ddf = "Kenward-Roger")`` of differences of marginal means.
    """
    session = Session()
    ran(
        session, f'use "{data_file("oats")}"', "generate int n4 = round(nitro*5)",
        "mixed yld i.variety##i.n4 || block: || variety:, reml dfmethod(kroger)",
    )  # fmt: skip
    rows = ran(session, "contrast variety n4 variety#n4, small").tables["contrast"].rows
    expected = {"variety": (2, 10, 1.48534, 0.27239), "n4": (3, 45, 37.68570, 2.4577e-12)}
    expected["variety#n4"] = (6, 45, 0.30282, 0.93220)
    for row in rows:
        assert row.values == pytest.approx(expected[row.name], rel=2e-5)
    pairs = ran(session, "pwcompare variety, small").tables["pwcompare"].rows
    published = [(5.29166667, 0.471958003), (-6.875, 0.354355356), (-12.1666667, 0.11641163)]
    for row, (estimate, p) in zip(pairs, published, strict=True):
        assert row.values[:3] == pytest.approx((estimate, 7.07890215, 10.0), rel=1e-6)
        assert row.values[4] == pytest.approx(p, rel=1e-6)


def test_a_model_without_coefficients_has_no_margins(data_file):
    session = Session()
    ran(session, f'use "{data_file("pig")}"', "mixed weight, noconstant || id:")
    refused(session, "margins", 321, "needs coefficients")
    assert ran(session, "predict u, reffects").rc == 0
