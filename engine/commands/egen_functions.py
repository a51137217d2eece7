"""The functions of ``egen`` ([D] egen): what each takes and how its values are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context
from engine.data import groupstats
from engine.data.missing import MISSING, is_missing
from engine.errors import Span, StataError
from engine.frame.groups import Codes, code_paths, code_variable
from engine.frame.resolve import resolve_name, resolve_names
from engine.lang.command import Part
from engine.lang.numlist import parse_numlist
from engine.lang.parse_expr import parse_expression

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """One call: the text in the brackets, where it stands, the sample, and the group of each observation."""

    argument: str
    span: Span
    part: Part
    context: Context
    sample: npt.NDArray[np.bool_]
    codes: Codes

    def numbers(self) -> FloatArray:
        """Return the values of the argument as an expression; r(109) for text."""
        values = self.context.values(parse_expression(self.argument, self.span[0]))
        if values.dtype == object:
            raise StataError(109, "type mismatch: a number is needed here, not text", self.span)
        return values

    def names(self) -> tuple[str, ...]:
        """Return the argument as variables."""
        found = resolve_names(self.argument, self.context.dataset, span=self.span)
        if not found:
            raise StataError(100, "varlist required", self.span)
        return found

    def columns(self) -> FloatArray:
        """Return the argument's variables, shape (n_obs, k), NaN where missing."""
        data = self.context.dataset
        for name in self.names():
            if data.variable(name).is_string:
                raise StataError(109, f"type mismatch: {name} holds text", self.span)
        stacked = np.column_stack([data.numeric(name) for name in self.names()])
        return np.where(is_missing(stacked), np.nan, stacked)

    def number(self, option: str, default: float) -> float:
        """Return the argument of a numeric option."""
        use = self.part.option(option)
        return default if use is None or use.argument is None else float(use.argument)


@dataclass(frozen=True, slots=True)
class EgenFunction:
    """One function; `options` are those it takes besides by(), `bare` says that it needs no argument."""

    run: Callable[[Request], FloatArray]
    byable: bool = True
    options: frozenset[str] = field(default_factory=frozenset)
    storage: str = "float"
    bare: bool = False


def _per_group(statistic: Callable[[FloatArray, npt.NDArray[np.int64], int, Request], FloatArray]) -> EgenFunction:
    """Return a function that gives every observation of the sample a statistic of its group."""

    def run(request: Request) -> FloatArray:
        values = request.numbers()
        used = request.sample & ~is_missing(values)
        found = statistic(values[used], request.codes.values[used], request.codes.n_groups, request)
        return found[request.codes.values] if len(found) else np.full(len(values), np.nan)

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
        if not request.part.has("icodes"):
            found = ends[found.astype(np.int64)]
    result = np.full(len(values), np.nan)
    result[used] = np.where(inside, found, np.nan)
    return result


def _any(matched: Callable[[npt.NDArray[np.bool_]], FloatArray]) -> EgenFunction:
    def run(request: Request) -> FloatArray:
        use = request.part.option("values")
        if use is None or not use.argument:
            raise StataError(198, "option values() is needed: the whole numbers to look for")
        wanted = np.array(parse_numlist(use.argument))
        return matched(np.isin(request.columns(), wanted))

    return EgenFunction(run, byable=False, options=frozenset({"values"}))


def _row(statistic: Callable[[FloatArray], FloatArray], *, missing: bool = False) -> EgenFunction:
    """Return a function of several variables of one observation."""

    def run(request: Request) -> FloatArray:
        table = request.columns()
        absent = np.isnan(table).all(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            found = statistic(table)
        empty = absent & (not missing or request.part.has("missing"))
        return np.where(empty, np.nan, found)

    return EgenFunction(run, byable=False, options=frozenset({"missing"} if missing else ()))


def _row_mean(table: FloatArray) -> FloatArray:
    mean: FloatArray = np.nansum(table, axis=1) / (~np.isnan(table)).sum(axis=1)
    return mean


def _row_sd(table: FloatArray) -> FloatArray:
    count = (~np.isnan(table)).sum(axis=1)
    squares = np.nansum((table - _row_mean(table)[:, None]) ** 2, axis=1)
    return np.where(count > 1, np.sqrt(squares / (count - 1)), np.nan)


def _percent_of_total(request: Request) -> FloatArray:
    values = request.numbers()
    used = request.sample & ~is_missing(values)
    sums = groupstats.totals(values[used], request.codes.values[used], request.codes.n_groups)
    scale = 1.0 if request.part.has("prop") else 100.0
    result = np.full(len(values), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        result[used] = scale * values[used] / sums[request.codes.values[used]]
    return result


def _rows_of(request: Request, *, missing: bool) -> FloatArray:
    count = np.zeros(len(request.sample))
    data = request.context.dataset
    for name in request.names():
        text = data.variable(name).is_string
        absent = np.asarray(data.texts(name) == "" if text else is_missing(data.numeric(name)), dtype=bool)
        count += absent == missing
    return count


EGEN: dict[str, EgenFunction] = {
    "mean": _per_group(lambda v, c, n, _: groupstats.means(v, c, n)),
    "sd": _per_group(lambda v, c, n, _: groupstats.standard_deviations(v, c, n)),
    "min": _per_group(lambda v, c, n, _: groupstats.extremes(v, c, n, largest=False)),
    "max": _per_group(lambda v, c, n, _: groupstats.extremes(v, c, n, largest=True)),
    "total": _with(_per_group(_total), "missing"),
    "sum": _with(_per_group(_total), "missing"),
    "count": _per_group(lambda v, c, n, _: groupstats.counts(c, n)),
    "median": _per_group(lambda v, c, n, _: groupstats.percentiles(v, c, n, 50.0)),
    "pctile": _with(_per_group(_percentile), "p"),
    "iqr": _per_group(_interquartile),
    "skew": _per_group(_shape(3, 1.5)),
    "kurt": _per_group(_shape(4, 2.0)),
    "pc": EgenFunction(_percent_of_total, options=frozenset({"prop"})),
    "rank": EgenFunction(_rank, options=frozenset({"field", "track", "unique"})),
    "seq": EgenFunction(_sequence, options=frozenset({"from", "to", "block"}), bare=True),
    "group": EgenFunction(_group, byable=False, options=frozenset({"missing", "label"})),
    "tag": EgenFunction(_tag, byable=False, options=frozenset({"missing"}), storage="byte"),
    "std": EgenFunction(_standardized, byable=False, options=frozenset({"mean", "sd"})),
    "cut": EgenFunction(_cut, byable=False, options=frozenset({"at", "group", "icodes"})),
    "anycount": _any(lambda found: np.asarray(found.sum(axis=1), dtype=np.float64)),
    "anymatch": _any(lambda found: np.asarray(found.any(axis=1), dtype=np.float64)),
    "rowmean": _row(_row_mean),
    "rowsd": _row(_row_sd),
    "rowmin": _row(lambda table: np.fmin.reduce(table, axis=1)),
    "rowmax": _row(lambda table: np.fmax.reduce(table, axis=1)),
    "rowtotal": _row(lambda table: np.nansum(table, axis=1), missing=True),
    "rowmiss": EgenFunction(lambda request: _rows_of(request, missing=True), byable=False),
    "rownonmiss": EgenFunction(lambda request: _rows_of(request, missing=False), byable=False),
}
"""Name -> function."""


def missing_doubles(values: FloatArray) -> FloatArray:
    """Return values with ``.`` for NaN and what is too large for a number."""
    return np.where(np.abs(values) < MISSING, values, MISSING)
