"""The studentized range and Dunnett's maximum: comparisons of several means with a pooled variance.

The range of k independent standard normal variables has the distribution
``k int phi(z) {Phi(z) - Phi(z - q)}^(k-1) dz``; with an estimated scale s, ``nu s^2`` chi-squared, the average of that
at ``q s``. Both integrals by Gauss-Legendre quadrature, that over s in its probabilities.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float64]

_Z_NODES, _S_NODES = 100, 80
_Z_END = 8.5
_TOLERANCE = 1e-10
_HIGHEST = 1e4


@lru_cache(maxsize=8)
def _nodes(count: int) -> tuple[FloatArray, FloatArray]:
    """Return nodes and weights on (-1, 1)."""
    x, w = np.polynomial.legendre.leggauss(count)
    return np.asarray(x), np.asarray(w)


@lru_cache(maxsize=32)
def _scales(df: float) -> tuple[FloatArray, FloatArray]:
    """Return values of s with their probabilities."""
    from scipy.special import gammaincinv

    if np.isposinf(df):
        return np.ones(1), np.ones(1)
    x, w = _nodes(_S_NODES)
    u = 0.5 * (1.0 - np.cos(0.5 * np.pi * (x + 1.0)))  # denser at both ends, where s bends
    weights = w * 0.25 * np.pi * np.sin(0.5 * np.pi * (x + 1.0))
    s = np.sqrt(2.0 * gammaincinv(0.5 * df, u) / df)
    return np.asarray(s), np.asarray(weights / weights.sum())


def range_cdf(q: float, k: int, df: float) -> float:
    """Return P(range of k means <= q); NaN without positive degrees of freedom."""
    from scipy.special import ndtr

    if np.isnan(q) or not df > 0.0:
        return float("nan")
    if q <= 0.0:
        return 0.0
    z, w = _nodes(_Z_NODES)
    z, w = _Z_END * z, _Z_END * w
    s, weights = _scales(df)
    inner = ndtr(z[None, :]) - ndtr(z[None, :] - (q * s)[:, None])
    density = np.exp(-0.5 * z**2) / np.sqrt(2.0 * np.pi)
    at = k * (np.maximum(inner, 0.0) ** (k - 1)) @ (w * density)
    return float(min(1.0, weights @ at))


def dunnett_cdf(t: float, loadings: FloatArray, df: float) -> float:
    """Return P(max |t_i| <= t) of m comparisons with one control (Dunnett 1955).

    Correlations of two of them are products of their `loadings` (m,).
    """
    from scipy.special import ndtr

    if np.isnan(t) or not df > 0.0:
        return float("nan")
    z, w = _nodes(_Z_NODES)
    z, w = _Z_END * z, _Z_END * w
    s, weights = _scales(df)
    density = np.exp(-0.5 * z**2) / np.sqrt(2.0 * np.pi)
    product = np.ones((len(s), len(z)))
    for loading in loadings:
        root = np.sqrt(1.0 - loading**2)
        middle = loading * z[None, :]
        edge = (t * s)[:, None]
        product *= ndtr((middle + edge) / root) - ndtr((middle - edge) / root)
    return float(min(1.0, weights @ (product @ (w * density))))


def quantile(cdf: Callable[[float], float], probability: float) -> float:
    """Return where an increasing distribution function reaches a probability, by bisection; NaN where it is unknown."""
    if np.isnan(cdf(1.0)):
        return float("nan")
    low, high = 0.0, 4.0
    while cdf(high) < probability and high < _HIGHEST:
        high *= 2.0
    while high - low > _TOLERANCE * high:
        middle = 0.5 * (low + high)
        if not low < middle < high:
            break
        low, high = (middle, high) if cdf(middle) < probability else (low, middle)
    return 0.5 * (low + high)
