"""How the levels of a model lie in each other, from the data: what is proper, inside out, equal or ambiguous.

Two level variables A (listed above) and B (below) are compared by their distinct pairs: as many pairs as groups of B
means that B lies in A; as many as groups of A means the reverse; more than both means that codes of B recur in several
groups of A, which reused codes and crossed levels do alike. All counts are linear in the number of rows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from textwrap import fill
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Dataset
from engine.data.missing import is_missing
from engine.events import NEVER, CancelToken
from engine.frame import nestingwords as words
from engine.frame.groups import Codes, code_paths, code_variable, determines

BoolArray: TypeAlias = npt.NDArray[np.bool_]

_INDENT = " " * 6
"""Hanging indent of notes."""


class Nesting(Enum):
    """What the data say about two consecutive levels."""

    PROPER = "proper"
    REVERSED = "reversed"
    EQUAL = "equal"
    RECUR = "recur"


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelGroups:
    """Rows per group of one level, as the header of the output will count them.

    Attributes
    ----------
    n_groups, smallest, average, largest
        Groups of the path down to this level, and rows per group.
    own_groups
        Distinct values of the level variable alone.
    n_single
        Groups of the path with a single row.
    """

    name: str
    n_groups: int
    smallest: int
    average: float
    largest: int
    own_groups: int
    n_single: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PairFinding:
    """What is found about `outer` and the level listed below it, `inner`.

    Attributes
    ----------
    n_pairs
        Distinct combinations of the two variables.
    sentence
        What is so, where, and what to do, in plain words.
    """

    outer: str
    inner: str
    kind: Nesting
    n_pairs: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NestingReport:
    """The nesting of all levels of a model.

    Attributes
    ----------
    levels, pairs
        Every level, top to bottom, and every two consecutive ones.
    suggested
        All level variables in the right order, outermost first; None when the order is right or cannot be told.
    summary
        One line when all is well: ``250 school_id within 50 dist_id``.
    headline, evidence, consequence, action
        Finding, how it is known, what it means for the estimates and what to do; empty when all is well.
    question
        Two levels of which only the user knows whether the lower one is numbered anew in each group of the upper one,
        or the same everywhere and so crossed with it; None where the data tell, or the user has.
    """

    levels: tuple[LevelGroups, ...]
    pairs: tuple[PairFinding, ...]
    suggested: tuple[str, ...] | None
    summary: str
    headline: str = ""
    evidence: str = ""
    consequence: str = ""
    action: str = ""
    question: PairFinding | None = None

    @property
    def single_rows(self) -> bool:
        """Whether most groups of the lowest level have one row."""
        return bool(self.levels) and _mostly_single(self.levels[-1])

    @property
    def fine(self) -> bool:
        """Whether there is nothing to warn of."""
        return not self.headline

    @property
    def n_obs(self) -> int:
        """Rows that were looked at."""
        return round(self.levels[0].average * self.levels[0].n_groups) if self.levels else 0


def examine(
    dataset: Dataset,
    level_names: Sequence[str],
    mask: BoolArray | None = None,
    *,
    anew: Collection[tuple[str, str]] = (),
    cancel: CancelToken = NEVER,
) -> NestingReport:
    """Examine how levels, listed top to bottom under their full names, lie in each other.

    Parameters
    ----------
    dataset
        The data.
    level_names
        Level variables, the same one in consecutive equations counted once; ``_all`` is left out.
    mask
        Observations to look at; None for all. Rows where a level variable is missing are left out.
    anew
        (outer, inner) levels of which the user said that the inner one is numbered anew in each group of the outer one.
    cancel
        Checked between levels.
    """
    names = tuple(name for name in dict.fromkeys(level_names) if name != "_all")
    rows = _complete_rows(dataset, names, mask, cancel)
    if not names or not rows.any():
        return NestingReport(levels=(), pairs=(), suggested=None, summary="")
    own = tuple(code_variable(dataset, name, None if rows.all() else rows, cancel=cancel) for name in names)
    found = _Found(dataset, rows, names, own, code_paths(own, cancel), _inclusions(own, cancel))
    cancel.check()
    levels = tuple(_level_groups(*level) for level in zip(names, own, found.paths, strict=True))
    pairs = tuple(_pair(found, upper) for upper in range(len(names) - 1))
    order = _right_order(found.inside)
    suggested = None if order == sorted(order) else tuple(names[i] for i in order)
    cancel.check()
    asked = [pair for pair in pairs if pair.kind is Nesting.RECUR and (pair.outer, pair.inner) not in anew]
    warning = _warning(found, levels, pairs, asked, order)
    clear = suggested is None and not any(pair.kind is Nesting.EQUAL for pair in pairs)
    return NestingReport(
        levels=levels,
        pairs=pairs,
        suggested=suggested,
        summary="" if warning.headline else words.summary([(level.name, level.n_groups) for level in levels]),
        headline=warning.headline,
        evidence=warning.evidence,
        consequence=warning.consequence,
        action=warning.action,
        question=asked[0] if asked and clear else None,
    )


def advice(report: NestingReport, linesize: int = 80) -> str | None:
    """Return the note that the command line prints after the table, None when the order of levels is no concern.

    Lines are wrapped as notes are: two columns short of `linesize`, with a hanging indent.
    """
    same = any(pair.kind is Nesting.EQUAL for pair in report.pairs)
    if report.fine or not (report.suggested or same):
        return None
    sentences = [report.headline, report.evidence, report.consequence, report.action]
    if report.suggested:
        sentences.append("In the right order:")
    paragraphs = ["Note: " + " ".join(sentence for sentence in sentences if sentence)]
    if report.suggested:
        paragraphs.append(_INDENT + " ".join(f"|| {name}:" for name in report.suggested))
    return "\n".join(
        fill(text, width=linesize - 2, subsequent_indent=_INDENT, break_long_words=False, break_on_hyphens=False)
        for text in paragraphs
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """Codes of each level variable alone and of its path; `inside[i, j]`: every group of j lies in one group of i."""

    dataset: Dataset
    rows: BoolArray
    names: tuple[str, ...]
    own: tuple[Codes, ...]
    paths: tuple[Codes, ...]
    inside: BoolArray


def _complete_rows(dataset: Dataset, names: Sequence[str], mask: BoolArray | None, cancel: CancelToken) -> BoolArray:
    rows = np.ones(dataset.n_obs, dtype=np.bool_) if mask is None else mask.copy()
    for name in names:
        cancel.check()
        if dataset.variable(name).is_string:
            rows &= dataset.texts(name) != ""
        else:
            rows &= ~is_missing(dataset.numeric(name))
    return rows


def _level_groups(name: str, own: Codes, path: Codes) -> LevelGroups:
    sizes = path.sizes()
    return LevelGroups(
        name=name,
        n_groups=path.n_groups,
        smallest=int(sizes.min()),
        average=len(path.values) / path.n_groups,
        largest=int(sizes.max()),
        own_groups=own.n_groups,
        n_single=int(np.count_nonzero(sizes == 1)),
    )


def _inclusions(own: Sequence[Codes], cancel: CancelToken) -> BoolArray:
    n = len(own)
    inside = np.eye(n, dtype=np.bool_)
    for i in range(n):
        for j in range(n):
            if i != j:
                cancel.check()
                inside[i, j] = determines(own[j], own[i]) is not None
    return inside


def _pair(found: _Found, upper: int) -> PairFinding:
    """Compare level `upper` with the next one."""
    lower = upper + 1
    outer, inner = found.names[upper], found.names[lower]
    outer_codes, inner_codes = found.own[upper], found.own[lower]
    down, up = bool(found.inside[upper, lower]), bool(found.inside[lower, upper])
    n_pairs = max(outer_codes.n_groups, inner_codes.n_groups)
    if down and up:
        kind, sentence = Nesting.EQUAL, words.join(words.equal(outer, inner, n_pairs))
    elif down:
        kind = Nesting.PROPER
        sentence = words.summary([(outer, found.paths[upper].n_groups), (inner, found.paths[lower].n_groups)])
    elif up:
        kind, sentence = Nesting.REVERSED, words.join(words.inside_out([(inner, outer)], (inner, ""), None))
    else:
        kind = Nesting.RECUR
        code, n_outer = _most_recurring(found, upper)
        n_pairs = code_paths([outer_codes, inner_codes])[1].n_groups
        sentence = words.join(words.recurring(inner, outer, code=code, n_outer=n_outer, n_pairs=n_pairs))
    return PairFinding(outer=outer, inner=inner, kind=kind, n_pairs=n_pairs, sentence=sentence)


def _most_recurring(found: _Found, upper: int) -> tuple[str, int]:
    """Return the code of the lower level that lies in the most groups of the upper one, and how many those are."""
    outer, inner = found.own[upper], found.own[upper + 1]
    pairs = code_paths([inner, outer])[1]
    outer_groups = np.bincount(inner.values[pairs.first_rows()], minlength=inner.n_groups)
    code = int(np.argmax(outer_groups))
    row = np.flatnonzero(found.rows)[inner.first_rows()[code]]
    value = found.dataset.columns[found.names[upper + 1]][row]
    return (value if isinstance(value, str) else f"{float(value):.16g}"), int(outer_groups[code])


def _right_order(inside: BoolArray) -> list[int]:
    """Order levels so that each follows those it lies in, keeping the order listed wherever the data allow it."""
    strictly = inside & ~inside.T
    left = list(range(len(inside)))
    order: list[int] = []
    while left:
        upper = next(i for i in left if not any(strictly[j, i] for j in left))
        order.append(upper)
        left.remove(upper)
    return order


def _warning(
    found: _Found,
    levels: tuple[LevelGroups, ...],
    pairs: tuple[PairFinding, ...],
    asked: list[PairFinding],
    order: list[int],
) -> words.Finding:
    """Return the one thing to say first, from what makes the model impossible to what is only a question."""
    single = next((level for level in levels if level.own_groups == 1), None)
    if single is not None:
        return words.one_group(single.name)
    moved = [place for place, listed in enumerate(order) if place != listed]
    if moved:
        chain = [
            (found.names[upper], found.names[lower])
            for upper, lower in pairwise(order[moved[0] : moved[-1] + 1])
            if found.inside[upper, lower]
        ]
        below = found.names[moved[0]] if moved[0] else ""
        return words.inside_out(chain, (found.names[order[moved[0]]], below), _indistinct(levels))
    for pair in pairs:
        if pair.kind is Nesting.EQUAL:
            return words.equal(pair.outer, pair.inner, pair.n_pairs)
    lowest = levels[-1]
    if _mostly_single(lowest):
        return words.singletons(lowest.name, lowest.n_single, lowest.n_groups)
    for upper, pair in enumerate(pairs):
        if pair in asked:
            code, n_outer = _most_recurring(found, upper)
            return words.recurring(pair.inner, pair.outer, code=code, n_outer=n_outer, n_pairs=pair.n_pairs)
    return words.NOTHING


def _mostly_single(level: LevelGroups) -> bool:
    return 2 * level.n_single > level.n_groups


def _indistinct(levels: tuple[LevelGroups, ...]) -> words.Indistinct | None:
    """Return the levels, from the lowest up, that the order listed makes the same groups."""
    same = tuple(level.name for level in levels if level.n_groups == levels[-1].n_groups)
    return words.Indistinct(same, len(levels), levels[-1].n_groups) if len(same) > 1 else None
