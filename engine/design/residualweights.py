"""Weights of rows and lowest-level groups where residual errors are structured.

A group stands in the data as often as its weights say, with all its errors. The weight of an observation repeats it
within its group, which has a meaning only where errors do not depend on t().
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.design.weights import weight_product
from engine.frame.modelframe import FloatArray, IntArray, ModelFrame


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResidualWeights:
    """How often rows and lowest-level groups count, in sorted order.

    Attributes
    ----------
    rows
        Of each row within its group, shape (n,); None for once.
    total
        Of each lowest-level group in the likelihood, all levels included, shape (G,).
    upward
        For each level of the design, within its groups, shape (G,).
    """

    rows: FloatArray | None
    total: FloatArray
    upward: tuple[FloatArray, ...]


def residual_weights(
    frame: ModelFrame, used: Sequence[int], order: IntArray | None, starts: IntArray
) -> ResidualWeights | None:
    """Return the weights of rows in `order` (n,) and groups from `starts` (G,); `used` are the levels with effects."""
    weights = frame.weights
    if weights is None:
        return None
    first = starts if order is None else order[starts]
    bottom = len(frame.levels)
    rows = weights.rows
    return ResidualWeights(
        rows=rows if rows is None or order is None else np.asarray(rows[order]),
        total=weight_product(frame, first, 0, bottom),
        upward=tuple(weight_product(frame, first, i + 1, bottom) for i in used),
    )
