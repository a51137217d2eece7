"""Matrix logarithms and the exact derivatives of the way back."""

from __future__ import annotations

import numpy as np
import pytest
from differences import central

from engine.covariance.matlog import from_matlog, to_matlog
from engine.covariance.structure import structure
from engine.spec.mixed import CovarianceKind

CASES = [(kind, q) for kind in CovarianceKind for q in (1, 2, 3, 5)]


def random_theta(shape, rng):
    root = rng.normal(size=(shape.q, shape.q + 2))
    theta = shape.average(root @ root.T)
    values = np.linalg.eigvalsh(shape.matrix(theta))
    return theta if values[0] > 0.05 else shape.average(np.eye(shape.q) * 2.0 + 0.1)


@pytest.mark.parametrize(("kind", "q"), CASES)
def test_the_way_there_and_back_is_the_identity(kind, q):
    shape = structure(kind, q)
    theta = random_theta(shape, np.random.default_rng(q))
    gamma = to_matlog(shape, theta)
    assert from_matlog(shape, gamma, order=0).theta == pytest.approx(theta, rel=1e-12)


@pytest.mark.parametrize(("kind", "q"), CASES)
@pytest.mark.parametrize("spread", [1.0, 1e-4, 1e-9])
def test_derivatives_are_those_of_finite_differences_also_where_eigenvalues_nearly_coincide(kind, q, spread):
    shape = structure(kind, q)
    rng = np.random.default_rng(10 + q)
    gamma = spread * rng.normal(size=shape.m)
    found = from_matlog(shape, gamma, order=2)
    jacobian = central(lambda at: from_matlog(shape, at, order=0).theta, gamma)
    assert jacobian == pytest.approx(found.jacobian.T, rel=1e-7, abs=1e-8)
    second = central(lambda at: from_matlog(shape, at, order=1).jacobian, gamma)
    assert second == pytest.approx(found.second.transpose(2, 0, 1), rel=1e-6, abs=1e-7)


def test_a_singular_matrix_is_moved_inside():
    shape = structure(CovarianceKind.UNSTRUCTURED, 2)
    gamma = to_matlog(shape, np.array([1.0, 1.0, 1.0]))
    assert np.all(np.isfinite(gamma))
    assert np.linalg.eigvalsh(shape.matrix(from_matlog(shape, gamma, order=0).theta))[0] > 0.0
