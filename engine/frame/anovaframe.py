"""Binding of an analysis of variance: full names, the regression behind it, and the values of its terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Dataset
from engine.errors import StataError
from engine.frame.columnvalues import BoolArray, FloatArray, RowValues
from engine.frame.groups import code_values
from engine.frame.resolve import resolve_name
from engine.spec.anova import AnovaFactor, AnovaModel, AnovaTerm

IntArray: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class TermValues:
    """A term on the sample: codes of its factors by name, and the product of its continuous variables.

    `power` names the continuous variables, `x` (n,) is None without any.
    """

    name: str
    factors: dict[str, IntArray]
    power: tuple[str, ...] = ()
    x: FloatArray | None = None

    @property
    def key(self) -> tuple[frozenset[str], tuple[str, ...]]:
        """What is multiplied, whatever the order."""
        return frozenset(self.factors), tuple(sorted(self.power))


def resolved(model: AnovaModel, dataset: Dataset) -> AnovaModel:
    """Return the model with full names; r(111) for unknown ones, r(109) for text."""
    terms = tuple(
        replace(term, factors=tuple(_full(each, term, dataset) for each in term.factors)) for term in model.terms
    )
    for variable in {factor.variable for term in terms for factor in term.factors}:
        kinds = {f.continuous for term in terms for f in term.factors if f.variable == variable}
        if len(kinds) > 1:
            raise StataError(198, f"{variable} may not be categorical in one term and continuous in another")
    return replace(model, terms=terms)


def _full(factor: AnovaFactor, term: AnovaTerm, dataset: Dataset) -> AnovaFactor:
    name = resolve_name(factor.variable, dataset, term.span)
    if dataset.variable(name).is_string:
        raise StataError(109, f"{name} is a string variable, and anova needs numbers; encode it first", term.span)
    return AnovaFactor(name, factor.continuous)


def regressors(model: AnovaModel) -> str:
    """Return the terms as a varlist for regress."""
    words = ("#".join(f"{'c' if f.continuous else 'i'}.{f.variable}" for f in term.factors) for term in model.terms)
    return " ".join(words)


def term_values(terms: Sequence[AnovaTerm], dataset: Dataset, sample: BoolArray) -> tuple[TermValues, ...]:
    """Return the values of the terms on the estimation sample."""
    numeric = RowValues(dataset, None if sample.all() else sample)
    return tuple(_values(term, numeric) for term in terms)


def _values(term: AnovaTerm, numeric: RowValues) -> TermValues:
    factors = {f.variable: code_values(numeric(f.variable)).values for f in term.factors if not f.continuous}
    power = tuple(f.variable for f in term.factors if f.continuous)
    x: FloatArray | None = None
    for name in power:
        x = numeric(name) if x is None else x * numeric(name)
    return TermValues(term.name, factors, power, None if x is None else np.asarray(x, dtype=np.float64))
