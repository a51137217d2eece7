"""Histogram with Stata's rule for the number of bins (``histogram``)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from engine.errors import StataError
from engine.graphs.graphspec import FloatArray, GraphSpec, Layer, LayerStyle, Mark
from engine.graphs.series import Series, Units, require_spread
from engine.graphs.words import counted, number

_CURVE_POINTS = 300
_MOST_BINS = 10_000


class Scale(Enum):
    """What the height of a bar means; the value is the option's name."""

    DENSITY = "density"
    FRACTION = "fraction"
    FREQUENCY = "frequency"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Bins:
    """`count` bins of equal `width` from `start`."""

    count: int
    start: float
    width: float


def default_bin_count(n: int) -> int:
    """Return floor(min(sqrt(n), 10 log10 n)), at least 1 ([R] histogram, Methods and formulas)."""
    return max(1, int(min(np.sqrt(n), 10.0 * np.log10(n))))


def choose_bins(
    values: FloatArray, *, count: int | None = None, width: float | None = None, start: float | None = None
) -> Bins:
    """Return the bins in force: `count` bins over the data, or as many of `width` as reach the largest value.

    Raises
    ------
    StataError
        198 when `start` lies above the smallest value or the width asks for more than 10,000 bins.
    """
    low, high = float(values.min()), float(values.max())
    first = low if start is None else start
    if first > low:
        raise StataError(198, f"start() must not exceed the smallest value, {low:.9g}")
    if width is None:
        k = count if count is not None else default_bin_count(len(values))
        return Bins(k, first, (high - first) / k)
    # A largest value on the upper edge of the last bin belongs to it; rounding must not add an empty bin.
    needed = max(1, int(np.ceil((high - first) / width * (1 - 1e-12))))
    if needed > _MOST_BINS:
        raise StataError(198, f"width({width:g}) would make {needed:,} bins; the most is {_MOST_BINS:,}")
    return Bins(needed, first, width)


def bin_frequencies(values: FloatArray, bins: Bins) -> npt.NDArray[np.int64]:
    """Return how many values fall into each bin, closed below and open above except the last; shape (count,)."""
    index = np.floor((values - bins.start) / bins.width).astype(np.int64)
    return np.bincount(np.clip(index, 0, bins.count - 1), minlength=bins.count)


def histogram_graph(
    series: Series, units: Units, *, bins: Bins, scale: Scale = Scale.DENSITY, normal: bool = False, command: str = ""
) -> GraphSpec:
    """Draw bars of the given bins, with `normal` the normal density of the same mean and SD in the same scale.

    Raises
    ------
    StataError
        2000 without observations, 459 when the values do not vary.
    """
    require_spread(series, "A histogram needs at least two different values.")
    n = len(series.values)
    factor = _per_observation(scale, n, bins.width)
    frequencies = bin_frequencies(series.values, bins)
    centres = bins.start + bins.width * (np.arange(bins.count, dtype=np.float64) + 0.5)
    heights = frequencies.astype(np.float64) * factor
    layers = [Layer(mark=Mark.BAR, x=centres, y=heights, width=bins.width)]
    if normal:
        layers.append(_normal_curve(series.values, bins, factor * n * bins.width))
    return GraphSpec(
        kind="histogram",
        title=f"Histogram of {series.title}",
        subtitle=f"{units.counted}, {counted(bins.count, 'bin')}" + (", normal density" if normal else ""),
        x_title=series.title,
        y_title=scale.value.capitalize(),
        layers=tuple(layers),
        command=command,
        summary=_in_words(series, units, bins, frequencies),
        per=units.per,
    )


def _in_words(series: Series, units: Units, bins: Bins, frequencies: npt.NDArray[np.int64]) -> str:
    fullest = int(frequencies.argmax())
    low, most = bins.start + bins.width * fullest, counted(int(frequencies[fullest]), "value")
    mean, sd = float(series.values.mean()), float(series.values.std(ddof=1))
    return (
        f"Histogram of {series.title}: {units.counted} in {counted(bins.count, 'bin')}, "
        f"mean {number(mean, beside=sd)}, standard deviation {number(sd)}. "
        f"The fullest bin, from {number(low)} to {number(low + bins.width)}, holds {most}."
    )


def _per_observation(scale: Scale, n: int, width: float) -> float:
    """Return the height that one observation adds to its bar."""
    heights = {
        Scale.DENSITY: 1.0 / (n * width),
        Scale.FRACTION: 1.0 / n,
        Scale.FREQUENCY: 1.0,
        Scale.PERCENT: 100.0 / n,
    }
    return heights[scale]


def _normal_curve(values: FloatArray, bins: Bins, area: float) -> Layer:
    mean, sd = float(values.mean()), float(values.std(ddof=1))
    x: FloatArray = np.linspace(bins.start, bins.start + bins.count * bins.width, _CURVE_POINTS)
    z = (x - mean) / sd
    y: FloatArray = area * np.exp(-0.5 * z * z) / (sd * np.sqrt(2.0 * np.pi))
    return Layer(mark=Mark.LINE, x=x, y=y, style=LayerStyle.CURVE)
