"""The part of a model that all estimation commands have: response, sample, and columns of the design matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Dataset
from engine.data.missing import is_missing
from engine.errors import Span, StataError
from engine.events import CancelToken
from engine.frame.collinear import independent_columns
from engine.frame.columns import Column, ColumnState
from engine.frame.columnvalues import FloatArray, RowValues, design_matrix
from engine.frame.evaluate import Lookup
from engine.frame.factors import expand_terms
from engine.frame.resolve import at_time, resolve_name
from engine.frame.sample import select
from engine.frame.terms import Term
from engine.lang.command import InRange
from engine.lang.expr import Expr
from engine.lang.varlist import Operator

BoolArray: TypeAlias = npt.NDArray[np.bool_]
Places: TypeAlias = dict[str, Span | None]
"""Variable -> the characters of the command that name it."""

_CONSTANT_COLUMN = Column(())
_LARGEST_DESIGN = 8 << 30
"""Bytes that a design matrix may take."""


class Regression(Protocol):
    """What a specification of any regression has: names as typed."""

    @property
    def depvar(self) -> str:
        """Response, maybe abbreviated."""

    @property
    def depvar_operator(self) -> Operator:
        """Its time-series operator."""

    @property
    def depvar_span(self) -> Span | None:
        """Where the command names it."""

    @property
    def if_(self) -> Expr | None:
        """Condition of the sample."""

    @property
    def in_(self) -> InRange | None:
        """Range of the sample."""


@dataclass(frozen=True, slots=True)
class FixedPart:
    """The estimated columns X (n, p), all columns of e(b), and notes on those left out."""

    X: FloatArray
    columns: tuple[Column, ...]
    notes: tuple[str, ...]


def response(model: Regression, dataset: Dataset) -> str:
    """Return the full name of the response; r(109) when it is text."""
    name = resolve_name(model.depvar, dataset, model.depvar_span)
    if dataset.variable(name).is_string:
        message = (
            f"type mismatch: {name} is a string variable, and a response must be numeric. Choose a numeric variable."
        )
        raise StataError(109, message, model.depvar_span)
    return at_time(name, model.depvar_operator, dataset, model.depvar_span)


def places_of(model: Regression, depvar: str, terms: list[Term]) -> Places:
    """Return the variables of the model, each with where it was typed first; behind a wildcard, where that stands."""
    places: Places = {depvar: model.depvar_span}
    for term in terms:
        for factor in term.factors:
            places.setdefault(factor.variable, factor.span)
    return places


def estimation_sample(
    model: Regression, dataset: Dataset, names: Places, levels: Places, *, lookup: Lookup, cancel: CancelToken
) -> tuple[BoolArray, dict[str, FloatArray]]:
    """Return the estimation sample and the doubles made on the way: if, in, then casewise deletion."""
    sample = np.array(select(dataset, model.if_, model.in_, lookup=lookup), dtype=np.bool_)
    if not sample.any():
        raise StataError(2000, "no observations")
    asked = int(np.count_nonzero(sample))
    whole: dict[str, FloatArray] = {}
    for name, span in names.items():
        cancel.check()
        whole[name] = dataset.numeric(name)
        _leave_out(sample, is_missing(whole[name]), name, asked, span)
    for name, span in levels.items():
        cancel.check()
        if name == "_all":
            continue
        if dataset.variable(name).is_string:
            _leave_out(sample, dataset.texts(name) == "", name, asked, span)
        else:
            known = whole.get(name)
            _leave_out(sample, is_missing(dataset.numeric(name) if known is None else known), name, asked, span)
    return sample, whole


def _leave_out(sample: BoolArray, missing: BoolArray, name: str, asked: int, span: Span | None) -> None:
    """Take rows with a missing value out of `sample`, in place; say which variable left nothing."""
    if not missing.any():
        return
    before = int(np.count_nonzero(sample))
    np.logical_and(sample, ~missing, out=sample)
    if sample.any():
        return
    where = "all observations" if before == asked else "every observation that has the other variables"
    raise StataError(2000, f"no observations: {name} is missing in {where}", span)


def check_response(depvar: str, y: FloatArray, span: Span | None) -> None:
    """Raise r(459) for a response that does not vary."""
    if len(y) > 1 and float(y.min()) == float(y.max()):
        raise StataError(
            459,
            f"{depvar} does not vary: it is {y[0]:g} in all {len(y):,} observations, so there is nothing to explain. "
            "Choose another dependent variable or widen the sample.",
            span,
        )


def bind_fixed(
    terms: tuple[Term, ...],
    numeric: RowValues,
    depvar: str,
    y: FloatArray,
    *,
    constant: bool,
    exact: bool = False,
    cancel: CancelToken,
) -> FixedPart:
    """Return the design matrix; with `exact` it may reproduce `y`, which leaves no variance to estimate.

    Raises
    ------
    StataError
        r(909) a matrix that does not fit into memory, r(2001) too few observations, r(459) an exact fit.
    """
    expansion = expand_terms(terms, numeric)
    candidates = [i for i, column in enumerate(expansion.columns) if column.state is ColumnState.ESTIMATED]
    if 8 * len(y) * (len(candidates) + 1) > _LARGEST_DESIGN:
        raise StataError(
            909,
            f"{len(candidates):,} columns of {len(y):,} observations do not fit into memory. "
            "Use a variable with many levels as a grouping level, not as a factor.",
        )
    chosen = [expansion.columns[i] for i in candidates]
    X = design_matrix([*chosen, _CONSTANT_COLUMN] if constant else chosen, numeric, len(y))
    found = independent_columns(X[:, : len(chosen)], constant=constant, y=None if exact else y, cancel=cancel)
    columns = list(expansion.columns)
    notes = list(expansion.notes)
    for i, kept in zip(candidates, found.kept, strict=True):
        if not kept:
            columns[i] = Column(columns[i].parts, ColumnState.OMITTED)
            notes.append(f"note: {columns[i].name} omitted because of collinearity.")
    if not found.kept.all():
        X = X[:, np.append(found.kept, True) if constant else found.kept]
    rank = X.shape[1]
    if len(y) < rank + (not exact):
        raise StataError(2001, _too_few(len(y), rank))
    if found.exact_fit:
        raise StataError(
            459,
            f"the independent variables reproduce {depvar} exactly, which leaves no variance to estimate. "
            "Remove the variable that is computed from it.",
        )
    if constant:
        columns.append(_CONSTANT_COLUMN)
    return FixedPart(X, tuple(columns), tuple(notes))


def _too_few(n_obs: int, rank: int) -> str:
    coefficients = "1 coefficient" if rank == 1 else f"{rank} coefficients"
    observations = "1 observation" if n_obs == 1 else f"{n_obs:,} observations"
    return f"insufficient observations: {observations} cannot determine {coefficients} and a residual variance"
