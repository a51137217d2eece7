"""What may stand at the cursor of a half-typed command: command names, options, their words, variables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

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
    if _GROUPS.fullmatch(command):
        return Completion(start, _starting(word, _variables(dataset)), "Variable")
    declaration = find_command(before.split()[0].rstrip(","))
    if declaration is None:
        return Completion(start, ())
    if declaration.subcommands:
        return _of_subcommand(declaration, before, Completion(start, (), word), dataset)
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
        words = tuple(_argument(option, dataset))
        if option.kind is OptionKind.TEXT and _LATER_WORD.search(part):  # vce(cluster
            words += tuple(_variables(dataset))
        return Completion(start, _starting(word, words), f"{option.name}()")
    if _inside_argument(part):
        return Completion(start, _starting(word, _variables(dataset)), "Variable")
    if _after_comma(part):
        about = tr("Option of the equation") if random else tr("Option of {0}").format(declaration.name)
        return Completion(start, _starting(word, _options(declaration, random=random)), about)
    if declaration.varlist is VarlistRule.TEXT:
        return Completion(start, ())
    stub = re.sub(r"^(?:\w*\.)+", "", word)  # i.sector: the operator stays
    if random and ":" not in part:
        return Completion(start, _starting(word, _levels(dataset)), "Level")
    return Completion(start + len(word) - len(stub), _starting(stub, _variables(dataset)), "Variable")


_LATER_WORD = re.compile(r"\(\s*\w+\s[^()]*$")
"""An argument that has its first word."""

_GROUPS = re.compile(r"by(?:s|so|sor|sort)?\s[^:,]*", re.IGNORECASE)
"""The groups of a prefix whose colon is still to come."""


def _of_subcommand(declaration: CommandDecl, before: str, empty: Completion, dataset: Dataset) -> Completion:
    """Complete the word of a command that has several, or an option of it; `empty.about` is what is typed of it."""
    start, word, typed = empty.start, empty.about, before.split()
    if len(typed) == 1:
        words = (Suggestion(sub.name, sub.help) for sub in declaration.subcommands)
        return Completion(start, _starting(word, words), f"{declaration.name} …")
    second = typed[1].rstrip(",")
    found = next((s for s in declaration.subcommands if s.name.startswith(second) and len(second) >= s.minimum), None)
    if found is None:
        return Completion(start, ())
    own = replace(declaration, options=found.options, subcommands=())
    option = _open_option(before, own)
    if option is not None:
        return Completion(start, _starting(word, _argument(option, dataset)), f"{option.name}()")
    if not _after_comma(before):
        return Completion(start, ())
    about = tr("Option of {0}").format(f"{declaration.name} {found.name}")
    return Completion(start, _starting(word, _options(own, random=False)), about)


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


def _inside_argument(part: str) -> bool:
    """Tell whether a parenthesis is open among the options: ``t(`` within ``residuals(ar 1, t(``."""
    if not _after_comma(part):
        return False
    depth = 0
    for at in range(len(part) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(part[at], 0)
        if depth < 0:
            return True
    return False


def _find_option(declaration: CommandDecl, word: str) -> OptionDecl | None:
    for option in declaration.options:
        if len(word) >= option.minimum and option.name.startswith(word.lower()):
            return option
    return None
