"""Responses drawn from a fitted model have its mean and its covariance matrix."""

import numpy as np
import pandas as pd
import pytest
from dense import covariance_ratio

from engine.api import Session
from engine.errors import StataError
from engine.events import CancelToken
from engine.frame.prediction import rebind
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
    from dataclasses import replace

    result, frame = _fitted(session, "mixed y || region: R.third, cov(exchangeable)")
    block = replace(result.blocks[0], Sigma=np.full((6, 6), 1.0), covariance=-0.45)
    rng = np.random.default_rng(3)
    small = replace(result, blocks=(block,), sigma2=1e-12)
    drawn = np.array([simulate(small, frame, rng) for _ in range(DRAWS)])
    found = np.corrcoef(drawn[:, :6:2].T)[~np.eye(3, dtype=bool)]
    np.testing.assert_allclose(found, -0.45, atol=5 / np.sqrt(DRAWS))


def test_the_envelope_of_a_true_model_holds_its_predictions(session):
    result, frame = _fitted(session, "mixed y x || region:")
    found = effect_envelope(result, frame, 0, 0, rng=np.random.default_rng(1), cancel=CancelToken())
    assert len(found.middle) == 6
    assert (np.diff(found.middle) > 0).all()
    assert (found.ll < found.middle).all()
    assert (found.all_ll <= found.ll + 0.3 * (found.middle - found.ll)).all()
    assert (found.ul < found.all_ul).mean() > 0.5


def test_weighted_models_draw_nothing(session):
    session.run("generate w = 1 + odd")
    result, frame = _fitted(session, "mixed y x [pw=w] || region:")
    with pytest.raises(StataError, match="weights"):
        simulate(result, frame, np.random.default_rng(1))
