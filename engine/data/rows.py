"""Rows added to data: empty ones, and copies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Column, Dataset, new_row_ids
from engine.data.missing import MISSING, from_doubles


def with_observations(dataset: Dataset, n_obs: int) -> Dataset:
    """Return the data with rows of missing values (empty text) added up to `n_obs`."""
    added = n_obs - dataset.n_obs
    columns: dict[str, Column] = {}
    for variable in dataset.variables:
        blank = np.full(added, "", dtype=object)
        if not variable.is_string:
            blank = from_doubles(np.full(added, MISSING), variable.storage)
        columns[variable.name] = np.concatenate([dataset.columns[variable.name], blank])
    row_ids = np.concatenate([dataset.row_ids, new_row_ids(added)])
    return replace(dataset, columns=columns, n_obs=n_obs, row_ids=row_ids, sorted_by=(), changed=True)


def with_copies(dataset: Dataset, rows: npt.NDArray[np.int64]) -> Dataset:
    """Return the data followed by copies of `rows`, which get row numbers of their own."""
    columns = {name: np.concatenate([column, column[rows]]) for name, column in dataset.columns.items()}
    row_ids = np.concatenate([dataset.row_ids, new_row_ids(len(rows))])
    return replace(dataset, columns=columns, n_obs=len(row_ids), row_ids=row_ids, sorted_by=(), changed=True)
