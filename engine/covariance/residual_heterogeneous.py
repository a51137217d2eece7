"""Residual structures with a variance for each time and one correlation parameter for all pairs; not in Stata.

W_st = sqrt(v_s v_t) c(|t - s|; rho): c = rho (heterogeneous exchangeable), or rho^|t - s| (heterogeneous AR(1)). These
are ``corCompSymm`` and ``corAR1`` with ``varIdent`` of nlme (Pinheiro and Bates 2000, section 5.2 and 5.3).
"""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from engine.covariance.residual import (
    CellTable,
    FloatArray,
    IntArray,
    ResidualParameter,
    ResidualRole,
    ResidualStructure,
)
from engine.covariance.residual_lag import power, power_slopes


class Heterogeneous(ResidualStructure):
    """A variance for each value of t(), shape (T,), then rho; a cell for each pair of times, s <= t."""

    def __init__(self, times: FloatArray) -> None:
        self.times = times
        T = len(times)
        first, second = np.triu_indices(T)
        self._cell = np.zeros((T, T), dtype=np.int64)
        self._cell[first, second] = self._cell[second, first] = np.arange(len(first))
        self.lags = times[second] - times[first]
        # W_st = prod_k v_k^exponent_k c: a half for each of two times, one on the diagonal
        self._exponents = 0.5 * (
            (np.arange(T)[:, None] == first).astype(np.float64) + (np.arange(T)[:, None] == second)
        )
        self.parameters = (
            *(
                ResidualParameter(role=ResidualRole.VARIANCE, label=f"e{int(time)}", suffix=str(i + 1))
                for i, time in enumerate(times)
            ),
            ResidualParameter(role=ResidualRole.CORRELATION, label="rho"),
        )
        self.display = (T, *range(T))

    def cells(self, times: FloatArray) -> IntArray:
        """Return the cell of each pair of times."""
        index = np.searchsorted(self.times, times)
        return self._cell[index[:, :, None], index[:, None, :]]

    def table(self, v: FloatArray) -> CellTable:
        """Return sqrt(v_s v_t) c for each pair."""
        variances, T = v[:-1], len(self.times)
        c, dc, d2c = self.correlation(float(v[-1]))
        scale = np.exp(np.log(variances) @ self._exponents)
        relative = self._exponents / variances[:, None]  # d log scale / dv_k
        first = np.concatenate((scale * c * relative, (scale * dc)[None]))
        second = np.empty((T + 1, T + 1, len(c)))
        second[:T, :T] = scale * c * relative[:, None] * relative[None]
        each = np.arange(T)
        second[each, each] -= scale * c * relative / variances[:, None]
        second[T, :T] = second[:T, T] = scale * dc * relative
        second[T, T] = scale * d2c
        return CellTable(scale * c, first, second)

    @abstractmethod
    def correlation(self, rho: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the correlation of each pair of times (U,) with its first and second derivative; 1 on the diagonal."""


class HeterogeneousExchangeable(Heterogeneous):
    """The same correlation for all pairs."""

    def correlation(self, rho: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return rho off the diagonal."""
        off = (self.lags > 0.0).astype(np.float64)
        return np.where(off > 0.0, rho, 1.0), off, np.zeros(len(off))


class HeterogeneousAutoregressive(Heterogeneous):
    """rho to the power of the lag; any sign, as times are integers."""

    def correlation(self, rho: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return rho^d."""
        return (power(rho, self.lags), *power_slopes(rho, self.lags))
