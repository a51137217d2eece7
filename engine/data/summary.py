"""Summary statistics of one variable, as ``summarize`` defines them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from engine.data import groupstats

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
    n: float
    weight: float = math.nan
    """Sum of the weights, the number of observations without any."""
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
    values: npt.NDArray[np.float64],
    *,
    name: str,
    label: str = "",
    fmt: str = "%9.0g",
    detail: bool = False,
    weights: npt.NDArray[np.float64] | None = None,
    counting: bool = False,
) -> Summary:
    """Return the statistics of nonmissing `values`, shape (n,).

    The standard deviation divides by n - 1, skewness and kurtosis are ratios of moments with divisor n ([R] summarize).
    Weights that are `counting` (fweights, iweights) say how often a value is there, so that n is their sum.
    """
    w = np.ones(len(values)) if weights is None else weights
    total = float(w.sum())
    if len(values) == 0 or not total > 0.0:
        return Summary(name=name, label=label, format=fmt, n=0, total=0.0, weight=0.0)
    n = total if counting else float(len(values))
    share = w / total
    mean = float(share @ values) if weights is not None else float(values.mean())
    deviations = values - mean
    mean += float(share @ deviations)  # the second pass takes out the rounding of the first
    deviations = values - mean
    variance = float(share @ deviations**2)
    summary = Summary(
        name=name,
        label=label,
        format=fmt,
        n=int(n) if n == int(n) else n,
        weight=total,
        total=float(w @ values) if weights is not None else float(values.sum()),
        mean=mean,
        sd=math.sqrt(variance * n / (n - 1)) if n > 1 else math.nan,
        minimum=float(values.min()),
        maximum=float(values.max()),
    )
    return _detailed(summary, values, deviations, share if weights is not None else None) if detail else summary


def percentile(ordered: npt.NDArray[np.float64], percent: float) -> float:
    """Return a percentile of sorted values: the next value above n*percent/100, or the mean of two when it is whole."""
    position = len(ordered) * percent / 100.0
    index = math.floor(position)
    if position == index and 0 < index < len(ordered):
        return float((ordered[index - 1] + ordered[index]) / 2.0)
    return float(ordered[min(index, len(ordered) - 1)])


def _detailed(
    summary: Summary,
    values: npt.NDArray[np.float64],
    deviations: npt.NDArray[np.float64],
    share: npt.NDArray[np.float64] | None,
) -> Summary:
    """Return `summary` with percentiles, extremes and shape; `share` are weights that sum to 1."""
    ordered = np.sort(values)
    moments = [float(np.mean(deviations**k) if share is None else share @ deviations**k) for k in (2, 3, 4)]
    found = {p: percentile(ordered, p) for p in PERCENTILES}
    if share is not None:
        one = np.zeros(len(values), dtype=np.int64)
        found = {p: float(groupstats.percentiles(values, one, 1, float(p), share)[0]) for p in PERCENTILES}
    return replace(
        summary,
        skewness=moments[1] / moments[0] ** 1.5 if moments[0] > 0.0 else math.nan,
        kurtosis=moments[2] / moments[0] ** 2 if moments[0] > 0.0 else math.nan,
        percentiles=found,
        smallest=tuple(float(v) for v in ordered[:_EXTREMES]),
        largest=tuple(float(v) for v in ordered[-_EXTREMES:]),
    )
