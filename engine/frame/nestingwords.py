"""The sentences of the nesting examination: what is so, how it is known, what it means, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.phrase import phrase

_NUMBERS = (
    phrase("no"), phrase("one"), phrase("two"), phrase("three"), phrase("four"), phrase("five"), phrase("six"),
    phrase("seven"), phrase("eight"), phrase("nine"), phrase("ten"),
)  # fmt: skip


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
        return phrase("{n:,} groups of {name}", n=n_groups, name=name)
    (name, n_groups), *inner = levels
    text = f"{n_groups:,} {name}"
    for name, n_groups in inner:
        text = phrase("{inner} within {outer}", inner=f"{n_groups:,} {name}", outer=text)
    return text


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
    lies = tuple(
        phrase("each {inner} in one {outer}", inner=inner, outer=outer)
        if i
        else phrase("Each {inner} lies in one {outer}", inner=inner, outer=outer)
        for i, (outer, inner) in enumerate(chain[::-1])
    )
    evidence = phrase("{facts}.", facts=lies)
    consequence = ""
    if same is not None:
        if len(same.names) < same.n_levels:
            which = phrase("the variances of {names}", names=_enumeration(same.names))
        elif same.n_levels == 2:
            which = phrase("both variances")
        else:
            which = phrase("all {n} variances", n=_number(same.n_levels))
        consequence = phrase(
            "In this order {which} describe the same {n:,} groups and cannot be told apart.",
            which=which,
            n=same.n_groups,
        )
    upper, lower = above
    first = phrase("List {upper} first.", upper=upper)
    action = phrase("List {upper} above {lower}.", upper=upper, lower=lower) if lower else first
    return Finding(phrase("The levels are listed inside out."), evidence, consequence, action)


def equal(outer: str, inner: str, n_groups: int) -> Finding:
    """Two levels that define the same groups."""
    return Finding(
        phrase("{outer} and {inner} define the same {n:,} groups.", outer=outer, inner=inner, n=n_groups),
        consequence=phrase("Their variances cannot be told apart."),
        action=phrase("Keep one of them."),
    )


def recurring(inner: str, outer: str, *, code: str, n_outer: int, n_pairs: int) -> Finding:
    """Codes of the lower level that appear in several groups of the upper one."""
    return Finding(
        phrase(
            "Codes of {inner} recur: {code} appears in {n:,} groups of {outer}.",
            inner=inner,
            code=code,
            n=n_outer,
            outer=outer,
        ),
        consequence=phrase("They count as different groups in each {outer}, {n:,} in all.", outer=outer, n=n_pairs),
        action=phrase("If {inner} {code} is the same everywhere, the levels are crossed.", inner=inner, code=code),
    )


def singletons(name: str, n_single: int, n_groups: int) -> Finding:
    """A lowest level most of whose groups have one row."""
    if n_single == n_groups:
        return Finding(
            phrase("Each row is a {name} group of its own.", name=name),
            consequence=phrase("The variance between these groups cannot be told from the residual variance."),
            action=phrase("Remove {name}.", name=name),
        )
    return Finding(
        phrase("{n:,} of the {total:,} groups of {name} have a single row.", n=n_single, total=n_groups, name=name),
        consequence=phrase("Their variance and the residual variance are hard to separate."),
    )


def one_group(name: str) -> Finding:
    """A level with a single group."""
    return Finding(
        phrase("{name} has only one group.", name=name),
        consequence=phrase("A variance between groups needs at least two."),
        action=phrase("Remove {name} or widen the sample.", name=name),
    )


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def _enumeration(names: Sequence[str]) -> str:
    first, last = ", ".join(names[:-1]), names[-1]
    return phrase("{first} and {last}", first=first, last=last) if first else last
