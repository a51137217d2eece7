"""The functions of ``egen`` that look at several variables of one observation ([D] egen)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from engine.commands.data.egen_request import EgenFunction, FloatArray, Request, StringArray
from engine.data.formats import check_format, format_value
from engine.data.missing import is_missing
from engine.errors import StataError
from engine.lang.numlist import parse_numlist
from engine.lang.tokens import string_value


def _any(matched: Callable[[npt.NDArray[np.bool_]], FloatArray]) -> EgenFunction:
    def run(request: Request) -> FloatArray:
        return matched(np.isin(request.columns(), _wanted(request)))

    return EgenFunction(run, byable=False, options=frozenset({"values"}))


def _wanted(request: Request) -> FloatArray:
    """Return the numbers of values()."""
    use = request.part.option("values")
    if use is None or not use.argument:
        raise StataError(198, "option values() is needed: the whole numbers to look for")
    return np.array(parse_numlist(use.argument))


def _any_value(request: Request) -> FloatArray:
    """Give the value where it is one of those asked for."""
    table = request.columns()
    if table.shape[1] != 1:
        raise StataError(103, "anyvalue() takes one variable", request.span)
    return np.where(np.isin(table[:, 0], _wanted(request)), table[:, 0], np.nan)


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


def _mean(table: FloatArray) -> FloatArray:
    mean: FloatArray = np.nansum(table, axis=1) / (~np.isnan(table)).sum(axis=1)
    return mean


def _sd(table: FloatArray) -> FloatArray:
    count = (~np.isnan(table)).sum(axis=1)
    squares = np.nansum((table - _mean(table)[:, None]) ** 2, axis=1)
    return np.where(count > 1, np.sqrt(squares / (count - 1)), np.nan)


def _ranked(table: FloatArray, percent: float) -> FloatArray:
    """Return a percentile of each row by the rule of ``summarize``; NaN sorts behind the numbers."""
    ordered = np.sort(table, axis=1)
    count = (~np.isnan(table)).sum(axis=1)
    position = count * percent / 100.0
    index = np.floor(position).astype(np.int64)
    whole = (position == index) & (index > 0) & (index < count)
    upper = np.clip(index, 0, np.maximum(count - 1, 0))
    lower = np.where(whole, index - 1, upper)
    rows = np.arange(len(table))
    result: FloatArray = (ordered[rows, lower] + ordered[rows, upper]) / 2.0
    return result


def _row_percentile(request: Request) -> FloatArray:
    percent = request.number("p", 50.0)
    if not 0 < percent < 100:
        raise StataError(198, "p() takes a percentage between 0 and 100")
    return _ranked(request.columns(), percent)


def _end(table: FloatArray, *, last: bool) -> FloatArray:
    """Return the first or last value that is not missing."""
    turned = table[:, ::-1] if last else table
    place = np.argmax(~np.isnan(turned), axis=1)
    result: FloatArray = turned[np.arange(len(table)), place]
    return result


def _counted(request: Request, *, missing: bool) -> FloatArray:
    count = np.zeros(len(request.sample))
    data = request.context.dataset
    for name in request.names():
        text = data.variable(name).is_string
        absent = np.asarray(data.texts(name) == "" if text else is_missing(data.numeric(name)), dtype=bool)
        count += absent == missing
    return count


def _differs(request: Request) -> FloatArray:
    """Tell whether the variables are not all alike."""
    data = request.context.dataset
    names = request.names()
    kinds = {data.variable(name).is_string for name in names}
    if len(names) < 2 or len(kinds) > 1:
        raise StataError(109, "diff() takes two or more variables, all numbers or all text", request.span)
    columns = [data.texts(name) if True in kinds else data.numeric(name) for name in names]
    result = np.zeros(len(request.sample), dtype=bool)
    for column in columns[1:]:
        result |= np.asarray(column != columns[0], dtype=bool)
    return result.astype(np.float64)


def _concatenated(request: Request) -> StringArray:
    """Return the variables as text, one behind the other."""
    data, part = request.context.dataset, request.part
    punct, fmt = part.option("punct"), part.option("format")
    between = ""
    if punct is not None and punct.argument:
        between = string_value(punct.argument) if punct.argument[:1] in '`"' else punct.argument
    if fmt is not None and fmt.argument:
        check_format(fmt.argument, text=False)
    pieces: list[list[str]] = []
    for name in request.names():
        variable = data.variable(name)
        if variable.is_string:
            pieces.append([str(text) for text in data.texts(name)])
            continue
        form = fmt.argument if fmt is not None and fmt.argument else "%18.0g"
        values, where = np.unique(data.numeric(name), return_inverse=True)
        labels = data.labels_of(name) if part.has("decode") else {}
        texts = [labels.get(value) or format_value(value, form) for value in values.tolist()]
        pieces.append([texts[k] for k in where.tolist()])
    result = np.empty(len(request.sample), dtype=object)
    result[:] = [between.join(row) for row in zip(*pieces, strict=True)]
    return result


def _part_of_text(request: Request) -> StringArray:
    """Return the first word (or what head, tail, last ask for) of a text."""
    texts = request.context.values(request.expression())
    if texts.dtype != object:
        raise StataError(109, "type mismatch: ends() takes text", request.span)
    use = request.part.option("punct")
    sign = " "
    if use is not None and use.argument:
        sign = string_value(use.argument) if use.argument[:1] in '`"' else use.argument
    asked = [word for word in ("head", "tail", "last") if request.part.has(word)]
    if len(asked) > 1:
        raise StataError(184, f"options {asked[0]} and {asked[1]} may not be combined")
    cut: Callable[[str], str] = {
        "tail": lambda text: text.strip().partition(sign)[2],
        "last": lambda text: text.strip().rpartition(sign)[2],
    }.get(asked[0] if asked else "", lambda text: text.strip().partition(sign)[0])
    if request.part.has("trim"):
        plain = cut
        cut = lambda text: plain(text).strip()  # noqa: E731
    result = np.empty(len(texts), dtype=object)
    result[:] = [cut(str(text)) for text in texts]
    return result


_MEDIAN = _row(lambda table: _ranked(table, 50.0))
_TOTAL = _row(lambda table: np.nansum(table, axis=1), missing=True)
_MISSING = EgenFunction(lambda request: _counted(request, missing=True), byable=False)

ROW_FUNCTIONS: dict[str, EgenFunction] = {
    "anycount": _any(lambda found: np.asarray(found.sum(axis=1), dtype=np.float64)),
    "anymatch": _any(lambda found: np.asarray(found.any(axis=1), dtype=np.float64)),
    "anyvalue": EgenFunction(_any_value, byable=False, options=frozenset({"values"})),
    "rowmean": _row(_mean),
    "rowsd": _row(_sd),
    "rowmin": _row(lambda table: np.fmin.reduce(table, axis=1)),
    "rowmax": _row(lambda table: np.fmax.reduce(table, axis=1)),
    "rowmedian": _MEDIAN,
    "rowpctile": EgenFunction(_row_percentile, byable=False, options=frozenset({"p"})),
    "rowfirst": _row(lambda table: _end(table, last=False)),
    "rowlast": _row(lambda table: _end(table, last=True)),
    "rowtotal": _TOTAL,
    "rowsum": _TOTAL,
    "rowmiss": _MISSING,
    "rownonmiss": EgenFunction(lambda request: _counted(request, missing=False), byable=False),
    "diff": EgenFunction(_differs, byable=False, storage="byte"),
    "concat": EgenFunction(_concatenated, byable=False, options=frozenset({"punct", "format", "decode"})),
    "ends": EgenFunction(_part_of_text, byable=False, options=frozenset({"punct", "head", "tail", "last", "trim"})),
}
"""Name -> function."""
