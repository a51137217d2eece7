"""``over()``: the categories along the axis of ``graph box``, ``bar`` and ``dot``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.commands.base import Context
from engine.commands.graphs.graph_panels import absent, value_word
from engine.commands.graphs.graph_words import Argument, read_argument
from engine.errors import StataError
from engine.frame.groups import code_paths, code_variable
from engine.frame.resolve import resolve_names
from engine.graphs.categories import Group
from engine.graphs.overlay import BoolArray
from engine.lang.command import OptionUse
from engine.lang.tokens import Kind, string_value, tokenize

MOST_CATEGORIES = 1000
_OPTIONS = {"sort": 4, "descending": 3, "relabel": 5, "label": 3, "total": 5, "missing": 4}


@dataclass(frozen=True, slots=True)
class Over:
    """The variable of an ``over()`` and what its sub-options say."""

    name: str
    argument: Argument

    @property
    def angle(self) -> float:
        """Angle of the labels (``label(angle(45))``)."""
        text = (self.argument.options.get("label") or "").replace(" ", "")
        if not text:
            return 0.0
        if not (text.startswith("angle(") and text.endswith(")")):
            raise self.argument.wrong("label() takes angle()")
        words = {"vertical": 90.0, "horizontal": 0.0, "forty_five": 45.0, "ninety": 90.0}
        inside = text[6:-1]
        try:
            return words[inside] if inside in words else float(inside)
        except ValueError:
            raise self.argument.wrong(f"angle({inside}) is no angle") from None


def read_over(uses: Sequence[OptionUse], context: Context) -> list[Over]:
    """Return the ``over()`` options, the inner one first; r(198) for more than two."""
    if len(uses) > 2:
        raise StataError(198, "over() may be given twice at most", uses[2].span)
    found = []
    for use in uses:
        argument = read_argument(use, _OPTIONS)
        names = resolve_names(argument.text, context.dataset, span=argument.span) if argument.text else ()
        if len(names) != 1:
            raise argument.wrong("it takes one variable")
        found.append(Over(names[0], argument))
    return found


def categories(
    overs: Sequence[Over], context: Context, mask: BoolArray, order: Callable[[Group], float] | None = None
) -> list[Group]:
    """Return the categories with their rows in ascending order of the variables, the outer one varying slowest.

    Parameters
    ----------
    overs, context, mask
        The variables (inner first) and the observations.
    order
        What ``sort(1)`` sorts by within an outer group.

    Raises
    ------
    StataError
        198 for more than 1,000 categories, 2000 without observations.
    """
    dataset = context.dataset
    for over in overs:
        if "missing" not in over.argument.options:
            mask = mask & ~absent(dataset, over.name)
    rows = np.flatnonzero(mask)
    if not len(rows):
        raise StataError(2000, "no observations")
    if not overs:
        return [Group("", "", rows)]
    codes = code_paths([code_variable(dataset, over.name, mask) for over in reversed(overs)])[-1]
    if codes.n_groups > MOST_CATEGORIES:
        message = f"over() would draw {codes.n_groups:,} categories; the most is {MOST_CATEGORIES:,}"
        raise StataError(198, message, overs[0].argument.span)
    by_group = np.split(rows[np.argsort(codes.values, kind="stable")], np.cumsum(codes.sizes())[:-1])
    groups = [_group(overs, context, part) for part in by_group]
    if order is not None and "sort" in overs[0].argument.options:
        groups = _sorted(groups, order, descending="descending" in overs[0].argument.options)
    elif "descending" in overs[0].argument.options:
        groups = _sorted(groups, lambda group: -groups.index(group), descending=False)
    groups = _relabelled(groups, overs[0].argument)
    if "total" in overs[0].argument.options:
        groups.append(Group("Total", "" if len(overs) == 1 else " ", rows))
    return groups


def _group(overs: Sequence[Over], context: Context, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Group:
    words = [value_word(context.dataset, over.name, int(rows[0])) or "(missing)" for over in overs]
    return Group(words[0], words[1] if len(words) > 1 else "", rows)


def _sorted(groups: list[Group], order: Callable[[Group], float], *, descending: bool) -> list[Group]:
    outer = list(dict.fromkeys(group.outer for group in groups))
    sign = -1.0 if descending else 1.0
    keys = {id(group): order(group) for group in groups}
    return sorted(groups, key=lambda group: (outer.index(group.outer), sign * keys[id(group)]))


def _relabelled(groups: list[Group], argument: Argument) -> list[Group]:
    text = argument.options.get("relabel")
    if not text:
        return groups
    tokens = tokenize(text)
    labels = list(dict.fromkeys(group.label for group in groups))
    names: dict[str, str] = {}
    for number, word in zip(tokens[::2], tokens[1::2], strict=False):
        if not number.text.isdecimal() or not 1 <= int(number.text[:6]) <= len(labels) or word.kind is not Kind.STRING:
            raise argument.wrong('relabel() lists numbers of categories with texts: 1 "first" 2 "second"')
        names[labels[int(number.text) - 1]] = string_value(word.text)
    return [replace(group, label=names.get(group.label, group.label)) for group in groups]
