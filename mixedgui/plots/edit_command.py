"""A graph's command with options changed: what the plot editor writes. Knows no Qt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.api import (
    Command,
    CommandDecl,
    GraphSpec,
    OptionUse,
    Part,
    StataError,
    command_from_text,
    print_command,
)
from mixedgui.state.translation import tr

_SECOND = re.compile(r"(?:\s*,)?\s*\bax(?:is?)?\(\s*2\s*\)")
_ITEM = re.compile(r'"[^"]*"\S*|\S+')
_SERIES_PLOTS = frozenset({"scatter", "line", "connected"})
_BANDS = frozenset({"lfitci", "qfitci"})
STYLE_OPTIONS = (
    "scheme", "scale", "fontface", "legend", "aspectratio",
    "mcolor", "msymbol", "msize", "lcolor", "lpattern", "lwidth", "color", "fcolor",
)  # fmt: skip
"""Options that make a style, which can be carried over to another graph."""


@dataclass(frozen=True, slots=True)
class SeriesPlace:
    """Where a series stands in the command: its part, its place in the part's lists, its label and its options."""

    part: int
    index: int
    label: str
    options: frozenset[str]


def declaration_of(command: Command, part: Part) -> CommandDecl:
    """Return the declaration whose options a part takes."""
    name = part.word or (command.decl.name if part is command.main else "")
    return next((plot for plot in command.decl.plots if plot.name == name), command.decl)


def series_of(text: str, graph: GraphSpec) -> list[SeriesPlace]:
    """Return the series of a graph in the order of their plots."""
    command = command_from_text(text)
    labels = {key.plot: key.text for key in graph.keys}
    found: list[SeriesPlace] = []
    for number, part in enumerate(command.parts):
        if not (part.word or part.body):
            continue
        declaration = declaration_of(command, part)
        names = frozenset(option.name for option in declaration.options)
        kind = part.word or command.decl.name
        several = kind in _SERIES_PLOTS
        count = max(1, len(part.body.split()) - 1) if several else 2 if kind in _BANDS else 1
        for index in range(count):
            label = labels.get(len(found), f"{kind} {part.body}".strip())
            found.append(SeriesPlace(number, index if several else 0, label, names))
    return found


def options_of(text: str) -> frozenset[str]:
    """Return the options of the whole graph that the command takes."""
    command = command_from_text(text)
    return frozenset(option.name for option in declaration_of(command, command.parts[-1]).options)


def option_of(text: str, name: str, *, second: bool = False) -> str | None:
    """Return the argument of an option of the whole graph, wherever it stands; None when it is not there.

    `second` asks for the one that ``axis(2)`` directs to the axis at the right; without it that one is passed over.
    """
    for part in reversed(command_from_text(text).parts):
        for use in reversed(part.options):
            if use.decl.name == name and _is_second(use) == second:
                return _SECOND.sub("", use.argument or "").strip()
    return None


def with_option(text: str, name: str, argument: str | None, *, second: bool = False) -> str:
    """Return the command with an option of the whole graph set, or taken away where the argument is None.

    It stays where it stands, else it is added behind the last plot.

    Raises
    ------
    StataError
        198 where the command has no such option, 132 where the argument has open quotes or brackets.
    """
    command = command_from_text(text)
    if second and argument is not None:
        argument = f"{argument}{' ' if ',' in argument else ', '}axis(2)"
    mine = [k for k, part in enumerate(command.parts) if any(_meant(use, name, second=second) for use in part.options)]
    place = mine[-1] if mine else len(command.parts) - 1
    parts = [part if k == place else _without(part, name, second=second) for k, part in enumerate(command.parts)]
    parts[place] = _set(command, parts[place], name, argument, second=second)
    return _readable(print_command(replace(command, parts=tuple(parts))))


def with_item(text: str, place: SeriesPlace, name: str, word: str | None) -> str:
    """Return the command with one series' element of a list such as ``mcolor()`` set, or left as usual for None."""
    command = command_from_text(text)
    part = command.parts[place.part]
    use = part.option(name)
    words = _ITEM.findall(use.argument or "") if use is not None else []
    if use is not None and len(words) == 3 and all(item.isdecimal() for item in words):
        words = [f'"{" ".join(words)}"']
    words += ["."] * (place.index + 1 - len(words))
    words[place.index] = "." if word is None else f'"{word}"' if " " in word else word
    while words and words[-1] == ".":
        words.pop()
    changed = _set(command, part, name, " ".join(words) or None)
    parts = [changed if k == place.part else other for k, other in enumerate(command.parts)]
    return _readable(print_command(replace(command, parts=tuple(parts))))


def item_of(text: str, place: SeriesPlace, name: str) -> str:
    """Return one series' element of a list, empty for the usual one."""
    use = command_from_text(text).parts[place.part].option(name)
    words = _ITEM.findall(use.argument or "") if use is not None else []
    if len(words) == 3 and all(item.isdecimal() for item in words):
        words = [" ".join(words)]
    word = words[place.index] if place.index < len(words) else ""
    return "" if word == "." else word.strip('"')


def _readable(text: str) -> str:
    """Return the command, which typing may have made unreadable: StataError where quotes or brackets are open."""
    command_from_text(text)
    return text


def quoted(text: str) -> str:
    """Return the text of a title as an argument: each line in quotes."""
    lines = text.split("\n") or [""]
    return " ".join(f'`"{line}"\'' if '"' in line else f'"{line}"' for line in lines)


def style_of(text: str) -> Mapping[str, str]:
    """Return the options of a command that make its style."""
    found = {name: option_of(text, name) for name in STYLE_OPTIONS}
    return {name: argument for name, argument in found.items() if argument is not None}


def with_style(text: str, style: Mapping[str, str]) -> str:
    """Return the command in the style of another; options that its plots do not take are left out."""
    command = command_from_text(text)
    known = {option.name for option in declaration_of(command, command.parts[-1]).options}
    for name, argument in style.items():
        if name in known:
            text = with_option(text, name, argument)
    return text


def repeatable(text: str) -> str:
    """Return the command as it can be run again: a name in use is taken over, it is shown, and no file is written."""
    name = option_of(text, "name")
    if name is not None and "replace" not in name:
        text = with_option(text, "name", f"{name}, replace")
    if option_of(text, "nodraw") is not None:
        text = with_option(text, "nodraw", None)
    return with_option(text, "saving", None) if option_of(text, "saving") is not None else text


def _is_second(use: OptionUse) -> bool:
    return bool(_SECOND.search(use.argument or ""))


def _meant(use: OptionUse, name: str, *, second: bool) -> bool:
    return use.decl.name == name and _is_second(use) == second


def _without(part: Part, name: str, *, second: bool = False) -> Part:
    return replace(part, options=tuple(use for use in part.options if not _meant(use, name, second=second)))


def _set(command: Command, part: Part, name: str, argument: str | None, *, second: bool = False) -> Part:
    if argument is None:
        return _without(part, name, second=second)
    declared = next((option for option in declaration_of(command, part).options if option.name == name), None)
    if declared is None:
        raise StataError(198, tr("{0} has no option {name}").format(part.word or command.decl.name, name=name))
    changed = OptionUse(declared, argument)
    if not any(_meant(use, name, second=second) for use in part.options):
        return replace(part, options=(*part.options, changed))
    kept = [changed if _meant(use, name, second=second) else use for use in part.options]
    return replace(part, options=tuple(dict.fromkeys(kept)))
