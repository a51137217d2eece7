"""Values of design-matrix columns on chosen rows of a data set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Dataset
from engine.events import NEVER, CancelToken
from engine.frame.columns import Column

FloatArray: TypeAlias = npt.NDArray[np.float64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]
Numeric: TypeAlias = Callable[[str], FloatArray]


class RowValues:
    """Doubles of the variables of `dataset` on the rows of a mask, each converted once.

    Parameters
    ----------
    rows
        Mask over all observations; None for all of them.
    whole
        Full-length doubles that are known already, by name.
    cancel
        Checked whenever values are asked for.
    """

    def __init__(
        self,
        dataset: Dataset,
        rows: BoolArray | None = None,
        whole: dict[str, FloatArray] | None = None,
        *,
        cancel: CancelToken = NEVER,
    ) -> None:
        self._dataset = dataset
        self._rows = rows
        self._whole = whole or {}
        self._cancel = cancel
        self._known: dict[str, FloatArray] = {}

    def __call__(self, name: str) -> FloatArray:
        """Return the values of variable `name` on the rows, with Stata's missing codes."""
        self._cancel.check()
        values = self._known.get(name)
        if values is None:
            whole = self._whole.get(name)
            if whole is None:
                whole = self._dataset.numeric(name)
            values = whole if self._rows is None else whole[self._rows]
            self._known[name] = values
        return values


def column_values(column: Column, numeric: Numeric, n_rows: int) -> FloatArray:
    """Return the values of one column, shape (n_rows,): indicators times continuous variables.

    Rows where a variable is missing get a meaningless number; callers leave them out or blank them.
    """
    values: FloatArray | None = None
    for part in column.parts:
        source = numeric(part.variable)
        factor = source if part.level is None else (source == part.level).astype(np.float64)
        values = factor if values is None else values * factor
    return np.ones(n_rows) if values is None else values


def design_matrix(columns: Sequence[Column], numeric: Numeric, n_rows: int) -> FloatArray:
    """Return the matrix of these columns, shape (n_rows, len(columns)), each column contiguous in memory."""
    by_column = np.empty((len(columns), n_rows))
    for target, column in zip(by_column, columns, strict=True):
        target[:] = column_values(column, numeric, n_rows)
    return by_column.T
