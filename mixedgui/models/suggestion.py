"""Suggestions for the word at the cursor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple


class Suggestion(NamedTuple):
    """`text` replaces the word at the cursor; `detail` says what it is. A tuple: there may be thousands per key."""

    text: str
    detail: str


@dataclass(frozen=True, slots=True)
class Completion:
    """Suggestions for the word that begins at `start`; `about` names where in the command it stands.

    `word` is what is typed of it already.
    """

    start: int
    suggestions: tuple[Suggestion, ...]
    about: str = ""
    word: str = ""

    def of(self, candidates: Iterable[tuple[str, str]], about: str) -> Completion:
        """Suggest those of the candidates (text, detail) that begin with the word."""
        typed = self.word.lower()
        found = tuple(Suggestion(*each) for each in candidates if not typed or each[0].lower().startswith(typed))
        return replace(self, suggestions=found, about=about)

    def shortened(self, word: str) -> Completion:
        """Return the completion of another word that ends at the cursor."""
        return replace(self, start=self.start + len(self.word) - len(word), word=word)

    def literally(self, candidates: Iterable[tuple[str, str]], about: str) -> Completion:
        """Suggest candidates in place of the word, whatever they begin with."""
        return replace(self, suggestions=tuple(Suggestion(*each) for each in candidates), about=about)

    def joined(self, other: Completion) -> Completion:
        """Add the suggestions of another completion of the same word."""
        if other.start != self.start or not other.suggestions:
            return self if self.suggestions else other
        return replace(self, suggestions=self.suggestions + other.suggestions)


def common_start(suggestions: Iterable[Suggestion]) -> str:
    """Return the longest text that all suggestions begin with."""
    texts = [suggestion.text for suggestion in suggestions]
    if not texts:
        return ""
    low, high = min(texts), max(texts)
    length = next((i for i, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), min(len(low), len(high)))
    return low[:length]
