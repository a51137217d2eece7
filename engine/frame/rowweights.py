"""The weight of each observation, ``[fweight=exp]``, for commands that summarize data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Dataset
from engine.data.missing import is_missing
from engine.errors import StataError
from engine.frame.evaluate import Lookup, evaluate, no_results
from engine.lang.command import Weight


@dataclass(frozen=True, slots=True, eq=False)
class RowWeights:
    """Weights of all observations, shape (n_obs,), 0 where they are missing."""

    kind: str
    values: npt.NDArray[np.float64]


def row_weights(
    weight: Weight | None, dataset: Dataset, sample: npt.NDArray[np.bool_], lookup: Lookup = no_results
) -> RowWeights | None:
    """Return the weights, None without any; r(109) text, r(402) negative ones, r(401) broken frequency weights."""
    if weight is None:
        return None
    values = evaluate(weight.expression, dataset, lookup=lookup)
    if values.dtype == object:
        raise StataError(109, "type mismatch: a weight is a number", weight.span)
    values = np.where(is_missing(values), 0.0, values)
    used = values[sample]
    if weight.kind != "iweight" and (used < 0).any():
        raise StataError(402, "negative weights encountered", weight.span)
    if weight.kind == "fweight" and (used != np.floor(used)).any():
        raise StataError(401, "may not use noninteger frequency weights", weight.span)
    return RowWeights(weight.kind, values)
