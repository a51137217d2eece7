"""One line per group of a level: size, mean response, predicted effects with their distance, and influence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.data.dataset import Dataset
from engine.errors import StataError
from engine.frame.modelframe import FloatArray, IntArray, ModelFrame
from engine.frame.prediction import rebind
from engine.postest.blups import blups
from engine.postest.groupgrams import group_grams
from engine.postest.influence import Influence, deletion
from engine.results.mixed import MixedResult
from engine.spec.mixed import MixedSpec

_FLAT = 1e-8
"""A direction in which effects vary less than this share of their largest variance counts as one without variation."""


@dataclass(frozen=True, slots=True, eq=False)
class GroupSummary:
    """The G groups of one level.

    Attributes
    ----------
    rows
        (G,) `Dataset.row_ids` of the first observation of each group in the sample, by which a group is found again.
    positions
        (G,) places of these observations in the data.
    n_rows, mean
        (G,) number of observations and mean of the response.
    effects
        Names of the level's random effects.
    blup, se
        (G, Q) predictions and their standard errors.
    distance, df
        (G,) u' Var(u)^-1 u, the squared Mahalanobis distance of a group's predicted effects, and the number of
        directions in which they vary; NaN and 0 where there is none.
    influence
        Deletion of each group; None where groups do not contribute on their own, then `reason` says why.
    """

    rows: IntArray
    positions: IntArray
    n_rows: IntArray
    mean: FloatArray
    effects: tuple[str, ...]
    blup: FloatArray
    se: FloatArray
    distance: FloatArray
    df: int
    influence: Influence | None
    reason: str = ""


def group_summary(spec: MixedSpec, result: MixedResult, dataset: Dataset, depth: int) -> GroupSummary:
    """Summarise the groups of level `depth` (0 is the top).

    Raises
    ------
    StataError
        r(459) when the estimation sample is not in memory any more.
    """
    bound = rebind(spec, dataset, result.sample_rows, result.columns, signed=result.signature)
    frame = bound.frame
    level = frame.levels[depth]
    first = np.full(level.n_groups, -1, dtype=np.int64)
    first[level.codes[::-1]] = np.arange(len(level.codes))[::-1]
    positions = np.flatnonzero(bound.e_sample)[first]
    n_rows = np.bincount(level.codes, minlength=level.n_groups)
    names, blup, se, distance, df = _effects(result, frame, depth)
    influence, reason = _influence(result, frame, depth)
    return GroupSummary(
        rows=dataset.row_ids[positions],
        positions=positions,
        n_rows=n_rows,
        mean=np.bincount(level.codes, weights=frame.y, minlength=level.n_groups) / n_rows,
        effects=names,
        blup=blup,
        se=se,
        distance=distance,
        df=df,
        influence=influence,
        reason=reason,
    )


def _effects(
    result: MixedResult, frame: ModelFrame, depth: int
) -> tuple[tuple[str, ...], FloatArray, FloatArray, FloatArray, int]:
    """Return names, predictions, standard errors, squared distances and their degrees of freedom."""
    n_groups = frame.levels[depth].n_groups
    names: list[str] = []
    blup, se, distance, df = [np.zeros((n_groups, 0))], [np.zeros((n_groups, 0))], np.zeros(n_groups), 0
    for b, (block, found) in enumerate(zip(frame.blocks, blups(result, frame), strict=True)):
        if block.level != depth or block.structure is None or block.factor is not None:
            continue
        names += [column.name for column in block.columns]
        blup.append(found.blup)
        se.append(found.se)
        errors = found.cov if found.cov is not None else found.se[:, :, None] ** 2 if found.se.shape[1] == 1 else None
        own = (
            (np.full(n_groups, np.nan), 0)
            if errors is None
            else mahalanobis(found.blup, result.blocks[b].Sigma, errors)
        )
        distance, df = distance + own[0], df + own[1]
    return tuple(names), np.hstack(blup), np.hstack(se), distance if df else np.full(n_groups, np.nan), df


def mahalanobis(u: FloatArray, Sigma: FloatArray, errors: FloatArray) -> tuple[FloatArray, int]:
    """Return u' Var(u)^-1 u of each group and the number of directions in which u varies.

    Parameters
    ----------
    u, Sigma, errors
        Predictions (G, q), covariance matrix of the effects (q, q), and of the prediction errors (G, q, q): predictions
        vary by Sigma less their errors (Searle, Casella and McCulloch 1992, chapter 7).
    """
    scale = np.sqrt(np.diag(Sigma))
    varying = scale > 0.0
    if not varying.any():
        return np.full(len(u), np.nan), 0
    inverse = 1.0 / scale[varying]
    dispersion = (Sigma - errors)[:, varying][:, :, varying] * np.outer(inverse, inverse)
    values, vectors = np.linalg.eigh(dispersion)
    along = np.einsum("gij,gi->gj", vectors, u[:, varying] * inverse)
    kept = values > _FLAT * values[:, -1:]
    squares = np.where(kept, along**2 / np.where(kept, values, 1.0), 0.0)
    return squares.sum(axis=1), int(np.median(kept.sum(axis=1)))


def _influence(result: MixedResult, frame: ModelFrame, depth: int) -> tuple[Influence | None, str]:
    try:
        return deletion(group_grams(result, frame), depth), ""
    except StataError as error:
        return None, error.message
