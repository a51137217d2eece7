"""A model with ``R.`` equations in its cheapest equivalent form.

``level: R.factor`` gives every combination of a group and a value an intercept of its own, so it is an ordinary level
whose groups are these combinations; an exchangeable one has another intercept per group of the level
(`engine.covariance.factor`). Levels that lie in each other are eliminated as a nested chain; what is crossed with the
chain remains as one dense block, so the chain is chosen to leave few columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.covariance.structure import structure
from engine.frame.columns import Column
from engine.frame.crossing import crossing
from engine.frame.groups import Codes, determines
from engine.frame.modelframe import Level, ModelFrame, RandomBlock
from engine.spec.mixed import CovarianceKind

_DENSE_CHAIN = 40_000_000
"""Numbers that the products of a chain of several levels with the dense columns may take."""
_MOST_BESIDE_CHAIN = 1500


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Equivalent:
    """The same model without ``R.``.

    Attributes
    ----------
    frame
        Levels: first the chain, top down, then the crossed ones.
    nested
        Number of levels in the chain.
    parts
        For each block of the model asked for, its blocks here: one, or two for an exchangeable factor (the values'
        own effects, the shared one); none where it is empty.
    names
        What the groups of each level are: a level variable or the variable of ``R.``.
    """

    frame: ModelFrame
    nested: int
    parts: tuple[tuple[int, ...], ...]
    names: tuple[str, ...]

    @property
    def n_crossed(self) -> int:
        """Columns of the dense block."""
        return sum(width for _, width in self.crossed_names())

    @property
    def n_chain_parameters(self) -> int:
        """Covariance parameters of the chain."""
        chain = (block for block in self.frame.blocks if block.level < self.nested and block.structure is not None)
        return sum(structure(block.structure, len(block.columns)).m for block in chain if block.structure is not None)

    def crossed_names(self) -> list[tuple[str, int]]:
        """Return each crossed level's name, as the user knows it, and its number of columns."""
        return [
            (self.names[k], level.n_groups * _width(self.frame, k))
            for k, level in enumerate(self.frame.levels)
            if k >= self.nested
        ]


@dataclass(frozen=True, slots=True, eq=False)
class _Term:
    """A grouping with random effects; `after` is the term that must be eliminated before it."""

    level: Level
    blocks: tuple[tuple[int, RandomBlock], ...]
    name: str
    after: int | None = None

    @property
    def width(self) -> int:
        return self.level.n_groups * sum(len(block.columns) for _, block in self.blocks)

    @property
    def codes(self) -> Codes:
        return Codes(self.level.codes, self.level.n_groups)


def equivalent(frame: ModelFrame, *, one_level: bool = False) -> Equivalent:
    """Rewrite `frame`; with `one_level` the chain is its largest level alone."""
    terms = _terms(frame)
    order = sorted(range(len(terms)), key=lambda i: terms[i].level.n_groups)
    first = [i for i in order if terms[i].after is None]
    chain = [max(first, key=lambda i: terms[i].width)]
    if not one_level:
        longest = min((_chain(terms, order, i) for i in first), key=lambda found: _beside(terms, found))
        if len(longest) == len(terms) or (len(longest) > 1 and _chain_pays(terms, longest)):
            chain = longest
    # effects that may have a negative "variance" come last: nothing before them is indefinite
    crossed = sorted((i for i in order if i not in chain), key=lambda i: terms[i].after is not None)
    return _assemble(frame, terms, chain, crossed)


def has_factors(frame: ModelFrame) -> bool:
    """Whether any equation is that of a factor."""
    return any(block.factor is not None for block in frame.blocks)


def _terms(frame: ModelFrame) -> list[_Term]:
    terms = []
    for k, level in enumerate(frame.levels):
        own = tuple(
            (b, block)
            for b, block in enumerate(frame.blocks)
            if block.level == k and block.factor is None and block.structure is not None
        )
        if own:
            terms.append(_Term(level, own, level.name))
        for b, block in enumerate(frame.blocks):
            if block.level != k or block.factor is None:
                continue
            cells = crossing(level, block.factor)
            effect = ((b, _intercept(block)),)
            if block.structure is CovarianceKind.EXCHANGEABLE:
                terms.append(_Term(level, effect, level.name, after=len(terms) + 1))
            groups = Level(name=level.name, codes=cells.codes, n_groups=cells.n_groups)
            terms.append(_Term(groups, effect, block.factor.name))
    return terms


def _intercept(block: RandomBlock) -> RandomBlock:
    return replace(
        block,
        structure=CovarianceKind.IDENTITY,
        Z=np.broadcast_to(1.0, (len(block.Z), 1)),
        columns=(Column(()),),
        factor=None,
    )


def _chain(terms: Sequence[_Term], order: Sequence[int], lowest: int) -> list[int]:
    """Return the longest chain upwards from a term, top down."""
    chain = [lowest]
    for i in reversed(order):
        needed = terms[i].after
        if i in chain or (needed is not None and needed not in chain):
            continue
        if determines(terms[chain[0]].codes, terms[i].codes) is not None:
            chain.insert(0, i)
    return chain


def _beside(terms: Sequence[_Term], chain: Sequence[int]) -> int:
    """Columns that the chain leaves."""
    return sum(term.width for i, term in enumerate(terms) if i not in chain)


def _chain_pays(terms: Sequence[_Term], chain: Sequence[int]) -> bool:
    """Whether the products of the chain with all crossed columns are few enough to be kept dense."""
    crossed = _beside(terms, chain)
    return crossed <= _MOST_BESIDE_CHAIN and crossed * sum(terms[i].width for i in chain) <= _DENSE_CHAIN


def _assemble(frame: ModelFrame, terms: Sequence[_Term], chain: Sequence[int], crossed: Sequence[int]) -> Equivalent:
    levels: list[Level] = []
    blocks: list[RandomBlock] = []
    parts: list[dict[bool, int]] = [{} for _ in frame.blocks]
    for i in (*chain, *crossed):
        for b, block in terms[i].blocks:
            parts[b][terms[i].after is not None] = len(blocks)
            blocks.append(replace(block, level=len(levels)))
        levels.append(terms[i].level)
    weights = frame.weights
    if weights is not None:  # those of observations count the same whatever the levels are
        weights = replace(weights, groups=(None,) * len(levels))
    return Equivalent(
        frame=replace(frame, levels=tuple(levels), blocks=tuple(blocks), weights=weights),
        nested=len(chain),
        parts=tuple(tuple(part[shared] for shared in sorted(part)) for part in parts),
        names=tuple(terms[i].name for i in (*chain, *crossed)),
    )


def _width(frame: ModelFrame, level: int) -> int:
    return sum(len(block.columns) for block in frame.blocks if block.level == level)
