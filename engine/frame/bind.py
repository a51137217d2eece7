"""Binding a model specification to a data set: names, sample, columns, collinearity, levels and random effects."""

from __future__ import annotations

import numpy as np

from engine.data.dataset import Dataset
from engine.errors import StataError
from engine.events import NEVER, CancelToken
from engine.frame.clusters import bind_clusters, cluster_variable
from engine.frame.columnvalues import RowValues
from engine.frame.crossing import check_factor, crossing
from engine.frame.evaluate import Lookup, no_results
from engine.frame.fixedpart import Places, bind_fixed, check_response, estimation_sample, places_of, response
from engine.frame.modelframe import Level, ModelFrame, RandomBlock
from engine.frame.randomeffects import ALL_EMPTY, bind_factors, bind_levels, bind_random, constants_of, read_equations
from engine.frame.residualerrors import bind_residuals
from engine.frame.residualrequest import lowest_level, read_request
from engine.frame.terms import terms_of
from engine.frame.weights import bind_weights, leave_out_unweighted, read_weights
from engine.spec.mixed import MixedSpec


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
    depvar = response(spec, dataset)
    terms = terms_of(spec.indepvars, dataset)
    equations = read_equations(spec.equations, dataset)
    needed = places_of(spec, depvar, [*terms, *(term for equation in equations for term in equation.terms)])
    level_places: Places = {equation.level: equation.asked.level_span for equation in equations}
    level_places |= {equation.factor: equation.asked.factor_span for equation in equations if equation.factor}
    request, residual_notes = read_request(spec.residuals, dataset)
    needed |= {name: None for name in request.variables if name not in needed} if request else {}
    clustvar = cluster_variable(spec, dataset)
    grouped: Places = level_places if clustvar is None else {clustvar: None, **level_places}
    sample, whole = estimation_sample(spec, dataset, needed, grouped, lookup=lookup, cancel=cancel)
    cancel.check()
    weights_read = read_weights(spec, equations, dataset, lookup)
    leave_out_unweighted(sample, weights_read, equations, dataset)
    rows = None if sample.all() else sample
    numeric = RowValues(dataset, rows, whole, cancel=cancel)
    y = numeric(depvar)
    check_response(depvar, y, spec.depvar_span)

    fixed = bind_fixed(terms, numeric, depvar, y, constant=not spec.noconstant, cancel=cancel)
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
