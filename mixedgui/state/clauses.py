"""Putting the pieces of a command together as text, whether or not they are valid yet."""

from __future__ import annotations

from collections.abc import Iterable


def join(*pieces: str) -> str:
    """Join what is not blank with single spaces."""
    return " ".join(piece.strip() for piece in pieces if piece.strip())


def if_clause(condition: str) -> str:
    """Return ``if …``, or nothing."""
    return f"if {condition.strip()}" if condition.strip() else ""


def in_clause(first: str, last: str) -> str:
    """Return ``in first/last``; an empty text stands for an end left open, two of them for no range at all."""
    start, end = first.strip(), last.strip()
    if not start and not end:
        return ""
    return f"in {start}" if start == end else f"in {start or 'f'}/{end or 'l'}"


def with_options(body: str, options: Iterable[str]) -> str:
    """Return `body`, a comma and the options; without options just `body`."""
    words = " ".join(options)
    return f"{body}, {words}" if words else body
