"""What an error message cannot know where it is raised: that an option or an equation lacks the sign before it."""

from __future__ import annotations

import re

from engine.commands import registry
from engine.errors import StataError
from engine.lang.abbrev import matches
from engine.lang.declaration import CommandDecl
from engine.lang.parse_command import split_prefixes

_WORD = re.compile(r"[^\W\d]\w*")
_NOT_FOUND = re.compile(r"variable (\w+) not found")
_INVALID = re.compile(r"(\S+) invalid name$")
_SHORTEST = 3
"""Letters at which a word that is no variable looks like an option."""


def with_hint(error: StataError, text: str) -> StataError:
    """Return the error, with a hint where an option without its comma or an equation without its bars explains it."""
    if error.rc not in (111, 198) or error.span is None:
        return error
    try:
        decl = _declaration(text)
    except StataError:
        return error
    hint = "" if decl is None else _hint(error, text, decl)
    return StataError(error.rc, f"{error.message}; {hint}", error.span) if hint else error


def _declaration(text: str) -> CommandDecl | None:
    _, start = split_prefixes(text)
    word = _WORD.match(text, start)
    if word is None:
        return None
    decl = registry.find(word.group())
    second = _WORD.match(text[word.end() :].lstrip()) if decl is not None and decl.family else None
    return (registry.find(f"{word.group()} {second.group()}") if second is not None else None) or decl


def _hint(error: StataError, text: str, decl: CommandDecl) -> str:
    assert error.span is not None
    missing = _NOT_FOUND.match(error.message)
    if missing is not None and "," not in text[: error.span[0]].rpartition("||")[2]:
        word = missing[1]
        option = next((o.name for o in decl.options if matches(word, o.name, o.minimum)), "")
        bracketed = re.search(rf"\b{word}\(", text) is not None
        if option and (len(word) >= _SHORTEST or word == option or bracketed):
            return f"if the option {option} is meant, put a comma before it"
        return ""
    invalid = _INVALID.match(error.message)
    if invalid is None or not decl.equations:
        return ""
    if invalid[1] == "|":
        return "random-effects equations begin with two bars: || id:"
    return "random-effects equations begin with two bars: || " + invalid[1] if invalid[1].endswith(":") else ""
