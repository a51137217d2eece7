"""Weights in hierarchical order: what multiplies a row's products, and what a group passes up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.design.grouping import Grouping
from engine.frame.modelframe import FloatArray, IntArray, ModelFrame


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LevelWeights:
    """How often each group of a level counts, shapes (G,).

    Attributes
    ----------
    upward
        For each level k above (top first), within the groups of that level: the product of the weights of all levels
        from below k down to this one.
    total
        In the likelihood: the same, the weights of the top level included.
    """

    upward: tuple[FloatArray, ...]
    total: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RowWeights:
    """How often each row counts, in hierarchical order, shapes (n,).

    Attributes
    ----------
    below
        For each level with random effects, within its groups.
    total
        In the likelihood.
    """

    below: tuple[FloatArray, ...]
    total: FloatArray


def row_weights(frame: ModelFrame, used: Sequence[int], grouping: Grouping) -> RowWeights | None:
    """Return the weights of the rows; `used` are the frame's levels that have random effects. None without weights."""
    if frame.weights is None:
        return None
    order = grouping.permutation
    rows = np.arange(len(frame.y)) if order is None else order
    own = np.ones(len(rows)) if frame.weights.rows is None else frame.weights.rows[rows]
    bottom = len(frame.levels)
    return RowWeights(
        below=tuple(own * weight_product(frame, rows, i + 1, bottom) for i in used),
        total=own * weight_product(frame, rows, 0, bottom),
    )


def level_weights(frame: ModelFrame, used: Sequence[int], grouping: Grouping) -> tuple[LevelWeights | None, ...]:
    """Return the weights of the groups of every level with random effects."""
    out: list[LevelWeights | None] = []
    for depth, index in enumerate(used):
        if frame.weights is None:
            out.append(None)
            continue
        starts = grouping.levels[depth].starts
        rows = starts if grouping.permutation is None else grouping.permutation[starts]
        out.append(
            LevelWeights(
                upward=tuple(weight_product(frame, rows, k + 1, index + 1) for k in used[:depth]),
                total=weight_product(frame, rows, 0, index + 1),
            )
        )
    return tuple(out)


def weight_product(frame: ModelFrame, rows: IntArray, first: int, last: int) -> FloatArray:
    """Multiply the weights of the groups that hold `rows` (m,) at the frame's levels first … last-1; shape (m,)."""
    out = np.ones(len(rows))
    if frame.weights is not None:
        for level, weights in zip(frame.levels[first:last], frame.weights.groups[first:last], strict=True):
            if weights is not None:
                out *= weights[level.codes[rows]]
    return out
