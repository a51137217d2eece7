"""The effects of all values of a factor variable (``R.``): equal variances, and equal covariances when exchangeable.

An exchangeable matrix of dimension L is a I + b 11': independent effects with variance ``a`` plus one effect shared by
all values with "variance" ``b``, which may be negative as long as its eigenvalue a + L b is not. The optimiser works
with theta = (a, b) and with the two distinct eigenvalues; reported are the variance a + b and the covariance b.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.covariance.structure import FloatArray, FreeParameter, Structure, structure
from engine.spec.mixed import CovarianceKind

REPORTED = np.array([[1.0, 1.0], [0.0, 1.0]])
"""(variance, covariance) of (a, b)."""


class ExchangeableFactor(Structure):
    """Working structure of theta = (a, b): `matrix` is diag(a, a + L b), the distinct eigenvalues."""

    __slots__ = ()

    def coordinates(self, matrix: FloatArray) -> FloatArray:
        """Read (a, b) off the eigenvalues on the diagonal; shape (..., 2, 2) to (..., 2)."""
        return matrix.reshape(*matrix.shape[:-2], 4) @ self.means.T

    def from_variances(self, variances: FloatArray) -> FloatArray:
        """Return theta for effects of given variances: those of the values and of what they share."""
        return variances

    def em_change(self, theta: FloatArray, gradient: FloatArray, n_groups: FloatArray) -> FloatArray:
        """Return the EM step of two independent effects; a negative b stays where it is."""
        return np.where(theta > 0.0, theta**2 * gradient / n_groups, 0.0)


def working_structure(kind: CovarianceKind, n_levels: int) -> Structure:
    """Return the structure in which the effects of a factor with `n_levels` values are estimated."""
    if kind is CovarianceKind.IDENTITY:
        return structure(kind, 1)
    size = float(n_levels)
    basis = np.array([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 0.0], [0.0, size]]])
    return ExchangeableFactor(
        kind=kind,
        q=2,
        parameters=_named_after_the_factor(structure(kind, 2)),
        basis=basis,
        rows=np.array([0, 1], dtype=np.intp),
        cols=np.array([0, 1], dtype=np.intp),
        squares=np.array([[[2.0, 0.0], [0.0, 0.0]], [[0.0, 2.0], [2.0, 2.0 * size]]]),
        means=np.array([[1.0, 0.0, 0.0, 0.0], [-1.0 / size, 0.0, 0.0, 1.0 / size]]),
    )


def reported_structure(kind: CovarianceKind) -> Structure:
    """Return the structure of the covariance matrix of two values' effects, parameters named after the factor."""
    if kind is CovarianceKind.IDENTITY:
        return structure(kind, 1)
    pair = structure(kind, 2)
    return replace(pair, parameters=_named_after_the_factor(pair))


def _named_after_the_factor(pair: Structure) -> tuple[FreeParameter, ...]:
    return tuple(replace(parameter, cells=((0, 0),), effects=(0,)) for parameter in pair.parameters)
