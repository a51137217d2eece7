"""Checking the argument of one option against its declaration and the data."""

from __future__ import annotations

from engine.api import Dataset, OptionDecl, OptionKind, Problem
from mixedgui.state.field_checks import expression_problems, variable_problems, varlist_problems
from mixedgui.state.option_values import OptionValues
from mixedgui.state.translation import tr


def option_problems(values: OptionValues, declared: tuple[OptionDecl, ...], dataset: Dataset) -> list[Problem]:
    """Return what is wrong with the arguments of the options that are on."""
    found: list[Problem] = []
    for decl in declared:
        if values.has(decl.name):
            found += argument_problems(values.argument(decl.name), decl, dataset)
    return found


def argument_problems(text: str, decl: OptionDecl, dataset: Dataset) -> list[Problem]:
    """Return what keeps `text` from being the argument of an option."""
    if not text.strip():
        needed = decl.kind is not OptionKind.FLAG and not decl.bare
        return [Problem(198, tr("{0}() needs an argument").format(decl.name), decl.name)] if needed else []
    match decl.kind:
        case OptionKind.VARIABLE:
            return variable_problems(text, dataset, decl.name)
        case OptionKind.VARIABLES:
            return varlist_problems(text, dataset, decl.name)
        case OptionKind.EXPRESSION:
            return expression_problems(text, dataset, decl.name)
        case OptionKind.INTEGER | OptionKind.REAL:
            return number_problems(text, decl)
    return []


def number_problems(text: str, decl: OptionDecl) -> list[Problem]:
    """Return what keeps `text` from being a number within the declared limits."""
    whole = decl.kind is OptionKind.INTEGER
    try:
        value = int(text) if whole else float(text)
    except ValueError:
        said = tr("{name}() needs a whole number, not {text}") if whole else tr("{name}() needs a number, not {text}")
        return [Problem(198, said.format(name=decl.name, text=text.strip()), decl.name)]
    low = float("-inf") if decl.low is None else decl.low
    high = float("inf") if decl.high is None else decl.high
    if low <= value <= high:
        return []
    limits = tr("at least {low:g}").format(low=low) if decl.high is None else tr("at most {high:g}").format(high=high)
    if decl.low is not None and decl.high is not None:
        limits = tr("between {low:g} and {high:g}").format(low=low, high=high)
    return [Problem(198, tr("{0}() must be {limits}").format(decl.name, limits=limits), decl.name)]
