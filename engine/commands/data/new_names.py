"""Names for variables to be created: ``[type] newvar``, ``stub*`` or a list with ranges ``b1-b4``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.data.dataset import NUMERIC_STORAGE
from engine.errors import Span, StataError

DEFAULT_STORAGE = "float"
_REAL_STORAGE = ("float", "double")
_STUB = re.compile(r"([^\W\d]\w*)\*")
_RANGE = re.compile(r"([^\W\d]\w*?)(\d+)-(?:\1)?(\d+)")


@dataclass(frozen=True, slots=True)
class NewNames:
    """New names as typed.

    Attributes
    ----------
    storage
        Storage type asked for, float by default; `typed` tells whether one was.
    stub
        What stands before the star; the names are then the stub with 1, 2, ….
    names
        The names listed; empty with a stub.
    """

    storage: str
    typed: bool
    stub: str
    names: tuple[str, ...]
    span: Span | None

    def take(self, count: int, what: str) -> tuple[str, ...]:
        """Return `count` names for `what` ("there are 2 random effects"); r(102) or r(103) for another number."""
        if self.stub:
            return tuple(f"{self.stub}{number}" for number in range(1, count + 1))
        if len(self.names) == count:
            return self.names
        rc, word = (102, "few") if len(self.names) < count else (103, "many")
        do = "Give 1 name." if count == 1 else f"Give {count} names, or a stub such as {self.names[0]}*."
        raise StataError(rc, f"too {word} variables specified: {what}. {do}", self.span)


def read_new_names(text: str, span: Span | None) -> NewNames:
    """Read new names.

    Raises
    ------
    StataError
        r(100) without a name, r(198) for a type that holds no fractions or a list that cannot be read.
    """
    words = text.split()
    typed = bool(words) and words[0] in NUMERIC_STORAGE
    storage = words.pop(0) if typed else DEFAULT_STORAGE
    if not words:
        raise StataError(100, "newvarlist required", span)
    if storage not in _REAL_STORAGE:
        raise StataError(198, f"{storage} holds whole numbers only; predictions need float or double", span)
    stub = _STUB.fullmatch(words[0])
    if stub is not None and len(words) == 1:
        return NewNames(storage, typed, stub[1], (), span)
    names = tuple(name for word in words for name in _expanded(word, span))
    return NewNames(storage, typed, "", names, span)


def expanded_names(text: str) -> list[str]:
    """Return the names of a list of new variables, ranges such as ``x1-x4`` written out."""
    return [name for word in text.split() for name in _expanded(word, None)]


def _expanded(word: str, span: Span | None) -> tuple[str, ...]:
    numbered = _RANGE.fullmatch(word)
    if numbered is not None:
        first, last = int(numbered[2]), int(numbered[3])
        if first <= last:
            return tuple(f"{numbered[1]}{number}" for number in range(first, last + 1))
    if "*" in word or "-" in word:
        raise StataError(198, f"{word} is no name for a new variable; write stub* alone, or names", span)
    return (word,)
