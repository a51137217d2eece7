"""The statistics of ``collapse`` and ``table``: one number per group ([D] collapse)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.data import groupstats
from engine.errors import Span, StataError
from engine.lang.abbrev import nearest

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Values without missing ones, the group of each, and their weights where there are some.

    `weights` are as typed; `scaled` add up to the number of values of each group for aweights.
    """

    values: FloatArray
    codes: IntArray
    n_groups: int
    kind: str = ""
    weights: FloatArray | None = None

    @property
    def scaled(self) -> FloatArray | None:
        """Weights that add up to the number of values of each group (aweights), otherwise as typed."""
        if self.weights is None or self.kind != "aweight":
            return self.weights
        count = groupstats.counts(self.codes, self.n_groups)
        total = groupstats.counts(self.codes, self.n_groups, self.weights)
        with np.errstate(invalid="ignore", divide="ignore"):
            result: FloatArray = self.weights * (count / total)[self.codes]
        return result

    def count(self) -> FloatArray:
        """Return the number of values; the sum of weights for the kinds that count."""
        weights = None if self.kind == "aweight" else self.weights
        return groupstats.counts(self.codes, self.n_groups, weights)


def _sum(sample: Sample) -> FloatArray:
    return groupstats.totals(sample.values, sample.codes, sample.n_groups, sample.scaled)


def _raw_sum(sample: Sample) -> FloatArray:
    return groupstats.totals(sample.values, sample.codes, sample.n_groups)


def _mean(sample: Sample) -> FloatArray:
    return groupstats.means(sample.values, sample.codes, sample.n_groups, sample.weights)


def _sd(sample: Sample) -> FloatArray:
    """Return the standard deviation, divisor n - 1 with n the number of values or the sum of weights that count."""
    if sample.kind == "pweight":
        raise StataError(135, "sd is not possible with pweights")
    if sample.weights is None:
        return groupstats.standard_deviations(sample.values, sample.codes, sample.n_groups)
    count = sample.count()
    moment = groupstats.central_moments(sample.values, sample.codes, sample.n_groups, 2, sample.weights)
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = moment * count / (count - 1.0)
    return np.sqrt(np.where(count > 1, variance, np.nan))


def _se_mean(sample: Sample) -> FloatArray:
    with np.errstate(invalid="ignore", divide="ignore"):
        result: FloatArray = _sd(sample) / np.sqrt(sample.count())
    return result


def _se_binomial(sample: Sample) -> FloatArray:
    mean = _mean(sample)
    with np.errstate(invalid="ignore", divide="ignore"):
        result: FloatArray = np.sqrt(mean * (1.0 - mean) / sample.count())
    return result


def _se_poisson(sample: Sample) -> FloatArray:
    with np.errstate(invalid="ignore", divide="ignore"):
        result: FloatArray = np.sqrt(_mean(sample) / sample.count())
    return result


def _percentile(percent: float) -> Callable[[Sample], FloatArray]:
    def run(sample: Sample) -> FloatArray:
        return groupstats.percentiles(sample.values, sample.codes, sample.n_groups, percent, sample.weights)

    return run


def _interquartile(sample: Sample) -> FloatArray:
    return _percentile(75.0)(sample) - _percentile(25.0)(sample)


def _percent(sample: Sample) -> FloatArray:
    count = sample.count()
    with np.errstate(invalid="ignore", divide="ignore"):
        result: FloatArray = 100.0 * count / count.sum()
    return result


def _variance(sample: Sample) -> FloatArray:
    return np.asarray(_sd(sample) ** 2, dtype=np.float64)


def _shape(power: int, half: float) -> Callable[[Sample], FloatArray]:
    def run(sample: Sample) -> FloatArray:
        moments = [
            groupstats.central_moments(sample.values, sample.codes, sample.n_groups, p, sample.weights)
            for p in (power, 2)
        ]
        with np.errstate(invalid="ignore", divide="ignore"):
            result: FloatArray = moments[0] / moments[1] ** half
        return result

    return run


def _extreme(*, largest: bool) -> Callable[[Sample], FloatArray]:
    return lambda sample: groupstats.extremes(sample.values, sample.codes, sample.n_groups, largest=largest)


def _range(sample: Sample) -> FloatArray:
    return _extreme(largest=True)(sample) - _extreme(largest=False)(sample)


STATISTICS: dict[str, Callable[[Sample], FloatArray]] = {
    "mean": _mean,
    "sd": _sd,
    "semean": _se_mean,
    "sebinomial": _se_binomial,
    "sepoisson": _se_poisson,
    "variance": _variance,
    "sum": _sum,
    "rawsum": _raw_sum,
    "count": Sample.count,
    "percent": _percent,
    "max": _extreme(largest=True),
    "min": _extreme(largest=False),
    "range": _range,
    "iqr": _interquartile,
    "skewness": _shape(3, 1.5),
    "kurtosis": _shape(4, 2.0),
}
"""Word -> statistic, besides median and the percentiles p1 to p99."""

_PERCENTILE = re.compile(r"p([1-9]\d?)")
SYNONYMS = {"median": "p50", "n": "count", "total": "sum", "q1": "p25", "q2": "p50", "q3": "p75"}


def find_statistic(word: str, span: Span | None, extra: tuple[str, ...] = ()) -> Callable[[Sample], FloatArray] | None:
    """Return the statistic of a word, None for one of `extra`, which the caller computes; r(198) when unknown."""
    if word in extra:
        return None
    name = SYNONYMS.get(word.lower(), word)
    if match := _PERCENTILE.fullmatch(name):
        return _percentile(float(match[1]))
    if name in STATISTICS:
        return STATISTICS[name]
    meant = nearest(word, [*STATISTICS, *SYNONYMS, *extra])
    hint = f"; did you mean {meant}?" if meant else ""
    raise StataError(198, f"unknown statistic {word}{hint}", span)
