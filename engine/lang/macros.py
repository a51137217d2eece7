"""Macros: ```name'``, ``$name``, ``${name}``, ```=exp'``, ```:function …'``, ```++i'`` before parsing ([P] macro)."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Protocol

from engine.errors import Span, StataError
from engine.lang.tokens import shortened

MAX_DEPTH = 64
"""How deep the text of a macro may name further macros."""

MAX_STEPS = 100_000
"""How many macros one command may take; more means that macros name each other in a circle."""

MAX_LENGTH = 2_000_000
"""The longest command after substitution, in characters."""

_PLAIN = re.compile(r"[^\\`$]+")
_GLOBAL = re.compile(r"[^\W\d]\w*")
_LOCAL = re.compile(r"\w{1,31}")
_STORED = re.compile(r"([rec])\((\w+)\)")
_EDGE = re.compile(r"`\"|\"'|`|'")


class Services(Protocol):
    """What macros ask the session for; every answer is text."""

    def value(self, expression: str) -> str:
        """Return the value of an expression as a macro holds it."""

    def function(self, text: str) -> str:
        """Return the result of the extended macro function after the colon."""

    def stored(self, kind: str, name: str) -> str:
        """Return ``r(name)``, ``e(name)`` or ``c(name)``, empty when there is none."""


@dataclass(slots=True)
class Macros:
    """The macros that a command sees: those of the session and those of the do-file that runs."""

    locals: MutableMapping[str, str] = field(default_factory=dict)
    globals: MutableMapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the result: where it begins, and what it stands for in the text as typed."""

    start: int
    typed: Span
    literal: bool


@dataclass(frozen=True, slots=True)
class Expanded:
    """A command after substitution."""

    text: str
    pieces: tuple[Piece, ...] = ()

    def typed_span(self, span: Span) -> Span:
        """Return the place in the text as typed that `span` of `text` came from, a whole macro at the least."""
        start, _ = self._origin(span[0])
        _, end = self._origin(max(span[1] - 1, span[0]))
        return start, max(start, end)

    def _origin(self, place: int) -> Span:
        """Return where the character at `place` came from."""
        found = next((piece for piece in reversed(self.pieces) if piece.start <= place), None)
        if found is None:
            return place, place + 1
        if not found.literal:
            return found.typed
        at = min(found.typed[0] + place - found.start, found.typed[1])
        return at, min(at + 1, found.typed[1])


def expand(text: str, macros: Macros, services: Services) -> Expanded:
    """Replace the macros in `text`; an unknown one is empty text, a backslash keeps the sign behind it.

    Raises
    ------
    StataError
        198 for what is no macro name, 920 for macros without end, and whatever an expression in a macro raises.
    """
    if "`" not in text and "$" not in text:
        return Expanded(text)
    reader = _Expander(macros, services)
    parts: list[str] = []
    pieces: list[Piece] = []
    length = 0
    for start, end, literal, piece in reader.scan(text, 0):
        if piece:
            pieces.append(Piece(length, (start, end), literal))
            parts.append(piece)
            length += len(piece)
    return Expanded("".join(parts), tuple(pieces))


def closing(text: str, start: int) -> int:
    """Return the place of the ``'`` that closes the ````` at `start`, -1 when there is none."""
    opened: list[str] = []
    at = start
    while (match := _EDGE.search(text, at)) is not None:
        mark, at = match.group(), match.end()
        if mark in ("`", '`"'):
            opened.append(mark)
        elif mark == "\"'":
            if opened[-1] == '`"':
                opened.pop()
            else:  # a plain string that ends before the macro does
                at = match.start() + 1
        elif opened[-1] == "`":
            opened.pop()
        if not opened:
            return at - 1
    return -1


class _Expander:
    def __init__(self, macros: Macros, services: Services) -> None:
        self.macros = macros
        self.services = services
        self.steps = 0

    def scan(self, text: str, depth: int) -> list[tuple[int, int, bool, str]]:
        """Return the pieces of `text`: start, end, whether taken literally, and the resulting text."""
        found: list[tuple[int, int, bool, str]] = []
        at, length = 0, 0
        while at < len(text):
            end, literal, piece = self.step(text, at, depth)
            found.append((at, end, literal, piece))
            length += len(piece)
            if length > MAX_LENGTH:
                raise StataError(920, "the command is too long after macros were replaced", None)
            at = end
        return found

    def whole(self, text: str, depth: int) -> str:
        """Return `text` with its macros replaced."""
        return "".join(piece for *_, piece in self.scan(text, depth))

    def step(self, text: str, at: int, depth: int) -> tuple[int, bool, str]:
        """Read one piece at `at`: its end, whether it is literal, and what it becomes."""
        plain = _PLAIN.match(text, at)
        if plain is not None:
            return plain.end(), True, plain.group()
        sign = text[at]
        if sign == "\\":
            escaped = text[at + 1 : at + 2] in ("`", "$")
            return (at + 2, False, text[at + 1]) if escaped else (at + 1, True, sign)
        if sign == "$":
            return self.from_global(text, at, depth)
        if text.startswith('`"', at):
            return at + 2, True, '`"'
        end = closing(text, at)
        if end < 0:
            return at + 1, True, sign
        self.count(depth, (at, end + 1))
        try:
            return end + 1, False, self.local(self.whole(text[at + 1 : end], depth + 1), depth)
        except StataError as error:
            raise StataError(error.rc, error.message, (at, end + 1)) from None

    def from_global(self, text: str, at: int, depth: int) -> tuple[int, bool, str]:
        if text.startswith("${", at):
            end = text.find("}", at)
            if end < 0:
                return at + 1, True, "$"
            end += 1
            try:
                name = self.whole(text[at + 2 : end - 1], depth + 1).strip()
            except StataError as error:
                raise StataError(error.rc, error.message, (at, end)) from None
        else:
            match = _GLOBAL.match(text, at + 1)
            if match is None:
                return at + 1, True, "$"
            name, end = match.group(), match.end()
        self.count(depth, (at, end))
        try:
            return end, False, self.content(self.macros.globals.get(name, ""), depth)
        except StataError as error:
            raise StataError(error.rc, error.message, (at, end)) from None

    def count(self, depth: int, span: Span) -> None:
        self.steps += 1
        if depth >= MAX_DEPTH or self.steps > MAX_STEPS:
            raise StataError(920, "macros name each other without end", span)

    def content(self, text: str, depth: int) -> str:
        """Return a macro's text, whose own macros are replaced as well."""
        return self.whole(text, depth + 1) if "`" in text or "$" in text or "\\" in text else text

    def local(self, inside: str, depth: int) -> str:
        """Return what stands for ```inside'``."""
        if inside.startswith("="):
            return self.services.value(inside[1:])
        if inside.startswith(":"):
            return self.services.function(inside[1:])
        if inside[:2] in ("++", "--"):
            return self.counted(inside[2:], 1 if inside[0] == "+" else -1, after=True)
        if inside[-2:] in ("++", "--") and len(inside) > 2:
            return self.counted(inside[:-2], 1 if inside[-1] == "+" else -1, after=False)
        stored = _STORED.fullmatch(inside)
        if stored is not None:
            return self.services.stored(stored[1], stored[2])
        if inside != "*" and inside and _LOCAL.fullmatch(inside) is None:
            raise StataError(198, f"{shortened(inside)} invalid name of a macro")
        return self.content(self.macros.locals.get(inside, ""), depth)

    def counted(self, name: str, change: int, *, after: bool) -> str:
        """Change a counter; return its value after or before the change."""
        if _LOCAL.fullmatch(name) is None:
            raise StataError(198, f"{shortened(name)} invalid name of a macro")
        before = self.services.value(self.macros.locals.get(name, "") or "0")
        now = self.services.value(f"({before})+({change})")
        self.macros.locals[name] = now
        return now if after else before
