"""Derivatives by central differences, and the criterion's own held against them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from engine.fit.criterion import Criterion

FloatArray = npt.NDArray[np.float64]


def central(function: Callable[[FloatArray], float | FloatArray], at: FloatArray, step: float = 1e-5) -> FloatArray:
    """Central differences of a function of a vector, one row per coordinate."""
    out = []
    for k in range(len(at)):
        high, low = at.copy(), at.copy()
        high[k] += step
        low[k] -= step
        out.append((function(high) - function(low)) / (2 * step))
    return np.array(out)


def derivatives_agree(criterion: Criterion, gamma: FloatArray) -> None:
    """Fail unless gradient and Hessian at the coordinates `gamma` are those of central differences."""
    layout = criterion.layout

    def value(at: FloatArray) -> float:
        return criterion(layout.from_root(at)[0], 0).value

    def gradient(at: FloatArray) -> FloatArray:
        theta, jacobian = layout.from_root(at)
        return jacobian.T @ criterion(theta, 1).gradient

    theta, jacobian = layout.from_root(gamma)
    at = criterion(theta, 2)
    exact = jacobian.T @ at.gradient
    assert central(value, gamma) == pytest.approx(exact, rel=0, abs=1e-6 * (1.0 + np.abs(exact).max()))
    hessian = jacobian.T @ at.hessian @ jacobian + layout.curvature(at.gradient, gamma)
    assert central(gradient, gamma) == pytest.approx(hessian, rel=0, abs=1e-6 * (1.0 + np.abs(hessian).max()))
