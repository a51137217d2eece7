"""Names of variables: what is legal, and the nearest legal name."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable

LONGEST_NAME = 32
_NAME = re.compile(r"[^\W\d]\w{0,31}")
_STRING_TYPE = re.compile(r"str\d+")

RESERVED = frozenset({
    "_all", "_b", "_coef", "_cons", "_n", "_N", "_pi", "_pred", "_rc", "_skip", "_se", "byte", "double", "float", "if",
    "in", "int", "long", "strL", "using", "with",
})  # fmt: skip


def is_identifier(name: str) -> bool:
    """Tell whether `name` has the shape of a name: letters, digits and ``_``, at most 32, no digit first."""
    return _NAME.fullmatch(name) is not None


def is_legal(name: str) -> bool:
    """Tell whether a variable may be called `name`."""
    return is_identifier(name) and name not in RESERVED and not _STRING_TYPE.fullmatch(name)


def why_illegal(name: str) -> str:
    """Return what keeps `name` from being the name of a variable, empty when nothing does."""
    if is_legal(name):
        return ""
    if is_identifier(name):
        return "the language keeps the word for itself"
    if len(name) > LONGEST_NAME and is_identifier(name[:LONGEST_NAME]) and re.fullmatch(r"\w+", name):
        return f"it has {len(name)} characters, and {LONGEST_NAME} are allowed"
    return "a name holds letters, digits and _, and no digit comes first"


def legal_names(originals: Iterable[Hashable]) -> tuple[str, ...]:
    """Return distinct legal names that are as near as possible to the given ones."""
    taken: set[str] = set()
    result: list[str] = []
    for original in originals:
        name = re.sub(r"\W", "_", str(original))[:LONGEST_NAME] or "v"
        if not is_legal(name):
            name = ("_" + name)[:LONGEST_NAME]
        candidate, number = name, 1
        while candidate in taken:
            number += 1
            candidate = f"{name[: LONGEST_NAME - len(str(number)) - 1]}_{number}"
        taken.add(candidate)
        result.append(candidate)
    return tuple(result)
