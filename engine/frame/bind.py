"""Binding a model specification to a data set: names, sample, columns, collinearity, levels and random effects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Dataset
from engine.data.missing import is_missing
from engine.errors import Span, StataError
from engine.events import NEVER, CancelToken
from engine.frame.clusters import bind_clusters, cluster_variable
from engine.frame.collinear import independent_columns
from engine.frame.columns import Column, ColumnState
from engine.frame.columnvalues import FloatArray, RowValues, design_matrix
from engine.frame.crossing import check_factor, crossing
from engine.frame.evaluate import Lookup, no_results
from engine.frame.factors import expand_terms
from engine.frame.modelframe import Level, ModelFrame, RandomBlock
from engine.frame.randomeffects import ALL_EMPTY, bind_factors, bind_levels, bind_random, constants_of, read_equations
from engine.frame.residualerrors import bind_residuals
from engine.frame.residualrequest import lowest_level, read_request
from engine.frame.resolve import resolve_name
from engine.frame.sample import select
from engine.frame.terms import Term, terms_of
from engine.frame.weights import bind_weights, leave_out_unweighted, read_weights
from engine.spec.mixed import MixedSpec

BoolArray: TypeAlias = npt.NDArray[np.bool_]
Places: TypeAlias = dict[str, Span | None]
"""Variable -> the characters of the command that name it."""

_CONSTANT_COLUMN = Column(())
_LARGEST_DESIGN = 8 << 30
"""Bytes that a design matrix may take."""


@dataclass(frozen=True, slots=True)
class _Fixed:
    X: FloatArray
    columns: tuple[Column, ...]
    notes: tuple[str, ...]


def bind(spec: MixedSpec, dataset: Dataset, *, lookup: Lookup = no_results, cancel: CancelToken = NEVER) -> ModelFrame:
    """Bind `spec` to the data; `lookup` gives what ``if`` takes from stored results.

    `cancel` is checked between the stages, once per variable and once per chunk of rows.

    Raises
    ------
    StataError
        r(111) unknown names, r(109) string variables, r(452) unusable factors, r(2000) no observations, r(2001) too
        few, r(198) equations that do not go together, r(459) data that cannot inform the model, r(401), r(402) and
        r(407) unusable weights.
    """
    if not dataset.variables:
        raise StataError(111, "no variables defined")
    depvar = _response(spec, dataset)
    terms = terms_of(spec.indepvars, dataset)
    equations = read_equations(spec.equations, dataset)
    needed = _places(spec, depvar, [*terms, *(term for equation in equations for term in equation.terms)])
    level_places: Places = {equation.level: equation.asked.level_span for equation in equations}
    level_places |= {equation.factor: equation.asked.factor_span for equation in equations if equation.factor}
    request, residual_notes = read_request(spec.residuals, dataset)
    needed |= {name: None for name in request.variables if name not in needed} if request else {}
    clustvar = cluster_variable(spec, dataset)
    grouped: Places = level_places if clustvar is None else {clustvar: None, **level_places}
    sample, whole = _sample(spec, dataset, needed, grouped, lookup=lookup, cancel=cancel)
    cancel.check()
    weights_read = read_weights(spec, equations, dataset, lookup)
    leave_out_unweighted(sample, weights_read, equations, dataset)
    rows = None if sample.all() else sample
    numeric = RowValues(dataset, rows, whole, cancel=cancel)
    y = numeric(depvar)
    _check_response(depvar, y, spec.depvar_span)

    fixed = _bind_fixed(terms, numeric, depvar, y, constant=not spec.noconstant, cancel=cancel)
    levels = bind_levels(equations, dataset, rows, cancel=cancel)
    blocks, random_notes = bind_random(
        equations,
        constants_of(equations),
        levels,
        numeric,
        len(y),
        factors=bind_factors(equations, dataset, rows, cancel=cancel),
        cancel=cancel,
    )
    cancel.check()
    _check_size(len(y), levels, blocks, level_places)
    residual = bind_residuals(request, lowest_level(levels, dataset, rows, len(y)), numeric) if request else None
    if residual is not None:
        random_notes = tuple(note for note in random_notes if note != ALL_EMPTY)
    cancel.check()
    weights = bind_weights(spec, weights_read, levels, dataset, sample)
    cancel.check()
    clusters = bind_clusters(spec, levels, weights, dataset, rows)
    return ModelFrame(
        depvar=depvar,
        y=y,
        X=fixed.X,
        columns=fixed.columns,
        levels=levels,
        blocks=blocks,
        method=spec.method,
        e_sample=sample,
        notes=fixed.notes + random_notes + residual_notes,
        weights=weights,
        clusters=clusters,
        residual=residual,
    )


def _response(spec: MixedSpec, dataset: Dataset) -> str:
    name = resolve_name(spec.depvar, dataset, spec.depvar_span)
    if spec.depvar_operator.time:
        raise StataError(111, "time variable not set", spec.depvar_span)
    if dataset.variable(name).is_string:
        message = (
            f"type mismatch: {name} is a string variable, and a response must be numeric. Choose a numeric variable."
        )
        raise StataError(109, message, spec.depvar_span)
    return name


def _places(spec: MixedSpec, depvar: str, terms: list[Term]) -> Places:
    """Return the variables of the model, each with where it was typed first; behind a wildcard, where that stands."""
    places: Places = {depvar: spec.depvar_span}
    for term in terms:
        for factor in term.factors:
            places.setdefault(factor.variable, factor.span)
    return places


def _sample(
    spec: MixedSpec, dataset: Dataset, names: Places, levels: Places, *, lookup: Lookup, cancel: CancelToken
) -> tuple[BoolArray, dict[str, FloatArray]]:
    """Return the estimation sample and the doubles made on the way: if, in, then casewise deletion."""
    sample = np.array(select(dataset, spec.if_, spec.in_, lookup=lookup), dtype=np.bool_)
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


def _check_response(depvar: str, y: FloatArray, span: Span | None) -> None:
    if len(y) > 1 and float(y.min()) == float(y.max()):
        raise StataError(
            459,
            f"{depvar} does not vary: it is {y[0]:g} in all {len(y):,} observations, so there is nothing to explain. "
            "Choose another dependent variable or widen the sample.",
            span,
        )


def _bind_fixed(
    terms: tuple[Term, ...], numeric: RowValues, depvar: str, y: FloatArray, *, constant: bool, cancel: CancelToken
) -> _Fixed:
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
    found = independent_columns(X[:, : len(chosen)], constant=constant, y=y, cancel=cancel)
    columns = list(expansion.columns)
    notes = list(expansion.notes)
    for i, kept in zip(candidates, found.kept, strict=True):
        if not kept:
            columns[i] = Column(columns[i].parts, ColumnState.OMITTED)
            notes.append(f"note: {columns[i].name} omitted because of collinearity.")
    if not found.kept.all():
        X = X[:, np.append(found.kept, True) if constant else found.kept]
    rank = X.shape[1]
    if len(y) <= rank:
        raise StataError(2001, _too_few(len(y), rank))
    if found.exact_fit:
        raise StataError(
            459,
            f"the independent variables reproduce {depvar} exactly, which leaves no variance to estimate. "
            "Remove the variable that is computed from it.",
        )
    if constant:
        columns.append(_CONSTANT_COLUMN)
    return _Fixed(X, tuple(columns), tuple(notes))


def _too_few(n_obs: int, rank: int) -> str:
    coefficients = "1 coefficient" if rank == 1 else f"{rank} coefficients"
    observations = "1 observation" if n_obs == 1 else f"{n_obs:,} observations"
    return f"insufficient observations: {observations} cannot determine {coefficients} and a residual variance"


def _check_size(n_obs: int, levels: tuple[Level, ...], blocks: tuple[RandomBlock, ...], places: Places) -> None:
    """Refuse models whose variances the data cannot tell apart: one group, or more random effects than observations."""
    for index, level in enumerate(levels):
        for block in blocks:
            if block.level == index and block.factor is not None:
                place = places.get(block.factor.name)
                check_factor(block.level_name, block.factor, crossing(level, block.factor).n_groups, place)
        here = [block for block in blocks if block.level == index and block.columns and block.factor is None]
        if not here:
            continue
        if level.n_groups < 2:
            raise StataError(459, _one_group(level, n_obs), places.get(level.name))
        n_effects = _count_effects(level, here, n_obs)
        if n_effects > n_obs:
            raise StataError(
                459,
                f"the {level.n_groups:,} groups of {level.name} have {n_effects:,} random "
                f"effects, more than the {n_obs:,} observations. Use fewer random effects or a coarser level.",
                places.get(level.name),
            )
        if level.n_groups == n_obs and all(column.is_constant for block in here for column in block.columns):
            raise StataError(
                459,
                f"each of the {n_obs:,} observations is a {level.name} group of its own, so "
                "the variance between groups cannot be told from the residual variance. Remove this level.",
                places.get(level.name),
            )


def _one_group(level: Level, n_obs: int) -> str:
    if level.name == "_all":
        return "_all is one group, and a variance between groups needs at least two. Name a grouping variable instead."
    return (
        f"{level.name} has only one group among the {n_obs:,} observations, and a variance between groups needs at "
        "least two. Choose another level variable or widen the sample."
    )


def _count_effects(level: Level, blocks: list[RandomBlock], n_obs: int) -> int:
    """Count random effects; an effect whose covariate is zero throughout a group does not exist there."""
    width = sum(len(block.columns) for block in blocks)
    if width * level.n_groups <= n_obs:
        return width * level.n_groups
    total = 0
    for block in blocks:
        for column in block.Z.T:
            present = np.zeros(level.n_groups, dtype=np.bool_)
            present[level.codes[column != 0.0]] = True
            total += int(np.count_nonzero(present))
    return total
