"""Distributions (through `scipy.special`) and random numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.data.missing import is_missing
from engine.frame.function import Arguments, Function, Values, numeric, special, tidy


def _density(x: Values, mean: Values | float = 0.0, sd: Values | float = 1.0) -> Values:
    """Return the normal density; two arguments are x and the standard deviation, as in Stata."""
    z = (x - mean) / sd
    return np.asarray(np.where(np.asarray(sd) > 0, np.exp(-0.5 * z * z) / (sd * np.sqrt(2 * np.pi)), np.nan))


def _normalden(*values: Values) -> Values:
    if len(values) == 2:
        return _density(values[0], 0.0, values[1])
    return _density(*values)


def _from_zero(name: str) -> Callable[..., Values]:
    """Return a distribution function of a nonnegative variable, its last argument; below 0 it is as at 0."""

    def compute(*values: Values) -> Values:
        return special(name)(*values[:-1], np.maximum(values[-1], 0.0))

    return compute


def _t(df: Values, t: Values) -> Values:
    return special("stdtr")(df, t)


def _t_tail(df: Values, t: Values) -> Values:
    return special("stdtr")(df, -t)


def _t_density(df: Values, t: Values) -> Values:
    gammaln = special("gammaln")
    log_density = (
        gammaln((df + 1) / 2) - gammaln(df / 2) - 0.5 * np.log(df * np.pi) - (df + 1) / 2 * np.log1p(t * t / df)
    )
    return np.asarray(np.where(df > 0, np.exp(log_density), np.nan))


def _inverse_t(df: Values, p: Values) -> Values:
    return special("stdtrit")(df, p)


def _inverse_t_tail(df: Values, p: Values) -> Values:
    return -special("stdtrit")(df, p)


def _inverse_f_tail(df1: Values, df2: Values, p: Values) -> Values:
    """Return f with Ftail(df1, df2, f) = p, through the beta distribution of df2/(df2 + df1 f)."""
    z = special("betaincinv")(df2 / 2, df1 / 2, p)
    return np.asarray(df2 * (1 - z) / (df1 * z))


def _inverse_f(df1: Values, df2: Values, p: Values) -> Values:
    z = special("betaincinv")(df1 / 2, df2 / 2, p)
    return np.asarray(df2 * z / (df1 * (1 - z)))


def _inverse_chi2(df: Values, p: Values) -> Values:
    return 2.0 * special("gammaincinv")(df / 2, p)


def _binomial(n: Values, k: Values, p: Values) -> Values:
    """Return P(X <= k), through the beta distribution."""
    n, k = np.floor(n), np.floor(k)
    inside = special("betainc")(np.maximum(n - k, 1e-300), np.maximum(k + 1, 1e-300), 1.0 - p)
    result = np.where(k >= n, 1.0, np.where(k < 0, np.nan, inside))
    return np.asarray(np.where((p >= 0) & (p <= 1) & (n >= 0) & (k <= n), result, np.nan))


def _binomial_tail(n: Values, k: Values, p: Values) -> Values:
    """Return P(X >= k)."""
    n, k = np.floor(n), np.floor(k)
    inside = special("betainc")(np.maximum(k, 1e-300), np.maximum(n - k + 1, 1e-300), p)
    return np.asarray(np.where((p >= 0) & (p <= 1) & (n >= 0) & (k <= n), np.where(k <= 0, 1.0, inside), np.nan))


def _poisson(mean: Values, k: Values) -> Values:
    return np.asarray(np.where(k >= 0, special("pdtr")(np.floor(k), mean), np.nan))


def _random(draw: Callable[..., Values], least: int, most: int) -> Function:
    """Return a random function; missing or impossible parameters give ``.``."""

    def run(arguments: Arguments) -> Values:
        rng = arguments.rng or np.random.default_rng()
        values = [np.broadcast_to(value, (arguments.n_obs,)) for value in arguments.values]
        absent = np.zeros(arguments.n_obs, dtype=bool)
        for value in values:
            absent |= is_missing(value)
        result = np.full(arguments.n_obs, np.nan)
        usable = np.flatnonzero(~absent)
        result[usable] = draw(rng, len(usable), *(value[usable] for value in values))
        return tidy(result, absent)

    return Function(run, "n", least, most)


def _uniform(rng: np.random.Generator, size: int, low: Values | float = 0.0, high: Values | float = 1.0) -> Values:
    return np.asarray(low + (np.asarray(high) - low) * rng.random(size))


def _uniform_integer(rng: np.random.Generator, size: int, low: Values, high: Values) -> Values:
    low, high = np.floor(np.minimum(low, high)), np.floor(np.maximum(low, high))
    return np.asarray(low + np.floor((high - low + 1.0) * rng.random(size)))


def _normal(rng: np.random.Generator, size: int, mean: Values | float = 0.0, sd: Values | float = 1.0) -> Values:
    return np.asarray(np.where(np.asarray(sd) >= 0, mean + sd * rng.standard_normal(size), np.nan))


def _where(allowed: Values, draw: Callable[[Values], Values]) -> Values:
    """Return draws at the allowed positions and NaN elsewhere."""
    result = np.full(len(allowed), np.nan)
    result[allowed] = draw(allowed)
    return result


def _random_binomial(rng: np.random.Generator, _: int, n: Values, p: Values) -> Values:
    allowed = (n >= 1) & (n < 1e9) & (p > 0) & (p < 1)
    return _where(allowed, lambda at: rng.binomial(np.floor(n[at]).astype(np.int64), p[at]))


def _random_poisson(rng: np.random.Generator, _: int, mean: Values) -> Values:
    return _where((mean > 0) & (mean < 1e9), lambda at: rng.poisson(mean[at]))


def _random_t(rng: np.random.Generator, _: int, df: Values) -> Values:
    return _where(df > 0, lambda at: rng.standard_t(df[at]))


def _random_chi2(rng: np.random.Generator, _: int, df: Values) -> Values:
    return _where(df > 0, lambda at: rng.chisquare(df[at]))


def _random_gamma(rng: np.random.Generator, _: int, shape: Values, scale: Values) -> Values:
    return _where((shape > 0) & (scale > 0), lambda at: rng.gamma(shape[at], scale[at]))


def _random_exponential(rng: np.random.Generator, _: int, scale: Values) -> Values:
    return _where(scale > 0, lambda at: rng.exponential(scale[at]))


PROBABILITY: dict[str, Function] = {
    "F": numeric(_from_zero("fdtr"), 3),
    "Ftail": numeric(_from_zero("fdtrc"), 3),
    "binomial": numeric(_binomial, 3),
    "binomialtail": numeric(_binomial_tail, 3),
    "chi2": numeric(_from_zero("chdtr"), 2),
    "chi2tail": numeric(_from_zero("chdtrc"), 2),
    "invF": numeric(_inverse_f, 3),
    "invFtail": numeric(_inverse_f_tail, 3),
    "invchi2": numeric(_inverse_chi2, 2),
    "invchi2tail": numeric(special("chdtri"), 2),
    "invnormal": numeric(special("ndtri"), 1),
    "invt": numeric(_inverse_t, 2),
    "invttail": numeric(_inverse_t_tail, 2),
    "lnnormal": numeric(special("log_ndtr"), 1),
    "normal": numeric(special("ndtr"), 1),
    "normalden": numeric(_normalden, 1, 3),
    "poisson": numeric(_poisson, 2),
    "rbinomial": _random(_random_binomial, 2, 2),
    "rchi2": _random(_random_chi2, 1, 1),
    "rexponential": _random(_random_exponential, 1, 1),
    "rgamma": _random(_random_gamma, 2, 2),
    "rnormal": _random(_normal, 0, 2),
    "rpoisson": _random(_random_poisson, 1, 1),
    "rt": _random(_random_t, 1, 1),
    "runiform": _random(_uniform, 0, 2),
    "runiformint": _random(_uniform_integer, 2, 2),
    "t": numeric(_t, 2),
    "tden": numeric(_t_density, 2),
    "ttail": numeric(_t_tail, 2),
}
