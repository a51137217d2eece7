"""Names as typed to names in the data: abbreviations, wildcards, ranges."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextvars import ContextVar

from engine.data.dataset import Dataset
from engine.data.names import why_illegal
from engine.data.panel import panel_of
from engine.errors import Span, StataError
from engine.lang.abbrev import nearest
from engine.lang.parse_varlist import parse_varlist
from engine.lang.varlist import PLAIN, FactorKind, Group, Interaction, Operator, VarList, VarListItem, VarRange, VarRef

ALL = "_all"
_WILDCARDS = re.compile(r"[*?~]")


ABBREVIATED: ContextVar[bool] = ContextVar("ABBREVIATED", default=True)
"""Whether names may be abbreviated; the session sets it for the command that runs (``set varabbrev``)."""


def resolve_name(name: str, dataset: Dataset, span: Span | None = None) -> str:
    """Return the full name of the one variable that `name` is, or unambiguously begins.

    Raises
    ------
    StataError
        111 when there is none (with the nearest name, where one is near) or when several begin so.
    """
    if name in dataset.columns:
        return name
    if _WILDCARDS.search(name):
        found = _matching(name, dataset, span)
        if len(found) > 1:
            raise StataError(111, f"{name} ambiguous abbreviation: {_enumeration(found)}", span)
        return found[0]
    found = [full for full in dataset.names if full.startswith(name)] if ABBREVIATED.get() else []
    if len(found) == 1:
        return found[0]
    if found:
        raise StataError(111, f"{name} ambiguous abbreviation: {_enumeration(found)}", span)
    raise not_found(name, dataset, span)


def resolve_names(
    varlist: VarList | str,
    dataset: Dataset,
    *,
    span: Span | None = None,
    unique: bool = True,
    time_series: bool = False,
) -> tuple[str, ...]:
    """Return the full names in a plain varlist, in the order typed; an empty varlist gives none.

    `span` is where the varlist stands in the command; a variable named twice appears once, unless `unique` is false.
    With `time_series` names may stand behind operators: ``L.x`` is returned under this name, which the data know.

    Raises
    ------
    StataError
        101 for factor-variable or time-series operators, 111 for names that are not there.
    """
    offset = span[0] if span else 0
    if isinstance(varlist, str):
        varlist = parse_varlist(varlist, offset)
    names = [name for item in varlist.items for name in _names_of(item, dataset, time_series=time_series)]
    return tuple(dict.fromkeys(names)) if unique else tuple(names)


def check_new_name(name: str, dataset: Dataset, span: Span | None = None) -> str:
    """Return `name` when a variable may be created under it; 198 for what is no name, 110 when it exists."""
    if reason := why_illegal(name):
        raise StataError(198, f"{name} invalid name: {reason}", span)
    if name in dataset.columns:
        raise StataError(110, f"variable {name} already defined", span)
    return name


def not_found(name: str, dataset: Dataset, span: Span | None = None) -> StataError:
    """Return the error for a name that no variable has or begins with."""
    if not dataset.variables:
        return StataError(111, f"variable {name} not found; there are no data in memory", span)
    near = nearest(name, dataset.names)
    hint = f"; did you mean {near}?" if near else ""
    return StataError(111, f"variable {name} not found{hint}", span)


def expand_reference(item: VarRef | VarRange, dataset: Dataset) -> tuple[str, ...]:
    """Return the variables a name with wildcards, ``_all`` or a range stands for; its operator is not looked at."""
    if isinstance(item, VarRange):
        first = dataset.names.index(resolve_name(item.first, dataset, item.span))
        last = dataset.names.index(resolve_name(item.last, dataset, item.span))
        if first > last:
            message = f"{item.first}-{item.last}: {item.last} comes before {item.first} in the data"
            raise StataError(111, message, item.span)
        return dataset.names[first : last + 1]
    if item.name == ALL:
        return dataset.names
    if re.search(r"[*?]", item.name):
        return tuple(_matching(item.name, dataset, item.span))
    return (resolve_name(item.name, dataset, item.span),)


def _names_of(item: VarListItem, dataset: Dataset, *, time_series: bool, outer: Operator = PLAIN) -> Iterator[str]:
    if isinstance(item, Interaction):
        raise StataError(101, "factor-variable operators not allowed", item.span)
    operator = item.operator if item.operator != PLAIN else outer
    if not (time_series and operator == Operator(time=operator.time)):
        _refuse_operator(operator, item.span)
    if isinstance(item, Group):
        for inner in item.items:
            yield from _names_of(inner, dataset, time_series=time_series, outer=operator)
    else:
        for name in expand_reference(item, dataset):
            yield at_time(name, operator, dataset, item.span)


def at_time(name: str, operator: Operator, dataset: Dataset, span: Span | None) -> str:
    """Return the name of a variable behind a time-series operator; 111 when the data have no time variable."""
    if not operator.time:
        return name
    settings = panel_of(dataset)
    if settings is None or not settings.time:
        raise StataError(111, "time variable not set; use tsset timevar, or xtset panelvar timevar", span)
    if dataset.variable(name).is_string:
        raise StataError(109, f"type mismatch: {name} holds text, and {operator.time}. needs numbers", span)
    return f"{operator.time}.{name}"


def _refuse_operator(operator: Operator, span: Span | None) -> None:
    if operator == Operator():
        return
    plain = operator.kind is FactorKind.PLAIN and not operator.omit and not operator.omit_all
    if operator.time and plain and operator.levels is None:
        raise StataError(101, "time-series operators not allowed", span)
    raise StataError(101, "factor-variable operators not allowed", span)


def _matching(pattern: str, dataset: Dataset, span: Span | None) -> list[str]:
    """Return the names a pattern matches: ``*`` and ``~`` any characters, ``?`` exactly one."""
    expression = "".join({"*": ".*", "~": ".*", "?": "."}.get(c, re.escape(c)) for c in pattern)
    found = [name for name in dataset.names if re.fullmatch(expression, name)]
    if not found:
        raise StataError(111, f"variable {pattern} not found: no name matches it", span)
    return found


def _enumeration(names: Iterable[str]) -> str:
    shown = list(names)
    return ", ".join(shown[:4]) + (" …" if len(shown) > 4 else "")
