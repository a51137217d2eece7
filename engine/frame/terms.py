"""From a varlist as typed to the terms of a model: full names, interactions multiplied out, duplicates dropped.

Order and duplicates follow the expansion rules of factor-variable notation: terms in the order typed; ``A##B##C`` in
binary counting order A, B, A#B, C, A#C, B#C, A#B#C; categorical factors before continuous ones inside an interaction.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import TypeAlias

from engine.data.dataset import Dataset
from engine.errors import Span, StataError
from engine.frame.resolve import at_time, expand_reference
from engine.lang.varlist import (
    PLAIN,
    BaseKind,
    FactorKind,
    Group,
    Interaction,
    Operator,
    VarList,
    VarListItem,
)

MAX_FACTORS = 8
"""How many factors one interaction may have."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One variable of a term, under its full name."""

    variable: str
    categorical: bool
    operator: Operator = PLAIN
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Term:
    """A product of factors, categorical ones first."""

    factors: tuple[Factor, ...]

    @property
    def is_plain(self) -> bool:
        """Whether this is one continuous variable."""
        return len(self.factors) == 1 and not self.factors[0].categorical

    @property
    def margin(self) -> Margin:
        """Which variables are multiplied, whatever their order, levels and bases."""
        return margin_of(self.factors)


Margin: TypeAlias = tuple[tuple[str, bool], ...]
_Product: TypeAlias = tuple[Factor, ...]


def margin_of(factors: tuple[Factor, ...]) -> Margin:
    """Return the sorted (variable, categorical) pairs of a product."""
    return tuple(sorted((factor.variable, factor.categorical) for factor in factors))


def terms_of(varlist: VarList, dataset: Dataset) -> tuple[Term, ...]:
    """Expand a varlist to terms.

    A factor main effect or interaction that repeats an earlier one is dropped; a repeated continuous variable stays
    (it will be found collinear), unless it repeats inside one ``##`` expansion.

    Raises
    ------
    StataError
        r(111) unknown name or time-series operator, r(109) string variable, r(147) too many factors.
    """
    terms: list[Term] = []
    seen: set[object] = set()
    for item in varlist.items:
        inside: set[object] = set()
        for factors in _products(item, dataset, outer=PLAIN, interacted=False):
            term = Term(_ordered(factors))
            key = _identity(term)
            if key in inside or (key in seen and not term.is_plain):
                continue
            inside.add(key)
            terms.append(term)
        seen |= inside
    return tuple(terms)


def _identity(term: Term) -> object:
    return tuple(
        sorted(
            (f.variable, f.categorical, f.operator.levels or (), f.operator.omit, f.operator.omit_all)
            for f in term.factors
        )
    )


def _ordered(factors: _Product) -> _Product:
    """Put categorical factors first, each once; a repeated continuous factor is a power and stays."""
    categorical: dict[str, Factor] = {}
    for factor in factors:
        if factor.categorical:
            categorical.setdefault(factor.variable, factor)
    return (*categorical.values(), *(factor for factor in factors if not factor.categorical))


def _products(item: VarListItem, dataset: Dataset, *, outer: Operator, interacted: bool) -> list[_Product]:
    """Return the products an item stands for; `outer` is the operator of an enclosing group."""
    if isinstance(item, Interaction):
        return _interaction(item, dataset, outer)
    operator = item.operator if item.operator != PLAIN else outer
    if isinstance(item, Group):
        inner = (_products(i, dataset, outer=operator, interacted=interacted) for i in item.items)
        return [factors for products in inner for factors in products]
    categorical = is_categorical(operator) or (interacted and operator.kind is FactorKind.PLAIN)
    return [
        (_factor(name, dataset, operator, categorical=categorical, span=item.span),)
        for name in expand_reference(item, dataset)
    ]


def is_categorical(operator: Operator) -> bool:
    """Tell whether an operator makes a variable a factor (``i.``, ``2.``, ``b2.``, ``o2.``)."""
    return operator.kind is FactorKind.CATEGORICAL or (
        operator.kind is FactorKind.PLAIN
        and bool(operator.base is not BaseKind.DEFAULT or operator.levels is not None or operator.omit)
    )


def _factor(name: str, dataset: Dataset, operator: Operator, *, categorical: bool, span: Span | None) -> Factor:
    if dataset.variable(name).is_string:
        if categorical:
            message = f"{name} is a string variable; string variables may not be used as factor variables"
        else:
            message = f"{name} is a string variable; a model needs numbers, so make a numeric variable of it first"
        raise StataError(109, message, span)
    return Factor(at_time(name, operator, dataset, span), categorical, operator, span)


def _interaction(item: Interaction, dataset: Dataset, outer: Operator) -> list[_Product]:
    """Multiply out ``a#b##c``; ``#`` binds tighter than ``##``."""
    units: list[list[_Product]] = []
    for position, factor in enumerate(item.factors):
        alternatives = _products(factor, dataset, outer=outer, interacted=True)
        if position and not item.full[position - 1]:
            units[-1] = _multiply(units[-1], alternatives)
        else:
            units.append(alternatives)
    result: list[_Product] = []
    for subset in range(1, 2 ** len(units)):
        chosen: list[_Product] = [()]
        for bit, unit in enumerate(units):
            if subset >> bit & 1:
                chosen = _multiply(chosen, unit)
        result.extend(chosen)
    if any(len(factors) > MAX_FACTORS for factors in result):
        raise StataError(147, f"an interaction may have at most {MAX_FACTORS} factors", item.span)
    return result


def _multiply(left: list[_Product], right: list[_Product]) -> list[_Product]:
    return [a + b for a, b in product(left, right)]
