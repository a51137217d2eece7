"""The variables of a fit on chosen rows: values, levels, weights, and the statistics that ``at()`` sets them to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Dataset
from engine.data.summary import percentile
from engine.errors import StataError
from engine.frame.columns import Column, ColumnState
from engine.frame.columnvalues import FloatArray, RowValues, design_matrix
from engine.frame.resolve import not_found
from engine.postest.average_rows import Fixed

BoolArray = npt.NDArray[np.bool_]
_ESTIMABLE = 1e-5
"""Relative distance from the row space of the design that counts as none."""

_ROUNDING = 1e-9
"""Share of a column's length below which another column takes no part in it."""


@dataclass(slots=True, eq=False)
class Covariates:
    """Variables of the linear predictor on the rows that margins are averaged over.

    Attributes
    ----------
    columns
        All k columns of e(b).
    levels
        Factor -> its levels in the fit, ascending; continuous variables are not here.
    weights
        Weight of each row, (n,).
    """

    dataset: Dataset
    columns: tuple[Column, ...]
    rows: BoolArray
    weights: FloatArray
    levels: dict[str, tuple[int, ...]] = field(init=False)
    values: RowValues = field(init=False)

    def __post_init__(self) -> None:
        found: dict[str, set[int]] = {}
        for column in self.columns:
            for part in column.parts:
                if part.level is not None:
                    found.setdefault(part.variable, set()).add(part.level)
        self.levels = {name: tuple(sorted(levels)) for name, levels in found.items()}
        self.values = RowValues(self.dataset, self.rows)

    @property
    def names(self) -> tuple[str, ...]:
        """All variables, in e(b) order."""
        return tuple(dict.fromkeys(part.variable for column in self.columns for part in column.parts))

    @property
    def continuous(self) -> tuple[str, ...]:
        """Variables that are continuous somewhere, in e(b) order."""
        parts = (part for column in self.columns for part in column.parts)
        return tuple(dict.fromkeys(part.variable for part in parts if part.level is None))

    def base(self, factor: str) -> int:
        """Return the base level of a factor, the lowest where it has none."""
        for column in self.columns:
            for part in column.parts:
                if part.variable == factor and part.base and part.level is not None:
                    return part.level
        return self.levels[factor][0]

    def statistic(self, word: str, name: str, mask: BoolArray) -> Fixed | None:
        """Return what a variable is set to by a statistic over the rows of `mask` (n,); None for ``asobserved``.

        r(198) for ``asbalanced`` of a continuous variable and for a statistic of a factor that is none of its levels.
        """
        if word == "asobserved":
            return None
        levels = self.levels.get(name)
        if levels is not None:
            return self._of_factor(word, name, levels, mask)
        if word in ("base", "asbalanced"):
            raise StataError(198, f"at(): ({word}) is for factors, and {name} is continuous")
        return Fixed(self._of_values(word, self.values(name)[mask], self.weights[mask]))

    def _of_factor(self, word: str, name: str, levels: tuple[int, ...], mask: BoolArray) -> Fixed:
        if word == "asbalanced":
            return Fixed(shares={level: 1.0 / len(levels) for level in levels})
        if word == "base":
            return Fixed(float(self.base(name)))
        values, weights = self.values(name)[mask], self.weights[mask]
        if word == "mean":
            total = float(weights.sum())
            shares = {level: float(weights[values == level].sum()) / total for level in levels}
            return Fixed(value=float(values @ weights) / total, shares=shares)
        value = self._of_values(word, values, weights)
        if value not in levels:
            raise StataError(198, f"at(): the {word} of factor {name} is {value:g}, which is none of its levels")
        return Fixed(value)

    def _of_values(self, word: str, values: FloatArray, weights: FloatArray) -> float:
        if word == "mean":
            return float(values @ weights / weights.sum())
        if word == "zero":
            return 0.0
        if word == "min":
            return float(values.min())
        if word == "max":
            return float(values.max())
        percent = 50.0 if word == "median" else float(word[1:])
        repeated = values if np.all(weights == weights[0]) else np.repeat(values, weights.astype(np.int64))
        return percentile(np.sort(repeated), percent)

    def estimable(self, rows: FloatArray) -> BoolArray:
        """Tell for each row (m, k) of coefficients of e(b) whether the design determines it.

        A column left out of the fit is a combination of those kept; what is estimated must combine them alike.
        """
        out = np.ones(len(rows), dtype=np.bool_)
        states = [column.state for column in self.columns]
        left_out = [i for i, s in enumerate(states) if s in (ColumnState.OMITTED, ColumnState.EMPTY)]
        left_out = [i for i in left_out if np.any(rows[:, i] != 0.0)]
        if not left_out:
            return out
        kept = [i for i, state in enumerate(states) if state is ColumnState.ESTIMATED]
        matrix = design_matrix([self.columns[i] for i in (*kept, *left_out)], self.values, int(self.rows.sum()))
        X, dropped = matrix[:, : len(kept)], matrix[:, len(kept) :]
        scale = np.maximum(np.linalg.norm(X, axis=0), 1e-300)
        combination = np.linalg.lstsq(X / scale, dropped, rcond=None)[0] / scale[:, None]
        shares = np.abs(combination) * scale[:, None]
        combination[shares < _ROUNDING * np.maximum(np.linalg.norm(dropped, axis=0), 1e-300)] = 0.0
        expected = rows[:, kept] @ combination
        size = np.abs(rows[:, kept]) @ np.abs(combination) + np.abs(rows[:, left_out])
        return np.asarray(np.all(np.abs(rows[:, left_out] - expected) <= _ESTIMABLE * size, axis=1))


def check_names(names: Sequence[str], dataset: Dataset) -> None:
    """Raise r(111) for a variable that has left the data, r(109) for one that is text now."""
    for name in names:
        if name not in dataset:
            raise not_found(name, dataset)
        if dataset.variable(name).is_string:
            raise StataError(109, f"type mismatch: {name} was a number when the model was fitted and is text now")
