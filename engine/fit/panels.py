"""Sums and means over the panels of a regression."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.frame.columnvalues import FloatArray

IntArray: TypeAlias = npt.NDArray[np.int64]

_ROUNDING = 1e-14
"""A deviation below this share of the largest value is rounding."""


@dataclass(frozen=True)
class Panels:
    """Panel of each row, `codes` (n,) from 0 to `n_groups` - 1."""

    codes: IntArray
    n_groups: int

    @cached_property
    def sizes(self) -> FloatArray:
        """Rows per panel, T_i."""
        return np.bincount(self.codes, minlength=self.n_groups).astype(np.float64)

    def sums(self, values: FloatArray) -> FloatArray:
        """Return the sum of each column over each panel, shape (n_groups, …)."""
        if values.ndim == 1:
            return np.asarray(np.bincount(self.codes, weights=values, minlength=self.n_groups), dtype=np.float64)
        columns = [np.bincount(self.codes, weights=column, minlength=self.n_groups) for column in values.T]
        return np.stack(columns, axis=1) if columns else np.zeros((self.n_groups, 0))

    def means(self, values: FloatArray) -> FloatArray:
        """Return panel means, (n_groups, …), exact to rounding where a column is constant within panels."""
        sizes = self.sizes if values.ndim == 1 else self.sizes[:, None]
        first = self.sums(values) / sizes
        return np.asarray(first + self.sums(values - first[self.codes]) / sizes)

    def less_means(self, values: FloatArray, share: FloatArray | float = 1.0) -> FloatArray:
        """Return rows (n,) or (n, k) less `share`, one or per panel (M,), of their panel's mean."""
        means = self.means(values)
        shares = np.broadcast_to(np.asarray(share, dtype=np.float64), (self.n_groups,))
        shrunk = means * (shares if values.ndim == 1 else shares[:, None])
        return np.asarray(values - shrunk[self.codes])


def squared_correlation(a: FloatArray, b: FloatArray, w: FloatArray | None = None) -> float:
    """Return corr(a, b)^2, weighted by `w`; NaN when one of them does not vary."""
    r = correlation(a, b, w)
    return r * r


def correlation(a: FloatArray, b: FloatArray, w: FloatArray | None = None) -> float:
    """Return corr(a, b), weighted by `w`; NaN when one of them does not vary."""
    a, b = _centred(a, w), _centred(b, w)
    if w is not None:
        root = np.sqrt(w)
        a, b = root * a, root * b
    scale = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / scale if scale > 0.0 else float("nan")


def _centred(values: FloatArray, w: FloatArray | None) -> FloatArray:
    """Return deviations from the mean; zero where they are rounding."""
    moved = values - np.average(values, weights=w)
    moved[np.abs(moved) <= _ROUNDING * np.abs(values).max(initial=0.0)] = 0.0
    return np.asarray(moved)
