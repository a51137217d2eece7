"""What predictions need: the estimation frame again, and design rows for any observation.

A result keeps its specification and the row ids of its sample, never a copy of the data; so the frame is bound anew,
which also finds out when the data have changed since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Dataset
from engine.data.missing import is_missing
from engine.errors import StataError
from engine.events import NEVER, CancelToken
from engine.frame.bind import bind
from engine.frame.columns import Column, ColumnState
from engine.frame.columnvalues import FloatArray, RowValues, design_matrix
from engine.frame.crossing import crossing, find_crossing
from engine.frame.fixedpart import response
from engine.frame.groups import code_paths, code_variable
from engine.frame.modelframe import Level, ModelFrame, RandomBlock
from engine.frame.resolve import not_found
from engine.frame.signature import signature
from engine.frame.terms import terms_of
from engine.spec.mixed import MixedSpec

BoolArray: TypeAlias = npt.NDArray[np.bool_]
IntArray: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class EstimationFrame:
    """The frame of a fit bound anew, and the mask over all observations that are in its sample."""

    frame: ModelFrame
    e_sample: BoolArray


def sample_mask(dataset: Dataset, sample_rows: npt.NDArray[np.int64]) -> BoolArray:
    """Return the mask of the observations whose row ids are `sample_rows`, whatever was sorted or dropped since."""
    return np.isin(dataset.row_ids, sample_rows)


def _with_operated(dataset: Dataset, spec: MixedSpec, columns: Sequence[Column]) -> Dataset:
    """Return the data with the variables at other times (``L.x``) as columns, which a part of the rows cannot give."""
    names = {part.variable for column in columns for part in column.parts if "." in part.variable}
    if spec.depvar_operator.time:
        names.add(response(spec, dataset))
    for equation in spec.equations:
        for term in terms_of(equation.terms, dataset):
            names.update(factor.variable for factor in term.factors if "." in factor.variable)
    for name in sorted(names):
        dataset = dataset.with_variable(replace(dataset.variable(name), storage="double"), dataset.numeric(name))
    return dataset


def rebind(
    spec: MixedSpec,
    dataset: Dataset,
    sample_rows: npt.NDArray[np.int64],
    columns: Sequence[Column],
    cancel: CancelToken = NEVER,
    *,
    signed: str = "",
) -> EstimationFrame:
    """Bind `spec` again on the observations it was fitted to.

    Parameters
    ----------
    spec, dataset
        The model and the data in memory now.
    sample_rows
        `Dataset.row_ids` of the estimation sample.
    columns
        Fixed columns of the result, in e(b) order.
    cancel
        Checked while the data are bound.
    signed
        The `signature` of the data at the time of the fit; without it changed values go unnoticed.

    Raises
    ------
    StataError
        r(459) when observations are gone or values have changed; r(111) when a variable is gone.
    """
    e_sample = sample_mask(dataset, sample_rows)
    found = int(np.count_nonzero(e_sample))
    if found < len(sample_rows):
        raise StataError(
            459,
            f"{len(sample_rows) - found:,} of the {len(sample_rows):,} observations of the estimation sample are no "
            "longer in memory, so the random effects cannot be predicted. Fit the model again first.",
        )
    rows = dataset if e_sample.all() else _with_operated(dataset, spec, columns).take(e_sample)
    frame = bind(replace(spec, if_=None, in_=None), rows, cancel=cancel)
    if len(frame.y) != found or tuple(frame.columns) != tuple(columns) or signed not in ("", signature(frame)):
        raise StataError(
            459, "the data of the estimation sample have changed since the model was fitted. Fit it again first."
        )
    return EstimationFrame(frame, e_sample)


def fixed_rows(columns: Sequence[Column], dataset: Dataset, rows: BoolArray) -> FloatArray:
    """Return the estimated columns on the rows of a mask, shape (m, p); NaN where a value is not known.

    A level of a factor that the estimation sample did not have has no coefficient, so its rows are NaN too.
    """
    estimated = [column for column in columns if column.state is ColumnState.ESTIMATED]
    X = _rows_of(estimated, dataset, rows)
    unseen = _unseen_levels(columns, estimated, dataset, rows)
    if unseen.any():
        X[unseen] = np.nan
    return X


def random_rows(block: RandomBlock, dataset: Dataset, rows: BoolArray) -> FloatArray:
    """Return Z of one equation on the rows of a mask, shape (m, q); NaN where a value is not known."""
    if block.factor is not None:
        return np.ones((int(np.count_nonzero(rows)), 1))
    return _rows_of(block.columns, dataset, rows)


def group_rows(levels: Sequence[Level], dataset: Dataset, e_sample: BoolArray, rows: BoolArray) -> tuple[IntArray, ...]:
    """Return each level's group of the rows of a mask, shape (m,), in the numbers of the estimation sample.

    Parameters
    ----------
    levels
        Levels of the estimation frame, whose codes follow the order of the data.
    dataset
        The data.
    e_sample, rows
        Masks over all observations: the estimation sample, and the rows wanted.

    Returns
    -------
    tuple of IntArray
        Per level; -1 where the group is not in the estimation sample or not known.
    """
    union = e_sample | rows
    for level in levels:
        if level.name != "_all":
            union &= ~_missing(dataset, level.name)
    paths = code_paths([code_variable(dataset, level.name, union) for level in levels])
    result = []
    for level, path in zip(levels, paths, strict=True):
        number = np.full(path.n_groups, -1, dtype=np.int64)
        number[path.values[e_sample[union]]] = level.codes
        codes = np.full(dataset.n_obs, -1, dtype=np.int64)
        codes[union] = number[path.values]
        result.append(codes[rows])
    return tuple(result)


def effect_rows(frame: ModelFrame, dataset: Dataset, e_sample: BoolArray, rows: BoolArray) -> tuple[IntArray, ...]:
    """Return for each equation the group of the rows of a mask that their effects belong to, shape (m,).

    For an equation of ``R.`` that is the combination of group and value; -1 where it is not in the estimation sample or
    not known.
    """
    codes = group_rows(frame.levels, dataset, e_sample, rows)
    out = []
    for block in frame.blocks:
        groups, factor = codes[block.level], block.factor
        if factor is not None:
            alone = Level(name=factor.name, codes=factor.codes, n_groups=factor.n_levels)
            (values,) = group_rows((alone,), dataset, e_sample, rows)
            groups = find_crossing(crossing(frame.levels[block.level], factor), factor.n_levels, groups, values)
        out.append(groups)
    return tuple(out)


def _missing(dataset: Dataset, name: str) -> BoolArray:
    if dataset.variable(name).is_string:
        return np.asarray(dataset.texts(name) == "", dtype=np.bool_)
    return is_missing(dataset.numeric(name))


def _rows_of(columns: Sequence[Column], dataset: Dataset, rows: BoolArray) -> FloatArray:
    numeric = RowValues(dataset, rows)
    names = dict.fromkeys(part.variable for column in columns for part in column.parts)
    for name in names:
        if name not in dataset:
            raise not_found(name, dataset)
        if dataset.variable(name).is_string:
            raise StataError(109, f"type mismatch: {name} was a number when the model was fitted and is text now")
    n_rows = int(np.count_nonzero(rows))
    matrix = design_matrix(columns, numeric, n_rows)
    unknown = np.zeros(n_rows, dtype=np.bool_)
    for name in names:
        unknown |= is_missing(numeric(name))
    if unknown.any():
        matrix[unknown] = np.nan
    return matrix


def _unseen_levels(
    columns: Sequence[Column], estimated: Sequence[Column], dataset: Dataset, rows: BoolArray
) -> BoolArray:
    """Return the rows where a factor whose levels are all in the model has another level."""
    used = {part.variable for column in estimated for part in column.parts if part.level is not None}
    levels: dict[str, set[int]] = {}
    whole: set[str] = set()
    for column in columns:
        for part in column.parts:
            if part.level is not None and part.variable in used:
                levels.setdefault(part.variable, set()).add(part.level)
                if part.base or part.no_base:
                    whole.add(part.variable)
    unseen = np.zeros(int(np.count_nonzero(rows)), dtype=np.bool_)
    for name in whole:
        unseen |= ~np.isin(dataset.numeric(name)[rows], sorted(levels[name]))
    return unseen
