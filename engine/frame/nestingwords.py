"""The sentences of the nesting examination: what is so, how it is known, what it means, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding in four parts; all are empty when there is nothing to say."""

    headline: str = ""
    evidence: str = ""
    consequence: str = ""
    action: str = ""


NOTHING = Finding()


@dataclass(frozen=True, slots=True)
class Indistinct:
    """Levels whose paths are the same groups."""

    names: tuple[str, ...]
    n_levels: int
    n_groups: int


def join(finding: Finding) -> str:
    """Return the parts as one run of sentences."""
    parts = (finding.headline, finding.evidence, finding.consequence, finding.action)
    return " ".join(part for part in parts if part)


def summary(levels: Sequence[tuple[str, int]]) -> str:
    """Return ``250 school_id within 50 dist_id``, innermost level first; ``160 groups of id`` for a single level."""
    if len(levels) == 1:
        ((name, n_groups),) = levels
        return f"{n_groups:,} groups of {name}"
    return " within ".join(f"{n_groups:,} {name}" for name, n_groups in reversed(levels))


def inside_out(chain: Sequence[tuple[str, str]], above: tuple[str, str], same: Indistinct | None) -> Finding:
    """Levels listed below one that lies in them.

    Parameters
    ----------
    chain
        (outer, inner) pairs as they lie in each other, outermost first.
    above
        Level to be listed earlier, and the level it belongs above, or ``""`` when it comes first.
    same
        Levels that the wrong order makes indistinguishable, None when there are none.
    """
    lies = [f"each {inner} {'lies ' if i == 0 else ''}in one {outer}" for i, (outer, inner) in enumerate(chain[::-1])]
    evidence = _capitalised(", ".join(lies)) + "."
    consequence = ""
    if same is not None:
        if len(same.names) < same.n_levels:
            which = f"the variances of {_enumeration(same.names)}"
        elif same.n_levels == 2:
            which = "both variances"
        else:
            which = f"all {_number(same.n_levels)} variances"
        consequence = f"In this order {which} describe the same {same.n_groups:,} groups and cannot be told apart."
    upper, lower = above
    action = f"List {upper} above {lower}." if lower else f"List {upper} first."
    return Finding("The levels are listed inside out.", evidence, consequence, action)


def equal(outer: str, inner: str, n_groups: int) -> Finding:
    """Two levels that define the same groups."""
    return Finding(
        f"{outer} and {inner} define the same {n_groups:,} groups.",
        consequence="Their variances cannot be told apart.",
        action="Keep one of them.",
    )


def recurring(inner: str, outer: str, *, code: str, n_outer: int, n_pairs: int) -> Finding:
    """Codes of the lower level that appear in several groups of the upper one."""
    return Finding(
        f"Codes of {inner} recur: {code} appears in {n_outer:,} groups of {outer}.",
        consequence=f"They count as different groups in each {outer}, {n_pairs:,} in all.",
        action=f"If {inner} {code} is the same everywhere, the levels are crossed.",
    )


def singletons(name: str, n_single: int, n_groups: int) -> Finding:
    """A lowest level most of whose groups have one row."""
    if n_single == n_groups:
        return Finding(
            f"Each row is a {name} group of its own.",
            consequence="The variance between these groups cannot be told from the residual variance.",
            action=f"Remove {name}.",
        )
    return Finding(
        f"{n_single:,} of the {n_groups:,} groups of {name} have a single row.",
        consequence="Their variance and the residual variance are hard to separate.",
    )


def one_group(name: str) -> Finding:
    """A level with a single group."""
    return Finding(
        f"{name} has only one group.",
        consequence="A variance between groups needs at least two.",
        action=f"Remove {name} or widen the sample.",
    )


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def _enumeration(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
