"""Statistics of groups without a loop over them: sums, moments, order statistics and ranks.

Every function takes values of shape (n,) without missing ones and the group of each, and returns one number per group
(NaN for groups without values), or per value for ranks. Weights, where given, count a value as often as they say.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def counts(codes: IntArray, n_groups: int, weights: FloatArray | None = None) -> FloatArray:
    """Return the number of values of each group, or the sum of their weights."""
    return np.bincount(codes, weights=weights, minlength=n_groups).astype(np.float64, copy=False)


def totals(values: FloatArray, codes: IntArray, n_groups: int, weights: FloatArray | None = None) -> FloatArray:
    """Return the sums; 0 for groups without values."""
    weighted = values if weights is None else values * weights
    sums: FloatArray = np.bincount(codes, weights=weighted, minlength=n_groups).astype(np.float64, copy=False)
    return sums


def _less(values: FloatArray, centres: FloatArray, codes: IntArray) -> FloatArray:
    """Return values less the centre of their group, in new memory taken once."""
    result = np.take(centres, codes) if len(centres) else np.empty(0)
    np.subtract(values, result, out=result)
    return result


def means(values: FloatArray, codes: IntArray, n_groups: int, weights: FloatArray | None = None) -> FloatArray:
    """Return the means; a second pass takes out the rounding of the first."""
    count = counts(codes, n_groups, weights)
    with np.errstate(invalid="ignore", divide="ignore"):
        first: FloatArray = totals(values, codes, n_groups, weights) / count
        result: FloatArray = first + totals(_less(values, first, codes), codes, n_groups, weights) / count
    return result


def central_moments(
    values: FloatArray, codes: IntArray, n_groups: int, power: int, weights: FloatArray | None = None
) -> FloatArray:
    """Return the mean power of deviations from the group's mean, divisor n."""
    deviations = _less(values, means(values, codes, n_groups, weights), codes)
    with np.errstate(invalid="ignore", divide="ignore"):
        total = totals(deviations**power, codes, n_groups, weights)
        result: FloatArray = total / counts(codes, n_groups, weights)
    return result


def standard_deviations(values: FloatArray, codes: IntArray, n_groups: int) -> FloatArray:
    """Return the standard deviations, divisor n - 1; NaN for fewer than two values."""
    count = counts(codes, n_groups)
    with np.errstate(invalid="ignore", divide="ignore"):
        deviations = _less(values, totals(values, codes, n_groups) / count, codes)
        rest = totals(deviations, codes, n_groups)  # what rounding has left of the mean
        deviations *= deviations
        variance = (totals(deviations, codes, n_groups) - rest * rest / count) / (count - 1.0)
    return np.sqrt(np.where(count > 1, variance, np.nan))


def extremes(values: FloatArray, codes: IntArray, n_groups: int, *, largest: bool) -> FloatArray:
    """Return the smallest or largest values."""
    percent = 100.0 if largest else 0.0
    return percentiles(values, codes, n_groups, percent)


def percentiles(
    values: FloatArray, codes: IntArray, n_groups: int, percent: float, weights: FloatArray | None = None
) -> FloatArray:
    """Return a percentile by the rule of ``summarize``: the mean of two values where n*percent/100 is whole."""
    if weights is not None:
        return _weighted_percentiles(values, codes, n_groups, percent, weights)
    ordered = values[np.lexsort((values, codes))]
    count = np.bincount(codes, minlength=n_groups)
    starts = np.cumsum(count) - count
    position = count * percent / 100.0
    index = np.floor(position).astype(np.int64)
    whole = (position == index) & (index > 0) & (index < count)
    result = np.full(n_groups, np.nan)
    used = count > 0
    last = starts + np.maximum(count - 1, 0)
    upper = np.minimum(starts + index, last)[used]
    lower = np.where(whole, starts + index - 1, np.minimum(starts + index, last))[used]
    result[used] = np.where(whole[used], (ordered[lower] + ordered[upper]) / 2.0, ordered[upper])
    return result


def _weighted_percentiles(
    values: FloatArray, codes: IntArray, n_groups: int, percent: float, weights: FloatArray
) -> FloatArray:
    """Return the first value whose cumulated weight exceeds the share, or the mean with the next where it is met."""
    order = np.lexsort((values, codes))
    ordered, groups = values[order], codes[order]
    result = np.full(n_groups, np.nan)
    if not len(values):
        return result
    size = np.bincount(groups, minlength=n_groups)
    starts = np.cumsum(size) - size
    running = np.cumsum(weights[order])
    before = np.where(starts > 0, running[np.maximum(starts - 1, 0)], 0.0)
    share = counts(codes, n_groups, weights) * percent / 100.0
    reached = running - before[groups]
    scale = 1e-12 * np.maximum(share[groups], 1e-300)
    # how many values of each group stay at or below the share
    below = np.bincount(groups[reached < share[groups] - scale], minlength=n_groups)
    used = size > 0
    last = starts + np.maximum(size - 1, 0)
    place = np.minimum(starts + below, last)
    met = np.abs(reached[np.minimum(place, len(reached) - 1)] - share) <= 1e-12 * np.maximum(share, 1e-300)
    following = np.where(met, np.minimum(place + 1, last), place)
    result[used] = (ordered[place[used]] + ordered[following[used]]) / 2.0
    return result


def ranks(values: FloatArray, codes: IntArray, *, ties: str = "average") -> FloatArray:
    """Return the rank of each value in its group.

    `ties` is ``average``, ``field`` (1 is the largest, ties share the best), ``track`` (1 is the smallest, ties share
    the best) or ``unique`` (in order of appearance).
    """
    keys = -values if ties == "field" else values
    order = np.lexsort((keys, codes))
    sorted_codes, sorted_keys = codes[order], keys[order]
    n = len(values)
    begins = np.ones(n, dtype=bool)
    begins[1:] = sorted_codes[1:] != sorted_codes[:-1]
    first = np.maximum.accumulate(np.where(begins, np.arange(n), 0))
    place = (np.arange(n) - first + 1).astype(np.float64)
    if ties != "unique" and n:
        tied = np.ones(n, dtype=bool)
        tied[1:] = begins[1:] | (sorted_keys[1:] != sorted_keys[:-1])
        run = np.cumsum(tied) - 1
        best = place[tied]
        size = np.bincount(run)
        place = (best + (size - 1) / 2.0 if ties == "average" else best)[run]
    result = np.empty(n)
    result[order] = place
    return result
