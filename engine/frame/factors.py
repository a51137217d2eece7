"""Expansion of model terms to columns: levels, bases, omitted levels and empty cells.

A cell of an interaction is *base* when leaving out the factors that stand at their base level gives a term that is in
the model too (or nothing, which the constant stands for). So ``i.girl#c.age`` without ``age`` estimates a slope for
every level, ``i.girl##c.age`` for all but the base, and ``i.a#i.b`` alone estimates all cells but the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, product
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.errors import Span, StataError
from engine.frame.columns import Column, ColumnPart, ColumnState
from engine.frame.columnvalues import FloatArray, Numeric
from engine.frame.terms import Factor, Margin, Term, margin_of
from engine.lang.varlist import BaseKind, Operator

MAX_FACTOR_VALUE = 32_740
MAX_COLUMNS = 11_000
"""Largest factor level, and largest number of columns of a term."""

_IntArray: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Levels:
    """Levels of a factor in the sample, ascending, with their frequencies; `base` is None for ``ibn.``."""

    variable: str
    values: tuple[int, ...]
    counts: tuple[int, ...]
    base: int | None


@dataclass(frozen=True, slots=True)
class Expansion:
    """Columns in e(b) order, without the constant, and the notes they gave rise to."""

    columns: tuple[Column, ...]
    notes: tuple[str, ...]


def expand_terms(terms: Sequence[Term], numeric: Numeric) -> Expansion:
    """Expand terms to columns on the estimation sample.

    Parameters
    ----------
    terms
        Terms in the order typed.
    numeric
        Values of a variable on the estimation sample (no missing values).

    Raises
    ------
    StataError
        r(452) for levels that are negative or not integers, r(103) for more than `MAX_COLUMNS` columns.
    """
    notes: list[str] = []
    levels = {
        name: _levels(name, numeric(name), [f.operator for f in uses], notes, span=uses[0].span)
        for name, uses in _factors_of(terms).items()
    }
    margins = frozenset(term.margin for term in terms)
    columns: list[Column] = []
    seen: set[str] = set()
    total = 0
    for term in terms:
        total += _n_cells(term, levels)
        if total > MAX_COLUMNS:
            raise _too_many(term, levels)
        for column in _cells(term, levels, margins, numeric):
            if term.is_plain or column.name not in seen:
                columns.append(column)
                seen.add(column.name)
                if column.state is ColumnState.EMPTY:
                    notes.append(f"note: {column.name} identifies no observations in the sample.")
    return Expansion(tuple(columns), tuple(notes))


def _factors_of(terms: Iterable[Term]) -> dict[str, list[Factor]]:
    uses: dict[str, list[Factor]] = {}
    for factor in chain.from_iterable(term.factors for term in terms):
        if factor.categorical:
            uses.setdefault(factor.variable, []).append(factor)
    return uses


def _levels(name: str, values: FloatArray, operators: list[Operator], notes: list[str], *, span: Span | None) -> Levels:
    low, high = float(values.min()), float(values.max())
    if low < 0:
        raise StataError(452, f"{name}: factor variables may not contain negative values", span)
    if not np.array_equal(values, np.floor(values)):
        raise StataError(452, f"{name}: factor variables may not contain noninteger values", span)
    if high > MAX_FACTOR_VALUE:
        raise StataError(452, f"{name}: factor variables may not contain values above {MAX_FACTOR_VALUE:,}", span)
    frequencies = np.bincount(values.astype(np.int64))
    present = np.flatnonzero(frequencies)
    levels = tuple(int(level) for level in present)
    counts = tuple(int(count) for count in frequencies[present])
    return Levels(name, levels, counts, _base(name, levels, counts, operators, notes))


def _base(
    name: str, levels: tuple[int, ...], counts: tuple[int, ...], operators: list[Operator], notes: list[str]
) -> int | None:
    """Return the base level; one that is asked for anywhere in the list holds for all its terms."""
    asked = next((operator for operator in operators if operator.base is not BaseKind.DEFAULT), None)
    if asked is None or asked.base is BaseKind.FIRST:
        return levels[0]
    if asked.base is BaseKind.NONE:
        return None
    if asked.base is BaseKind.LAST:
        return levels[-1]
    if asked.base is BaseKind.FREQUENT:
        return levels[counts.index(max(counts))]
    wanted = asked.base_value or 0
    if asked.base is BaseKind.ORDER and 1 <= wanted <= len(levels):
        return levels[wanted - 1]
    if asked.base is BaseKind.VALUE and wanted in levels:
        return wanted
    which = f"level {wanted}" if asked.base is BaseKind.VALUE else f"level number {wanted}"
    notes.append(f"note: {which} of factor {name} not found in the sample; the base level is {levels[0]}.")
    return levels[0]


def _chosen(factor: Factor, levels: Levels) -> tuple[int, ...]:
    """Return the levels a factor contributes: those selected (``i(2/4).``), else all in the sample."""
    selected = factor.operator.levels
    if selected is None:
        return levels.values
    omitted = () if factor.operator.omit_all else factor.operator.omit
    return tuple(sorted({*selected, *omitted}))


def _base_of(factor: Factor, levels: Levels) -> int | None:
    """Return the base level of a factor in this term: selected levels have none unless one was asked for."""
    if factor.operator.levels is not None and factor.operator.base is BaseKind.DEFAULT:
        return None
    return levels.base


def _n_cells(term: Term, levels: dict[str, Levels]) -> int:
    cells = 1
    for factor in term.factors:
        if factor.categorical:
            cells *= len(_chosen(factor, levels[factor.variable]))
    return cells


def _too_many(term: Term, levels: dict[str, Levels]) -> StataError:
    sizes = [f"{f.variable} has {len(levels[f.variable].values):,} levels" for f in term.factors if f.categorical]
    message = (
        f"too many variables specified: {' and '.join(sizes)}, and a model may have at most {MAX_COLUMNS:,} columns. "
        "Use a variable with many levels as a grouping level, not as a factor."
    )
    return StataError(103, message, term.factors[0].span)


def _cells(term: Term, levels: dict[str, Levels], margins: frozenset[Margin], numeric: Numeric) -> list[Column]:
    """Return the columns of one term: first factor slowest, last fastest."""
    factors = [factor for factor in term.factors if factor.categorical]
    continuous = tuple(ColumnPart(factor.variable) for factor in term.factors if not factor.categorical)
    choices = [_chosen(factor, levels[factor.variable]) for factor in factors]
    bases = [_base_of(factor, levels[factor.variable]) for factor in factors]
    counts = _cell_counts(factors, choices, numeric)
    omitted_all = any(factor.operator.omit_all for factor in term.factors)
    columns: list[Column] = []
    for number, cell in enumerate(product(*choices)):
        at_base = tuple(f for f, level, base in zip(factors, cell, bases, strict=True) if level == base)
        if omitted_all or any(level in f.operator.omit for f, level in zip(factors, cell, strict=True)):
            state = ColumnState.OMITTED
        elif _is_base(term, at_base, margins):
            state = ColumnState.BASE
        elif counts is not None and counts[number] == 0:
            state = ColumnState.EMPTY
        else:
            state = ColumnState.ESTIMATED
        parts = (_part(f, level, levels[f.variable], base) for f, level, base in zip(factors, cell, bases, strict=True))
        columns.append(Column((*parts, *continuous), state))
    return columns


def _part(factor: Factor, level: int, levels: Levels, base: int | None) -> ColumnPart:
    unbased = levels.base is None and level == levels.values[0]
    return ColumnPart(factor.variable, level, base=base is not None and level == base, no_base=unbased)


def _is_base(term: Term, at_base: tuple[Factor, ...], margins: frozenset[Margin]) -> bool:
    for size in range(1, len(at_base) + 1):
        for left_out in combinations(at_base, size):
            rest = tuple(factor for factor in term.factors if factor not in left_out)
            if not rest or margin_of(rest) in margins:
                return True
    return False


def _cell_counts(factors: list[Factor], choices: list[tuple[int, ...]], numeric: Numeric) -> _IntArray | None:
    """Count observations per cell, first factor slowest; None where every cell is known to be filled."""
    selected = any(factor.operator.levels is not None for factor in factors)
    if not factors or (len(factors) == 1 and not selected):
        return None
    cell: _IntArray | None = None
    outside: npt.NDArray[np.bool_] | None = None
    for factor, levels in zip(factors, choices, strict=True):
        position = np.full(MAX_FACTOR_VALUE + 2, -1, dtype=np.int64)
        known = [level for level in levels if 0 <= level <= MAX_FACTOR_VALUE]
        position[known] = [levels.index(level) for level in known]
        code = position[numeric(factor.variable).astype(np.int64)]
        away = code < 0
        outside = away if outside is None else outside | away
        cell = code if cell is None else cell * len(levels) + code
    assert cell is not None
    assert outside is not None
    n_cells = int(np.prod([len(levels) for levels in choices]))
    return np.bincount(cell[~outside], minlength=n_cells)
