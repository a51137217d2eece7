"""The coordinates in which the search moves: matrix square roots or matrix logarithms of the covariance matrices."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from engine.covariance.matlog import from_matlog, to_matlog
from engine.fit.layout import Layout
from engine.frame.modelframe import FloatArray


class Metric(Protocol):
    """A map between search coordinates gamma and theta, with exact first and second derivatives."""

    def to_gamma(self, theta: FloatArray) -> FloatArray:
        """Map theta (K,) to gamma (K,)."""

    def from_gamma(self, gamma: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Map gamma to theta and the Jacobian d theta / d gamma (K, K)."""

    def curvature(self, gamma: FloatArray, gradient: FloatArray) -> FloatArray:
        """Return sum_k gradient_k d2 theta_k / d gamma d gamma', shape (K, K)."""


class RootMetric:
    """Matrix square roots (``matsqrt``): covariance matrices stay positive semidefinite, zero is an ordinary point."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def to_gamma(self, theta: FloatArray) -> FloatArray:
        """See `Metric`."""
        return self._layout.to_root(theta)

    def from_gamma(self, gamma: FloatArray) -> tuple[FloatArray, FloatArray]:
        """See `Metric`."""
        return self._layout.from_root(gamma)

    def curvature(self, gamma: FloatArray, gradient: FloatArray) -> FloatArray:
        """See `Metric`."""
        return self._layout.curvature(gradient, gamma)


class LogMetric:
    """Matrix logarithms (``matlog``) of the random effects' covariance matrices: they stay positive definite."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def to_gamma(self, theta: FloatArray) -> FloatArray:
        """See `Metric`; singular matrices are moved inside."""
        gamma = self._layout.to_root(theta)
        for block in self._layout.blocks:
            gamma[block.parameters] = to_matlog(block.structure, theta[block.parameters])
        return gamma

    def from_gamma(self, gamma: FloatArray) -> tuple[FloatArray, FloatArray]:
        """See `Metric`."""
        theta, jacobian = self._layout.from_root(gamma)
        for block in self._layout.blocks:
            own = block.parameters
            found = from_matlog(block.structure, gamma[own], order=1)
            theta[own], jacobian[own, own] = found.theta, found.jacobian
        return theta, jacobian

    def curvature(self, gamma: FloatArray, gradient: FloatArray) -> FloatArray:
        """See `Metric`."""
        out = self._layout.curvature(gradient, gamma)
        for block in self._layout.blocks:
            own = block.parameters
            found = from_matlog(block.structure, gamma[own], order=2)
            out[own, own] = np.tensordot(gradient[own], found.second, axes=1)
        return out
