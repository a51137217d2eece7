"""The words that the declaration of `mixed` gives to the dialog."""

from __future__ import annotations

from engine.api import MIXED, Choice, OptionDecl
from mixedgui.state.translation import mark

LONGEST_LABEL = mark("Independent variables")
"""The longest label of the page *Model*: all its fields begin at one edge."""

INDENT = 5
"""How far the controls of a folding group stand in, in units."""

_DECLARED = {decl.name: decl for decl in reversed(MIXED.options)}
"""Option -> declaration; where a name is used at two places, the one for the whole model."""


def option(name: str) -> OptionDecl:
    """Return the declaration of an option."""
    return _DECLARED[name]


def choices(name: str) -> tuple[Choice, ...]:
    """Return the words that an option takes."""
    return _DECLARED[name].choices


def label_of(name: str, word: str) -> str:
    """Return the label of one of an option's words, the word itself when it is not declared."""
    return next((choice.label for choice in choices(name) if choice.word == word), word)
