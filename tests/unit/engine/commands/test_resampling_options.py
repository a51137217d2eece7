"""Options of ``bootstrap``, ``jackknife`` and ``statsby``, and how regressions look under them."""

from __future__ import annotations

import numpy as np
import pytest
from outcomes import ran
from scipy.special import ndtr, ndtri

from engine.api import Session


@pytest.fixture
def session(data_file):
    session = Session()
    assert session.run(f'use "{data_file("pig")}"').rc == 0
    return session


def test_a_regression_keeps_its_fit_and_its_predictions(session):
    text = ran(session, "bootstrap, reps(10) seed(1): regress weight week").text
    for line in ("Replications      =         10", "Wald chi2(1)", "R-squared         =     0.9305", "Root MSE "):
        assert line in text
    assert "P>|z|" in text
    ran(session, "predict r, rstandard")
    assert "Bootstrap" in ran(session, "regress").text
    assert "F" not in session.e.scalars
    assert session.e.scalars["chi2"] == pytest.approx(float(ran(session, "test week").r.scalars["chi2"]))


def test_a_panel_regression_keeps_its_standard_deviations(session):
    text = ran(session, "bootstrap, reps(5) seed(1) cluster(id) idcluster(new): xtreg weight week, fe i(new)").text
    assert "     sigma_u |  3.9534984" in text
    assert "F test that all u_i=0" not in text
    assert "(Replications based on 48 clusters in id)" in text


@pytest.mark.parametrize("kind", ["bootstrap", "jackknife"])
def test_the_option_vce_is_the_prefix(session, kind):
    options = "reps(8) seed(3)" if kind == "bootstrap" else ""
    ran(session, f"regress weight week if week < 3, vce({kind}, {options})")
    V = session.e.matrices["V"].values
    ran(session, f"{kind}, {options}: regress weight week if week < 3")
    np.testing.assert_array_equal(session.e.matrices["V"].values, V)


def test_panels_are_drawn_as_a_whole(session):
    text = ran(session, "xtreg weight week, fe i(id) vce(bootstrap, reps(6) seed(2) nodots)").text
    assert "(Replications based on 48 clusters in id)" in text
    V = session.e.matrices["V"].values
    ran(session, "bootstrap, reps(6) seed(2) cluster(id) idcluster(new): xtreg weight week, fe i(new)")
    np.testing.assert_allclose(session.e.matrices["V"].values, V, rtol=1e-12)


def test_clustered_jackknife_of_fixed_effects_is_near_the_robust_variance(session):
    ran(session, "xtreg weight week, fe i(id) vce(jackknife, nodots)")
    jackknife = session.e.matrices["V"].values[0, 0]
    ran(session, "xtreg weight week, fe vce(robust) i(id)")
    assert jackknife == pytest.approx(session.e.matrices["V"].values[0, 0], rel=0.01)


def test_rejected_replicates_are_left_out(session):
    outcome = ran(session, "bootstrap, reps(30) seed(1) reject(_b[week] > 6.22): regress weight week")
    assert 0 < outcome.e.scalars["N_misreps"] < 30
    assert outcome.e.scalars["N_reps"] + outcome.e.scalars["N_misreps"] == 30


def test_accelerated_limits_are_those_of_the_formula(session, tmp_path):
    ran(session, "keep if week == 1")
    y = session.data.numeric("weight")
    target = tmp_path / "draws.dta"
    ran(session, f'bootstrap s=r(sd), reps(200) seed(4) bca saving("{target}"): summarize weight')
    e = session.e
    left = np.array([np.delete(y, j).std(ddof=1) for j in range(len(y))])
    d = left.mean() - left
    a = (d**3).sum() / (6 * (d**2).sum() ** 1.5)
    assert e.matrices["accel"].values[0, 0] == pytest.approx(a, rel=1e-9)
    draws = Session()
    ran(draws, f'use "{target}"')
    found = np.sort(draws.data.numeric("s"))
    z0 = ndtri((found <= y.std(ddof=1)).mean())
    for row, z in ((0, ndtri(0.025)), (1, ndtri(0.975))):
        share = ndtr(z0 + (z0 + z) / (1 - a * (z0 + z))) * 200
        low, high = found[int(np.floor(share)) - 1], found[min(int(np.floor(share)) + 1, 199)]
        assert low <= e.matrices["ci_bca"].values[row, 0] <= high
    assert " (BCa)" in ran(session, "estat bootstrap, all").text
    ran(session, "estat bootstrap, bca")
    ran(session, "bootstrap s=r(sd), reps(5) seed(4): summarize weight")
    assert session.run("estat bootstrap, bca").rc == 198


def test_pseudovalues_of_a_mean_are_the_observations(session):
    ran(session, "jackknife mean=r(mean), keep: summarize weight if week == 1")
    data = session.data
    rows = data.numeric("week") == 1
    np.testing.assert_allclose(data.numeric("mean")[rows], data.numeric("weight")[rows], rtol=1e-10)
    assert session.run("jackknife mean=r(mean), keep: summarize weight if week == 1").rc == 110


def test_a_command_that_does_not_mark_its_sample_is_warned_of(session):
    shown = " ".join(ran(session, "bootstrap m=r(mean), reps(5) seed(1): summarize weight").text.split())
    assert "warning: summarize does not set e(sample), so no observations will be excluded" in shown
    assert "warning" not in ran(session, "bootstrap m=r(mean), reps(5) seed(1) nowarn: summarize weight").text
    assert "warning" not in ran(session, "bootstrap, reps(5) seed(1): regress weight week").text


def test_expressions_are_told_in_a_legend(session):
    lines = ran(session, "bootstrap m=r(mean) r=(r(mean)/r(sd)), reps(5) seed(1): summarize weight").text.splitlines()
    start = lines.index("      Command: summarize weight")
    assert lines[start + 1 : start + 3] == ["            m: r(mean)", "            r: r(mean)/r(sd)"]
    assert any(line.startswith("Bootstrap results    ") and line.endswith("Number of obs = 432") for line in lines)


def test_limits_are_printed_with_the_digits_of_the_manual(session):
    ran(session, "bootstrap, reps(10) seed(1): regress weight week")
    lines = ran(session, "estat bootstrap, all").text.splitlines()
    row = next(line for line in lines if line.strip().startswith("week |"))
    assert row[14:26].strip() == "6.2098958"
    assert row.endswith("   (N)")
    assert len(row) == 78


def test_totals_and_subsets_are_added_to_the_groups(session):
    whole = session.data.to_pandas()
    ran(session, "statsby m=r(mean), by(week) clear total: summarize weight")
    found = session.data.to_pandas()
    assert len(found) == 10
    assert found.m.iloc[-1] == pytest.approx(whole.weight.mean())
    assert np.isnan(found.week.iloc[-1])


def test_subsets_are_all_combinations(session):
    ran(session, "generate half = id > 24")
    whole = session.data.to_pandas()
    ran(session, "statsby m=r(mean), by(half week) clear subsets: summarize weight if week <= 3")
    found = session.data.to_pandas()
    assert list(found.columns) == ["half", "week", "m"]
    assert len(found) == 2 * 3 + 2 + 3 + 1
    whole = whole[whole.week <= 3]
    first = found[found.half.eq(1) & found.week.isna()].m.iloc[0]
    assert first == pytest.approx(whole[whole.half == 1].weight.mean())


def test_a_range_of_observations_is_that_of_the_whole_data(session):
    ran(session, "statsby n=r(N), by(id) clear: summarize weight in 1/12")
    assert session.data.numeric("n").tolist() == [9.0, 3.0]


@pytest.mark.parametrize(
    ("text", "rc"),
    [
        ("bootstrap, reps(5) noisily: regress weight week", 198),
        ("bootstrap, reps(5) reject(: regress weight week", 132),
        ("jackknife, n(r(N)): summarize weight", 198),
        ("statsby m=r(mean), by(id) clear trace: summarize weight", 198),
        ("statsby m=r(mean), by(id) clear: summarize weight if week > 9", 2000),
        ("regress weight week, vce(bootstrap, foo)", 198),
        ("xtreg weight week, fe vce(bootstrap)", 459),
    ],
)
def test_what_cannot_be_is_refused(session, text, rc):
    assert session.run(text).rc == rc


def test_equations_are_told_apart_in_the_table_of_limits(session):
    ran(session, "bootstrap, reps(4) seed(1) cluster(id) idcluster(new): mixed weight week || new:")
    lines = ran(session, "estat bootstrap").text.splitlines()
    places = [lines.index(f"{name:12} |") for name in ("weight", "lns1_1_1", "lnsig_e")]
    assert places == sorted(places)
    ran(session, "bootstrap, reps(4) seed(1) cluster(id): xtreg weight week, mle i(id)")
    assert "    /sigma_u |" in ran(session, "estat bootstrap").text


def test_a_command_without_coefficients_needs_a_list_of_expressions(session):
    outcome = session.run("bootstrap, reps(4): summarize weight")
    assert outcome.rc == 100
    assert "expression list required" in outcome.text
