"""``xtreg``: fixed, random and between effects; expected numbers are those of R 4 and of formulas written out here."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from outcomes import ran
from scipy.special import chdtrc

from engine.api import Session


@pytest.fixture
def session(data_file):
    session = Session()
    assert session.run(f'use "{data_file("hsb")}"').rc == 0
    return session


def coefficients(session):
    matrix = session.e.matrices["b"]
    V = session.e.matrices["V"].values
    return matrix.values[0], np.sqrt(np.diag(V))


def test_fixed_effects_are_the_regression_on_panel_dummies(session):
    text = ran(session, "xtreg mathach ses female, fe i(id)").text
    b, se = coefficients(session)
    # R: m <- lm(mathach ~ ses + female + factor(id)); coef(summary(m)); summary(m)$sigma; anova(lm(…), m)
    np.testing.assert_allclose(b[:2], [2.154586512, -1.120931928], rtol=1e-9)
    np.testing.assert_allclose(se[:2], [0.1084603850, 0.1699513807], rtol=1e-9)
    assert session.e.scalars["sigma_e"] == pytest.approx(6.064797558, rel=1e-9)
    assert session.e.scalars["F_f"] == pytest.approx(5.8142, abs=5e-5)
    assert "Fixed-effects (within) regression" in text
    assert "F test that all u_i=0: F(159, 7023) = 5.81" in text


def test_between_effects_are_the_regression_of_panel_means(session):
    ran(session, "xtreg mathach ses, be i(id)")
    b, se = coefficients(session)
    # R: summary(lm(mathach ~ ses, aggregate(cbind(mathach, ses) ~ id, d, mean)))
    np.testing.assert_allclose(b, [5.909300, 12.657326], rtol=1e-7)
    np.testing.assert_allclose(se, [0.37142848, 0.15329646], rtol=1e-7)
    r2, M = session.e.scalars["r2"], session.e.scalars["N_g"]
    assert session.e.scalars["r2_a"] == pytest.approx(1.0 - (1.0 - r2) * (M - 1.0) / (M - 2.0), rel=1e-12)


def test_random_effects_are_gls_with_the_covariance_matrix_of_the_two_variances():
    rng = np.random.default_rng(7)
    ids = np.repeat(np.arange(12), rng.integers(2, 6, 12))
    x = rng.normal(size=len(ids))
    y = 1 + 2 * x + rng.normal(size=12)[ids] + rng.normal(size=len(ids))
    session = Session(data=pd.DataFrame({"id": ids, "x": x, "y": y}))
    ran(session, "xtset id")
    ran(session, "xtreg y x, re theta")
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
    # [XT] xtreg: the variance of the panel means' residuals less sigma_e^2 over the harmonic mean of the sizes
    sizes = Z.sum(axis=0)
    means, own = (Z.T @ X) / sizes[:, None], (Z.T @ y) / sizes
    rss = np.sum((own - means @ np.linalg.lstsq(means, own, rcond=None)[0]) ** 2)
    harmonic = len(sizes) / np.sum(1.0 / sizes)
    assert s["sigma_u"] ** 2 == pytest.approx(rss / (len(sizes) - 2) - s["sigma_e"] ** 2 / harmonic, rel=1e-9)


def test_what_does_not_vary_within_panels_is_omitted_from_fixed_effects(session):
    text = ran(session, "xtreg mathach ses sector, fe i(id)").text
    assert "note: sector omitted because of collinearity." in text
    assert session.e.matrices["b"].values[0, 1] == 0.0


def test_results_are_shown_again_and_tested(session):
    ran(session, "xtreg mathach ses female, i(id)")
    assert "Random-effects GLS regression" in ran(session, "xtreg").text
    ran(session, "test ses female")
    ran(session, "lincom ses + female")


@pytest.mark.parametrize(
    ("command", "rc"),
    [
        ("xtreg mathach ses, fe", 459),
        ("xtreg mathach ses, fe re i(id)", 198),
        ("xtreg mathach ses, be i(id) vce(robust)", 198),
        ("xtreg mathach ses, fe i(id) theta", 198),
        ("xtreg mathach ses, fe i(id) sa", 198),
        ("xtreg mathach ses, re i(id) wls", 198),
        ("xtreg mathach ses, pa i(id)", 198),
        ("xtreg mathach ses, re i(id) vce(oim)", 198),
        ("xtreg mathach ses, mle i(id) vce(conventional)", 198),
        ("xtreg mathach ses [fw=1], re i(id)", 101),
        ("xtreg mathach ses [aw=1+female], fe i(id)", 199),
        ("xtreg mathach ses, i(nothing)", 111),
        ("xtreg mathach ses, fe i(id) vce(cluster female)", 498),
        ("xtreg", 301),
    ],
)
def test_what_cannot_be_is_refused(session, command, rc):
    assert session.run(command).rc == rc


@pytest.mark.parametrize("model", ["fe", "re"])
def test_predicted_parts_add_up_to_the_response(session, model):
    ran(session, f"xtreg mathach ses female, {model} i(id)")
    for word in ("xb", "u", "e", "ue", "xbu"):
        ran(session, f"predict double p_{word}, {word}")
    data = session.data.to_pandas()
    np.testing.assert_allclose(data.p_xb + data.p_u + data.p_e, data.mathach, atol=1e-9)
    np.testing.assert_allclose(data.p_xbu, data.p_xb + data.p_u, atol=1e-9)
    groups = data.groupby("id")["p_ue"]
    s = session.e.scalars
    between = groups.size() * s["sigma_u"] ** 2
    share = 1.0 if model == "fe" else between / (between + s["sigma_e"] ** 2)
    np.testing.assert_allclose(data.groupby("id")["p_u"].first(), groups.mean() * share, atol=1e-9)


def unbalanced(seed=7, groups=12):
    rng = np.random.default_rng(seed)
    ids = np.repeat(np.arange(groups), rng.integers(1, 6, groups))
    x = rng.normal(size=len(ids)) + 0.5 * rng.normal(size=groups)[ids]
    y = 1 + 2 * x + rng.normal(size=groups)[ids] + rng.normal(size=len(ids))
    return ids, x, y


def log_likelihood(parameters, ids, X, y):
    """Density of y ~ N(X b, s^2 Z Z' + e^2 I), written with the whole covariance matrix."""
    b, s, e = parameters[:-2], parameters[-2], parameters[-1]
    V = s * s * (ids[:, None] == ids) + e * e * np.eye(len(y))
    r = y - X @ b
    return -0.5 * (len(y) * np.log(2 * np.pi) + np.linalg.slogdet(V)[1] + r @ np.linalg.solve(V, r))


def hessian(f, at, h=1e-4):
    eye = h * np.eye(len(at))
    return np.array(
        [[(f(at + i + j) - f(at + i - j) - f(at - i + j) + f(at - i - j)) / (4 * h * h) for j in eye] for i in eye]
    )


def test_maximum_likelihood_is_at_the_top_of_the_normal_density():
    ids, x, y = unbalanced()
    session = Session(data=pd.DataFrame({"id": ids, "x": x, "y": y}))
    ran(session, "xtreg y x, mle i(id)")
    b, se = coefficients(session)
    X = np.column_stack([x, np.ones(len(x))])
    own = lambda at: log_likelihood(at, ids, X, y)  # noqa: E731
    assert session.e.scalars["ll"] == pytest.approx(own(b), abs=1e-9)
    for step in 1e-4 * np.eye(4):
        assert own(b + step) < own(b) > own(b - step)
    np.testing.assert_allclose(se, np.sqrt(np.diag(np.linalg.inv(-hessian(own, b)))), rtol=1e-5)
    assert session.e.scalars["ll_c"] == pytest.approx(
        -0.5 * len(y) * (np.log(2 * np.pi * np.mean((y - X @ np.linalg.lstsq(X, y, rcond=None)[0]) ** 2)) + 1)
    )


def test_the_likelihood_model_prints_as_the_manual_does(data_file):
    session = Session()
    ran(session, f'use "{data_file("pig")}"')
    text = ran(session, "xtreg weight week, mle i(id)").text
    # R: nlme::lme(weight ~ week, random = ~1 | id, method = "ML"): sd 3.849350 and 2.093625, ll -1014.926794
    assert "Fitting constant-only model:" in text
    assert "Random-effects ML regression" in text
    assert "Log likelihood = -1014.9268 " in text
    assert "    /sigma_u |    3.84935   .4058114                      3.130767    4.732863" in text
    assert "    /sigma_e |   2.093625 " in text
    assert "LR test of sigma_u=0: chibar2(01) = 472.65             Prob >= chibar2 = 0.000" in text
    assert session.e.scalars["chi2_c"] == pytest.approx(472.65, abs=0.005)  # mixed weight week || id:
    assert session.e.macros["model"] == "ml"
    assert "Iteration" not in ran(session, "xtreg weight week, mle i(id) nolog").text
    assert float(ran(session, "display _b[/sigma_u]").text) == pytest.approx(3.84935, abs=1e-5)


def test_without_variance_between_panels_the_likelihood_model_is_least_squares():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"id": np.repeat(np.arange(10), 6), "x": rng.normal(size=60), "y": rng.normal(size=60)})
    frame["y"] -= frame.groupby("id")["y"].transform("mean")
    session = Session(data=frame)
    text = ran(session, "xtreg y x, mle i(id)").text
    assert session.e.scalars["sigma_u"] == 0.0
    assert session.e.scalars["rank"] == 3.0  # two coefficients and sigma_e
    assert "chibar2(01) = 0.00" in text
    assert "Prob >= chibar2 = 1.000" in text
    ran(session, "regress y x")
    assert "sigma_u |          0" in text


def test_swamy_and_arora_for_unequal_panels_has_the_expected_squares_of_its_residuals():
    ids, x, y = unbalanced()
    session = Session(data=pd.DataFrame({"id": ids, "x": x, "y": y}))
    ran(session, "xtreg y x, re i(id) sa")
    s_e2 = session.e.scalars["sigma_e"] ** 2
    # E[y' M y] = tr(M V) with M the residual maker of the regression of the means repeated for each observation
    Z = (ids[:, None] == np.unique(ids)).astype(float)
    P = Z @ np.diag(1 / Z.sum(axis=0)) @ Z.T
    X = np.column_stack([x, np.ones(len(x))])
    M = P - P @ X @ np.linalg.solve(X.T @ P @ X, X.T @ P)
    expected = (y @ M @ y - s_e2 * np.trace(M)) / np.trace(M @ Z @ Z.T)
    assert session.e.scalars["sigma_u"] ** 2 == pytest.approx(max(expected, 0.0), rel=1e-9)
    assert expected > 0.0


def test_weights_of_fixed_effects_are_those_of_the_regression_on_dummies():
    ids, x, y = unbalanced()
    frame = pd.DataFrame({"id": ids, "x": x, "y": y, "w": 1 + ids % 3})
    session = Session(data=frame)
    dummies = np.column_stack([x, ids[:, None] == np.unique(ids)]).astype(float)
    for kind, n in (("aweight", len(y)), ("fweight", int(frame.w.sum()))):
        ran(session, f"xtreg y x [{kind}=w], fe i(id)")
        w = frame.w.to_numpy() * (n / frame.w.sum())
        inverse = np.linalg.inv(dummies.T @ (dummies * w[:, None]))
        b = inverse @ dummies.T @ (w * y)
        s2 = w @ (y - dummies @ b) ** 2 / (n - dummies.shape[1])
        own, se = coefficients(session)
        np.testing.assert_allclose((own[0], se[0]), (b[0], np.sqrt(s2 * inverse[0, 0])), rtol=1e-9)
        assert session.e.scalars["N"] == n
    ran(session, "xtreg y x [pweight=w], fe i(id)")
    assert session.e.macros["vcetype"] == "Robust"


def test_between_effects_leave_out_what_does_not_vary_between_panels(data_file):
    session = Session()
    ran(session, f'use "{data_file("pig")}"')
    text = ran(session, "xtreg weight week, be i(id)").text
    assert "note: week omitted because of collinearity." in text
    assert session.e.scalars["df_m"] == 0.0


def test_weighted_between_effects_weigh_panels_by_their_observations(session):
    ran(session, "xtreg mathach ses, be wls i(id)")
    # R: coef(summary(lm(mathach ~ ses, m, weights = n))), m the means and n the sizes of schools
    data = session.data.to_pandas()
    means, n = data.groupby("id")[["mathach", "ses"]].mean(), data.groupby("id").size().to_numpy()
    X = np.column_stack([means.ses, np.ones(len(means))])
    expected = np.linalg.solve(X.T @ (X * n[:, None]), X.T @ (n * means.mathach))
    np.testing.assert_allclose(coefficients(session)[0], expected, rtol=1e-9)


def test_standard_deviations_have_eight_digits_and_correlations_four_decimals(session):
    text = ran(session, "xtreg mathach ses female, fe i(id)").text
    assert "     sigma_e |  6.0647976\n" in text
    assert f"corr(u_i, Xb) = {session.e.scalars['corr']:.4f} " in text


def test_theta_is_shown_by_panel_where_sizes_differ(session):
    text = ran(session, "xtreg mathach ses, re i(id) theta").text
    assert "------------------- theta --------------------\n  min      5%       median        95%      max\n" in text
    ran(session, "xtreg mathach ses, re i(id)")
    assert "theta" not in session.e.scalars
    sizes = session.data.to_pandas().groupby("id").size()
    s = session.e.scalars
    shares = 1 - np.sqrt(s["sigma_e"] ** 2 / (sizes * s["sigma_u"] ** 2 + s["sigma_e"] ** 2))
    assert s["thta_max"] == pytest.approx(shares.max())
    assert s["thta_50"] == pytest.approx(shares.median())


def test_results_of_every_model_serve_the_commands_after_it(session):
    for model in ("fe", "re", "be", "mle"):
        ran(session, f"xtreg mathach ses i.female, {model} i(id)")
        ran(session, f"estimates store {model}")
        ran(session, "test ses")
        ran(session, "margins female")
        ran(session, "predict double xb, xb")
        ran(session, "predict double se, stdp")
        ran(session, "drop xb se")
        ic = session.run("estat ic")
        assert (ic.rc == 0) is (model != "re"), ic.text
    text = ran(session, "estimates table fe re be mle, se stats(N sigma_u)").text
    assert re.search(r"-\n    /sigma_u \|.*\n +\|.*\n    /sigma_e \|.*\n +\|.*\n-+\+-+\nStatistics", text), text
    assert ran(session, "estimates table mle, keep(/sigma_u)").text.count("sigma") == 1


def test_random_effects_without_variation_within_panels_are_refused():
    session = Session(data=pd.DataFrame({"g": [1, 1, 2, 2, 3, 3], "x": [1.0, 2, 3, 1, 2, 4]}))
    session.run("xtset g")
    outcome = session.run("xtreg g, re")
    assert outcome.rc == 459
    assert "sigma_e is 0" in outcome.error.message


def test_standard_deviations_are_tested_by_their_names(session):
    ran(session, "xtreg mathach ses, mle i(id)")
    s, V = session.e.scalars, session.e.matrices["V"].values
    expected = (s["sigma_u"] - 2) ** 2 / V[2, 2]
    for name in ("/sigma_u", "[/]sigma_u", "_b[/sigma_u]"):
        ran(session, f"test {name} = 2")
        assert session.r.scalars["chi2"] == pytest.approx(expected, rel=1e-9)
    ran(session, "lincom /sigma_e - /sigma_u")
    assert session.r.scalars["estimate"] == pytest.approx(s["sigma_e"] - s["sigma_u"])
    ran(session, "nlcom _b[/sigma_u]^2 / (_b[/sigma_u]^2 + _b[/sigma_e]^2)")
    assert session.r.matrices["b"].values[0, 0] == pytest.approx(s["rho"])


@pytest.mark.parametrize("model", ["fe", "re", "be", "mle"])
@pytest.mark.parametrize("response", ["exact", "const", "own"])
def test_data_without_variance_end_in_a_result_or_a_sentence(model, response):
    """A response that the model fits exactly, that does not vary, and one with a single observation per panel."""
    rng = np.random.default_rng(2)
    ids = np.repeat(np.arange(8), 1 if response == "own" else 4)
    x = rng.normal(size=len(ids))
    y = {"exact": 3 * x, "const": np.ones(len(ids)), "own": rng.normal(size=len(ids))}[response]
    session = Session(data=pd.DataFrame({"id": ids, "x": x, "y": y}))
    outcome = session.run(f"xtreg y x, {model} i(id)")
    assert outcome.rc in (0, 459, 498, 2001), outcome.text
    assert session.run("regress y x").rc == 0
    assert session.run("estat hettest").rc in (0, 498)


def test_robust_random_effects_are_the_clustered_sums_of_the_transformed_rows():
    ids, x, y = unbalanced()
    session = Session(data=pd.DataFrame({"id": ids, "x": x, "y": y}))
    ran(session, "xtreg y x, re i(id) vce(robust)")
    s_u, s_e = session.e.scalars["sigma_u"], session.e.scalars["sigma_e"]
    frame = pd.DataFrame({"x": x, "one": 1.0, "y": y})
    sizes = frame.groupby(ids)["y"].transform("size").to_numpy()
    theta = 1.0 - s_e / np.sqrt(sizes * s_u**2 + s_e**2)
    moved = (frame - frame.groupby(ids).transform("mean").mul(theta, axis=0)).to_numpy()
    X, D = moved[:, :2], np.linalg.inv(moved[:, :2].T @ moved[:, :2])
    b, se = coefficients(session)
    scores = X * (moved[:, 2] - X @ b)[:, None]
    sums = np.array([scores[ids == g].sum(axis=0) for g in np.unique(ids)])
    M, n = len(sums), len(y)
    V = M / (M - 1) * (n - 1) / (n - 2) * D @ sums.T @ sums @ D
    np.testing.assert_allclose(se, np.sqrt(np.diag(V)), rtol=1e-9)


def test_rho_of_maximum_likelihood_has_a_standard_error_by_the_delta_method():
    ids, x, y = unbalanced()
    session = Session(data=pd.DataFrame({"id": ids, "x": x, "y": y}))
    ran(session, "xtreg y x, mle i(id)")
    result = session.estimates.result
    s, e = result.theta
    d = 1e-6
    slopes = [(a**2 / (a**2 + b**2) - c**2 / (c**2 + f**2)) / (2 * d) for a, b, c, f in
              ((s + d, e, s - d, e), (s, e + d, s, e - d))]  # fmt: skip
    assert result.rho_se == pytest.approx(np.sqrt(slopes @ result.vcov_theta @ slopes), rel=1e-6)
    test = result.effects_test
    assert test.p == pytest.approx(0.5 * chdtrc(1, test.statistic), rel=1e-9)  # chibar2(01)
