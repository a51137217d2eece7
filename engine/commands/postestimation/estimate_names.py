"""Names of stored estimates, as typed in a list of them."""

from __future__ import annotations

import re
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from engine.errors import Span, StataError
from engine.lang.abbrev import nearest

if TYPE_CHECKING:
    from engine.commands.base import Context
    from engine.results.estimates import Estimates

ACTIVE = "."
"""Stands for the active estimates."""
LONGEST = 27
"""Letters of a name: ``_est_`` and the name are a variable."""
_NAME = re.compile(r"[^\W\d]\w*")


def check_name(name: str, span: Span | None) -> str:
    """Return `name` when estimates may be stored under it; r(198) otherwise."""
    if _NAME.fullmatch(name) is None or len(name) > LONGEST:
        why = "is missing" if not name else f"{name} is not valid: a name has up to {LONGEST} letters, digits and _"
        raise StataError(198, f"the name of the estimates {why}", span)
    return name


def by_name(context: Context, name: str, span: Span | None = None) -> Estimates:
    """Return the estimates stored under `name`, the active ones for ``.``.

    Raises
    ------
    StataError
        r(301) without active estimates, r(111) for a name under which nothing is stored.
    """
    if name == ACTIVE:
        from engine.results.estimates import needs_estimates

        return replace(needs_estimates(context.estimates), name=ACTIVE)
    if name not in context.stored:
        near = nearest(name, context.stored)
        hint = f"; did you mean {near}?" if near else ""
        raise StataError(111, f"estimation result {name} not found{hint}", span)
    return context.stored[name]


def listed(context: Context, text: str, span: Span | None = None, *, usual: str = ACTIVE) -> list[Estimates]:
    """Return the estimates that a list of names, ``.``, ``_all`` and patterns with ``*`` and ``?`` stands for.

    `usual` is what an empty list means. Names come once; patterns in the order of storing.
    """
    found: dict[str, Estimates] = {}
    for word in text.split() or usual.split():
        if word == "_all" or "*" in word or "?" in word:
            pattern = "*" if word == "_all" else word
            names = [name for name in context.stored if fnmatchcase(name, pattern)]
            if not names and word != "_all":
                raise StataError(111, f"no estimation results are stored under names like {word}", span)
        else:
            names = [word]
        found |= {name: by_name(context, name, span) for name in names}
    return list(found.values())
