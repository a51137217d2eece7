"""``mixed`` with weights, robust and clustered standard errors: what is printed, stored and predicted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from outcomes import ran

from engine.api import Session
from engine.data.dataset import Dataset


def small_table(seed=2):
    rng = np.random.default_rng(seed)
    school = np.repeat(np.arange(24), 8)
    room = np.tile(np.repeat([1, 2], 4), 24)
    n = len(school)
    x = rng.normal(size=n)
    y = (
        1
        + x * (0.5 + rng.normal(size=24)[school])
        + rng.normal(size=24)[school]
        + rng.normal(size=48)[2 * school + room - 1]
    )
    y += rng.normal(size=n) * (1 + 0.5 * np.abs(x))
    return pd.DataFrame(
        {
            "y": y,
            "x": x,
            "z": rng.normal(size=n),
            "school": school,
            "room": room,
            "t": np.tile(np.arange(8), 24),
            "sex": np.arange(n) % 2,
            "area": school // 4,
            "pair": school // 12,
            "w": rng.integers(1, 4, size=n),
            "ws": 1 + school % 3,
            "p": rng.uniform(0.5, 3.0, size=n),
        }
    )


@pytest.fixture
def session():
    session = Session()
    session.data = Dataset.from_pandas(small_table())
    return session


def sandwich(session, e, codes):
    """Robust variance by the manual's formula from predicted scores and e(V_modelbased)."""
    k = len(e.matrices["b"].cols)
    ran(session, "predict double s_*, scores")
    s = session.data.to_pandas()[[f"s_{i + 1}" for i in range(k)]].fillna(0.0).to_numpy()
    u = np.array([s[codes == c].sum(axis=0) for c in np.unique(codes)])
    D = e.matrices["V_modelbased"].values
    M = len(u)
    return M / (M - 1) * D @ u.T @ u @ D


@pytest.mark.parametrize(
    ("command", "clusters"),
    [
        ("mixed y x z || school: x, cov(un) robust", "school"),
        ("mixed y x z || school: || room:, vce(robust)", "school"),
        ("mixed y x z || school: || room:, vce(cluster area)", "area"),
        ("mixed y x z [pw=p] || school: || room:, pweight(w0)", "school"),
        ("mixed y x z [pw=p] || school:, pweight(ws) pwscale(effective)", "school"),
        ("mixed y x z [fw=w] || school:, fweight(ws) cluster(area)", "area"),
        ("mixed y x z || school:, nocons || room:, robust", "school"),
        ("mixed y x z [pw=p] || school:, nocons pweight(ws)", "school"),
        ("mixed y x z || school: x || school:, robust", "school"),
        ("mixed y x z || school: x, nocons || room:, cluster(area)", "area"),
        ("mixed y x z || school:, residuals(ar 1, t(t)) robust", "school"),
        ("mixed y x z || school:, nocons residuals(toeplitz 2, t(t)) cluster(area)", "area"),
        ("mixed y x z || school: || room:, residuals(independent, by(sex)) robust", "school"),
    ],
)
def test_e_v_is_the_sandwich_of_the_predicted_scores(session, command, clusters):
    """Manual, Methods and formulas: D (sum of u u') D M/(M-1), all parameters, D without a block between the parts."""
    ran(session, "generate w0 = 1 + mod(school + room, 2)")
    e = ran(session, command).e
    codes = session.data.to_pandas()[clusters].to_numpy()
    wanted = sandwich(session, e, codes)
    scale = np.sqrt(np.outer(np.diag(wanted), np.diag(wanted)))
    assert np.abs(e.matrices["V"].values - wanted).max() < 1e-6 * scale.max()
    assert e.matrices["V"].values / scale == pytest.approx(wanted / scale, abs=1e-6)
    assert e.scalars["N_clust"] == len(np.unique(codes))
    assert e.macros["clustvar"] == clusters
    assert e.macros["vcetype"] == "Robust"


def test_scores_add_up_to_zero_and_stand_in_the_last_row_of_each_group(session):
    ran(session, "mixed y x [pw=p] || school: || room:")
    ran(session, "predict double s*, scores")
    data = session.data.to_pandas()
    made = data[[f"s{i}" for i in range(1, 6)]]
    assert made.notna().sum().tolist() == [24] * 5
    assert set(np.flatnonzero(made["s1"].notna())) == set(np.arange(7, 192, 8))
    assert made.sum().abs().to_numpy() == pytest.approx(np.zeros(5), abs=1e-4)


def test_scores_need_ml_and_as_many_names_as_parameters(session):
    ran(session, "mixed y x || school:, reml")
    outcome = session.run("predict s*, scores")
    assert (outcome.rc, "REML" in outcome.error.message) == (321, True)
    ran(session, "mixed y x || school:")
    assert session.run("predict a b, scores").rc == 102
    assert session.run("predict s*, scores fitted").rc == 184
    assert session.run("predict s*, scores relevel(school)").rc == 184


def test_a_linear_model_is_robust_to_each_observation(session):
    """(X'X)^-1 sum x x' e^2 (X'X)^-1 n/(n-1)."""
    outcome = ran(session, "mixed y x z, robust")
    data = session.data.to_pandas()
    X = np.column_stack([data.x, data.z, np.ones(len(data))])
    bread = np.linalg.inv(X.T @ X)
    e = data.y.to_numpy() - X @ bread @ X.T @ data.y.to_numpy()
    n = len(data)
    wanted = n / (n - 1) * bread @ (X.T * e**2) @ X @ bread
    assert outcome.e.matrices["V"].values[:3, :3] == pytest.approx(wanted, rel=1e-9)
    assert "clustvar" not in outcome.e.macros
    assert "adjusted for" not in outcome.text
    assert "               Robust" in outcome.text


def test_what_is_printed_and_stored_with_robust_standard_errors(session):
    outcome = ran(session, "mixed y x || school: || room:, vce(cluster area)")
    text, e = outcome.text, outcome.e
    assert "Mixed-effects regression " in text
    assert "Performing EM optimization ..." in text
    assert "Iteration 0:  Log pseudolikelihood = " in text
    assert "(Std. err. adjusted for 6 clusters in area)\n---" in text
    assert text.count("               Robust") == 2
    assert text.count("std. err.") == 2
    assert "LR test" not in text
    assert "lrtest" not in outcome.tables
    assert (e.macros["vce"], e.macros["vcetype"], e.macros["title"]) == (
        "cluster",
        "Robust",
        "Mixed-effects regression",
    )
    assert e.macros["chi2type"] == "Wald"
    assert "ll_c" not in e.scalars
    again = ran(session, "mixed, stddeviations")
    assert "(Std. err. adjusted for 6 clusters in area)\n---" in again.text


def test_what_is_printed_and_stored_with_weights(session):
    outcome = ran(session, "mixed y x [pw=p/ws] || school:, pweight(ws) pwscale(gk)")
    e = outcome.e
    assert "Obtaining starting values by EM ..." in outcome.text
    assert "(Std. err. adjusted for 24 clusters in school)" in outcome.text
    names = ("wtype", "wexp", "pweight1", "pwscale", "vce", "clustvar", "marginswtype", "marginswexp")
    assert [e.macros.get(name) for name in names] == [
        "pweight",
        "= p/ws",
        "ws",
        "gk",
        "robust",
        "school",
        "pweight",
        "= (p/ws)*(ws)",
    ]
    assert e.scalars["N"] == 192


def test_frequency_weights_keep_the_likelihood_and_its_test(session):
    outcome = ran(session, "mixed y x [fw=w] || school:, fweight(ws)")
    data = session.data.to_pandas()
    assert outcome.e.scalars["N"] == (data.w * data.ws).sum()
    assert "Mixed-effects regression " in outcome.text
    assert "\nLog likelihood = " in outcome.text
    assert "LR test vs. linear model" in outcome.text
    assert outcome.e.macros["vce"] == "oim"
    assert outcome.e.macros["fweight1"] == "ws"
    assert "Robust" not in outcome.text


def test_weights_of_the_lower_level_are_the_second(session):
    ran(session, "generate wr = 1 + mod(room, 2)")
    e = ran(session, "mixed y x || school: || room:, fweight(wr)").e
    assert e.macros["fweight2"] == "wr"
    assert "fweight1" not in e.macros
    assert "wtype" not in e.macros


def test_more_coefficients_than_clusters_allow_have_no_joint_test(session):
    outcome = ran(session, "mixed y x z || school:, vce(cluster pair)")
    assert np.isnan(outcome.e.scalars["chi2"])
    assert outcome.e.scalars["df_m"] == 1
    assert outcome.e.scalars["rank"] == 1
    assert "Wald chi2(1)" in outcome.text


def test_weighted_predictions_are_those_of_replicated_data(session):
    """BLUPs of a group do not depend on how often the group itself counts, only on its rows."""
    ran(session, "mixed y x [fw=w] || school:, fweight(ws)")
    ran(session, "predict double u, reffects")
    ran(session, "predict double f, fitted")
    ran(session, "predict double se, reses")
    weighted = session.data.to_pandas()
    long = weighted.loc[np.repeat(np.arange(192), weighted.w)]
    copies = [part.assign(school=100 * part.school.astype(int) + c) for c in range(3) for part in [long[long.ws > c]]]
    other = Session()
    other.data = Dataset.from_pandas(pd.concat(copies)[["y", "x", "school"]].reset_index(drop=True))
    ran(other, "mixed y x || school:")
    ran(other, "predict double u, reffects")
    ran(other, "predict double se, reses")
    expanded = other.data.to_pandas()
    for column in ("u", "se"):
        wanted = expanded.groupby(expanded.school.astype(int) // 100)[column].first().to_numpy()
        assert weighted.groupby("school")[column].first().to_numpy() == pytest.approx(wanted, rel=1e-5, abs=1e-6)


def test_constrained_coefficients_have_the_robust_standard_errors_of_the_model_without_them(session):
    """x = z makes one coefficient of x + z."""
    ran(session, "generate double s = x + z")
    plain = ran(session, "mixed y s [pw=p] || school:").e
    ran(session, "constraint 1 x = z")
    outcome = ran(session, "mixed y x z [pw=p], constraints(1) || school:")
    V = outcome.e.matrices["V"].values
    assert V[0, 0] == pytest.approx(plain.matrices["V"].values[0, 0], rel=1e-6)
    assert V[1, 3:] == pytest.approx(plain.matrices["V"].values[0, 2:], rel=1e-4)
    assert "(Std. err. adjusted for 24 clusters in school)" in outcome.text


def test_without_standard_errors_of_variances_their_part_of_e_v_is_zero(session):
    e = ran(session, "mixed y x || school:, robust nostderr").e
    V = e.matrices["V"].values
    assert (np.diag(V)[:2] > 0).all()
    assert not V[2:].any()
    assert e.scalars["rank"] == np.linalg.matrix_rank(V)


def test_the_standard_error_of_a_prediction_is_robust(session):
    e = ran(session, "mixed y x || school:, robust").e
    ran(session, "predict double s, stdp")
    data = session.data.to_pandas()
    X = np.column_stack([data.x, np.ones(len(data))])
    wanted = np.sqrt(np.einsum("ij,jk,ik->i", X, e.matrices["V"].values[:2, :2], X))
    assert data.s.to_numpy() == pytest.approx(wanted, rel=1e-12)


def test_a_zero_variance_has_no_robust_standard_error_and_the_rest_has(session):
    rng = np.random.default_rng(1)
    table = small_table()
    table["y"] = table.x + rng.normal(size=len(table))
    table["y"] -= table.groupby("school").y.transform("mean")
    session.data = Dataset.from_pandas(table)
    outcome = ran(session, "mixed y x || school:, robust")
    school, residual = outcome.tables["random"].rows
    assert school.values[0] == 0
    assert np.isnan(school.values[1])
    assert residual.values[1] > 0
    assert np.isfinite([row.values[1] for row in outcome.tables["fixed"].rows]).all()
