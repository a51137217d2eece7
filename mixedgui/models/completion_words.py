"""The words that may stand in a place of a command, each with what it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from engine.api import CommandDecl, Dataset, OptionDecl, OptionKind, Scope, declarations
from mixedgui.state.named import values, variables
from mixedgui.state.translation import mark, tr

__all__ = [
    "arguments",
    "bases",
    "comparands",
    "group_levels",
    "members",
    "options",
    "plots",
    "storage_types",
    "variables",
    "weights",
]

Words = Iterable[tuple[str, str]]

MOST_VALUES = 200
"""So many different values of a variable are suggested."""

_VARIABLE_KINDS = {OptionKind.VARIABLE, OptionKind.VARIABLES, OptionKind.EXPRESSION, OptionKind.TEXT}
_COMPARED = re.compile(r"(\w+)\s*(?:==|!=|~=|<=?|>=?)\s*\"?$|\binlist\(\s*(\w+)\s*,[^()]*$")
"""What the next word is compared with."""

_TYPES = (
    ("byte", mark("whole numbers from -127 to 100")),
    ("int", mark("whole numbers to 32,740")),
    ("long", mark("whole numbers to 2,147,483,620")),
    ("float", mark("numbers of about 7 digits")),
    ("double", mark("numbers of about 16 digits")),
    ("strL", mark("text of any length")),
)
_WEIGHTS = {
    "fweight": mark("frequency weights"),
    "pweight": mark("sampling weights"),
    "aweight": mark("analytic weights"),
    "iweight": mark("importance weights"),
}


def members(family: CommandDecl) -> Iterator[tuple[str, str]]:
    """Yield the second words of the commands of a family."""
    for declaration in declarations():
        first, _, second = declaration.name.partition(" ")
        if second and first == family.name:
            yield second, declaration.title


def plots(declaration: CommandDecl) -> Words:
    """Return the plots of a graph command."""
    return ((plot.name, plot.title) for plot in declaration.plots)


def group_levels(dataset: Dataset) -> Words:
    """Return what the groups of an equation may be."""
    return chain([("_all:", tr("all observations as one group"))], ((f"{n}:", what) for n, what in variables(dataset)))


def storage_types() -> Words:
    """Return the types that a new variable may have."""
    return ((name, tr(what)) for name, what in _TYPES)


def weights(declaration: CommandDecl) -> Words:
    """Return the weights that a command takes."""
    return ((f"{kind}=", tr(_WEIGHTS[kind])) for kind in declaration.weights)


def comparands(part: str, dataset: Dataset) -> tuple[tuple[str, str], ...]:
    """Return the values of the variable that the word at the cursor is compared with, none where there is none."""
    found = _COMPARED.search(part)
    name = (found.group(1) or found.group(2)) if found else ""
    if not name or name not in dataset or name not in dataset.columns:
        return ()
    quoted = part.endswith('"')
    known = values(name, dataset, MOST_VALUES)
    return tuple((text.removeprefix('"') if quoted else text, label) for text, label in known)


def bases(name: str, dataset: Dataset) -> Words:
    """Return a factor variable with each of its levels as the base."""
    if dataset.variable(name).is_string:
        return ()
    levels = values(name, dataset, MOST_VALUES)
    return ((f"ib{level}.{name}", label or tr("base level")) for level, label in levels if level.isdigit())


def options(declaration: CommandDecl, *, random: bool) -> Iterator[tuple[str, str]]:
    """Yield the options that a part of a command takes."""
    for option in declaration.options:
        if option.refused or (random and option.scope is not Scope.RANDOM and option.scope is not Scope.GLOBAL):
            continue
        if not random and option.scope is Scope.RANDOM:
            continue
        if option.kind is OptionKind.CHOICE:
            for choice in option.choices:
                yield f"{option.name}({choice.word})", choice.help or choice.label or option.help
        elif option.kind is OptionKind.FLAG:
            yield option.name, option.label or option.help
        else:
            yield f"{option.name}(", option.label or option.help


def arguments(option: OptionDecl, dataset: Dataset) -> Words:
    """Return what may stand in the brackets of an option."""
    if option.kind is OptionKind.CHOICE:
        return ((f"{choice.word})", choice.help or choice.label) for choice in option.choices if not choice.refused)
    if option.choices:
        return ((choice.word, choice.help or choice.label) for choice in option.choices if not choice.refused)
    return variables(dataset) if option.kind in _VARIABLE_KINDS else ()
