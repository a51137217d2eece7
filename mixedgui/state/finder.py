"""Finding commands, variables and settings by words: what there is, ranked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

MOST_FOUND = 12


class Kind(Enum):
    """What an entry leads to."""

    COMMAND = "command"
    VARIABLE = "variable"
    SETTING = "setting"


@dataclass(frozen=True, slots=True)
class Found:
    """An entry.

    Attributes
    ----------
    title, where
        What it is called, and in which menu or place it is.
    key
        What it is opened by: the object name of an action, the name of a variable, the label of a setting.
    words
        Further words it is found by.
    """

    kind: Kind
    title: str
    where: str
    key: str
    words: str = ""

    def rank(self, words: list[str]) -> int | None:
        """Return how well the entry fits, 0 best; None where a word is missing."""
        title = self.title.lower()
        text = f"{title} {self.where.lower()} {self.words.lower()}"
        if not all(word in text for word in words):
            return None
        first = words[0]
        exact = first in {title, *self.words.lower().split()[:1]}
        if exact and len(words) == 1:
            return 0
        if title.startswith(first):
            return 1
        if any(part.startswith(first) for part in title.split()):
            return 2
        return 3 if all(word in title for word in words) else 4


def search(text: str, entries: Iterable[Found]) -> tuple[Found, ...]:
    """Return the entries that all words of `text` occur in, the best first."""
    words = text.lower().split()
    if not words:
        return ()
    ranked = [(rank, place, each) for place, each in enumerate(entries) if (rank := each.rank(words)) is not None]
    return tuple(each for _, _, each in sorted(ranked, key=lambda one: one[:2])[:MOST_FOUND])
