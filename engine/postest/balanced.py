"""Cells of a term with all other factors balanced and continuous covariates at zero: what ``contrast`` compares.

Only columns with the continuous variables of the term take part: those of ``a#c.x`` are slopes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import product

import numpy as np

from engine.errors import StataError
from engine.frame.columns import Column, ColumnPart, ColumnState
from engine.frame.modelframe import FloatArray
from engine.lang.abbrev import nearest
from engine.lang.contrast_terms import ContrastTerm
from engine.postest.grids import Cells, Dimension


def factor_levels(columns: Sequence[Column]) -> dict[str, tuple[int, ...]]:
    """Return the levels of every factor among the columns, ascending."""
    found: dict[str, set[int]] = {}
    for column in columns:
        for part in column.parts:
            if part.level is not None:
                found.setdefault(part.variable, set()).add(part.level)
    return {name: tuple(sorted(levels)) for name, levels in found.items()}


def base_levels(columns: Sequence[Column]) -> dict[str, int]:
    """Return the base level of every factor, the lowest where it has none."""
    bases = {name: levels[0] for name, levels in factor_levels(columns).items()}
    for column in columns:
        bases |= {part.variable: part.level for part in column.parts if part.base and part.level is not None}
    return bases


Share = Callable[[tuple[ColumnPart, ...]], float]
"""Share of the observations that are at all of these levels of factors."""


def balanced_cells(term: ContrastTerm, columns: Sequence[Column], share: Share | None = None) -> Cells:
    """Return the cells of a term's factors, those that it stays within last.

    The other factors are balanced: each level of one counts alike, unless `share` tells how often levels occur.

    Raises
    ------
    StataError
        r(322) where the fit has no such factor or term, r(198) without a factor.
    """
    levels = factor_levels(columns)
    own = [factor for factor in (*term.factors, *term.within) if not factor.continuous]
    if not own:
        raise StataError(198, "contrasts need a factor, as in contrast sector#c.ses", term.span)
    dimensions = []
    for factor in own:
        known = levels.get(factor.variable)
        if known is None:
            near = nearest(factor.variable, levels)
            hint = f"; did you mean {near}?" if near else ""
            raise StataError(322, f"factor {factor.variable} not found in list of covariates{hint}", term.span)
        wanted = factor.levels if factor.operator.rstrip("w") not in ("p", "q") else None
        wrong = [level for level in wanted or () if level not in known]
        if wrong:
            raise StataError(198, f"{wrong[0]} is no level of factor {factor.variable}", term.span)
        dimensions.append(Dimension((factor.variable,), tuple((level,) for level in wanted or known)))
    slopes = Counter(factor.variable for factor in term.factors if factor.continuous)

    def balanced(parts: tuple[ColumnPart, ...]) -> float:
        return float(np.prod([1.0 / len(levels[part.variable]) for part in parts]))

    L = _rows(dimensions, slopes, columns, share or balanced)
    named = {factor.variable for factor in term.factors}
    if not any(named <= {part.variable for part in column.parts} for column in columns):
        raise StataError(322, "the last fit has no such term", term.span)
    left_out = [column.state in (ColumnState.OMITTED, ColumnState.EMPTY) for column in columns]
    names = {column.name for column in columns if column.state is ColumnState.ESTIMATED}
    lost = [out and column.name not in names for out, column in zip(left_out, columns, strict=True)]
    return Cells(tuple(dimensions), L, ~np.any(L[..., lost] != 0.0, axis=-1))


def _rows(dimensions: Sequence[Dimension], slopes: Counter[str], columns: Sequence[Column], share: Share) -> FloatArray:
    L = np.zeros((*(len(d.levels) for d in dimensions), len(columns)))
    names = [d.variables[0] for d in dimensions]
    relevant = [i for i, c in enumerate(columns) if Counter(p.variable for p in c.parts if p.level is None) == slopes]
    for place in product(*(range(len(d.levels)) for d in dimensions)):
        at = {name: d.levels[k][0] for name, d, k in zip(names, dimensions, place, strict=True)}
        for i in relevant:
            factors = [part for part in columns[i].parts if part.level is not None]
            chosen = all(at[part.variable] == part.level for part in factors if part.variable in at)
            if chosen:
                L[(*place, i)] = share(tuple(part for part in factors if part.variable not in at))
    return L
