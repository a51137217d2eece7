"""Mathematical functions and those that choose or compare."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from engine.data.missing import is_missing, none_missing
from engine.frame.function import Arguments, Function, Values, numeric, special, tidy


def _keeping_codes(compute: Callable[..., Values], least: int, most: int | None = None) -> Function:
    """Return a rounding function: a missing first argument keeps its letter (``int(.a)`` is ``.a``)."""
    plain = numeric(compute, least, most)

    def run(arguments: Arguments) -> Values:
        first = arguments.values[0]
        if none_missing(first):
            return plain.run(arguments)
        return np.asarray(np.where(is_missing(first), first, plain.run(arguments)))

    return Function(run, "n", plain.least, plain.most)


def _round(x: Values, unit: Values | float = 1.0) -> Values:
    divisor = np.where(unit == 0.0, 1.0, unit)
    return np.asarray(np.where(unit == 0.0, x, divisor * np.floor(x / divisor + 0.5)))


def _mod(x: Values, y: Values) -> Values:
    return np.asarray(np.where(y > 0.0, x - y * np.floor(x / y), np.nan))


def _extreme(choose: Callable[[Values, Values], Values], fill: float) -> Function:
    """Return max() or min(): missing arguments are ignored, all missing gives ``.``."""

    def run(arguments: Arguments) -> Values:
        best: Values = np.full((), fill)
        for values in arguments.values:
            best = choose(best, np.where(is_missing(values), fill, values))
        return tidy(best)

    return Function(run, "n", 1, None)


def _running_sum(arguments: Arguments) -> Values:
    """Return the running sum over the observations; missing values count as 0."""
    values = np.broadcast_to(arguments.values[0], (arguments.n_obs,))
    sums = np.cumsum(np.where(is_missing(values), 0.0, values))
    groups = arguments.groups
    if groups is not None and len(sums):
        before = np.where(groups.starts > 0, sums[groups.starts - 1], 0.0)
        sums = sums - before[groups.of_row]
    return tidy(sums)


def _clip(arguments: Arguments) -> Values:
    """Return x limited to [a, b]; a missing limit does not bind, a > b gives ``.``."""
    x, low, high = arguments.values
    result = np.where(is_missing(low), x, np.maximum(x, low))
    result = np.where(is_missing(high), result, np.minimum(result, high))
    return tidy(result, is_missing(x) | (~is_missing(low) & (low > high)))


def _missing(arguments: Arguments) -> Values:
    found: Values = np.zeros((), dtype=bool)
    for values in arguments.values:
        found = found | (np.asarray(values == "") if values.dtype == object else is_missing(values))
    return np.asarray(found, dtype=np.float64)


def _inlist(arguments: Arguments) -> Values:
    first, *others = arguments.values
    found: Values = np.zeros((), dtype=bool)
    for values in others:
        found = found | np.asarray(first == values, dtype=bool)
    return np.asarray(found, dtype=np.float64)


def _inrange(arguments: Arguments) -> Values:
    """Return whether a <= z <= b; a missing end is no limit, a missing z is not inside."""
    z, low, high = arguments.values
    if z.dtype == object:
        inside = np.frompyfunc(lambda value, a, b: a <= value <= b, 3, 1)(z, low, high)
        return np.asarray(inside, dtype=np.float64)
    inside = (is_missing(low) | (low <= z)) & (is_missing(high) | (z <= high)) & ~is_missing(z)
    return np.asarray(inside, dtype=np.float64)


def _cond(arguments: Arguments) -> Values:
    """Return the second argument where the first is true, else the third; the fourth where the first is missing."""
    condition, yes, no, *rest = arguments.values
    result = np.where(condition != 0.0, yes, no)
    if rest:
        result = np.where(is_missing(condition), rest[0], result)
    return np.asarray(result, dtype=yes.dtype)


def _irecode(arguments: Arguments) -> Values:
    """Return how many of x1 <= x2 <= … are below x."""
    x, *cuts = arguments.values
    count = sum(((x > cut).astype(np.float64) for cut in cuts), start=np.zeros(()))
    return tidy(np.asarray(count), is_missing(x))


def _recode(arguments: Arguments) -> Values:
    """Return the first of x1, x2, … that is at least x, the last one beyond them."""
    x, *cuts = arguments.values
    result = np.asarray(cuts[-1])
    for cut in reversed(cuts[:-1]):
        result = np.where(x <= cut, cut, result)
    return tidy(result, is_missing(x))


def _autocode(x: Values, count: Values, low: Values, high: Values) -> Values:
    """Return the upper end of the one of `count` equal intervals of (low, high] that x lies in."""
    step = (high - low) / np.floor(count)
    upper = np.clip(np.ceil((x - low) / step), 1, np.floor(count))
    return np.asarray(np.where(count >= 1, low + step * upper, np.nan))


def _single(x: Values) -> Values:
    return np.asarray(x, dtype=np.float32).astype(np.float64)


def _factorial_log(x: Values) -> Values:
    return np.asarray(np.where((x >= 0) & (x == np.floor(x)), special("gammaln")(x + 1.0), np.nan))


def _comb(n: Values, k: Values) -> Values:
    whole = (n == np.floor(n)) & (k == np.floor(k)) & (k >= 0) & (n >= k)
    return np.asarray(np.where(whole, np.round(special("binom")(n, k)), np.nan))


def _chop(x: Values, tolerance: Values) -> Values:
    near = np.rint(x)
    return np.asarray(np.where(np.abs(x - near) < tolerance, near, x))


def _fixed(value: float) -> Function:
    return Function(lambda _: np.asarray(value), "n", 0, 0)


_LIMITS = {
    "maxbyte": 100.0, "maxint": 32740.0, "maxlong": 2147483620.0, "minbyte": -127.0, "minint": -32767.0,
    "minlong": -2147483647.0, "epsdouble": 2.0**-52, "epsfloat": 2.0**-23, "smallestdouble": 2.0**-1022,
    "maxdouble": math.nextafter(2.0**1023, 0.0), "mindouble": -(2.0 - 2.0**-52) * 2.0**1023,
    "maxfloat": (2.0 - 2.0**-23) * 2.0**126, "minfloat": -(2.0 - 2.0**-23) * 2.0**126,
}  # fmt: skip
"""The largest and smallest numbers of the storage types."""

MATH: dict[str, Function] = {
    "chop": numeric(_chop, 2),
    "ln1m": numeric(lambda x: np.log1p(-x), 1),
    "log1m": numeric(lambda x: np.log1p(-x), 1),
    "reldif": numeric(lambda x, y: np.abs(x - y) / (np.abs(y) + 1.0), 2),
    **{name: _fixed(value) for name, value in _LIMITS.items()},
    "abs": numeric(np.abs, 1),
    "acos": numeric(np.arccos, 1),
    "acosh": numeric(np.arccosh, 1),
    "asin": numeric(np.arcsin, 1),
    "asinh": numeric(np.arcsinh, 1),
    "atan": numeric(np.arctan, 1),
    "atan2": numeric(np.arctan2, 2),
    "atanh": numeric(np.arctanh, 1),
    "autocode": numeric(_autocode, 4),
    "ceil": _keeping_codes(np.ceil, 1),
    "clip": Function(_clip, "n", 3, 3),
    "cloglog": numeric(lambda p: np.log(-np.log1p(-p)), 1),
    "comb": numeric(_comb, 2),
    "cond": Function(_cond, "na", 3, 4, same_kind=2),
    "cos": numeric(np.cos, 1),
    "cosh": numeric(np.cosh, 1),
    "digamma": numeric(special("digamma"), 1),
    "exp": numeric(np.exp, 1),
    "expm1": numeric(np.expm1, 1),
    "float": _keeping_codes(_single, 1),
    "floor": _keeping_codes(np.floor, 1),
    "inlist": Function(_inlist, "a", 2, None, same_kind=1),
    "inrange": Function(_inrange, "a", 3, 3, same_kind=1),
    "int": _keeping_codes(np.trunc, 1),
    "invcloglog": numeric(lambda x: -np.expm1(-np.exp(x)), 1),
    "invlogit": numeric(special("expit"), 1),
    "irecode": Function(_irecode, "n", 2, None),
    "ln": numeric(np.log, 1),
    "ln1p": numeric(np.log1p, 1),
    "lnfactorial": numeric(_factorial_log, 1),
    "lngamma": numeric(special("gammaln"), 1),
    "log": numeric(np.log, 1),
    "log10": numeric(np.log10, 1),
    "log1p": numeric(np.log1p, 1),
    "logit": numeric(special("logit"), 1),
    "max": _extreme(np.maximum, -math.inf),
    "mi": Function(_missing, "a", 1, None),
    "min": _extreme(np.minimum, math.inf),
    "missing": Function(_missing, "a", 1, None),
    "mod": numeric(_mod, 2),
    "recode": Function(_recode, "n", 2, None),
    "round": _keeping_codes(_round, 1, 2),
    "sign": numeric(np.sign, 1),
    "sin": numeric(np.sin, 1),
    "sinh": numeric(np.sinh, 1),
    "sqrt": numeric(np.sqrt, 1),
    "sum": Function(_running_sum, "n", 1, 1),
    "tan": numeric(np.tan, 1),
    "tanh": numeric(np.tanh, 1),
    "trigamma": numeric(lambda x: special("polygamma")(1, x), 1),
    "trunc": _keeping_codes(np.trunc, 1),
}
