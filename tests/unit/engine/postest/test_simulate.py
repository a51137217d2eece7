"""Responses drawn from a fitted model have its mean and its covariance matrix."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from dense import covariance_ratio

from engine.api import Session
from engine.errors import StataError
from engine.events import CancelToken
from engine.frame.prediction import rebind
from engine.postest.blups import blups
from engine.postest.envelope import effect_envelope
from engine.postest.simulate import simulate

DRAWS = 6000
MODELS = {
    "a slope and a level below": "mixed y x || region: x, cov(un) || id:",
    "a factor": "mixed y || _all: R.t || region:",
    "an exchangeable factor within groups": "mixed y || region: R.third, cov(exchangeable)",
    "ar(1) errors": "mixed y x || region:, residuals(ar 1, t(t))",
    "errors of two variances": "mixed y x || region:, residuals(independent, by(odd))",
}


@pytest.fixture(scope="module")
def session():
    rng = np.random.default_rng(7)
    region, id_, t = np.repeat(np.arange(6), 6), np.repeat(np.arange(12), 3), np.tile(np.arange(6.0), 6)
    x = rng.normal(size=36)
    third = np.repeat(np.tile(np.arange(3.0), 6), 2)
    y = (
        x
        + 3 * rng.normal(size=6)[region] * (1 + x)
        + rng.normal(size=18)[np.repeat(np.arange(18), 2)]
        + rng.normal(size=6)[t.astype(int)]
        + rng.normal(size=36)
    )
    odd = (np.arange(36) % 2).astype(float)
    return Session(data=pd.DataFrame({"y": y, "x": x, "region": region, "id": id_, "t": t, "odd": odd, "third": third}))


def _fitted(session, command):
    assert session.run(command).rc == 0
    estimates = session.mixed
    result = estimates.result
    return result, rebind(estimates.spec, session.data, result.sample_rows, result.columns).frame


def _residual_ratio(result, frame):
    if frame.residual is None:
        return None
    theta, errors = result.residual.theta, frame.residual
    if errors.kind == "independent":
        return np.diag(np.append(1.0, theta)[errors.by_codes])
    lag = np.abs(errors.times[:, None] - errors.times[None, :])
    return theta[0] ** lag * (errors.codes[:, None] == errors.codes[None, :])


@pytest.mark.parametrize("name", MODELS)
def test_drawn_responses_have_mean_and_covariance_of_the_model(session, name):
    result, frame = _fitted(session, MODELS[name])
    rng = np.random.default_rng(11)
    drawn = np.array([simulate(result, frame, rng) for _ in range(DRAWS)])
    Psis = []
    for block in result.blocks:
        if block.n_values:  # variance, and covariance of two values
            Psis.append(np.array([[block.Sigma[0, 0], block.covariance]] * 2) / result.sigma2)
        else:
            Psis.append(block.Sigma / result.sigma2)
    V = result.sigma2 * covariance_ratio(frame, Psis, _residual_ratio(result, frame))
    expected = frame.X @ result.beta[list(frame.estimated)]
    sd = np.sqrt(np.diag(V))
    assert np.abs((drawn.mean(axis=0) - expected) / sd).max() < 5 / np.sqrt(DRAWS)
    error = np.abs(np.cov(drawn.T) - V) / np.outer(sd, sd)
    assert error.max() < 6 / np.sqrt(DRAWS)  # a sample correlation has at most this standard error, times six


def test_a_negative_covariance_of_values_is_kept(session):
    result, frame = _fitted(session, "mixed y || region: R.third, cov(exchangeable)")
    block = replace(result.blocks[0], Sigma=np.full((6, 6), 1.0), covariance=-0.3)
    rng = np.random.default_rng(3)
    small = replace(result, blocks=(block,), sigma2=1e-12)
    drawn = np.array([simulate(small, frame, rng) for _ in range(DRAWS)])
    expected = np.where(np.eye(3, dtype=bool), 1.0, -0.3)
    np.testing.assert_allclose(np.cov(drawn[:, :6:2].T), expected, atol=5 / np.sqrt(DRAWS))


def test_the_envelope_of_a_true_model_holds_its_predictions(session):
    result, frame = _fitted(session, "mixed y x || region:")
    found = effect_envelope(result, frame, 0, 0, rng=np.random.default_rng(1), cancel=CancelToken())
    assert len(found.middle) == 6
    assert (np.diff(found.middle) > 0).all()
    assert (found.ll < found.middle).all()
    assert (found.all_ll <= found.ll + 0.3 * (found.middle - found.ll)).all()
    assert (found.ul < found.all_ul).mean() > 0.5


def test_limits_of_an_envelope_hold_the_share_asked_for(session):
    result, frame = _fitted(session, "mixed y x || region:")
    limits = effect_envelope(
        result, frame, 0, 0, rng=np.random.default_rng(1), cancel=CancelToken(), level=80.0, replications=400
    )
    rng = np.random.default_rng(2)
    again = [replace(frame, y=simulate(result, frame, rng)) for _ in range(400)]
    drawn = np.array([np.sort(blups(result, each)[0].blup[:, 0]) for each in again])
    each = ((drawn > limits.ll) & (drawn < limits.ul)).mean()
    whole = ((drawn > limits.all_ll) & (drawn < limits.all_ul)).all(axis=1).mean()
    assert each == pytest.approx(0.8, abs=0.04)  # two samples of 400: standard error below 0.03, over six values
    assert whole == pytest.approx(0.8, abs=0.085)  # three standard errors


def test_weighted_models_draw_nothing(session):
    session.run("generate w = 1 + odd")
    result, frame = _fitted(session, "mixed y x [pw=w] || region:")
    with pytest.raises(StataError, match="weights"):
        simulate(result, frame, np.random.default_rng(1))
