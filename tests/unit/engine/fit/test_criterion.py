"""The criterion and its derivatives against n x n algebra and finite differences."""

from __future__ import annotations

import numpy as np
import pytest
from dense import minus_two_log_likelihood, profile_criterion
from differences import central, derivatives_agree
from simulated import MODELS, random_frame

from engine.design.blocks import make_design
from engine.design.patterns import find_patterns
from engine.events import CancelToken
from engine.fit.criterion import Criterion
from engine.fit.estimate import log_likelihood
from engine.fit.information import invert, observed_information
from engine.fit.layout import make_layout
from engine.spec.mixed import Method


def make_criterion(frame):
    design = make_design(frame, CancelToken())
    return Criterion(design, make_layout(design.levels, frame.blocks), reml=frame.method is Method.REML)


def working_Psis(criterion, frame, theta):
    """Psi of every block in the metric of the data."""
    out = [np.zeros((0, 0))] * len(frame.blocks)
    for block in criterion.layout.blocks:
        T = criterion.design.basis.random_maps[block.block]
        out[block.block] = T @ block.structure.matrix(theta[block.parameters]) @ T.T
    return out


@pytest.fixture(params=[(name, method, balanced) for name in MODELS for method in Method for balanced in (False, True)])
def case(request):
    name, method, balanced = request.param
    rng = np.random.default_rng(list(MODELS).index(name))
    frame = random_frame(name, rng, method, balanced=balanced)
    criterion = make_criterion(frame)
    theta = criterion.layout.from_root(rng.normal(size=criterion.layout.size))[0]
    return frame, criterion, theta


def test_the_value_is_that_of_plain_dense_algebra(case):
    frame, criterion, theta = case
    value = -2.0 * log_likelihood(criterion(theta, 0).value, criterion.design, reml=criterion.reml)
    want = profile_criterion(frame, working_Psis(criterion, frame, theta), reml=criterion.reml)
    assert value == pytest.approx(want, rel=1e-10)


def test_the_derivatives_are_those_of_finite_differences(case):
    _, criterion, theta = case
    derivatives_agree(criterion, criterion.layout.to_root(theta))


def test_the_order_asked_for_changes_no_value(case):
    _, criterion, theta = case
    whole = criterion(theta, 2)
    assert criterion(theta, 0).value == pytest.approx(whole.value, rel=1e-14)
    assert criterion(theta, 1).gradient == pytest.approx(whole.gradient, rel=1e-12)


def test_a_zero_variance_is_an_ordinary_point(case):
    frame, criterion, theta = case
    block = criterion.layout.blocks[-1]
    theta[block.parameters] = 0.0
    at = criterion(theta, 1)
    value = -2.0 * log_likelihood(at.value, criterion.design, reml=criterion.reml)
    want = profile_criterion(frame, working_Psis(criterion, frame, theta), reml=criterion.reml)
    assert value == pytest.approx(want, rel=1e-10)
    assert np.all(np.isfinite(at.gradient))


@pytest.mark.parametrize("name", ["one level, unstructured of three", "two levels, two blocks above", "three levels"])
@pytest.mark.parametrize("method", list(Method))
def test_the_information_is_the_curvature_of_the_likelihood_with_beta_at_its_maximum(name, method):
    """Second differences of -2 log L / 2 in (Sigma entries, sigma2), working units."""
    frame = random_frame(name, np.random.default_rng(3), method)
    criterion = make_criterion(frame)
    gamma = criterion.layout.to_root(np.zeros(criterion.layout.size)) + 0.8
    theta = criterion.layout.from_root(gamma)[0] + 0.0
    for block in criterion.layout.blocks:  # well inside the cone, so that differences stay in it
        theta[block.parameters] += block.structure.average(0.5 * np.eye(block.structure.q))
    at = criterion(theta, 2)
    scale = criterion.design.basis.scale

    def half_criterion(phi):
        Sigmas = [scale**2 * phi[-1] * Psi for Psi in working_Psis(criterion, frame, phi[:-1] / phi[-1])]
        return 0.5 * minus_two_log_likelihood(frame, Sigmas, scale**2 * phi[-1], reml=criterion.reml)

    phi = np.append(at.sigma2 * theta, at.sigma2)
    numeric = central(lambda x: central(half_criterion, x, 3e-4), phi, 3e-4)
    exact = observed_information(criterion, at)
    assert numeric == pytest.approx(exact, rel=0, abs=1e-4 * np.abs(exact).max())


@pytest.mark.parametrize("name", ["one level, intercept", "one level, unstructured of three", "four levels"])
def test_groups_with_the_same_cross_product_are_compressed_without_a_trace(name):
    frame = random_frame(name, np.random.default_rng(11), Method.REML, balanced=True)
    if "unstructured" in name:  # the same times in every group
        occasion = np.zeros(len(frame.y), dtype=int)
        for g in range(frame.levels[0].n_groups):
            rows = np.flatnonzero(frame.levels[0].codes == g)
            occasion[rows] = np.arange(len(rows))
        frame.blocks[0].Z[:, 0], frame.blocks[0].Z[:, 1] = occasion, occasion**2
    criterion = make_criterion(frame)
    patterns = find_patterns(criterion.design)
    assert patterns is not None
    assert patterns.M.shape[-1] == 1
    theta = np.abs(criterion.layout.from_root(np.linspace(0.4, 1.0, criterion.layout.size))[0])
    compressed = criterion(theta, 2)
    criterion.patterns = None
    plain = criterion(theta, 2)
    assert compressed.value == pytest.approx(plain.value, rel=1e-13)
    assert compressed.gradient == pytest.approx(plain.gradient, rel=1e-9, abs=1e-9)
    assert compressed.hessian == pytest.approx(plain.hessian, rel=1e-9, abs=1e-8)


def test_information_without_a_maximum_or_along_some_direction_gives_no_standard_errors():
    apart = np.array([[2.0, 1.0, 0.0], [1.0, 2.0, 0.0], [0.0, 0.0, 4.0]])
    found = invert(apart, np.array([True, True, True]))
    assert found.vcov == pytest.approx(np.linalg.inv(apart))
    assert found.rank == 3
    saddle = np.array([[1.0, 2.0, 0.0], [2.0, 1.0, 0.0], [0.0, 0.0, 4.0]])
    assert np.isnan(invert(saddle, np.array([True, True, True])).vcov).all()
    flat = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 4.0]])
    found = invert(flat, np.array([True, True, True]))
    assert np.isnan(found.vcov[:2]).all()
    assert found.vcov[2, 2] == pytest.approx(0.25)
    assert found.rank == 2
    assert invert(saddle, np.array([False, True, True])).vcov[1:, 1:] == pytest.approx(np.diag([1.0, 0.25]))
