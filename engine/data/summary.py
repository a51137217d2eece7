"""Summary statistics of one variable, as ``summarize`` defines them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

PERCENTILES = (1, 5, 10, 25, 50, 75, 90, 95, 99)
_EXTREMES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Summary statistics of one variable; NaN where a statistic is not defined, `n` 0 for text.

    `percentiles`, `smallest`, `largest`, `skewness` and `kurtosis` are filled when details were asked for.
    """

    name: str
    label: str
    format: str
    n: int
    total: float = math.nan
    mean: float = math.nan
    sd: float = math.nan
    minimum: float = math.nan
    maximum: float = math.nan
    skewness: float = math.nan
    kurtosis: float = math.nan
    percentiles: Mapping[int, float] = field(default_factory=dict)
    smallest: tuple[float, ...] = ()
    largest: tuple[float, ...] = ()

    @property
    def values(self) -> tuple[float, ...]:
        """N, mean, sd, min and max."""
        return (float(self.n), self.mean, self.sd, self.minimum, self.maximum)


def summarize_values(
    values: npt.NDArray[np.float64], *, name: str, label: str = "", fmt: str = "%9.0g", detail: bool = False
) -> Summary:
    """Return the statistics of nonmissing `values`, shape (n,).

    The standard deviation divides by n - 1, skewness and kurtosis are ratios of moments with divisor n ([R] summarize).
    """
    n = len(values)
    if n == 0:
        return Summary(name=name, label=label, format=fmt, n=0, total=0.0)
    mean = float(values.mean())
    deviations = values - mean
    mean += float(deviations.mean())  # the second pass takes out the rounding of the first
    deviations = values - mean
    squares = float(deviations @ deviations)
    summary = Summary(
        name=name,
        label=label,
        format=fmt,
        n=n,
        total=float(values.sum()),
        mean=mean,
        sd=math.sqrt(squares / (n - 1)) if n > 1 else math.nan,
        minimum=float(values.min()),
        maximum=float(values.max()),
    )
    return _detailed(summary, values, deviations) if detail else summary


def percentile(ordered: npt.NDArray[np.float64], percent: float) -> float:
    """Return a percentile of sorted values: the next value above n*percent/100, or the mean of two when it is whole."""
    position = len(ordered) * percent / 100.0
    index = math.floor(position)
    if position == index and 0 < index < len(ordered):
        return float((ordered[index - 1] + ordered[index]) / 2.0)
    return float(ordered[min(index, len(ordered) - 1)])


def _detailed(summary: Summary, values: npt.NDArray[np.float64], deviations: npt.NDArray[np.float64]) -> Summary:
    """Return `summary` with percentiles, extremes and the shape of the distribution."""
    ordered = np.sort(values)
    second = float(np.mean(deviations**2))
    third, fourth = float(np.mean(deviations**3)), float(np.mean(deviations**4))
    return replace(
        summary,
        skewness=third / second**1.5 if second > 0.0 else math.nan,
        kurtosis=fourth / second**2 if second > 0.0 else math.nan,
        percentiles={p: percentile(ordered, p) for p in PERCENTILES},
        smallest=tuple(float(v) for v in ordered[:_EXTREMES]),
        largest=tuple(float(v) for v in ordered[-_EXTREMES:]),
    )
