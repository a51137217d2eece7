"""Deletion of groups against estimating without their rows, V built out of whole matrices."""

import numpy as np
import pandas as pd
import pytest
from dense import covariance_ratio

from engine.api import Session
from engine.errors import StataError
from engine.frame.prediction import rebind
from engine.postest.groupgrams import group_grams
from engine.postest.groupsummary import group_summary
from engine.postest.influence import deletion

MODELS = {
    "three levels with a slope": "mixed y x z || region: x, cov(un) || id:, reml",
    "two equations of one level": "mixed y x z || region: x || region: || id: z, ml",
    "constrained": "mixed y x z || region: || id:, constraints(1)",
    "ar(1) residuals": "mixed y x z || region: || id:, residuals(ar 1, t(t))",
}


@pytest.fixture(scope="module")
def session():
    rng = np.random.default_rng(20261121)
    region = np.repeat(np.arange(8), 24)
    id_ = np.repeat(np.arange(48), 4)
    t = np.tile(np.arange(4.0), 48)
    x, z = rng.normal(size=192), rng.normal(size=192)
    y = 1 + x - z + rng.normal(size=8)[region] * (1 + x) + rng.normal(size=48)[id_] + rng.normal(size=192)
    made = Session(data=pd.DataFrame({"y": y, "x": x, "z": z, "region": region, "id": id_, "t": t}))
    assert made.run("constraint 1 x = 1").rc == 0
    return made


def _fit(session, command):
    outcome = session.run(command)
    assert outcome.rc == 0, outcome.text
    estimates = session.mixed
    return estimates.result, rebind(
        estimates.spec, session.data, estimates.result.sample_rows, estimates.result.columns
    ).frame


def _covariance(result, frame):
    """V of all rows; AR(1) errors correlate by rho to the power of their distance in time."""
    W = None
    if frame.residual is not None:
        codes, times = frame.residual.codes, frame.residual.times
        lag = np.abs(times[:, None] - times[None, :])
        W = result.residual.theta[0] ** lag * (codes[:, None] == codes[None, :])
    Psis = [block.Sigma / result.sigma2 for block in result.blocks]
    return result.sigma2 * covariance_ratio(frame, Psis, W)


def _gls(V, X, y, T, a):
    """Estimates T b + a of the constrained model, and their X'V^-1X in b."""
    W = np.linalg.inv(V)
    A = (X @ T).T @ W @ (X @ T)
    return T @ np.linalg.solve(A, (X @ T).T @ W @ (y - X @ a)) + a, A


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("depth", [0, 1])
def test_estimates_without_a_group_are_those_of_the_other_rows(session, name, depth):
    result, frame = _fit(session, MODELS[name])
    found = deletion(group_grams(result, frame), depth)
    V, X = _covariance(result, frame), frame.X
    T, a = np.eye(3), np.zeros(3)
    if "constraints" in MODELS[name]:
        T, a = np.eye(3)[:, 1:], np.array([1.0, 0.0, 0.0])
    whole, A = _gls(V, X, frame.y, T, a)
    np.testing.assert_allclose(whole, result.beta, rtol=1e-7)
    p = T.shape[1]
    for group in (0, 3, len(found.cooksd) - 1):
        kept = frame.levels[depth].codes != group
        without, A_without = _gls(V[np.ix_(kept, kept)], X[kept], frame.y[kept], T, a)
        change = whole - without
        np.testing.assert_allclose(found.change[group], change, rtol=1e-6, atol=1e-9)
        free = np.linalg.lstsq(T, change, rcond=None)[0]
        assert found.cooksd[group] == pytest.approx(free @ A @ free / p, rel=1e-6)
        assert found.mdffits[group] == pytest.approx(free @ A_without @ free / p, rel=1e-6)
        ratio = np.linalg.solve(A_without, A)
        assert found.covratio[group] == pytest.approx(np.linalg.det(ratio), rel=1e-8)
        assert found.covtrace[group] == pytest.approx(abs(np.trace(ratio) - p), rel=1e-7)


def test_a_coefficient_that_only_one_group_identifies_is_unknown_without_it(session):
    session.run("generate byte only = region == 2")
    result, frame = _fit(session, "mixed y x only || region:")
    found = deletion(group_grams(result, frame), 0)
    assert np.isnan(found.cooksd[2])
    assert np.isfinite(np.delete(found.cooksd, 2)).all()
    session.run("drop only")


def test_distances_are_those_of_the_dispersion_of_the_predictions(session):
    """Var(u) = Sigma Z'V^-1 Z Sigma with beta known (ML), from whole matrices."""
    result, frame = _fit(session, "mixed y x z || region: x, cov(un)")
    summary = group_summary(session.mixed.spec, result, session.data, 0)
    V, Sigma = _covariance(result, frame), result.blocks[0].Sigma
    residual = frame.y - frame.X @ result.beta
    for group in range(8):
        rows = frame.levels[0].codes == group
        Z, W = frame.blocks[0].Z[rows], np.linalg.inv(V[np.ix_(rows, rows)])
        u = Sigma @ Z.T @ W @ residual[rows]
        np.testing.assert_allclose(summary.blup[group], u, rtol=1e-6)
        expected = u @ np.linalg.solve(Sigma @ Z.T @ W @ Z @ Sigma, u)
        assert summary.distance[group] == pytest.approx(expected, rel=1e-6)
        assert summary.mean[group] == pytest.approx(frame.y[rows].mean())
        assert summary.n_rows[group] == 24
    assert summary.df == 2


def test_crossed_effects_have_predictions_but_no_deletion(session):
    result, frame = _fit(session, "mixed y x || _all: R.t || region:")
    with pytest.raises(StataError, match="crossed") as caught:
        group_grams(result, frame)
    assert caught.value.rc == 321
    summary = group_summary(session.mixed.spec, result, session.data, 1)
    assert summary.influence is None
    assert "crossed" in summary.reason
    assert summary.blup.shape == (8, 1)
