"""What may stand at the cursor of a half-typed command: commands, options, their words, variables, terms of a fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from engine.api import CommandDecl, Dataset, OptionDecl, OptionKind, Picks, VarlistRule, declarations, find_command
from mixedgui.models.completion_places import after_comma, in_expression, in_range, inside_argument, open_option
from mixedgui.models.completion_words import (
    arguments,
    bases,
    comparands,
    group_levels,
    members,
    options,
    plots,
    storage_types,
    variables,
    weights,
)
from mixedgui.models.suggestion import Completion, Suggestion, common_start
from mixedgui.state.named import functions
from mixedgui.state.picks import Pick
from mixedgui.state.translation import tr

__all__ = ["Completion", "Suggestion", "common_start", "complete"]

Offers = Callable[[Picks], Sequence[Pick]]
"""Gives what there is of a kind: `mixedgui.state.picks.picks_of` of a session."""

_WORD = re.compile(r"[\w.]*$")
_TERM = re.compile(r"[\w.#\[\]:()]*$")
_PREFIX = re.compile(r"^\s*(?:quietly|noisily|capture)\s*:?\s+|^\s*by(?:sort)?\s[^:]*:\s*", re.IGNORECASE)
_OPERATORS = re.compile(r"^(?:[\w()]*\.)+")
"""What stands before a variable: ``i.``, ``ib2.``, ``c.``."""

_GROUPS = re.compile(r"by(?:s|so|sor|sort)?\s[^:,]*", re.IGNORECASE)
"""The groups of a prefix whose colon is still to come."""

_LATER_WORD = re.compile(r"\(\s*\w+\s[^()]*$")
"""An argument that has its first word."""

_PLOT = re.compile(r"\|\||(?:(?<=\s)|(?<=\)))\(")
"""Where a plot of a graph command begins: after ``||``, and at a bracket that stands alone."""

_OPEN_WEIGHT = re.compile(r"\[\s*\w*$")
_BASE = re.compile(r"\bib\.(\w+)$")


def _nothing(_kind: Picks) -> Sequence[Pick]:
    return ()


def complete(text: str, dataset: Dataset, offers: Offers = _nothing) -> Completion:
    """Return what may continue `text` (the command up to the cursor).

    `offers` gives what a session has to pick from; without it only variables of `dataset` and words of commands are
    suggested.
    """
    prefix = _PREFIX.match(text)
    command = text[prefix.end() if prefix else 0 :]
    word = _last(_WORD, command)
    before = command[: len(command) - len(word)]
    here = Completion(len(text) - len(word), (), word=word)
    if not before.strip():
        return here.of(((d.name, d.title) for d in sorted(declarations(), key=lambda d: d.name)), tr("Command"))
    if _GROUPS.fullmatch(command):
        return here.of(variables(dataset), tr("Variable"))
    declaration = find_command(before.split()[0].rstrip(","))
    if declaration is None:
        return here
    whole = _Place(before, command, here, dataset, offers)
    if declaration.subcommands:
        return _of_subcommand(declaration, before, whole)
    if declaration.family:
        typed = before.split()
        if len(typed) == 1:
            found = here.of(members(declaration), f"{declaration.name} …")
            return found.joined(_picked(declaration.picks, whole))
        declaration = find_command(f"{declaration.name} {typed[1].rstrip(',')}") or declaration
    if declaration.plots:
        before = _PLOT.split(before)[-1]
        plot = _plot(declaration, before)
        if plot is None:
            return here.of(plots(declaration), tr("Plot"))
        declaration = plot
    part = before.rsplit("||", 1)[-1] if declaration.equations else before
    random = declaration.equations and "||" in before
    place = replace(whole, part=part, random=random)
    return _among_options(declaration, place) if after_comma(part) else _before_comma(declaration, place)


@dataclass(frozen=True, slots=True)
class _Place:
    """The part of the command that the cursor is in, up to the word at the cursor, and what can be suggested from.

    `command` is the whole up to the cursor; `random` tells whether the part is an equation of random effects.
    """

    part: str
    command: str
    here: Completion
    dataset: Dataset
    offers: Offers
    random: bool = False


def _among_options(declaration: CommandDecl, place: _Place) -> Completion:
    """Complete an option, or what stands in its brackets."""
    option = open_option(place.part, declaration)
    if option is not None:
        return _argument(option, place)
    if inside_argument(place.part):
        return place.here.of(variables(place.dataset), tr("Variable"))
    about = tr("Option of the equation") if place.random else tr("Option of {0}").format(declaration.name)
    return place.here.of(options(declaration, random=place.random), about)


def _argument(option: OptionDecl, place: _Place) -> Completion:
    about = f"{option.name}()"
    picked = _picked(option.picks, place)
    if picked.suggestions:
        return replace(picked, about=about)
    compared = comparands(place.part, place.dataset)
    if compared:
        return place.here.of(compared, tr("Value"))
    words = tuple(arguments(option, place.dataset))
    if option.kind is OptionKind.TEXT and _LATER_WORD.search(place.part):  # vce(cluster
        words += tuple(variables(place.dataset))
    if option.kind is OptionKind.EXPRESSION:
        words += tuple(functions())
    return place.here.of(words, about)


def _before_comma(declaration: CommandDecl, place: _Place) -> Completion:
    """Complete what a command is about: variables, terms, names, a condition, a weight."""
    here, part, dataset = place.here, place.part, place.dataset
    if declaration.weights and _OPEN_WEIGHT.search(part + here.word):
        return here.of(weights(declaration), tr("Weight"))
    if in_range(part, declaration):
        return here
    if in_expression(part, declaration):
        compared = comparands(part, dataset)
        if compared:
            return here.of(compared, tr("Value"))
        return here.of([*variables(dataset), *functions()], tr("Variable or function"))
    if declaration.varlist is VarlistRule.TEXT:
        return _picked(declaration.picks, place)
    if declaration.varlist is VarlistRule.NEW:
        return here.of(storage_types(), tr("Type of the new variable"))
    if place.random and ":" not in part:
        return here.of(group_levels(dataset), tr("Level"))
    base = _BASE.search(part + here.word)
    if base is not None and base.group(1) in dataset:
        return here.literally(bases(base.group(1), dataset), tr("Base level"))
    stub = _OPERATORS.sub("", here.word)  # i.sector: the operator stays
    return here.shortened(stub).of(variables(dataset), tr("Variable"))


def _picked(kind: Picks, place: _Place) -> Completion:
    """Complete a piece of what a free text is put together from."""
    here = place.here
    found = [(pick.text, pick.help) for pick in place.offers(kind)] if kind is not Picks.NOTHING else []
    if not found:
        return here
    term = _last(_TERM, place.command)
    while term.startswith(("(", ")")):  # brackets that group terms, not those of a name such as e(b)
        term = term[1:]
    about = _ABOUT.get(kind, kind.value.capitalize())
    for word in dict.fromkeys((term, here.word, _OPERATORS.sub("", here.word))):
        completion = here.shortened(word).of(found, tr(about))
        if completion.suggestions:
            return completion
    return here


_ABOUT = {
    Picks.COEFFICIENTS: "Coefficient",
    Picks.REFERENCES: "Coefficient",
    Picks.TERMS: "Term of the last fit",
    Picks.FACTORS: "Factor of the last fit",
    Picks.MARGINS: "Factor of the last fit",
    Picks.COVARIATES: "Variable of the last fit",
    Picks.AT: "Values of the variables of the last fit",
    Picks.FIT: "Stored results",
    Picks.FITS: "Stored results",
    Picks.FIT_PAIR: "Stored results",
}


def _of_subcommand(declaration: CommandDecl, before: str, place: _Place) -> Completion:
    """Complete the word of a command that has several, or an option of it."""
    typed, here = before.split(), place.here
    if len(typed) == 1:
        return here.of(((sub.name, sub.help) for sub in declaration.subcommands), f"{declaration.name} …")
    second = typed[1].rstrip(",")
    found = next((s for s in declaration.subcommands if s.name.startswith(second) and len(second) >= s.minimum), None)
    if found is None or not after_comma(before):
        return here
    own = replace(declaration, name=f"{declaration.name} {found.name}", options=found.options, subcommands=())
    return _among_options(own, place)


def _plot(declaration: CommandDecl, stretch: str) -> CommandDecl | None:
    """Return the plot that the words of a stretch begin with, None when there is no word yet."""
    words = [word.rstrip(",") for word in stretch.split() if word not in ("graph",)]
    for word in words[:2]:
        for plot in declaration.plots:
            if plot.name.startswith(word) and len(word) >= plot.minimum:
                return plot
    return None


def _last(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found.group() if found else ""
