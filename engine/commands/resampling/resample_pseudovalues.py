"""``jackknife, keep``: the pseudovalues of each statistic as variables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.commands.resampling.replicates import Replicate
from engine.commands.resampling.resample_saving import variable_names
from engine.data.dataset import Dataset, Variable
from engine.data.missing import MISSING
from engine.frame.resolve import check_new_name


def check_names(dataset: Dataset, observed: Replicate) -> None:
    """Refuse names that the data have already; r(110)."""
    for name in variable_names(observed.names):
        check_new_name(name, dataset)


def with_pseudovalues(
    dataset: Dataset,
    observed: Replicate,
    left_out: Sequence[npt.NDArray[np.float64] | None],
    units: npt.NDArray[np.int64],
) -> Dataset:
    """Return the data with N b - (N - 1) b_(j) of each statistic, in the row of unit j.

    `left_out` holds the statistics without each unit, `units` the `row_ids` of the units' first observations.
    """
    n, b = len(left_out), observed.values
    order = np.argsort(dataset.row_ids, kind="stable")
    places = order[np.searchsorted(dataset.row_ids, units, sorter=order)]
    values = np.stack([np.full(len(b), np.nan) if each is None else n * b - (n - 1) * each for each in left_out])
    for k, name in enumerate(variable_names(observed.names)):
        column = np.full(dataset.n_obs, MISSING)
        column[places] = np.where(np.isfinite(values[:, k]), values[:, k], MISSING)
        label = f"pseudovalues: {observed.names[k]}"[:80]
        dataset = dataset.with_variable(Variable(name, "double", "%10.0g", label), column)
    return dataset
