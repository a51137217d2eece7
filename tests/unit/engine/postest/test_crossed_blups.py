"""Predicted crossed effects against G Z'V^-1 (y - X beta) in n x n algebra."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from crossed import CROSSED, crossed_frame
from dense import random_effects

import engine.postest.blups as blups_module
import engine.postest.crossed as crossed_module
from engine.design import coupling
from engine.fit.estimate import estimate
from engine.postest.blups import blups
from engine.postest.scores import scores
from engine.spec.mixed import CovarianceKind, Method


def with_plain_variances(result):
    """Put known variances in place of the estimates, so that none is zero; return the result and all Sigmas."""
    blocks, Sigmas = [], []
    for i, block in enumerate(result.blocks):
        q = len(block.Sigma)
        Sigma = np.eye(q) * (0.5 + 0.2 * i)
        if block.structure is CovarianceKind.UNSTRUCTURED:
            Sigma += 0.1
        shared = block.n_values and block.structure is CovarianceKind.EXCHANGEABLE
        covariance = -0.05 if shared else 0.0
        blocks.append(replace(block, Sigma=Sigma, covariance=covariance))
        Sigmas.append(np.array([[Sigma[0, 0], covariance], [covariance, Sigma[0, 0]]]) if block.n_values else Sigma)
    return replace(result, blocks=tuple(blocks)), Sigmas


@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("name", CROSSED)
def test_predictions_and_their_standard_errors_equal_dense_algebra(name, method, sparse, monkeypatch):
    if sparse:
        monkeypatch.setattr(coupling, "_FEW_NUMBERS", 0)
        monkeypatch.setattr(crossed_module, "_NUMBERS", 40)  # several chunks of groups
    frame = crossed_frame(name, np.random.default_rng(21), method)
    result, Sigmas = with_plain_variances(estimate(replace(frame, method=Method.ML)))
    want = random_effects(frame, Sigmas, result.sigma2, reml=method is Method.REML)
    for got, (blup, se) in zip(blups(result, frame), want, strict=True):
        assert got.blup == pytest.approx(blup, abs=1e-8 * (1.0 + np.abs(blup).max()))
        assert got.se == pytest.approx(se, abs=1e-8 * (1.0 + se.max()))


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("name", CROSSED)
def test_a_model_spelled_out_has_the_same_predictions(name, method, monkeypatch):
    frame = crossed_frame(name, np.random.default_rng(22), method)
    result, Sigmas = with_plain_variances(estimate(replace(frame, method=Method.ML)))
    want = random_effects(frame, Sigmas, result.sigma2, reml=method is Method.REML)
    monkeypatch.setattr(blups_module, "needs_spelling", lambda frame: True)
    for got, (blup, se) in zip(blups(result, frame), want, strict=True):
        assert got.blup == pytest.approx(blup, abs=1e-8 * (1.0 + np.abs(blup).max()))
        assert got.se == pytest.approx(se, abs=1e-8 * (1.0 + se.max()))


@pytest.mark.parametrize("name", CROSSED)
def test_scores_of_crossed_effects_add_up_to_zero_at_the_optimum(name):
    frame = crossed_frame(name, np.random.default_rng(23), Method.ML)
    result = estimate(frame)
    if result.record.at_boundary:  # where slopes need not vanish
        return
    found = scores(result, frame).values.sum(axis=1)
    inner = np.isfinite(found)
    k = len(result.columns)
    assert inner[:k].all()
    assert found[inner] == pytest.approx(np.zeros(inner.sum()), abs=1e-4)
