"""Further distributions and densities ([FN] Statistical), from `scipy.special`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.frame.function import Function, Values, numeric


def _special(compute: Callable[..., Values]) -> Callable[..., Values]:
    """Return a function whose first argument, `scipy.special`, is imported when it is first called."""

    def run(*values: Values) -> Values:
        import scipy.special

        return np.asarray(compute(scipy.special, *values), dtype=np.float64)

    return run


def _where(allowed: Values, value: Values) -> Values:
    return np.asarray(np.where(allowed, value, np.nan))


def _binomialp(s: Any, n: Values, k: Values, p: Values) -> Values:
    n, k = np.floor(n), np.floor(k)
    log = s.gammaln(n + 1) - s.gammaln(k + 1) - s.gammaln(n - k + 1) + s.xlogy(k, p) + s.xlog1py(n - k, -p)
    return _where((k >= 0) & (k <= n) & (p >= 0) & (p <= 1), np.exp(log))


def _poissonp(s: Any, mean: Values, k: Values) -> Values:
    k = np.floor(k)
    return _where((mean > 0) & (k >= 0), np.exp(s.xlogy(k, mean) - mean - s.gammaln(k + 1)))


def _chi2den(s: Any, df: Values, x: Values) -> Values:
    return _gammaden(s, df / 2.0, 2.0 + 0.0 * x, 0.0 * x, x)


def _gammaden(s: Any, a: Values, b: Values, g: Values, x: Values) -> Values:
    z = np.maximum(x - g, 0.0)
    value = np.exp(s.xlogy(a - 1.0, z) - z / b - a * np.log(b) - s.gammaln(a))
    return _where((a > 0) & (b > 0), np.where(x < g, 0.0, value))


def _betaden(s: Any, a: Values, b: Values, x: Values) -> Values:
    value = np.exp(s.xlogy(a - 1.0, x) + s.xlog1py(b - 1.0, -x) - s.betaln(a, b))
    return _where((a > 0) & (b > 0), np.where((x > 0) & (x < 1), value, 0.0))


def _f_density(s: Any, d1: Values, d2: Values, f: Values) -> Values:
    log = 0.5 * (s.xlogy(d1, d1 * f) + d2 * np.log(d2) - (d1 + d2) * np.log(d1 * f + d2)) - np.log(f)
    return _where((d1 > 0) & (d2 > 0), np.where(f > 0, np.exp(log - s.betaln(d1 / 2, d2 / 2)), 0.0))


def _exponential(s: Any, b: Values, x: Values) -> Values:
    return _where(b > 0, -np.expm1(-np.maximum(x, 0.0) / b))


def _logistic(s: Any, m: Values, scale: Values, x: Values) -> Values:
    return _where(scale > 0, s.expit((x - m) / scale))


DENSITIES: dict[str, Function] = {
    "Fden": numeric(_special(_f_density), 3),
    "betaden": numeric(_special(_betaden), 3),
    "binomialp": numeric(_special(_binomialp), 3),
    "chi2den": numeric(_special(_chi2den), 2),
    "exponential": numeric(_special(_exponential), 2),
    "gammaden": numeric(_special(_gammaden), 4),
    "gammap": numeric(_special(lambda s, a, x: _where(a > 0, s.gammainc(a, np.maximum(x, 0.0)))), 2),
    "gammaptail": numeric(_special(lambda s, a, x: _where(a > 0, s.gammaincc(a, np.maximum(x, 0.0)))), 2),
    "ibeta": numeric(_special(lambda s, a, b, x: s.betainc(a, b, np.clip(x, 0.0, 1.0))), 3),
    "ibetatail": numeric(_special(lambda s, a, b, x: s.betainc(b, a, np.clip(1.0 - x, 0.0, 1.0))), 3),
    "invgammap": numeric(_special(lambda s, a, p: s.gammaincinv(a, p)), 2),
    "invibeta": numeric(_special(lambda s, a, b, p: s.betaincinv(a, b, p)), 3),
    "lnnormalden": numeric(_special(lambda s, z: -0.5 * z * z - 0.5 * np.log(2.0 * np.pi)), 1),
    "logistic": numeric(_special(_logistic), 3),
    "nchi2": numeric(_special(lambda s, df, np_, x: s.chndtr(np.maximum(x, 0.0), df, np_)), 3),
    "poissonp": numeric(_special(_poissonp), 2),
    "poissontail": numeric(
        _special(lambda s, m, k: _where(m > 0, np.where(k <= 0, 1.0, s.gammainc(np.maximum(np.floor(k), 1.0), m)))), 2
    ),
}
"""The functions by name."""
