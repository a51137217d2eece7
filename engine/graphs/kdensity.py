"""Kernel density estimates ([R] kdensity, Methods and formulas)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.data.summary import percentile
from engine.errors import StataError
from engine.graphs.graphspec import FloatArray

DEFAULT_POINTS = 50
_SQRT5 = float(np.sqrt(5.0))


def _epanechnikov(z: FloatArray) -> FloatArray:
    return np.where(np.abs(z) < _SQRT5, 0.75 * (1 - z * z / 5) / _SQRT5, 0.0)


def _epan2(z: FloatArray) -> FloatArray:
    return np.where(np.abs(z) < 1, 0.75 * (1 - z * z), 0.0)


def _biweight(z: FloatArray) -> FloatArray:
    return np.where(np.abs(z) < 1, 15 / 16 * (1 - z * z) ** 2, 0.0)


def _cosine(z: FloatArray) -> FloatArray:
    return np.where(np.abs(z) < 0.5, 1 + np.cos(2 * np.pi * z), 0.0)


def _gaussian(z: FloatArray) -> FloatArray:
    return np.asarray(np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi))


def _parzen(z: FloatArray) -> FloatArray:
    a = np.abs(z)
    near, far = 4 / 3 - 8 * a**2 + 8 * a**3, 8 * (1 - a) ** 3 / 3
    return np.where(a <= 0.5, near, np.where(a <= 1, far, 0.0))


def _rectangle(z: FloatArray) -> FloatArray:
    return np.where(np.abs(z) < 1, 0.5, 0.0)


def _triangle(z: FloatArray) -> FloatArray:
    return np.where(np.abs(z) < 1, 1 - np.abs(z), 0.0)


KERNELS: dict[str, Callable[[FloatArray], FloatArray]] = {
    "epanechnikov": _epanechnikov,
    "epan2": _epan2,
    "biweight": _biweight,
    "cosine": _cosine,
    "gaussian": _gaussian,
    "parzen": _parzen,
    "rectangle": _rectangle,
    "triangle": _triangle,
}
"""Kernel functions by Stata's names."""


@dataclass(frozen=True, slots=True)
class Density:
    """A density at equally spaced places, with the bandwidth in force."""

    x: FloatArray
    y: FloatArray
    bandwidth: float


def default_bandwidth(values: FloatArray) -> float:
    """Return 0.9 m n^(-1/5) with m the smaller of the standard deviation and IQR / 1.349.

    A spread of zero is no bandwidth: then the other one of the two counts.
    """
    ordered = np.sort(values)
    spread = (percentile(ordered, 75) - percentile(ordered, 25)) / 1.349
    sd = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    m = min(sd, spread) or max(sd, spread)
    return float(0.9 * m * len(values) ** -0.2)


def kernel_density(
    values: FloatArray, *, bandwidth: float | None = None, kernel: str = "epanechnikov", points: int | None = None
) -> Density:
    """Return the density at min(n, 50) places from one bandwidth below the data to one above.

    Raises
    ------
    StataError
        2000 without observations, 459 when the values do not vary and no bandwidth is given.
    """
    n = len(values)
    if not n:
        raise StataError(2000, "no observations")
    h = default_bandwidth(values) if bandwidth is None else bandwidth
    if h <= 0:
        raise StataError(459, "the values do not vary, so there is no density to estimate; bwidth() sets a bandwidth")
    at: FloatArray = np.linspace(values.min() - h, values.max() + h, points or max(2, min(n, DEFAULT_POINTS)))
    weigh = KERNELS[kernel]
    y = np.array([float(weigh((place - values) / h).sum()) for place in at.tolist()]) / (n * h)
    return Density(at, y, h)
