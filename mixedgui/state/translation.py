"""The program's words in the user's language, without Qt; the window gives the way to look them up.

Three ways to name a text that a user reads: `self.tr("…")` in a class of Qt, `tr("…")` everywhere else, and
`mark("…")` for a constant, which `tr` translates where it is shown. Labels and help of commands are declared in the
engine in English; `declared` translates them at the boundary. A sentence is one text with places in braces, filled
after the translation; what is counted goes through `counted`. Rules and findings that the engine puts into words
for dialogs are phrases, which `declared` takes apart and fills again. Commands, what they print and the errors of the
language stay in English: they are the same in logs, in do-files and in what one looks up.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.api import Phrase, listed

WORDS = "mixedgui"
"""Context of what `tr` and `counted` look up."""

DECLARATIONS = "declarations"
"""Context of labels and help that commands declare."""

LookUp = Callable[[str, str, int], str]
"""Context, text, and the number that decides between plural forms (-1 for none) -> the translation, else the text."""


def _as_it_is(_context: str, text: str, _count: int) -> str:
    return text


_look_up: list[LookUp] = [_as_it_is]


def install(look_up: LookUp) -> None:
    """Look texts up with `look_up` from now on."""
    _look_up[0] = look_up


def tr(text: str) -> str:
    """Return a text of the window in the user's language."""
    return _look_up[0](WORDS, text, -1) if text else text


def mark(text: str) -> str:
    """Return `text` itself; it is found for translators, and translated with `tr` where it is shown."""
    return text


def declared(text: str) -> str:
    """Return a label or sentence of a command's declaration, or a phrase of the engine, in the user's language."""
    if isinstance(text, Phrase):
        pattern = _look_up[0](DECLARATIONS, text.pattern, -1)
        return pattern.format(**{name: listed(_in_words(value)) for name, value in text.values.items()})
    return _look_up[0](DECLARATIONS, text, -1) if text else text


def _in_words(value: object) -> object:
    """Return what fills a place of a phrase in the user's language; names and numbers are as they are."""
    if isinstance(value, tuple):
        return tuple(_in_words(each) for each in value)
    return declared(value) if isinstance(value, Phrase) else value


def shown(text: str) -> str:
    """Return a text that a constant or a declaration has named, in the user's language."""
    return tr(declared(text))


def counted(count: int, one: str, many: str) -> str:
    """Return the form of a text that goes with a number, which stands in it as ``{n}``.

    Translators see `many`, and give as many forms as their language has.
    """
    found = _look_up[0](WORDS, many, count)
    return (one if found == many and count == 1 else found).replace("{n}", f"{count:,}")
