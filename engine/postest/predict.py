"""Predictions after ``mixed``: linear prediction and its standard error, fitted values, residuals, random effects.

Formulas: [ME] mixed postestimation, *Methods and formulas*. Values that do not exist are NaN.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Dataset
from engine.data.missing import is_missing
from engine.errors import StataError
from engine.events import NEVER, CancelToken
from engine.frame.columns import ColumnState
from engine.frame.prediction import EstimationFrame, effect_rows, fixed_rows, random_rows, rebind
from engine.frame.resolve import not_found
from engine.results.mixed import MixedResult
from engine.results.mixed_stored import stripe
from engine.spec.mixed import MixedSpec

FloatArray: TypeAlias = npt.NDArray[np.float64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted model with the data in memory, from which predictions are made; `cancel` stops a long one."""

    spec: MixedSpec
    result: MixedResult
    dataset: Dataset
    cancel: CancelToken = NEVER


@dataclass(frozen=True, slots=True)
class EffectColumn:
    """Predictions of one random effect, shape (m,); `name` is the effect as the random-effects table shows it."""

    level_name: str
    name: str
    values: FloatArray


def linear_prediction(model: Fitted, rows: BoolArray) -> FloatArray:
    """Return X beta on the rows of a mask, shape (m,)."""
    X = fixed_rows(model.result.columns, model.dataset, rows)
    return np.asarray(X @ model.result.beta[_estimated(model.result)])


def standard_error(model: Fitted, rows: BoolArray) -> FloatArray:
    """Return the standard error of X beta, the square root of diag(X Phi X'), shape (m,)."""
    X = fixed_rows(model.result.columns, model.dataset, rows)
    estimated = _estimated(model.result)
    Phi = model.result.vcov_beta[np.ix_(estimated, estimated)]
    return np.asarray(np.sqrt(np.einsum("ij,ij->i", X @ Phi, X)))


def fitted_values(model: Fitted, rows: BoolArray, *, relevel: int | None = None) -> FloatArray:
    """Return X beta + Z u, shape (m,), with the effects of the levels from the top down to `relevel` (default: all).

    NaN for groups that are not in the estimation sample.
    """
    from engine.postest.blups import blups

    again = _rebound(model)
    values = linear_prediction(model, rows)
    model.cancel.check()
    groups = effect_rows(again.frame, model.dataset, again.e_sample, rows)
    model.cancel.check()
    for block, group, predicted in zip(
        again.frame.blocks, groups, blups(model.result, again.frame, model.cancel), strict=True
    ):
        if not block.columns or (relevel is not None and block.level > relevel):
            continue
        model.cancel.check()
        part = np.einsum("ij,ij->i", random_rows(block, model.dataset, rows), predicted.blup[group])
        model.cancel.check()
        values = values + np.where(group >= 0, part, np.nan)
    return values


def residuals(model: Fitted, rows: BoolArray, *, relevel: int | None = None) -> FloatArray:
    """Return y - X beta - Z u, shape (m,)."""
    depvar = model.result.depvar
    if depvar not in model.dataset:
        raise not_found(depvar, model.dataset)
    y = model.dataset.numeric(depvar)[rows]
    return np.where(is_missing(y), np.nan, y) - fitted_values(model, rows, relevel=relevel)


def standardized_residuals(model: Fitted, rows: BoolArray) -> FloatArray:
    """Return residuals divided by the residual standard deviation, shape (m,); NaN outside the estimation sample.

    Structured residual errors are standardised group by group with a root of their covariance matrix.
    """
    from engine.postest.whitened import whitened

    inside = np.isin(model.dataset.row_ids[rows], model.result.sample_rows)
    structure = model.result.residual
    if structure is not None:
        again = _rebound(model)
        assert again.frame.residual is not None
        sample = residuals(model, again.e_sample)
        values = np.full(model.dataset.n_obs, np.nan)
        values[again.e_sample] = whitened(again.frame.residual, structure.theta, model.result.sigma2, sample)
        return np.asarray(values[rows])
    return np.where(inside, residuals(model, rows) / np.sqrt(model.result.sigma2), np.nan)


def random_effects(
    model: Fitted, rows: BoolArray, *, relevel: int | None = None
) -> tuple[tuple[EffectColumn, ...], tuple[EffectColumn, ...]]:
    """Return best linear unbiased predictions and their standard errors, in the order of the random-effects table.

    Parameters
    ----------
    model
        The fit.
    rows
        Observations wanted; NaN for those outside the estimation sample.
    relevel
        Index of the only level wanted; None for all.
    """
    from engine.postest.blups import blups

    again = _rebound(model)
    model.cancel.check()
    groups = effect_rows(again.frame, model.dataset, again.e_sample, rows)
    model.cancel.check()
    inside = again.e_sample[rows]
    effects: list[EffectColumn] = []
    errors: list[EffectColumn] = []
    for block, group, predicted in zip(
        again.frame.blocks, groups, blups(model.result, again.frame, model.cancel), strict=True
    ):
        if relevel is not None and block.level != relevel:
            continue
        known = inside & (group >= 0)
        model.cancel.check()
        for k, column in enumerate(block.columns):
            name = column.name.replace("#c.", "#").removeprefix("c.")
            for table, values in ((effects, predicted.blup), (errors, predicted.se)):
                spread = np.where(known, values[group, k], np.nan)
                table.append(EffectColumn(block.level_name, name, spread))
    return tuple(effects), tuple(errors)


def score_columns(model: Fitted, rows: BoolArray) -> tuple[EffectColumn, ...]:
    """Return the scores of every element of e(b), in its order; they stand in the last row of each top-level group.

    NaN in all other rows; `level_name` is the equation of the element.
    """
    from engine.postest.scores import scores

    again = _rebound(model)
    found = scores(model.result, again.frame, model.cancel)
    own = np.flatnonzero(again.e_sample)[found.last]
    columns: list[EffectColumn] = []
    for element, values in zip(stripe(model.result), found.values, strict=True):
        whole = np.full(model.dataset.n_obs, np.nan)
        whole[own] = values
        equation, _, name = element.partition(":")
        columns.append(EffectColumn(equation, name, whole[rows]))
    return tuple(columns)


def level_index(model: Fitted, name: str) -> int:
    """Return the index of the level variable `name` (full name), top level 0; StataError r(198) when it is none."""
    names = [level.name for level in model.result.levels]
    if name not in names:
        listed = ", ".join(names) or "none"
        raise StataError(198, f"relevel({name}): {name} is no level of the model; its levels are {listed}")
    return names.index(name)


def _rebound(model: Fitted) -> EstimationFrame:
    result = model.result
    model.cancel.check()
    return rebind(model.spec, model.dataset, result.sample_rows, result.columns, model.cancel, signed=result.signature)


def _estimated(result: MixedResult) -> npt.NDArray[np.intp]:
    return np.flatnonzero([column.state is ColumnState.ESTIMATED for column in result.columns])
