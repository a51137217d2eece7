"""How residuals hang together within groups: autocorrelation, semivariogram, observed and implied correlations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.errors import StataError
from engine.frame.modelframe import FloatArray, IntArray

MOST_LAGS = 50
"""Places apart in a group's order up to which pairs are looked at."""
MOST_TIMES = 40
_BINS = 20


@dataclass(frozen=True, slots=True, eq=False)
class Autocorrelation:
    """Correlation at lags 1, 2, …: `r` (L,) and the number of pairs behind each, `pairs` (L,)."""

    lags: FloatArray
    r: FloatArray
    pairs: FloatArray


def autocorrelation(residuals: FloatArray, codes: IntArray, times: FloatArray) -> Autocorrelation:
    """Correlate standardised residuals with those `lag` places earlier in their group, in order of `times`.

    r(l) = mean of products at lag l over the mean square (Pinheiro and Bates 2000, section 5.3.3).

    Raises
    ------
    StataError
        r(459) when no group has two observations.
    """
    e, groups, _ = _in_order(residuals, codes, times)
    square = float(np.mean(e**2))
    lags, r, pairs = [], [], []
    for lag in range(1, min(MOST_LAGS, len(e) - 1) + 1):
        same = groups[lag:] == groups[:-lag]
        n = int(np.count_nonzero(same))
        if n < 2:
            break
        lags.append(float(lag))
        r.append(float(np.mean((e[lag:] * e[:-lag])[same])) / square)
        pairs.append(float(n))
    if not lags:
        raise StataError(459, "no group has two observations, so residuals cannot be compared within groups")
    return Autocorrelation(np.array(lags), np.array(r), np.array(pairs))


@dataclass(frozen=True, slots=True, eq=False)
class Variogram:
    """Mean of half the squared differences by distance: `distance`, `value`, `pairs` (m,); `total` variance."""

    distance: FloatArray
    value: FloatArray
    pairs: FloatArray
    total: float


def semivariogram(residuals: FloatArray, codes: IntArray, times: FloatArray) -> Variogram:
    """Average half the squared difference of two residuals of a group by their distance in time.

    Each distinct distance on its own, or twenty classes of equal width where there are many (Diggle et al. 2002,
    section 3.4).

    Raises
    ------
    StataError
        r(459) when no group has two observations at different times.
    """
    e, groups, t = _in_order(residuals, codes, times)
    distances, squares = [], []
    for lag in range(1, min(MOST_LAGS, len(e) - 1) + 1):
        same = groups[lag:] == groups[:-lag]
        if not same.any():
            break
        distances.append(np.abs(t[lag:] - t[:-lag])[same])
        squares.append(0.5 * ((e[lag:] - e[:-lag])[same]) ** 2)
    if not distances:
        raise StataError(459, "no group has two observations, so residuals cannot be compared within groups")
    distance, square = np.concatenate(distances), np.concatenate(squares)
    apart = distance > 0.0
    distance, square = distance[apart], square[apart]
    if not len(distance):
        raise StataError(459, "no group has observations at different times")
    kinds, place = np.unique(np.round(distance, 9), return_inverse=True)
    if len(kinds) > _BINS:
        width = kinds[-1] / _BINS
        place = np.minimum((distance / width).astype(np.int64), _BINS - 1)
    pairs = np.bincount(place)
    used = pairs > 0
    at = np.bincount(place, weights=distance)[used] / pairs[used]
    value = np.bincount(place, weights=square)[used] / pairs[used]
    return Variogram(at, value, pairs[used].astype(float), float(np.var(e)))


@dataclass(frozen=True, slots=True, eq=False)
class TimeCorrelations:
    """Correlations of two times within groups, pairs s < t: the `times` (T,), observed and implied (T, T)."""

    times: FloatArray
    observed: FloatArray
    implied: FloatArray


def time_correlations(marginal: FloatArray, draws: FloatArray, codes: IntArray, times: FloatArray) -> TimeCorrelations:
    """Correlate y - X beta at two times over groups, and the same of responses drawn from the model.

    Parameters
    ----------
    marginal
        (n,), y - X beta.
    draws
        (R, n), the same of drawn responses, whose average correlation is what the model implies.
    codes, times
        (n,), group and time of each observation.

    Raises
    ------
    StataError
        r(459) with fewer than two times, or more than 40.
    """
    distinct, place = np.unique(times, return_inverse=True)
    if not 2 <= len(distinct) <= MOST_TIMES:
        raise StataError(
            459, f"correlations between times need 2 to {MOST_TIMES} distinct times; there are {len(distinct)}"
        )
    n_groups = int(codes.max()) + 1

    def matrix(values: FloatArray) -> FloatArray:
        table = np.full((n_groups, len(distinct)), np.nan)
        table[codes, place] = values
        return _pairwise(table)

    implied = np.nanmean(np.array([matrix(draw) for draw in draws]), axis=0)
    return TimeCorrelations(distinct, matrix(marginal), implied)


def _pairwise(table: FloatArray) -> FloatArray:
    """Return correlations of columns over the rows where both are known."""
    known = np.isfinite(table)
    values = np.where(known, table, 0.0)
    k = known.astype(np.float64)
    n = k.T @ k
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (values.T @ k) / n
        cross = values.T @ values / n - mean * mean.T
        square = (values**2).T @ k / n - mean**2
        return np.asarray(np.where(n > 2, cross / np.sqrt(square * square.T), np.nan))


def _in_order(residuals: FloatArray, codes: IntArray, times: FloatArray) -> tuple[FloatArray, IntArray, FloatArray]:
    order = np.lexsort((times, codes))
    return residuals[order], codes[order], times[order]
