"""Abbreviated and misspelt words."""

from __future__ import annotations

from collections.abc import Iterable

_BEGINNING = 3
"""Letters of a name from which one sees what was meant."""


def matches(word: str, name: str, minimum: int) -> bool:
    """Tell whether `word` is `name` or an abbreviation of it with at least `minimum` letters (case matters)."""
    return name.startswith(word) and len(word) >= min(minimum, len(name))


def distance(a: str, b: str) -> int:
    """Return how many letters to insert, drop, change or swap with a neighbour to turn `a` into `b`."""
    before: list[int] = []
    previous = list(range(len(b) + 1))
    for i, left in enumerate(a, start=1):
        current = [i]
        for j, right in enumerate(b, start=1):
            cost = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (left != right))
            if i > 1 and j > 1 and left == b[j - 2] and a[i - 2] == right:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        before, previous = previous, current
    return previous[-1]


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate most like `word`, None when none is close enough to be what was meant.

    One slip is allowed per three letters; capitals count as half a slip so that ``Weight`` finds ``weight``. What one
    candidate alone begins with is taken for it, too short an abbreviation as it may be.
    """
    candidates = list(candidates)
    best: tuple[float, str] | None = None
    for name in candidates:
        if abs(len(name) - len(word)) > max(1, len(word) // 3):
            continue
        folded = distance(word.lower(), name.lower())
        score = folded + (0.5 if folded < distance(word, name) else 0.0)
        if score <= max(1, len(word) // 3) and folded < len(word) and (best is None or score < best[0]):
            best = (score, name)
    if best is not None:
        return best[1]
    begun = [name for name in candidates if len(word) >= _BEGINNING and name.lower().startswith(word.lower())]
    return begun[0] if len(begun) == 1 else None
