"""Crossed effects spelled out: the same likelihood, beside weights, clusters and structured residual errors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from crossed import CROSSED, crossed_frame
from dense import profile_criterion
from replicated import make_weights, replicate_frame
from residual_frames import covariance, with_residuals

from engine.design.crossed import make_crossed_design
from engine.design.equivalent import equivalent
from engine.design.spelled import needs_spelling, spelled_out
from engine.errors import StataError
from engine.events import CancelToken
from engine.fit.crossed import CrossedCriterion
from engine.fit.estimate import estimate
from engine.fit.model import _nested
from engine.fit.scores import group_scores
from engine.fit.search import log_likelihood
from engine.fit.spelled import SpelledCriterion
from engine.spec.mixed import Method

BELOW_A_LEVEL = [name for name, equations in CROSSED.items() if equations[0][0] != "_all"]


def spelled(frame):
    model = spelled_out(frame)
    return SpelledCriterion(model, frame, _nested(model.frame, CancelToken(), reml=frame.method is Method.REML))


def crossed(frame):
    model, cancel = equivalent(frame), CancelToken()
    design = make_crossed_design(model, cancel)
    return CrossedCriterion(model, frame, design, reml=frame.method is Method.REML, cancel=cancel)


def reported_Psis(criterion, frame, theta):
    out = [np.zeros((0, 0))] * len(frame.blocks)
    for block in criterion.layout.blocks:
        own = block.map_to_data(criterion.design.basis.random_maps[block.block]) @ theta[block.parameters]
        out[block.block] = block.shown.matrix(own)
    return out


def check_derivatives(criterion, theta):
    at = criterion(theta, 2)
    for k in range(len(theta)):
        high, low = theta.copy(), theta.copy()
        high[k] += 1e-5
        low[k] -= 1e-5
        above, below = criterion(high, 1), criterion(low, 1)
        slope = (above.value - below.value) / 2e-5
        assert at.gradient[k] == pytest.approx(slope, rel=0, abs=2e-6 * (1.0 + np.abs(at.gradient).max()))
        curve = (above.gradient - below.gradient) / 2e-5
        assert at.hessian[k] == pytest.approx(curve, rel=0, abs=2e-6 * (1.0 + np.abs(at.hessian).max()))


@pytest.mark.parametrize("name", CROSSED)
def test_it_is_the_model_that_the_dense_block_evaluates(name):
    rng = np.random.default_rng(list(CROSSED).index(name))
    frame = crossed_frame(name, rng, Method.REML)
    one, other = spelled(frame), crossed(frame)
    theta = one.layout.from_root(rng.normal(size=one.layout.size))[0]
    mine, theirs = one(theta, 2), other(theta, 2)
    value = log_likelihood(mine.value, one.design, reml=True)
    assert value == pytest.approx(log_likelihood(theirs.value, other.design, reml=True), rel=1e-11)
    assert mine.gradient == pytest.approx(theirs.gradient, rel=1e-8, abs=1e-8)
    assert mine.hessian == pytest.approx(theirs.hessian, rel=1e-7, abs=1e-7)


RESIDUALS = [("independent", None), ("exchangeable", None), ("ar", 1), ("ma", 1), ("exponential", None)]


@pytest.mark.parametrize(("kind", "order"), RESIDUALS)
@pytest.mark.parametrize("name", CROSSED)
def test_structured_residuals_stand_beside_crossed_effects(name, kind, order):
    rng = np.random.default_rng(list(CROSSED).index(name))
    if kind == "independent" and CROSSED[name][-1][0] == "_all":
        return  # by() would have one value
    frame = with_residuals(crossed_frame(name, rng, Method.REML), kind, order)
    criterion = spelled(frame)
    layout = criterion.layout
    theta = layout.from_root(0.3 * rng.normal(size=layout.size))[0]
    while not np.isfinite(criterion(theta, 0).value):
        theta = layout.from_root(0.3 * rng.normal(size=layout.size))[0]
    natural = [layout.residual.natural(theta[layout.n_random :], b) for b in range(len(layout.residual.structures))]
    want = profile_criterion(
        frame, reported_Psis(criterion, frame, theta), reml=True, W=covariance(frame.residual, natural)
    )
    value = -2.0 * log_likelihood(criterion(theta, 0).value, criterion.design, reml=True)
    assert value == pytest.approx(want, rel=1e-9)
    check_derivatives(criterion, theta)


@pytest.mark.parametrize("name", CROSSED)
def test_weights_are_those_of_the_data_written_out(name):
    rng = np.random.default_rng(list(CROSSED).index(name))
    frame = crossed_frame(name, rng, Method.ML, n=40)
    groups = tuple(
        None if level.n_groups == 1 else rng.integers(1, 3, size=level.n_groups).astype(float) for level in frame.levels
    )
    frame = replace(frame, weights=make_weights(frame, rng.integers(1, 3, size=40).astype(float), groups))
    long = replicate_frame(frame)
    criterion, brute = spelled(frame), crossed(long)
    theta = criterion.layout.from_root(rng.normal(size=criterion.layout.size))[0]
    other = theta.copy()
    for block, theirs in zip(criterion.layout.blocks, brute.layout.blocks, strict=True):
        if frame.blocks[block.block].factor is None:
            mine = criterion.design.basis.random_maps[block.block]
            T = np.linalg.solve(brute.design.basis.random_maps[theirs.block], mine)
            matrix = T @ block.structure.matrix(theta[block.parameters]) @ T.T
            other[theirs.parameters] = theirs.structure.coordinates(matrix)
    value = log_likelihood(criterion(theta, 0).value, criterion.design, reml=False)
    assert value == pytest.approx(log_likelihood(brute(other, 0).value, brute.design, reml=False), rel=1e-10)
    check_derivatives(criterion, theta)


@pytest.mark.parametrize("name", BELOW_A_LEVEL)
def test_scores_are_the_slopes_of_each_group_s_own_log_likelihood(name):
    rng = np.random.default_rng(5)
    frame = crossed_frame(name, rng, Method.ML)
    criterion = spelled(frame)
    theta = np.abs(criterion.layout.from_root(0.5 + 0.1 * rng.normal(size=criterion.layout.size))[0])
    at = replace(criterion(theta, 1), sigma2=1.3)
    found = group_scores(criterion, at, frame, CancelToken())
    top = frame.levels[0]
    order = np.argsort(top.codes[found.rows])
    K = len(theta)

    def likelihoods(phi):
        out = []
        for g in range(top.n_groups):
            rows = top.codes == g
            part = replace(
                frame,
                y=frame.y[rows],
                X=frame.X[rows],
                levels=tuple(replace(level, codes=level.codes[rows]) for level in frame.levels),
                blocks=tuple(
                    replace(
                        block,
                        Z=block.Z[rows],
                        factor=block.factor and replace(block.factor, codes=block.factor.codes[rows]),
                    )
                    for block in frame.blocks
                ),
            )
            out.append(log_density(part, reported_Psis(criterion, frame, phi[:K]), phi[K], e[rows]))
        return np.array(out)

    basis = criterion.design.basis
    beta = basis.fixed_origin + basis.scale * basis.fixed_map @ at.b
    e = (frame.y - frame.X @ beta) / basis.scale
    phi = np.append(1.3 * theta, 1.3)
    for k in range(K + 1):
        high, low = phi.copy(), phi.copy()
        high[k] += 1e-5
        low[k] -= 1e-5
        slope = (likelihoods(high) - likelihoods(low)) / 2e-5
        assert found.variances[k, order] == pytest.approx(slope, rel=1e-5, abs=1e-6)


def log_density(frame, Sigmas, sigma2, e):
    from dense import covariance_ratio

    V = sigma2 * covariance_ratio(frame, [Sigma / sigma2 for Sigma in Sigmas])
    return -0.5 * (np.linalg.slogdet(V)[1] + e @ np.linalg.solve(V, e))


@pytest.mark.parametrize("name", CROSSED)
def test_weights_of_observations_need_no_spelling(name):
    rng = np.random.default_rng(list(CROSSED).index(name))
    frame = crossed_frame(name, rng, Method.ML)
    rows = rng.uniform(0.5, 2.0, size=len(frame.y))
    frame = replace(frame, weights=make_weights(frame, rows, (None,) * len(frame.levels), "pweight"))
    assert not needs_spelling(frame)
    one, other = spelled(frame), crossed(frame)
    theta = one.layout.from_root(rng.normal(size=one.layout.size))[0]
    mine, theirs = one(theta, 2), other(theta, 2)
    value = log_likelihood(mine.value, one.design, reml=False)
    assert value == pytest.approx(log_likelihood(theirs.value, other.design, reml=False), rel=1e-11)
    assert mine.gradient == pytest.approx(theirs.gradient, rel=1e-8, abs=1e-8)
    assert mine.hessian == pytest.approx(theirs.hessian, rel=1e-7, abs=1e-7)


def test_too_many_values_are_refused_with_the_numbers():
    rng = np.random.default_rng(1)
    frame = crossed_frame("one factor", rng, Method.ML, n=3000)
    block = frame.blocks[0]
    codes = np.arange(3000) // 2
    frame = replace(
        frame,
        blocks=(replace(block, factor=replace(block.factor, codes=codes, n_levels=1500)),),
        weights=make_weights(frame, None, (np.full(1, 2.0),)),
    )
    with pytest.raises(StataError, match="1,500 of them"):
        estimate(frame)
