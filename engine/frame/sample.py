"""Which observations ``if`` and ``in`` select."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Dataset
from engine.errors import StataError
from engine.frame.bygroups import ByGroups
from engine.frame.evaluate import Lookup, evaluate_truth, no_results
from engine.frame.function import Values
from engine.lang.command import InRange
from engine.lang.expr import Expr


def select(
    dataset: Dataset,
    if_: Expr | None,
    in_: InRange | None,
    *,
    lookup: Lookup = no_results,
    rng: np.random.Generator | None = None,
    groups: ByGroups | None = None,
    updated: tuple[str, Values] | None = None,
) -> npt.NDArray[np.bool_]:
    """Return the boolean mask, shape (n_obs,), of the observations that ``if`` and ``in`` leave.

    A missing value of the ``if`` expression counts as true, as every nonzero value does.

    Raises
    ------
    StataError
        109 when the ``if`` expression is text, 198 for an impossible range, and whatever `evaluate` raises.
    """
    if if_ is not None:
        mask = np.array(evaluate_truth(if_, dataset, lookup=lookup, rng=rng, groups=groups, updated=updated))
    else:
        mask = np.ones(dataset.n_obs, dtype=bool)
    if in_ is not None:
        first, last = range_of(in_, dataset.n_obs)
        inside = np.zeros(dataset.n_obs, dtype=bool)
        inside[first - 1 : last] = True
        mask &= inside
    return mask


def range_of(in_: InRange, n_obs: int) -> tuple[int, int]:
    """Return the 1-based first and last observation of ``in``; raises `StataError` 198 when there are none such."""
    first, last = _position(in_.first, n_obs, in_), _position(in_.last, n_obs, in_)
    if first > last:
        raise StataError(198, f"in {in_.first}/{in_.last}: the range ends before it begins", in_.span)
    return first, last


def _position(text: str, n_obs: int, in_: InRange) -> int:
    word = text.strip().lower()
    if word in {"f", "l"}:
        position = 1 if word == "f" else n_obs
    else:
        try:
            position = int(word)
        except ValueError:
            raise StataError(198, f"in: {text} is not an observation number", in_.span) from None
        if position < 0:
            position += n_obs + 1
    if not 1 <= position <= n_obs:
        data = f"the data have {n_obs:,} observations" if n_obs else "there are no observations"
        raise StataError(198, f"observation numbers out of range: {text}, but {data}", in_.span)
    return position
