"""``contrast`` and ``pwcompare``, also as options of ``margins``, against L b and L V L' by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from margins_by_hand import by_hand, check, columns_of, design, factorial_session
from outcomes import ran, refused
from scipy.special import chdtrc, fdtri, ndtri

from engine.api import Session


@pytest.fixture(scope="module")
def factorial(data_file):
    return factorial_session(data_file)


@pytest.fixture
def schools(factorial):
    ran(factorial, "estimates restore factorial")
    return factorial


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
