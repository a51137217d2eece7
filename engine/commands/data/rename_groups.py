"""Groups of variables renamed: lists in brackets, patterns, and the case of letters ([D] rename group)."""

from __future__ import annotations

import re

from engine.data.dataset import Dataset
from engine.errors import Span, StataError
from engine.frame.resolve import resolve_names
from engine.lang.command import Part

_SIDES = re.compile(r"\s*(\([^()]*\)|[^\s()]+)\s+(\([^()]*\)|[^\s()]+)\s*")
_MARKS = {"*": r"(.*)", "?": r"(.)", "#": r"(\d+)"}
_CASES = {"upper": str.upper, "lower": str.lower, "proper": str.title}


def read_renames(part: Part, dataset: Dataset) -> list[tuple[str, str]]:
    """Return the pairs of old and new names that a command asks for.

    Raises
    ------
    StataError
        r(198) for what is no such command or lists of different length, r(111) for variables that are not there.
    """
    span = part.body_span
    cases = [word for word in _CASES if part.has(word)]
    if len(cases) > 1:
        raise StataError(184, f"options {cases[0]} and {cases[1]} may not be combined", span)
    if cases:
        text = part.body.strip()
        names = resolve_names(text[1:-1] if text[:1] == "(" and text[-1:] == ")" else text, dataset, span=span)
        return [(name, _CASES[cases[0]](name)) for name in names]
    match = _SIDES.fullmatch(part.body)
    if match is None:
        message = "rename takes the name of a variable and its new name, or lists of both in brackets"
        raise StataError(198, message, span)
    old, new = (side[1:-1].split() if side.startswith("(") else [side] for side in match.groups())
    if len(old) == 1 and len(new) == 1:
        return _by_pattern(old[0], new[0], dataset, span)
    if len(new) == 1 and any(mark in new[0] for mark in "*="):
        return [pair for one in old for pair in _by_pattern(one, new[0], dataset, span)]
    plain = [name for one in old for name in resolve_names(one, dataset, span=span)]
    if len(plain) == len(new) and not any(mark in one for one in new for mark in "*?#="):
        return list(zip(plain, new, strict=True))
    if len(old) == len(new):
        return [pair for one, other in zip(old, new, strict=True) for pair in _by_pattern(one, other, dataset, span)]
    raise StataError(198, f"{len(plain)} variables cannot be given {len(new)} new names", span)


def _by_pattern(old: str, new: str, dataset: Dataset, span: Span) -> list[tuple[str, str]]:
    """Return the pairs for one pattern: what ``*``, ``?`` and ``#`` stand for is kept, ``=`` is the old name."""
    marks = [c for c in old if c in _MARKS]
    if not marks:
        names = resolve_names(old, dataset, span=span)
        if "*" in new:
            raise StataError(198, f"{new} has a * for which {old} has no counterpart", span)
        if len(names) > 1 and "=" not in new:
            raise StataError(198, f"{old} stands for {len(names)} variables, {new} for one", span)
        return [(name, new.replace("=", name)) for name in names]
    expression = re.compile("".join(_MARKS.get(c) or re.escape(c) for c in old))
    wanted = [c for c in new if c in _MARKS]
    if len(wanted) > len(marks):
        raise StataError(198, f"{new} has more of * ? # than {old}", span)
    found = []
    for name in dataset.names:
        match = expression.fullmatch(name)
        if match is not None:
            kept = iter(match.groups())
            made = "".join(next(kept, "") if c in _MARKS else name if c == "=" else c for c in new)
            found.append((name, made))
    if not found:
        raise StataError(111, f"variable {old} not found", span)
    if len(found) > 1 and not wanted and "=" not in new:
        raise StataError(198, f"{old} stands for {len(found)} variables, {new} for one", span)
    return found
