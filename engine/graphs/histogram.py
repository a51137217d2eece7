"""Histogram with Stata's rule for the number of bins (``histogram``)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
import numpy.typing as npt

from engine.errors import StataError
from engine.graphs.graphspec import FloatArray, GraphSpec, IntArray, Layer, LayerStyle, Mark
from engine.graphs.kdensity import Density
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
    return np.bincount(bin_of(values, bins), minlength=bins.count)


def bin_of(values: FloatArray, bins: Bins) -> npt.NDArray[np.int64]:
    """Return the bin of each value, counted from 0."""
    index = np.floor((values - bins.start) / bins.width).astype(np.int64)
    return np.clip(index, 0, bins.count - 1)


def histogram_graph(
    series: Series, units: Units, *, bins: Bins, scale: Scale = Scale.DENSITY, command: str = ""
) -> GraphSpec:
    """Draw bars of the given bins.

    Raises
    ------
    StataError
        2000 without observations, 459 when the values do not vary.
    """
    require_spread(series, "A histogram needs at least two different values.")
    frequencies = bin_frequencies(series.values, bins)
    return GraphSpec(
        kind="histogram",
        title=f"Histogram of {series.title}",
        subtitle=f"{units.counted}, {counted(bins.count, 'bin')}",
        x_title=series.title,
        y_title=scale.value.capitalize(),
        layers=(bars(series.values, bins, scale, units.rows),),
        command=command,
        summary=_in_words(series, units, bins, frequencies),
        per=units.per,
    )


def bars(values: FloatArray, bins: Bins, scale: Scale, rows: IntArray | None = None) -> Layer:
    """Return the bars of some values; their heights are in the scale of these values alone.

    `rows` are `Dataset.row_ids` of the values.

    Raises
    ------
    StataError
        2000 without values.
    """
    if not len(values):
        raise StataError(2000, "no observations")
    centres = bins.start + bins.width * (np.arange(bins.count, dtype=np.float64) + 0.5)
    heights = bin_frequencies(values, bins).astype(np.float64) * _per_observation(scale, len(values), bins.width)
    bar = Layer(mark=Mark.BAR, x=centres, y=heights, width=bins.width)
    return bar if rows is None else replace(bar, members=rows, member_of=bin_of(values, bins))


def discrete_bins(values: FloatArray, *, width: float | None = None, start: float | None = None) -> Bins:
    """Return one bin for each value: as wide as the smallest distance between two, centred on the values.

    Raises
    ------
    StataError
        198 when that would be more than 10,000 bins or `start` lies above the smallest value.
    """
    distinct = np.unique(values)
    if width is not None and not width > 0.0:
        raise StataError(198, f"width({width:g}) must be positive")
    step = width if width is not None else float(np.diff(distinct).min()) if len(distinct) > 1 else 1.0
    first = float(distinct[0]) if start is None else start
    if first > distinct[0]:
        raise StataError(198, f"start() must not exceed the smallest value, {distinct[0]:.9g}")
    count = int(np.floor((distinct[-1] - first) / step + 0.5 + 1e-9)) + 1
    if count > _MOST_BINS:
        raise StataError(198, f"discrete would make {count:,} bars; the most is {_MOST_BINS:,}. Leave it out")
    return Bins(count, first - step / 2, step)


def density_curve(density: Density, n: int, bins: Bins, scale: Scale) -> Layer:
    """Return a kernel density in the scale of a histogram."""
    area = _per_observation(scale, n, bins.width) * n * bins.width
    return Layer(mark=Mark.LINE, x=density.x, y=density.y * area, style=LayerStyle.SMOOTH)


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


def normal_curve(values: FloatArray, bins: Bins, scale: Scale) -> Layer:
    """Return the normal density with mean and standard deviation of the values, in the scale of the bars."""
    area = _per_observation(scale, len(values), bins.width) * len(values) * bins.width
    mean, sd = float(values.mean()), float(values.std(ddof=1))
    x: FloatArray = np.linspace(bins.start, bins.start + bins.count * bins.width, _CURVE_POINTS)
    z = (x - mean) / sd
    y: FloatArray = area * np.exp(-0.5 * z * z) / (sd * np.sqrt(2.0 * np.pi))
    return Layer(mark=Mark.LINE, x=x, y=y, style=LayerStyle.CURVE)
