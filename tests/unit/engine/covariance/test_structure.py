"""Structures: cells, metrics and derivatives."""

from __future__ import annotations

import numpy as np
import pytest
from differences import central

from engine.covariance.structure import structure
from engine.covariance.transforms import correlations, from_log, log_jacobian, to_log
from engine.spec.mixed import CovarianceKind

CASES = [(kind, q) for kind in CovarianceKind for q in (1, 2, 3, 5)]
COUNTS = {"independent": lambda q: q, "identity": lambda q: 1, "unstructured": lambda q: q * (q + 1) // 2}


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0].value} of {case[1]}")
def shape(request):
    return structure(*request.param)


@pytest.fixture
def theta(shape):
    rng = np.random.default_rng(shape.q)
    return shape.average(np.diag(rng.uniform(1.0, 2.0, shape.q)) + 0.3)


def test_the_number_of_free_parameters_is_that_of_the_structure(shape):
    want = COUNTS.get(shape.kind.value, lambda q: min(q, 2))(shape.q)
    assert shape.m == want


def test_coordinates_read_what_matrix_wrote(shape, theta):
    Sigma = shape.matrix(theta)
    assert np.array_equal(Sigma, Sigma.T)
    assert shape.coordinates(Sigma) == pytest.approx(theta, rel=1e-15)
    assert shape.average(Sigma) == pytest.approx(theta, rel=1e-14)


def test_the_square_root_metric_is_closed_and_inverts(shape, theta):
    gamma = shape.to_root(theta)
    root = shape.matrix(gamma)
    assert root @ root == pytest.approx(shape.matrix(theta), rel=1e-12, abs=1e-14)
    assert shape.from_root(gamma)[0] == pytest.approx(theta, rel=1e-12)


def test_derivatives_of_the_square_root_metric_are_exact(shape, theta):
    gamma = shape.to_root(theta)
    assert shape.from_root(gamma)[1] == pytest.approx(central(lambda g: shape.from_root(g)[0], gamma, 1e-6).T, abs=1e-8)
    second = central(lambda g: shape.from_root(g)[1].ravel(), gamma, 1e-6).T.reshape(shape.squares.shape)
    assert shape.squares == pytest.approx(second, abs=1e-8)


def test_the_log_metric_inverts_and_its_jacobian_is_exact(shape, theta):
    alpha = to_log(shape, theta)
    assert from_log(shape, alpha) == pytest.approx(theta, rel=1e-13)
    assert log_jacobian(shape, theta) == pytest.approx(central(lambda a: from_log(shape, a), alpha, 1e-6).T, abs=1e-8)


def test_the_gradient_matrix_gives_the_directional_derivative_within_the_structure(shape, theta):
    rng = np.random.default_rng(1)
    gradient, change = rng.normal(size=shape.m), rng.normal(size=shape.m)
    pairing = float((shape.gradient_matrix(gradient) * shape.matrix(change)).sum())
    assert pairing == pytest.approx(gradient @ change, rel=1e-12)


def test_unstructured_parameters_are_variances_then_rows_of_the_upper_triangle():
    parameters = structure(CovarianceKind.UNSTRUCTURED, 3).parameters
    assert [p.cells[0] for p in parameters] == [(0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)]
    assert [p.suffix for p in parameters] == ["1", "2", "3", "1_2", "1_3", "2_3"]


def test_a_correlation_with_a_zero_variance_does_not_exist():
    shape = structure(CovarianceKind.UNSTRUCTURED, 2)
    theta = np.array([0.0, 2.0, 0.0])
    assert correlations(shape, theta)[:2] == pytest.approx([0.0, np.sqrt(2)])
    assert np.isnan(correlations(shape, theta)[2])
    assert np.isnan(to_log(shape, theta)).tolist() == [True, False, True]


def test_exchangeable_of_one_effect_is_identity():
    assert structure(CovarianceKind.EXCHANGEABLE, 1).parameters == structure(CovarianceKind.IDENTITY, 1).parameters
