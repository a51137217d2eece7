"""The functions of ``egen`` ([D] egen): what each takes and how its values are made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.commands.data.egen_request import EgenFunction, FloatArray, Request, StringArray
from engine.commands.data.egen_rows import ROW_FUNCTIONS
from engine.data import groupstats
from engine.data.missing import MISSING, all_numbers, is_missing, none_missing
from engine.errors import StataError
from engine.frame.groups import Codes, code_paths, code_variable
from engine.frame.resolve import resolve_name
from engine.lang.numlist import parse_numlist


def _per_group(statistic: Callable[[FloatArray, npt.NDArray[np.int64], int, Request], FloatArray]) -> EgenFunction:
    """Return a function that gives every observation of the sample a statistic of its group."""

    def run(request: Request) -> FloatArray:
        values, codes = request.numbers(), request.codes.values
        if request.sample.all() and none_missing(values):
            found = statistic(values, codes, request.codes.n_groups, request)
        else:
            used = request.sample & ~is_missing(values)
            found = statistic(values[used], codes[used], request.codes.n_groups, request)
        return missing_doubles(found)[codes] if len(found) else np.full(len(values), np.nan)

    return EgenFunction(run)


def _with(function: EgenFunction, *options: str) -> EgenFunction:
    return EgenFunction(function.run, function.byable, frozenset(options), function.storage, function.bare)


def _percentile(values: FloatArray, codes: npt.NDArray[np.int64], count: int, request: Request) -> FloatArray:
    percent = request.number("p", 50.0)
    if not 0 < percent < 100:
        raise StataError(198, "p() takes a percentage between 0 and 100")
    return groupstats.percentiles(values, codes, count, percent)


def _interquartile(values: FloatArray, codes: npt.NDArray[np.int64], count: int, _: Request) -> FloatArray:
    upper, lower = (groupstats.percentiles(values, codes, count, p) for p in (75.0, 25.0))
    return upper - lower


def _shape(power: int, half: float) -> Callable[[FloatArray, npt.NDArray[np.int64], int, Request], FloatArray]:
    """Return a moment ratio: skewness (3, 1.5) or kurtosis (4, 2)."""

    def run(values: FloatArray, codes: npt.NDArray[np.int64], count: int, _: Request) -> FloatArray:
        moment = groupstats.central_moments(values, codes, count, power)
        with np.errstate(invalid="ignore", divide="ignore"):
            result: FloatArray = moment / groupstats.central_moments(values, codes, count, 2) ** half
        return result

    return run


def _total(values: FloatArray, codes: npt.NDArray[np.int64], count: int, request: Request) -> FloatArray:
    sums = groupstats.totals(values, codes, count)
    if request.part.has("missing"):
        return np.where(groupstats.counts(codes, count) > 0, sums, np.nan)
    return sums


def _rank(request: Request) -> FloatArray:
    values = request.numbers()
    asked = [word for word in ("field", "track", "unique") if request.part.has(word)]
    if len(asked) > 1:
        raise StataError(184, f"options {asked[0]} and {asked[1]} may not be combined")
    used = request.sample & ~is_missing(values)
    result = np.full(len(values), np.nan)
    result[used] = groupstats.ranks(values[used], request.codes.values[used], ties=(asked or ["average"])[0])
    return result


def _joint(request: Request, *, missing: bool) -> tuple[Codes, npt.NDArray[np.bool_]]:
    """Return the codes of the combinations of the argument's variables, and the rows that have one."""
    data = request.context.dataset
    used = request.sample.copy()
    for name in request.names():
        text = data.variable(name).is_string
        absent = data.texts(name) == "" if text else is_missing(data.numeric(name))
        used &= missing | ~np.asarray(absent, dtype=bool)
    return code_paths([code_variable(data, name, used) for name in request.names()])[-1], used


def _group(request: Request) -> FloatArray:
    codes, used = _joint(request, missing=request.part.has("missing"))
    result = np.full(len(used), np.nan)
    result[used] = codes.values + 1.0
    return result


def _tag(request: Request) -> FloatArray:
    codes, used = _joint(request, missing=request.part.has("missing"))
    result = np.zeros(len(used))
    result[np.flatnonzero(used)[codes.first_rows()]] = 1.0
    return result


def _standardized(request: Request) -> FloatArray:
    values = request.numbers()
    used = request.sample & ~is_missing(values)
    place = np.zeros(int(used.sum()), dtype=np.int64)
    mean = groupstats.means(values[used], place, 1)[0]
    sd = groupstats.standard_deviations(values[used], place, 1)[0]
    result = np.full(len(values), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        result[used] = request.number("mean", 0.0) + request.number("sd", 1.0) * (values[used] - mean) / sd
    return result


def _sequence(request: Request) -> FloatArray:
    """Count from from() to to() within groups, block() times each."""
    used = np.flatnonzero(request.sample)
    codes = request.codes.values[used]
    order = np.argsort(codes, kind="stable")
    sizes = np.bincount(codes, minlength=request.codes.n_groups)
    position = np.empty(len(used), dtype=np.int64)
    position[order] = np.arange(len(used)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    first, block = int(request.number("from", 1)), int(request.number("block", 1))
    turn = position // block
    if request.part.has("to"):
        last = int(request.number("to", 1))
        turn %= abs(last - first) + 1
        turn = turn if last >= first else -turn
    result = np.full(len(request.sample), np.nan)
    result[used] = first + turn
    return result


def _cut(request: Request) -> FloatArray:
    """Give each value the left end of its interval, or a number with icodes or group()."""
    data = request.context.dataset
    name = resolve_name(request.argument.strip(), data, request.span)
    if data.variable(name).is_string:
        raise StataError(109, f"type mismatch: {name} holds text", request.span)
    values = data.numeric(name)
    used = request.sample & ~is_missing(values)
    at, groups = request.part.option("at"), request.part.option("group")
    if (at is None) == (groups is None):
        raise StataError(198, "cut() needs at(numbers) or group(#)")
    if groups is not None:
        number = int(float(groups.argument or 0))
        ranked = groupstats.ranks(values[used], np.zeros(int(used.sum()), dtype=np.int64), ties="track") - 1.0
        found = np.floor(ranked * number / max(int(used.sum()), 1))
        inside = np.ones(len(found), dtype=bool)
    else:
        ends = np.array(parse_numlist(at.argument or "" if at is not None else ""))
        if len(ends) < 2 or (np.diff(ends) <= 0).any():
            raise StataError(198, "at() takes two or more numbers in ascending order")
        place = np.searchsorted(ends, values[used], side="right") - 1
        inside = (place >= 0) & (place < len(ends) - 1)
        found = np.where(inside, place, 0).astype(np.float64)
        if not (request.part.has("icodes") or request.part.has("label")):
            found = ends[found.astype(np.int64)]
    result = np.full(len(values), np.nan)
    result[used] = np.where(inside, found, np.nan)
    return result


def _percent_of_total(request: Request) -> FloatArray:
    values = request.numbers()
    used = request.sample & ~is_missing(values)
    sums = groupstats.totals(values[used], request.codes.values[used], request.codes.n_groups)
    scale = 1.0 if request.part.has("prop") else 100.0
    result = np.full(len(values), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        result[used] = scale * values[used] / sums[request.codes.values[used]]
    return result


def _deviation(
    centre: Callable[[FloatArray, npt.NDArray[np.int64], int], FloatArray],
) -> Callable[[FloatArray, npt.NDArray[np.int64], int, Request], FloatArray]:
    """Return the centre of absolute deviations from the centre: mad with medians, mdev with means."""

    def run(values: FloatArray, codes: npt.NDArray[np.int64], count: int, _: Request) -> FloatArray:
        return centre(np.abs(values - centre(values, codes, count)[codes]), codes, count)

    return run


def _medians(values: FloatArray, codes: npt.NDArray[np.int64], count: int) -> FloatArray:
    return groupstats.percentiles(values, codes, count, 50.0)


def _count(request: Request) -> FloatArray:
    """Count the values, numbers or text, that are not missing."""
    values = request.context.values(request.expression())
    present = np.asarray(values != "", dtype=bool) if values.dtype == object else ~is_missing(values)
    used = request.sample & present
    found = groupstats.counts(request.codes.values[used], request.codes.n_groups)
    return found[request.codes.values] if len(found) else np.full(len(values), np.nan)


def _mode(request: Request) -> FloatArray | StringArray:
    """Give the most frequent value of each group; missing, with a note, where several are."""
    values = request.context.values(request.expression())
    text = values.dtype == object
    present = np.asarray(values != "", dtype=bool) if text else ~is_missing(values)
    used = request.sample & (present | request.part.has("missing"))
    blank: Any = "" if text else np.nan
    result = np.full(len(values), blank, dtype=values.dtype)
    if not used.any():
        return result
    distinct, place = np.unique(values[used], return_inverse=True)
    groups, n_groups = request.codes.values[used], request.codes.n_groups
    pairs, size = np.unique(groups * len(distinct) + place, return_counts=True)
    group = pairs // len(distinct)
    most = np.zeros(n_groups, dtype=np.int64)
    np.maximum.at(most, group, size)
    best = size == most[group]
    group, value = group[best], pairs[best] % len(distinct)
    n_modes = np.bincount(group, minlength=n_groups)
    starts = np.cumsum(n_modes) - n_modes
    wanted = 1
    asked = [word for word in ("minmode", "maxmode", "nummode") if request.part.has(word)]
    if len(asked) > 1:
        raise StataError(184, f"options {asked[0]} and {asked[1]} may not be combined")
    if asked == ["nummode"]:
        wanted = int(request.number("nummode", 1))
    several = n_modes > 1
    place_of = starts + np.where(asked == ["maxmode"], n_modes, wanted) - 1
    there = (n_modes >= wanted) & (np.full(n_groups, bool(asked)) | ~several)
    if several.any() and not asked:
        request.context.say("Warning: at least one group contains multiple modes; generated missing values for them.")
    chosen = distinct[value[np.where(there, place_of, 0)]]
    filled = used if request.part.has("missing") else request.sample
    rows = filled & there[request.codes.values]
    result[rows] = chosen[request.codes.values[rows]]
    return result


def _fill(request: Request) -> FloatArray:
    """Go on with a pattern: numbers that repeat, or grow by the same amount, after so many places."""
    numbers = parse_numlist(request.argument, request.span[0])
    first = np.array(numbers)
    if len(first) < 2:
        raise StataError(198, "fill() takes two or more numbers, such as fill(1 2) or fill(1 1 2 2)", request.span)
    for period in range(1, len(first) // 2 + 1):
        steps = first[period:] - first[:-period]
        if (steps == steps[0]).all():
            break
    else:
        raise StataError(198, "fill(): the numbers show no pattern that could go on", request.span)
    n = len(request.sample)
    position = np.arange(n)
    result: FloatArray = first[position % period] + steps[0] * (position // period)
    return result


EGEN: dict[str, EgenFunction] = {
    "mean": _per_group(lambda v, c, n, _: groupstats.means(v, c, n)),
    "sd": _per_group(lambda v, c, n, _: groupstats.standard_deviations(v, c, n)),
    "min": _per_group(lambda v, c, n, _: groupstats.extremes(v, c, n, largest=False)),
    "max": _per_group(lambda v, c, n, _: groupstats.extremes(v, c, n, largest=True)),
    "total": _with(_per_group(_total), "missing"),
    "sum": _with(_per_group(_total), "missing"),
    "count": EgenFunction(_count),
    "median": _per_group(lambda v, c, n, _: groupstats.percentiles(v, c, n, 50.0)),
    "pctile": _with(_per_group(_percentile), "p"),
    "iqr": _per_group(_interquartile),
    "skew": _per_group(_shape(3, 1.5)),
    "kurt": _per_group(_shape(4, 2.0)),
    "mad": _per_group(_deviation(_medians)),
    "mdev": _per_group(_deviation(groupstats.means)),
    "mode": EgenFunction(_mode, options=frozenset({"minmode", "maxmode", "nummode", "missing"})),
    "fill": EgenFunction(_fill, byable=False),
    "pc": EgenFunction(_percent_of_total, options=frozenset({"prop"})),
    "rank": EgenFunction(_rank, options=frozenset({"field", "track", "unique"})),
    "seq": EgenFunction(_sequence, options=frozenset({"from", "to", "block"}), bare=True),
    "group": EgenFunction(_group, byable=False, options=frozenset({"missing", "label"})),
    "tag": EgenFunction(_tag, byable=False, options=frozenset({"missing"}), storage="byte"),
    "std": EgenFunction(_standardized, byable=False, options=frozenset({"mean", "sd"})),
    "cut": EgenFunction(_cut, byable=False, options=frozenset({"at", "group", "icodes", "label"})),
    **ROW_FUNCTIONS,
}
"""Name -> function."""


def missing_doubles(values: FloatArray) -> FloatArray:
    """Return values with ``.`` for NaN and what is too large for a number."""
    if all_numbers(values):
        return values
    return np.where(np.abs(values) < MISSING, values, MISSING)
