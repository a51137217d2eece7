"""What stands before the dot of ``ib2.x``: text to `Operator`."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.errors import Span, StataError
from engine.lang.numlist import MAX_NUMBERS, parse_numlist
from engine.lang.timeseries import canonical
from engine.lang.varlist import PLAIN, BaseKind, FactorKind, Operator

MAX_LEVEL = 32740
_STEP = re.compile(r"(?P<letter>[A-Za-z]?)(?:(?P<number>[0-9]+)|\((?P<list>[^()]*)\))?")
_BASES = {"first": BaseKind.FIRST, "last": BaseKind.LAST, "freq": BaseKind.FREQUENT, "none": BaseKind.NONE}


def read_operators(text: str, span: Span) -> list[Operator]:
    """Return the operator that `text` stands for, several when it holds a list of lags; `span` locates the errors."""
    operator, times, position = PLAIN, [""], 0
    seen = ""
    while position < len(text):
        match = _STEP.match(text, position)
        if match is None or match.end() == position:
            raise _invalid(text, span)
        letter, number, values = match["letter"], match["number"], match["list"]
        if letter.upper() in ("L", "F", "D", "S"):
            steps = [number or ""] if values is None else [str(n) for n in _integers(values, span)]
            if len(times) * len(steps) > MAX_NUMBERS:
                raise StataError(123, f"{text}. stands for too many variables", span)
            times = [time + letter + step for time in times for step in steps]
        elif times != [""] or (letter in seen if letter else position):
            raise _invalid(text, span)  # each of i c o b once, levels first, time operators last
        elif letter == "b" and text[match.end() : match.end() + 1] == "n" and number is None and values is None:
            operator = _based(operator, BaseKind.NONE, None)
            position = match.end() + 1
            continue
        elif letter == "b":
            operator = _read_base(operator, number, values, span)
        elif letter == "c" and number is None and values is None and operator.kind is not FactorKind.CATEGORICAL:
            operator = replace(operator, kind=FactorKind.CONTINUOUS)
        elif letter in ("i", "o", ""):
            operator = _read_levels(operator, letter, _levels(number, values, span), span)
        else:
            raise _invalid(text, span)
        seen += letter
        position = match.end()
    if operator.kind is FactorKind.CONTINUOUS and (operator.levels or operator.omit or operator.base_value is not None):
        raise _invalid(text, span)
    return [replace(operator, time=_canonical(time, text, span)) for time in times]


def _invalid(text: str, span: Span) -> StataError:
    if text == "R":
        return StataError(198, "R. stands only right after the level of a random-effects equation: || level: R.x", span)
    return StataError(198, f"{text}. invalid operator", span)


def _canonical(time: str, text: str, span: Span) -> str:
    result = canonical(time)
    if result is None:
        raise _invalid(text, span)
    return result


def _integers(text: str, span: Span) -> list[int]:
    numbers = parse_numlist(text, span[0])
    if not numbers or any(number != int(number) or number < 0 for number in numbers):
        raise StataError(121, f"invalid numlist: {text}; whole numbers from 0 are needed", span)
    return [int(number) for number in numbers]


def _levels(number: str | None, values: str | None, span: Span) -> tuple[int, ...] | None:
    if number is None and values is None:
        return None
    levels = (int(number[:9]),) if number is not None else tuple(_integers(values or "", span))
    if max(levels) > MAX_LEVEL:
        message = f"level {max(levels)} is too large: factor variables have whole values from 0 to {MAX_LEVEL:,}"
        raise StataError(452, message, span)
    return levels


def _based(operator: Operator, base: BaseKind, value: int | None) -> Operator:
    return replace(operator, kind=FactorKind.CATEGORICAL, base=base, base_value=value)


def _read_base(operator: Operator, number: str | None, values: str | None, span: Span) -> Operator:
    """Read what follows ``b``: ``2``, ``(#2)``, ``(first)`` or, after a level, nothing (``1b.x``)."""
    inside = (values or "").strip()
    if inside in _BASES:
        return _based(operator, _BASES[inside], None)
    if inside.startswith("#") and inside[1:].strip().isdecimal() and inside.isascii():
        order = int(inside[1:].strip()[:9])
        if order < 1:
            raise StataError(198, "ib(#1). is the smallest level: count from 1", span)
        return _based(operator, BaseKind.ORDER, order)
    levels = _levels(number, values, span)
    if levels is None and operator.levels is not None:
        levels = operator.levels
    if levels is None or len(levels) != 1:
        raise StataError(198, "a base is one level: ib2., ib(#2)., ib(first)., ib(last)., ib(freq). or ibn.", span)
    return _based(operator, BaseKind.VALUE, levels[0])


def _read_levels(operator: Operator, letter: str, levels: tuple[int, ...] | None, span: Span) -> Operator:
    """Read ``i``, ``i2``, ``2`` (these select levels), ``o2`` and ``o`` (these omit)."""
    if letter == "o" and levels is None:
        if operator.levels is not None:  # 2o.x: the level named before is omitted
            return replace(operator, omit=operator.levels)
        return replace(operator, omit_all=True)
    if operator.kind is FactorKind.CONTINUOUS:
        raise StataError(198, "c. and i. may not be combined", span)
    operator = replace(operator, kind=FactorKind.CATEGORICAL)
    if levels is None:
        return operator
    if letter == "o":
        return replace(operator, omit=operator.omit + levels)
    return replace(operator, levels=(operator.levels or ()) + levels)
