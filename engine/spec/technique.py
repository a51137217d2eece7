"""The maximization techniques of option ``technique()`` ([R] Maximize)."""

from __future__ import annotations

from enum import Enum
from typing import TypeAlias

from engine.errors import StataError

SWITCH = 5
"""Iterations of a technique before the next one takes over, where no number was given."""


class Technique(Enum):
    """How steps are made; the value is Stata's word."""

    NR = "nr"
    BFGS = "bfgs"
    DFP = "dfp"


Plan: TypeAlias = tuple[tuple[Technique, int], ...]
"""Techniques in turn, with their numbers of iterations."""

_FORM = "write technique(nr), technique(bfgs), technique(dfp), or several with counts: technique(bfgs 10 nr 5)"


def read_technique(text: str) -> Plan:
    """Read ``nr``, ``bfgs 10 nr 5`` …

    Raises
    ------
    StataError
        r(198) for bhhh, unknown words, and counts that do not follow a word or are not positive.
    """
    plan: list[tuple[Technique, int]] = []
    counted = True
    for word in text.lower().split():
        if word.isdigit() and not counted and int(word) > 0:
            plan[-1] = (plan[-1][0], int(word))
            counted = True
            continue
        if word == "bhhh":
            raise StataError(198, f"technique(bhhh) is not allowed with mixed; {_FORM}")
        if word not in {technique.value for technique in Technique}:
            raise StataError(198, f"option technique() incorrectly specified: {_FORM}")
        plan.append((Technique(word), SWITCH))
        counted = False
    if not plan:
        raise StataError(198, f"option technique() incorrectly specified: {_FORM}")
    return tuple(plan)


def print_technique(plan: Plan) -> str:
    """Return the canonical text; counts are left out where they are the default or nothing follows."""
    if len(plan) == 1:
        return plan[0][0].value
    parts = (technique.value if count == SWITCH else f"{technique.value} {count}" for technique, count in plan)
    return " ".join(parts)
