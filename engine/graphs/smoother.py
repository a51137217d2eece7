"""Locally weighted smoothing with Stata's index-symmetric window ([R] lowess, Methods and formulas)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.errors import StataError
from engine.events import CancelToken
from engine.graphs.graphspec import FloatArray
from engine.graphs.smoother_blocks import BlockMoments

DEFAULT_BANDWIDTH = 0.8
EXACT_LIMIT = 20_000
"""Up to this many points every point gets its own local fit."""

SITES = 400
"""Number of local fits above `EXACT_LIMIT`; between them the smoother is a straight line."""

_CHECK_EVERY = 128
_BLOCK = 8192
"""Rows per step of a local fit: four working arrays of this length stay in a core's own cache."""

_WIDENING = 1.0001


@dataclass(frozen=True, slots=True, kw_only=True)
class Smooth:
    """A smoother along sorted x.

    Attributes
    ----------
    order
        Shape (n,); stable sort of x. Tied observations keep their order and each has its own window.
    sites
        Positions in the sorted data with a local fit; all n of them unless there are more than `EXACT_LIMIT`.
    x, y
        Sorted x and smoothed y at the sites.
    at_all
        Smoothed values of all observations in their original order, shape (n,).
    """

    order: npt.NDArray[np.intp]
    sites: npt.NDArray[np.intp]
    x: FloatArray
    y: FloatArray
    at_all: FloatArray


def usable_bandwidth(bandwidth: float) -> float:
    """Return the bandwidth in force: anything outside (0, 1) stands for .8."""
    return bandwidth if 0.0 < bandwidth < 1.0 else DEFAULT_BANDWIDTH


def smooth(
    y: FloatArray,
    x: FloatArray,
    *,
    bandwidth: float = DEFAULT_BANDWIDTH,
    mean: bool = False,
    weighted: bool = True,
    exact: bool = True,
    cancel: CancelToken | None = None,
) -> Smooth:
    """Smooth y along x by local lines (or means) without robustness iterations.

    With sorted x, k = floor((n * bandwidth - 0.5) / 2), the window of i runs from max(1, i - k) to min(i + k, n),
    Delta = 1.0001 max(x_last - x_i, x_i - x_first), and w_j = (1 - (|x_j - x_i| / Delta)^3)^3. Where all x of a window
    are equal (Delta = 0) the smoothed value is the mean of the window.

    Parameters
    ----------
    y, x
        Shape (n,), finite.
    bandwidth
        Share of the data in a window; anything outside (0, 1) stands for .8.
    mean
        Weighted mean instead of a least-squares line.
    weighted
        False gives every observation of the window the same weight.
    exact
        False makes local fits at `SITES` points only, as for a large sample: enough for a line that is looked at.
    cancel
        Checked every 128 local fits.

    Raises
    ------
    StataError
        2001 with fewer than three observations, 459 when x does not vary.
    """
    n = len(x)
    if n < 3:
        raise StataError(2001 if n else 2000, "insufficient observations" if n else "no observations")
    if x.min() == x.max():
        raise StataError(459, "the variable to smooth along does not vary, so there is nothing to smooth along")
    order = np.argsort(x, kind="stable")
    xs, ys = x[order], y[order]
    every = n <= (EXACT_LIMIT if exact else SITES)
    sites = np.arange(n) if every else np.unique(np.linspace(0, n - 1, SITES).round().astype(np.intp))
    half = int(np.floor((n * usable_bandwidth(bandwidth) - 0.5) / 2))
    values = _local_fits(xs, ys, sites=sites, half=max(half, 0), mean=mean, weighted=weighted, cancel=cancel)
    at_all = np.empty(n)
    at_all[order] = values if len(sites) == n else np.interp(xs, *_distinct(xs[sites], values))
    return Smooth(order=order, sites=sites, x=xs[sites], y=values, at_all=at_all)


def _local_fits(
    x: FloatArray,
    y: FloatArray,
    *,
    sites: npt.NDArray[np.intp],
    half: int,
    mean: bool,
    weighted: bool,
    cancel: CancelToken | None,
) -> FloatArray:
    """Return the local fit at each site of sorted x."""
    n = len(x)
    buffers = _Buffers.of(min(n, 2 * half + 1, _BLOCK))
    blocks = BlockMoments.of(x, y) if len(sites) < n else None
    result = np.empty(len(sites))
    for k, i in enumerate(sites.tolist()):
        if cancel is not None and k % _CHECK_EVERY == 0:
            cancel.check()
        low, high = max(0, i - half), min(n, i + half + 1)
        delta = _WIDENING * float(max(x[high - 1] - x[i], x[i] - x[low]))
        if delta <= 0.0:
            result[k] = y[low:high].mean()
            continue
        site = float(x[i])
        found = None if blocks is None else blocks.window(i, low, high, delta, weighted=weighted)
        if found is not None:
            result[k] = _fit_at_zero(found, mean=mean)
            continue
        moments = np.zeros(5)
        for start in range(low, high, _BLOCK):
            window = slice(start, min(start + _BLOCK, high))
            moments += buffers.moments(x[window], y[window], site, delta if weighted else None)
        result[k] = _fit_at_zero(moments, mean=mean)
    return result


@dataclass(frozen=True, slots=True)
class _Buffers:
    """Working arrays of one block, reused because allocating them would cost more than the arithmetic."""

    distance: FloatArray
    weight: FloatArray
    product: FloatArray
    ones: FloatArray

    @classmethod
    def of(cls, size: int) -> _Buffers:
        return cls(np.empty(size), np.empty(size), np.empty(size), np.ones(size))

    def moments(self, x: FloatArray, y: FloatArray, centre: float, delta: float | None) -> FloatArray:
        """Return the sums of w, wd, wdd, wy and wdy with d = x - centre; w = 1 when `delta` is None."""
        m = len(x)
        d, w, product, ones = self.distance[:m], self.weight[:m], self.product[:m], self.ones[:m]
        np.subtract(x, centre, out=d)
        if delta is None:
            w.fill(1.0)
        else:
            _tricube(d, delta, out=w, cube=product)
        np.multiply(w, d, out=product)
        return np.array([w @ ones, product @ ones, product @ d, w @ y, product @ y])


def _tricube(d: FloatArray, delta: float, *, out: FloatArray, cube: FloatArray) -> None:
    """Write (1 - (|d| / delta)^3)^3 to `out`."""
    np.abs(d, out=out)
    out *= 1.0 / delta
    np.multiply(out, out, out=cube)
    out *= cube
    np.subtract(1.0, out, out=out)
    np.multiply(out, out, out=cube)
    out *= cube


def _fit_at_zero(moments: FloatArray, *, mean: bool) -> float:
    """Return the weighted mean of y, or the weighted least-squares line of y on d at d = 0."""
    total, wd, wdd, wy, wdy = moments.tolist()
    centre = wy / total
    d_mean = wd / total
    spread = wdd / total - d_mean * d_mean
    if mean or spread <= 0.0:
        return float(centre)
    slope = (wdy / total - d_mean * centre) / spread
    return float(centre - slope * d_mean)


def _distinct(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return sites with distinct x, averaging y over ties, as interpolation needs."""
    values, position = np.unique(x, return_inverse=True)
    return values, np.bincount(position, weights=y) / np.bincount(position)
