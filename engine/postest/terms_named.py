"""Which coefficients a list of terms names: ``i.sector``, ``sector#c.ses``, ``ses-meanses``, ``s*`` (``testparm``)."""

from __future__ import annotations

from engine.data.dataset import Dataset
from engine.errors import Span, StataError
from engine.frame.columns import Column
from engine.frame.resolve import expand_reference
from engine.lang.linear import LinearTerm
from engine.lang.parse_varlist import parse_varlist
from engine.lang.varlist import FactorKind, Group, Interaction, Operator, VarListItem, VarRange, VarRef
from engine.postest.parameters import Parameters, is_estimated

_Part = tuple[str, bool | None, tuple[int, ...] | None]
"""Variable, whether categorical (None where either will do), levels (None for all)."""


def named_positions(
    text: str, span: Span, parameters: Parameters, dataset: Dataset, *, equation: str = ""
) -> list[int]:
    """Return the places in e(b) of the estimated coefficients of the terms listed, in e(b) order.

    Raises
    ------
    StataError
        r(100) without terms, r(111) where the fit has no coefficient of a term.
    """
    from engine.postest.parameters import position

    if not text.strip():
        raise StataError(100, "varlist required", span)
    if equation and equation != parameters.result.depvar:
        return sorted({position(LinearTerm(1.0, word, equation), parameters, span) for word in text.split()})
    columns = parameters.result.columns
    places: set[int] = set()
    for item in parse_varlist(text, span[0]).items:
        own = {i for i, column in enumerate(columns) if is_estimated(column) and _matches(item, column, dataset)}
        if not own:
            raise StataError(
                111, f"no coefficients of the last fit are named by {text[slice(*_within(item, span))]}", span
            )
        places |= own
    return sorted(places)


def _within(item: VarListItem, span: Span) -> Span:
    found = item.span or span
    return (max(found[0] - span[0], 0), max(found[1] - span[0], 0))


def _matches(item: VarListItem, column: Column, dataset: Dataset) -> bool:
    parts = column.parts
    return any(len(term) == len(parts) and _fits(term, column) for term in _terms(item, dataset))


def _fits(term: tuple[_Part, ...], column: Column) -> bool:
    """Tell whether each part of a term is one of the column's, in any order."""
    left = list(column.parts)
    for variable, categorical, levels in term:
        for part in left:
            is_level = part.level is not None
            kind = categorical is None or categorical == is_level
            if part.variable == variable and kind and (levels is None or part.level in levels):
                left.remove(part)
                break
        else:
            return False
    return True


def _terms(item: VarListItem, dataset: Dataset, outer: Operator | None = None) -> list[tuple[_Part, ...]]:
    """Return the products that an item stands for."""
    if isinstance(item, Interaction):
        units: list[list[tuple[_Part, ...]]] = [_terms(item.factors[0], dataset, outer)]
        out = list(units[0])
        for factor, full in zip(item.factors[1:], item.full, strict=True):
            own = _terms(factor, dataset, outer)
            product = [a + b for a in out for b in own]
            out = [*out, *own, *product] if full else product
        return out
    operator = item.operator if item.operator != Operator() else outer or item.operator
    if isinstance(item, Group):
        return [term for inner in item.items for term in _terms(inner, dataset, operator)]
    return [((name, _kind(operator), operator.levels),) for name in _names(item, dataset)]


def _names(item: VarRef | VarRange, dataset: Dataset) -> tuple[str, ...]:
    if isinstance(item, VarRef) and item.name.startswith("_") and item.name != "_all" and item.name not in dataset:
        return (item.name,)  # _at and _cons are no variables
    return expand_reference(item, dataset)


def _kind(operator: Operator) -> bool | None:
    if operator.kind is FactorKind.CONTINUOUS:
        return False
    return True if operator.kind is FactorKind.CATEGORICAL or operator.levels is not None else None
