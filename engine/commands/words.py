"""Text cut into words as macros and loops see them: blanks separate, quotes keep together."""

from __future__ import annotations

import re
from dataclasses import dataclass

_QUOTED = re.compile(r'"([^"]*)"')
_EDGES = re.compile('`"|"\'')
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Word:
    """One word without its quotes; `quoted` tells whether it had some."""

    text: str
    quoted: bool = False


def split_words(text: str) -> list[Word]:
    """Return the words of `text`; a quote that is never closed is part of a word."""
    words: list[Word] = []
    at = 0
    while (match := _WORD.search(text, at)) is not None:
        start = match.start()
        quoted = _QUOTED.match(text, start)
        end = compound_end(text, start) if text.startswith('`"', start) else 0
        if quoted is not None:
            words.append(Word(quoted[1], True))
            at = quoted.end()
        elif end:
            words.append(Word(text[start + 2 : end - 2], True))
            at = end
        else:
            words.append(Word(match.group()))
            at = match.end()
    return words


def compound_end(text: str, start: int) -> int:
    """Return the place after the compound quotes that open at `start`, 0 when they stay open."""
    depth = 0
    for match in _EDGES.finditer(text, start):
        depth += 1 if match.group() == '`"' else -1
        if depth == 0:
            return match.end()
    return 0
