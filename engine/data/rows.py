"""Rows added to data: empty ones, and copies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Column, Dataset, new_row_ids
from engine.data.missing import MISSING, from_doubles
from engine.errors import StataError
from engine.machine import memory_of_machine

_SHARE = 0.4
"""Share of the memory that data may take while they grow: for a while there are the old and the new ones."""


def check_room(dataset: Dataset, n_obs: int) -> None:
    """Raise StataError r(909) when that many observations of these variables would not fit into memory."""
    width = 8 + sum(column.dtype.itemsize for column in dataset.columns.values())
    there = memory_of_machine()
    if 2.0 * width * n_obs > _SHARE * there:
        needed = 2.0 * width * n_obs / (1 << 30)
        raise StataError(909, f"{n_obs:,} observations need about {needed:,.0f} GB of memory, more than there is")


def with_observations(dataset: Dataset, n_obs: int) -> Dataset:
    """Return the data with rows of missing values (empty text) added up to `n_obs`."""
    check_room(dataset, n_obs)
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
    check_room(dataset, dataset.n_obs + len(rows))
    columns = {name: np.concatenate([column, column[rows]]) for name, column in dataset.columns.items()}
    row_ids = np.concatenate([dataset.row_ids, new_row_ids(len(rows))])
    return replace(dataset, columns=columns, n_obs=len(row_ids), row_ids=row_ids, sorted_by=(), changed=True)
