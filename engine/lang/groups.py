"""Text cut at brackets: ``(a) (b)`` into its groups, and at a sign outside of brackets."""

from __future__ import annotations

from engine.errors import StataError

_OPEN, _CLOSE = "([{", ")]}"


def outside(text: str, sign: str) -> list[int]:
    """Return the places of the letter `sign` outside of brackets."""
    depth = 0
    places = []
    for place, letter in enumerate(text):
        depth += (letter in _OPEN) - (letter in _CLOSE)
        if letter == sign and depth == 0:
            places.append(place)
    return places


def bracketed(text: str, offset: int = 0) -> list[tuple[str, int]] | None:
    """Return the contents of ``(a) (b)`` and where each begins; None where something stands outside of the brackets.

    Raises
    ------
    StataError
        r(198) for empty brackets.
    """
    found: list[tuple[str, int]] = []
    depth, start = 0, 0
    for place, letter in enumerate(text):
        if depth == 0 and not letter.isspace() and letter != "(":
            return None
        if letter in _OPEN:
            depth += 1
            start = place + 1 if depth == 1 else start
        elif letter in _CLOSE:
            depth -= 1
            if depth == 0:
                if not text[start:place].strip():
                    raise StataError(198, "the brackets are empty", (offset + start - 1, offset + place + 1))
                found.append((text[start:place], offset + start))
    return found or None
