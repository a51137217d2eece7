"""What may stand at the cursor of a half-typed command: command names, options, their words, variables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from engine.api import CommandDecl, Dataset, OptionDecl, OptionKind, Scope, VarlistRule, declarations, find_command
from mixedgui.state.translation import tr

_WORD = re.compile(r"[\w.]*$")
_PREFIX = re.compile(r"^\s*(?:quietly|noisily|capture)\s*:?\s+|^\s*by(?:sort)?\s[^:]*:\s*", re.IGNORECASE)
_VARIABLE_KINDS = {OptionKind.VARIABLE, OptionKind.VARIABLES, OptionKind.EXPRESSION, OptionKind.TEXT}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`text` replaces the word at the cursor; `detail` says what it is."""

    text: str
    detail: str


@dataclass(frozen=True, slots=True)
class Completion:
    """Suggestions for the word that begins at `start`; `about` names where in the command it stands."""

    start: int
    suggestions: tuple[Suggestion, ...]
    about: str = ""


def complete(text: str, dataset: Dataset) -> Completion:
    """Return what may continue `text` (the command up to the cursor)."""
    prefix = _PREFIX.match(text)
    offset = prefix.end() if prefix else 0
    command = text[offset:]
    word_match = _WORD.search(command)
    word = word_match.group() if word_match else ""
    start = len(text) - len(word)
    before = command[: len(command) - len(word)]
    if not before.strip():
        return Completion(start, _starting(word, _commands()), "Command")
    declaration = find_command(before.split()[0].rstrip(","))
    if declaration is None:
        return Completion(start, ())
    if declaration.family:
        typed = before.split()
        if len(typed) == 1:
            return Completion(start, _starting(word, _members(declaration)), f"{declaration.name} …")
        declaration = find_command(f"{declaration.name} {typed[1].rstrip(',')}") or declaration
    if declaration.plots:
        before = _PLOT.split(before)[-1]
        plot = _plot(declaration, before)
        if plot is None:
            return Completion(start, _starting(word, _plots(declaration)), "Plot")
        declaration = plot
    part = before.rsplit("||", 1)[-1] if declaration.equations else before
    random = declaration.equations and "||" in before
    option = _open_option(part, declaration)
    if option is not None:
        return Completion(start, _starting(word, _argument(option, dataset)), f"{option.name}()")
    if _after_comma(part):
        about = tr("Option of the equation") if random else tr("Option of {0}").format(declaration.name)
        return Completion(start, _starting(word, _options(declaration, random=random)), about)
    if declaration.varlist is VarlistRule.TEXT:
        return Completion(start, ())
    stub = re.sub(r"^(?:\w*\.)+", "", word)  # i.sector: the operator stays
    if random and ":" not in part:
        return Completion(start, _starting(word, _levels(dataset)), "Level")
    return Completion(start + len(word) - len(stub), _starting(stub, _variables(dataset)), "Variable")


_PLOT = re.compile(r"\|\||(?:(?<=\s)|(?<=\)))\(")
"""Where a plot of a graph command begins: after ``||``, and at a bracket that stands alone."""


def _members(family: CommandDecl) -> Iterable[Suggestion]:
    """Return the second words of the commands of a family."""
    for declaration in declarations():
        first, _, second = declaration.name.partition(" ")
        if second and first == family.name:
            yield Suggestion(second, declaration.title)


def _plots(declaration: CommandDecl) -> Iterable[Suggestion]:
    return (Suggestion(plot.name, plot.title) for plot in declaration.plots)


def _plot(declaration: CommandDecl, stretch: str) -> CommandDecl | None:
    """Return the plot that the words of a stretch begin with, None when there is no word yet."""
    words = [word.rstrip(",") for word in stretch.split() if word not in ("graph",)]
    for word in words[:2]:
        for plot in declaration.plots:
            if plot.name.startswith(word) and len(word) >= plot.minimum:
                return plot
    return None


def common_start(suggestions: Iterable[Suggestion]) -> str:
    """Return the longest text that all suggestions begin with."""
    texts = [suggestion.text for suggestion in suggestions]
    if not texts:
        return ""
    low, high = min(texts), max(texts)
    length = next((i for i, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), min(len(low), len(high)))
    return low[:length]


def _starting(word: str, candidates: Iterable[Suggestion]) -> tuple[Suggestion, ...]:
    return tuple(c for c in candidates if c.text.lower().startswith(word.lower()))


def _commands() -> Iterable[Suggestion]:
    return sorted((Suggestion(d.name, d.title) for d in declarations()), key=lambda s: s.text)


def _variables(dataset: Dataset) -> Iterable[Suggestion]:
    return (Suggestion(v.name, v.label or v.storage) for v in dataset.variables)


def _levels(dataset: Dataset) -> Iterable[Suggestion]:
    yield Suggestion("_all:", tr("all observations as one group"))
    for variable in dataset.variables:
        yield Suggestion(f"{variable.name}:", variable.label or variable.storage)


def _options(declaration: CommandDecl, *, random: bool) -> Iterable[Suggestion]:
    for option in declaration.options:
        if option.refused or (random and option.scope is not Scope.RANDOM and option.scope is not Scope.GLOBAL):
            continue
        if not random and option.scope is Scope.RANDOM:
            continue
        if option.kind is OptionKind.CHOICE:
            for choice in option.choices:
                yield Suggestion(f"{option.name}({choice.word})", choice.help or choice.label or option.help)
        elif option.kind is OptionKind.FLAG:
            yield Suggestion(option.name, option.label or option.help)
        else:
            yield Suggestion(f"{option.name}(", option.label or option.help)


def _argument(option: OptionDecl, dataset: Dataset) -> Iterable[Suggestion]:
    if option.kind is OptionKind.CHOICE:
        return (Suggestion(f"{choice.word})", choice.help or choice.label) for choice in option.choices)
    if option.choices:
        return (Suggestion(choice.word, choice.help or choice.label) for choice in option.choices)
    if option.kind in _VARIABLE_KINDS:
        return _variables(dataset)
    return ()


def _after_comma(part: str) -> bool:
    """Tell whether a comma outside parentheses and quotes has begun the options."""
    depth, quoted = 0, False
    for char in part:
        if char == '"':
            quoted = not quoted
        elif not quoted and char in "([":
            depth += 1
        elif not quoted and char in ")]":
            depth -= 1
        elif char == "," and depth == 0 and not quoted:
            return True
    return False


def _open_option(part: str, declaration: CommandDecl) -> OptionDecl | None:
    """Return the option whose parenthesis is still open at the end of `part`."""
    if not _after_comma(part):
        return None
    depth = 0
    for at in range(len(part) - 1, -1, -1):
        if part[at] == ")":
            depth += 1
        elif part[at] == "(":
            depth -= 1
            if depth < 0:
                name = re.search(r"(\w+)\s*$", part[:at])
                return _find_option(declaration, name.group(1)) if name else None
    return None


def _find_option(declaration: CommandDecl, word: str) -> OptionDecl | None:
    for option in declaration.options:
        if len(word) >= option.minimum and option.name.startswith(word.lower()):
            return option
    return None
