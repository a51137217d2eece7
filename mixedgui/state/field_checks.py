"""Checking what was typed into one field against the language and the data, without running anything."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from engine.api import (
    Dataset,
    Problem,
    StataError,
    parse_expression,
    parse_varlist,
    resolve_names,
    select,
    terms_of,
)
from mixedgui.state.model_parts import WeightState
from mixedgui.state.translation import tr

_ROW = re.compile(r"-?\d+|[fFlL]")


def variable_problems(text: str, dataset: Dataset, option: str, *, numeric: bool = False) -> list[Problem]:
    """Return what keeps `text` from naming exactly one variable of `dataset`."""
    try:
        names = resolve_names(text, dataset)
    except StataError as error:
        return [Problem(error.rc, error.message, option, error.span)]
    if len(names) != 1:
        return [Problem(103, tr("one variable belongs here, not {0}").format(len(names)), option, (0, len(text)))]
    return _string_problems(names, text, dataset, option) if numeric else []


def varlist_problems(
    text: str, dataset: Dataset, option: str, *, factors: bool = False, numeric: bool = False
) -> list[Problem]:
    """Return what keeps `text` from being a list of variables; with `factors` operators may stand before the names."""
    try:
        if factors:
            terms_of(parse_varlist(text), dataset)
            return []
        names = resolve_names(text, dataset)
    except StataError as error:
        return [Problem(error.rc, error.message, option, error.span)]
    return _string_problems(names, text, dataset, option) if numeric else []


def _string_problems(names: Sequence[str], text: str, dataset: Dataset, option: str) -> list[Problem]:
    said = tr("{name} is a string variable; choose a numeric one, or encode it first")
    strings = [name for name in names if dataset.variable(name).is_string]
    return [Problem(109, said.format(name=name), option, _span(text, name)) for name in strings]


def expression_problems(text: str, dataset: Dataset, option: str) -> list[Problem]:
    """Return what keeps `text` from being a condition on `dataset`."""
    if not text.strip():
        return []
    try:
        tree = parse_expression(text)
        if dataset.variables:
            select(first_row(dataset), tree, None)
    except StataError as error:
        return [Problem(error.rc, error.message, option, error.span)]
    return []


def by_problems(text: str, dataset: Dataset) -> list[Problem]:
    """Return what keeps `text` from naming the groups of ``by``; variables to sort by stand in brackets."""
    names = text.replace("(", " ").replace(")", " ")
    return [replace(p, span=None) for p in varlist_problems(names, dataset, "by")] if names.strip() else []


def weight_problems(weight: WeightState, dataset: Dataset) -> list[Problem]:
    """Return what is wrong with a weight."""
    if not weight.kind:
        return []
    if weight.expression.strip():
        return expression_problems(weight.expression, dataset, "weight_exp")
    return [Problem(100, tr("enter the weight variable, or choose none"), "weight_exp")]


def range_problems(first: str, last: str, dataset: Dataset, option: str) -> list[Problem]:
    """Return what keeps the two ends from being a range of observations of `dataset`."""
    found: list[Problem] = []
    rows: list[int] = []
    for name, text, open_end in ((f"{option}_from", first, 1), (f"{option}_to", last, dataset.n_obs)):
        word = text.strip()
        if word and not _ROW.fullmatch(word):
            found.append(
                Problem(198, tr("{word} is not an observation number").format(word=word), name, (0, len(text)))
            )
            continue
        row = row_number(word, dataset.n_obs) if word else open_end
        rows.append(row)
        if word and not 1 <= row <= dataset.n_obs:
            message = tr("observation {word} is out of range: there are {n:,} observations").format(
                word=word, n=dataset.n_obs
            )
            found.append(Problem(198, message, name, (0, len(text))))
    if not found and first.strip() and last.strip() and rows[0] > rows[1]:
        found.append(
            Problem(
                198, tr("the range ends before it begins: {0}/{1}").format(first.strip(), last.strip()), f"{option}_to"
            )
        )
    return found


def row_number(word: str, n_obs: int) -> int:
    """Return the 1-based observation that ``f``, ``l``, a number or a negative number stands for."""
    if word in {"f", "F"}:
        return 1
    if word in {"l", "L"}:
        return n_obs
    number = int(word)
    return n_obs + 1 + number if number < 0 else number


def first_row(dataset: Dataset) -> Dataset:
    """Return `dataset` cut to one row, enough to see whether an expression makes sense."""
    import numpy as np

    return dataset.take(np.arange(min(1, dataset.n_obs)))


def _span(text: str, name: str) -> tuple[int, int] | None:
    match = re.search(rf"\b{re.escape(name)}\b", text)
    return match.span() if match else None
