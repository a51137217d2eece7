"""Residual structures in which W is linear: independent, exchangeable, unstructured, banded."""

from __future__ import annotations

import numpy as np

from engine.covariance.residual import (
    CellTable,
    FloatArray,
    IntArray,
    ResidualParameter,
    ResidualRole,
    ResidualStructure,
)

_VARIANCE, _COVARIANCE = ResidualRole.VARIANCE, ResidualRole.COVARIANCE

_LEAST = 1e-9
"""Least share of a variance that is left after the earlier errors for W to have an inverse of some good digits."""


class Independent(ResidualStructure):
    """One variance, no correlation."""

    parameters = (ResidualParameter(role=_VARIANCE, label="e"),)
    display = (0,)

    def cells(self, times: FloatArray) -> IntArray:
        """Return 0 on the diagonal, 1 elsewhere."""
        S, T = times.shape
        return np.broadcast_to(1 - np.eye(T, dtype=np.int64), (S, T, T))

    def table(self, v: FloatArray) -> CellTable:
        """Return the variance and zero."""
        return CellTable(np.array([v[0], 0.0]), np.array([[1.0, 0.0]]), None)


class Exchangeable(ResidualStructure):
    """One variance and one covariance."""

    parameters = (
        ResidualParameter(role=_VARIANCE, label="e"),
        ResidualParameter(role=_COVARIANCE, label="e", variances=(0, 0)),
    )
    display = (0, 1)

    def cells(self, times: FloatArray) -> IntArray:
        """Return 0 on the diagonal, 1 elsewhere."""
        S, T = times.shape
        return np.broadcast_to(1 - np.eye(T, dtype=np.int64), (S, T, T))

    def table(self, v: FloatArray) -> CellTable:
        """Return variance and covariance."""
        return CellTable(v.copy(), np.eye(2), None)


class Banded(ResidualStructure):
    """A variance for each value of t() and covariances up to `order` places off the diagonal.

    The optimiser works on the Cholesky factor (logs of its diagonal), which has the same band and keeps W positive
    definite.
    """

    def __init__(self, times: FloatArray, order: int) -> None:
        self.times = times
        self.order = order
        p = len(times)
        self._pairs = [(i, j) for i in range(p) for j in range(i + 1, min(i + order, p - 1) + 1)]
        self._cell = np.full((p, p), p + len(self._pairs), dtype=np.int64)
        self._cell[np.arange(p), np.arange(p)] = np.arange(p)
        for k, (i, j) in enumerate(self._pairs):
            self._cell[i, j] = self._cell[j, i] = p + k
        names = [f"e{time:g}" if time < 1e6 else f"e{int(time)}" for time in times]
        self.parameters = (
            *(ResidualParameter(role=_VARIANCE, label=name, suffix=str(i + 1)) for i, name in enumerate(names)),
            *(
                ResidualParameter(
                    role=_COVARIANCE, label=f"{names[i]},{names[j]}", variances=(i, j), suffix=f"{i + 1}_{j + 1}"
                )
                for i, j in self._pairs
            ),
        )
        self.display = tuple(range(self.m))

    def cells(self, times: FloatArray) -> IntArray:
        """Return the cell of each pair of times."""
        index = np.searchsorted(self.times, times)
        return self._cell[index[:, :, None], index[:, None, :]]

    def table(self, v: FloatArray) -> CellTable:
        """Return variances, covariances and zero."""
        return CellTable(np.append(v, 0.0), np.eye(self.m, self.m + 1), None)

    def invertible(self, v: FloatArray) -> FloatArray:
        """Return `v`, or where W is singular up to rounding `v` with its covariances slightly smaller."""
        p = len(self.times)
        try:
            L = np.linalg.cholesky(np.append(v, 0.0)[self._cell])
            if (np.diag(L) ** 2 > _LEAST * v[:p]).all():
                return v
        except np.linalg.LinAlgError:
            pass
        return np.concatenate((v[:p], (1.0 - _LEAST) * v[p:]))

    def from_free(self, g: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Map the entries of the Cholesky factor, logs on its diagonal, to v."""
        L = self._factor(g)
        p = len(self.times)
        J = np.zeros((self.m, self.m))
        W = L @ L.T
        for a, (row, column) in enumerate(self._places()):
            slope = L[row, row] if row == column else 1.0
            # dW = dL L' + L dL': row `row` and column `row` of W move by the column of L
            moved = slope * L[:, column]
            for i in range(p):
                k = self._cell[row, i]
                if k < self.m:
                    J[k, a] += 2.0 * moved[row] if i == row else moved[i]
        return self.read(W), J

    def curvature(self, g: FloatArray, gradient: FloatArray) -> FloatArray:
        """Return the curvature of <gradient, v(g)>: W is quadratic in L, and L exponential in the logs."""
        L = self._factor(g)
        p = len(self.times)
        Gam = np.append(gradient, 0.0)[self._cell]
        Gam = 0.5 * (Gam + np.diag(np.diag(Gam)))
        places = self._places()
        rows = np.array([row for row, _ in places])
        columns = np.array([column for _, column in places])
        slopes = np.where(rows == columns, L[rows, rows], 1.0)
        out = 2.0 * Gam[np.ix_(rows, rows)] * (columns[:, None] == columns[None, :]) * np.outer(slopes, slopes)
        first = 2.0 * (Gam @ L)
        diagonal = np.arange(p)
        out[diagonal, diagonal] += first[diagonal, diagonal] * L[diagonal, diagonal]
        return np.asarray(out)

    def to_free(self, v: FloatArray) -> FloatArray:
        """Return the entries of the Cholesky factor, logs on its diagonal."""
        L = np.linalg.cholesky(np.append(v, 0.0)[self._cell])
        p = len(self.times)
        return np.array([np.log(L[i, i]) for i in range(p)] + [L[j, i] for i, j in self._pairs])

    def _places(self) -> list[tuple[int, int]]:
        """Row and column of L of every coordinate."""
        return [(i, i) for i in range(len(self.times))] + [(j, i) for i, j in self._pairs]

    def _factor(self, g: FloatArray) -> FloatArray:
        p = len(self.times)
        L = np.zeros((p, p))
        L[np.arange(p), np.arange(p)] = np.exp(g[:p])
        for value, (i, j) in zip(g[p:], self._pairs, strict=True):
            L[j, i] = value
        return L

    def read(self, W: FloatArray) -> FloatArray:
        """Return the natural parameters of a matrix on the grid of all times."""
        return np.array([W[i, i] for i in range(len(self.times))] + [W[i, j] for i, j in self._pairs])
