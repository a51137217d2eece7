"""``xtreg``: fixed, random and between effects; expected numbers are those of R 4 and of formulas written out here."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.api import Session


@pytest.fixture
def session(data_file):
    session = Session()
    assert session.run(f'use "{data_file("hsb")}"').rc == 0
    return session


def run(session, command):
    outcome = session.run(command)
    assert outcome.rc == 0, outcome.text
    return outcome


def coefficients(session):
    matrix = session.e.matrices["b"]
    V = session.e.matrices["V"].values
    return matrix.values[0], np.sqrt(np.diag(V))


def test_fixed_effects_are_the_regression_on_panel_dummies(session):
    text = run(session, "xtreg mathach ses female, fe i(id)").text
    b, se = coefficients(session)
    # R: m <- lm(mathach ~ ses + female + factor(id)); coef(summary(m)); summary(m)$sigma; anova(lm(…), m)
    np.testing.assert_allclose(b[:2], [2.154586512, -1.120931928], rtol=1e-9)
    np.testing.assert_allclose(se[:2], [0.1084603850, 0.1699513807], rtol=1e-9)
    assert session.e.scalars["sigma_e"] == pytest.approx(6.064797558, rel=1e-9)
    assert session.e.scalars["F_f"] == pytest.approx(5.8142, abs=5e-5)
    assert "Fixed-effects (within) regression" in text
    assert "F test that all u_i=0: F(159, 7023) = 5.81" in text


def test_between_effects_are_the_regression_of_panel_means(session):
    run(session, "xtreg mathach ses, be i(id)")
    b, se = coefficients(session)
    # R: summary(lm(mathach ~ ses, aggregate(cbind(mathach, ses) ~ id, d, mean)))
    np.testing.assert_allclose(b, [5.909300, 12.657326], rtol=1e-7)
    np.testing.assert_allclose(se, [0.37142848, 0.15329646], rtol=1e-7)


def test_random_effects_are_gls_with_the_covariance_matrix_of_the_two_variances():
    rng = np.random.default_rng(7)
    ids = np.repeat(np.arange(12), rng.integers(2, 6, 12))
    x = rng.normal(size=len(ids))
    y = 1 + 2 * x + rng.normal(size=12)[ids] + rng.normal(size=len(ids))
    session = Session(data=pd.DataFrame({"id": ids, "x": x, "y": y}))
    run(session, "xtset id")
    run(session, "xtreg y x, re theta")
    s = session.e.scalars
    Z = (ids[:, None] == np.arange(12)).astype(float)
    V = s["sigma_u"] ** 2 * Z @ Z.T + s["sigma_e"] ** 2 * np.eye(len(y))
    X, W = np.column_stack([x, np.ones(len(x))]), np.linalg.inv(V)
    b, se = coefficients(session)
    expected = np.linalg.solve(X.T @ W @ X, X.T @ W @ y)
    np.testing.assert_allclose(b, expected, rtol=1e-9)
    residual = y - X @ expected
    scale = residual @ W @ residual / (len(y) - 2)
    np.testing.assert_allclose(se, np.sqrt(scale * np.diag(np.linalg.inv(X.T @ W @ X))), rtol=1e-9)


def test_what_does_not_vary_within_panels_is_omitted_from_fixed_effects(session):
    text = run(session, "xtreg mathach ses sector, fe i(id)").text
    assert "note: sector omitted because of collinearity." in text
    assert session.e.matrices["b"].values[0, 1] == 0.0


def test_results_are_shown_again_and_tested(session):
    run(session, "xtreg mathach ses female, i(id)")
    assert "Random-effects GLS regression" in run(session, "xtreg").text
    run(session, "test ses female")
    run(session, "lincom ses + female")


@pytest.mark.parametrize(
    ("command", "rc"),
    [
        ("xtreg mathach ses, fe", 459),
        ("xtreg mathach ses, fe re i(id)", 198),
        ("xtreg mathach ses, be i(id) vce(robust)", 198),
        ("xtreg mathach ses, fe i(id) theta", 198),
        ("xtreg mathach ses, fe i(id) vce(cluster female)", 498),
        ("xtreg", 301),
    ],
)
def test_what_cannot_be_is_refused(session, command, rc):
    assert session.run(command).rc == rc


def test_hausman_compares_what_both_fits_estimate(session):
    run(session, "xtreg mathach ses female, fe i(id)")
    run(session, "estimates store fixed")
    b, V = session.e.matrices["b"].values[0, :2], session.e.matrices["V"].values[:2, :2]
    run(session, "xtreg mathach ses female, re i(id)")
    B, V_B = session.e.matrices["b"].values[0, :2], session.e.matrices["V"].values[:2, :2]
    text = run(session, "hausman fixed").text
    expected = (b - B) @ np.linalg.solve(V - V_B, b - B)
    assert session.r.scalars["chi2"] == pytest.approx(expected, rel=1e-9)
    assert session.r.scalars["df"] == 2.0
    assert "Test of H0: Difference in coefficients not systematic" in text
    assert "not positive definite" not in text
    assert "(V_b-V_B is not positive definite)" in run(session, "hausman fixed, constant").text
    assert session.run("hausman nothing").rc == 111
    assert session.run("hausman fixed ., sigmamore sigmaless").rc == 198


@pytest.mark.parametrize("model", ["fe", "re"])
def test_predicted_parts_add_up_to_the_response(session, model):
    run(session, f"xtreg mathach ses female, {model} i(id)")
    for word in ("xb", "u", "e", "ue", "xbu"):
        run(session, f"predict double p_{word}, {word}")
    data = session.data.to_pandas()
    np.testing.assert_allclose(data.p_xb + data.p_u + data.p_e, data.mathach, atol=1e-9)
    np.testing.assert_allclose(data.p_xbu, data.p_xb + data.p_u, atol=1e-9)
    groups = data.groupby("id")["p_ue"]
    s = session.e.scalars
    between = groups.size() * s["sigma_u"] ** 2
    share = 1.0 if model == "fe" else between / (between + s["sigma_e"] ** 2)
    np.testing.assert_allclose(data.groupby("id")["p_u"].first(), groups.mean() * share, atol=1e-9)
