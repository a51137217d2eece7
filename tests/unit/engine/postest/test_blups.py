"""Predicted random effects against G Z'V^-1 (y - X beta) in n x n algebra."""

from __future__ import annotations

import numpy as np
import pytest
from dense import random_effects
from frames import make_frame
from simulated import MODELS, nested_data, random_frame

from engine.fit.estimate import estimate
from engine.postest.blups import blups
from engine.spec.mixed import CovarianceKind, Method


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("name", MODELS)
def test_predictions_and_their_standard_errors_equal_dense_algebra(name, method):
    frame = random_frame(name, np.random.default_rng(21), method, top=12, most_rows=9)
    result = estimate(frame)
    want = random_effects(frame, [block.Sigma for block in result.blocks], result.sigma2, reml=method is Method.REML)
    for got, (blup, se) in zip(blups(result, frame), want, strict=True):
        assert got.blup == pytest.approx(blup, abs=1e-8 * (1.0 + np.abs(blup).max()))
        assert got.se == pytest.approx(se, abs=2e-7 * (1.0 + se.max()))


def test_an_empty_equation_has_no_effects():
    data = nested_data(np.random.default_rng(3), 2, top=8)
    equations = [("l0", None, []), ("l1", CovarianceKind.IDENTITY, ["_cons"])]
    frame = make_frame(data, "y", ["a", "_cons"], equations)
    empty, own = blups(estimate(frame), frame)
    assert empty.blup.shape == (8, 0)
    assert own.blup.shape == (frame.levels[1].n_groups, 1)


def test_a_zero_variance_predicts_zero():
    rng = np.random.default_rng(0)
    data = {"g": np.repeat(np.arange(10.0), 5), "y": rng.normal(size=50)}
    data["y"] -= np.repeat(data["y"].reshape(10, 5).mean(axis=1), 5)
    frame = make_frame(data, "y", ["_cons"], [("g", CovarianceKind.IDENTITY, ["_cons"])], Method.REML)
    (block,) = blups(estimate(frame), frame)
    assert not block.blup.any()
    assert not block.se.any()
