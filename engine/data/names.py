"""Names of variables: what is legal, and the nearest legal name."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from enum import Enum

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


class Case(Enum):
    """What happens to capital letters of column names."""

    PRESERVE = "preserve"
    LOWER = "lower"
    UPPER = "upper"

    def apply(self, name: str) -> str:
        """Return `name` in this case."""
        if self is Case.LOWER:
            return name.lower()
        return name.upper() if self is Case.UPPER else name


def header_names(
    headers: Sequence[str], *, case: Case, fallback: Callable[[int], str], taken: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return distinct names of variables from the headings of a table, as ``import`` makes them.

    What a name cannot hold is left out; where nothing legal remains, or the name is taken, `fallback` of the 0-based
    position is used (``v3``). Names in `taken` are not used.
    """
    taken = set(taken)
    result: list[str] = []
    wanted = [case.apply(re.sub(r"\W", "", header))[:LONGEST_NAME] for header in headers]
    free = {name for name in wanted if is_legal(name)} - taken
    for position, name in enumerate(wanted):
        chosen = name
        if not is_legal(name) or name in taken:
            base = case.apply(fallback(position))
            chosen, number = base, 1
            while chosen in taken or (chosen in free and chosen != name):
                number += 1
                chosen = f"{base}_{number}"
        taken.add(chosen)
        result.append(chosen)
    return tuple(result)
