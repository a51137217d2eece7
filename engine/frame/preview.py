"""What a list of variables with factor operators stands for in the data: its columns, and how many rows are in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from engine.data.dataset import Dataset
from engine.data.missing import is_missing
from engine.frame.collinear import independent_columns
from engine.frame.columns import Column, ColumnState
from engine.frame.columnvalues import BoolArray, RowValues, design_matrix
from engine.frame.factors import expand_terms
from engine.frame.terms import terms_of
from engine.lang.varlist import VarList

MOST_NUMBERS = 20_000_000
"""A design matrix with more entries is not looked through for collinear columns."""

_Cell: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PreviewColumn:
    """One column: its name, why it is not estimated (a `ColumnState` value), and the rows in its cell."""

    name: str
    status: str
    count: int


@dataclass(frozen=True, slots=True)
class TermsPreview:
    """The columns in the order of e(b), and the observations in which no variable is missing.

    `checked` is False where there was too much to look for collinear columns.
    """

    columns: tuple[PreviewColumn, ...] = ()
    n_obs: int = 0
    checked: bool = True

    def with_status(self, status: ColumnState) -> tuple[str, ...]:
        """Return the names of the columns of one kind."""
        return tuple(column.name for column in self.columns if column.status == status.value)

    @property
    def empty(self) -> tuple[str, ...]:
        """Cells without observations."""
        return self.with_status(ColumnState.EMPTY)

    @property
    def collinear(self) -> tuple[str, ...]:
        """Columns that earlier ones make up already."""
        return self.with_status(ColumnState.OMITTED)


def preview_terms(varlist: VarList, dataset: Dataset, mask: BoolArray) -> TermsPreview:
    """Expand a varlist on the rows of `mask` in which its variables are known.

    Raises
    ------
    StataError
        The varlist does not go with the data (unknown names, text, levels that are no factor levels).
    """
    terms = terms_of(varlist, dataset)
    rows = mask.copy()
    for name in dict.fromkeys(factor.variable for term in terms for factor in term.factors):
        rows &= ~is_missing(dataset.numeric(name))
    n_obs = int(np.count_nonzero(rows))
    if not n_obs or not terms:
        return TermsPreview(n_obs=n_obs)
    numeric = RowValues(dataset, rows)
    columns = expand_terms(terms, numeric).columns
    candidates = [i for i, column in enumerate(columns) if column.state is ColumnState.ESTIMATED]
    states = [column.state for column in columns]
    checked = n_obs * len(candidates) <= MOST_NUMBERS
    if checked and candidates:
        X = design_matrix([columns[i] for i in candidates], numeric, n_obs)
        kept = independent_columns(X, constant=True).kept
        for i, stays in zip(candidates, kept, strict=True):
            states[i] = states[i] if stays else ColumnState.OMITTED
    counts = _Counts(numeric, n_obs)
    found = (
        PreviewColumn(column.name, state.value, counts.of(column))
        for column, state in zip(columns, states, strict=True)
    )
    return TermsPreview(tuple(found), n_obs, checked)


class _Counts:
    """Rows per cell of the factors of a column, counted once per set of factors."""

    def __init__(self, numeric: RowValues, n_obs: int) -> None:
        self._numeric = numeric
        self._n_obs = n_obs
        self._known: dict[tuple[str, ...], dict[_Cell, int]] = {}

    def of(self, column: Column) -> int:
        """Return the number of rows in the cell of `column`; all of them for a continuous one."""
        factors = [(part.variable, part.level) for part in column.parts if part.level is not None]
        if not factors:
            return self._n_obs
        names = tuple(name for name, _ in factors)
        if names not in self._known:
            self._known[names] = self._count(names)
        return self._known[names].get(tuple(level for _, level in factors), 0)

    def _count(self, names: Sequence[str]) -> dict[_Cell, int]:
        values = np.column_stack([self._numeric(name).astype(np.int64) for name in names])
        cells, counts = np.unique(values, axis=0, return_counts=True)
        return {tuple(cell): int(count) for cell, count in zip(cells.tolist(), counts.tolist(), strict=True)}
