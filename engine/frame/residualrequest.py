"""Reading ``residuals()`` against a data set: full names, and the groups within which errors are correlated."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.covariance.residual_registry import RESIDUAL_KINDS
from engine.data.dataset import Dataset
from engine.errors import StataError
from engine.frame.modelframe import Level
from engine.frame.residualerrors import LowestLevel, ResidualRequest
from engine.frame.resolve import resolve_name
from engine.spec.mixed import Residuals

IGNORED_TIME = "Note: t() not required for this residual structure; ignored"


def read_request(residuals: Residuals | None, dataset: Dataset) -> tuple[ResidualRequest | None, tuple[str, ...]]:
    """Return what is asked for under full names, and notes to print.

    Raises
    ------
    StataError
        r(111) unknown names, r(109) text in by() or t(), r(198) without a t() that the structure needs.
    """
    if residuals is None:
        return None, ()
    timed = bool(RESIDUAL_KINDS[residuals.kind].times)
    by = _numeric(residuals.by, "by", dataset)
    t = _numeric(residuals.t, "t", dataset)
    if timed and not t:
        raise StataError(198, f"residuals({residuals.kind}) needs t(): name the variable that orders the observations")
    request = ResidualRequest(
        kind=residuals.kind,
        order=residuals.order,
        by=by,
        t=t if timed else "",
        labels=dataset.labels_of(by) if by else {},
    )
    return request, (IGNORED_TIME,) if t and not timed else ()


def _numeric(name: str | None, option: str, dataset: Dataset) -> str:
    if name is None:
        return ""
    full = resolve_name(name, dataset)
    if dataset.variable(full).is_string:
        raise StataError(109, f"type mismatch: {option}({full}) in residuals() needs a numeric variable")
    return full


def lowest_level(
    levels: Sequence[Level], dataset: Dataset, rows: npt.NDArray[np.bool_] | None, n_rows: int
) -> LowestLevel:
    """Return the groups of the lowest level; without levels the sample is one group."""
    if not levels or levels[-1].name == "_all":
        codes = levels[-1].codes if levels else np.zeros(n_rows, dtype=np.int64)
        return LowestLevel("", codes, 1, ())
    level = levels[-1]
    column = dataset.columns[level.name]
    return LowestLevel(level.name, level.codes, level.n_groups, column if rows is None else column[rows])
