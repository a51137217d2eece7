"""Residual structures whose correlation depends on the time between two observations only.

W = v_0 C(lag; shape). Autoregressions report the variance of the errors themselves, not that of the innovations; gaps
are lags like any other ([ME] mixed, *Methods and formulas*).
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


def _names(prefix: str, numbers: list[int], role: ResidualRole, *, alone: str | None = None) -> list[ResidualParameter]:
    plain = alone is not None and len(numbers) == 1
    return [
        ResidualParameter(role=role, label=alone if plain and alone else f"{prefix}{k}", suffix="" if plain else str(k))
        for k in numbers
    ]


class LagStructure(ResidualStructure):
    """A correlation function on the distinct lags of the data.

    Parameters
    ----------
    lags
        Sorted distinct distances in time, 0 first, shape (U,).
    shapes
        The parameters of the correlation function.
    """

    def __init__(self, lags: FloatArray, shapes: list[ResidualParameter]) -> None:
        self.lags = lags
        self.parameters = (ResidualParameter(role=ResidualRole.VARIANCE, label="e"), *shapes)
        self.display = (*range(1, len(shapes) + 1), 0)

    def cells(self, times: FloatArray) -> IntArray:
        """Return the index of each pair's lag: times (G, n) to (G, n, n)."""
        lags = np.abs(times[:, :, None] - times[:, None, :])
        at = np.searchsorted(self.lags, lags - 1e-9 * self.lags[-1])
        return np.asarray(np.minimum(at, len(self.lags) - 1), dtype=np.int64)

    def table(self, v: FloatArray) -> CellTable:
        """Return v_0 times the correlations."""
        c, dc, d2c = self.correlation(v[1:])
        first = np.concatenate((c[None], v[0] * dc))
        second = np.zeros((self.m, self.m, len(c)))
        second[0, 1:] = second[1:, 0] = dc
        second[1:, 1:] = v[0] * d2c
        return CellTable(v[0] * c, first, second)

    @abstractmethod
    def correlation(self, shape: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the correlations (U,) with first (k, U) and second (k, k, U) derivatives."""


class Power(LagStructure):
    """rho to the power of the lag: ``ar 1`` (integer times, any sign) and ``exponential`` (0 < rho < 1)."""

    def __init__(self, lags: FloatArray, role: ResidualRole) -> None:
        super().__init__(lags, [ResidualParameter(role=role, label="rho")])

    def correlation(self, shape: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return rho^d with its derivatives."""
        rho, d = float(shape[0]), self.lags
        slope, second = power_slopes(rho, d)
        return power(rho, d), slope[None], second[None, None]


def power(rho: float, d: FloatArray) -> FloatArray:
    """Return rho^d at lags d (U,); 0 where 0 would be raised to a negative power (its factor d or d - 1 is 0)."""
    known = (d >= 0.0) | (rho != 0.0)
    return np.where(known, np.power(rho, np.where(known, d, 0.0)), 0.0)


def power_slopes(rho: float, d: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the first and second derivative of rho^d with respect to rho."""
    return d * power(rho, d - 1.0), d * (d - 1.0) * power(rho, d - 2.0)


class Autoregressive(LagStructure):
    """AR(p), p > 1: the first p autocorrelations from the Yule–Walker equations, the others by recursion."""

    def __init__(self, lags: FloatArray, order: int) -> None:
        super().__init__(lags, _names("phi", list(range(1, order + 1)), ResidualRole.COEFFICIENT))
        self.order = order

    def feasible(self, v: FloatArray) -> bool:
        """Whether the process is stationary: all partial autocorrelations inside ±1 (Durbin–Levinson backwards)."""
        if not v[0] > 0.0:
            return False
        phi = np.array(v[1:])
        while len(phi):
            last = phi[-1]
            if not abs(last) < 1.0 - 1e-12:
                return False
            phi = (phi[:-1] + last * phi[-2::-1]) / (1.0 - last * last)
        return True

    def correlation(self, shape: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the autocorrelations at the lags of the data."""
        p, far = self.order, int(self.lags[-1])
        size = max(far, p) + 1
        r, dr, d2r = np.zeros(size), np.zeros((size, p)), np.zeros((size, p, p))
        r[0] = 1.0
        shift = np.zeros((p, p, p))  # r_k = sum_j phi_j r_|k-j|: which unknown phi_j multiplies, r_0 apart
        for j in range(1, p + 1):
            for k in range(1, p + 1):
                if k != j:
                    shift[j - 1, k - 1, abs(k - j) - 1] += 1.0
        M = np.linalg.inv(np.eye(p) - np.tensordot(shape, shift, axes=1))
        r[1 : p + 1] = M @ shape
        right = np.eye(p) + np.einsum("jkl,l->kj", shift, r[1 : p + 1])
        dr[1 : p + 1] = M @ right
        moved = np.einsum("jkl,lm->kjm", shift, dr[1 : p + 1])
        d2r[1 : p + 1] = np.tensordot(M, moved + moved.swapaxes(1, 2), axes=1)
        for k in range(p + 1, size):
            back = slice(k - p, k)
            phi = shape[::-1]
            r[k] = phi @ r[back]
            before = r[k - 1 - np.arange(p)]
            slope = dr[k - 1 - np.arange(p)]
            dr[k] = before + phi @ dr[back]
            d2r[k] = slope + slope.T + np.tensordot(phi, d2r[back], axes=1)
        at = np.rint(self.lags).astype(np.int64)
        return r[at], dr[at].T.copy(), np.moveaxis(d2r[at], 0, -1).copy()


class MovingAverage(LagStructure):
    """MA(q): correlations gamma_k / gamma_0 with gamma_k = sum_i theta_i theta_{i+k}, theta_0 = 1."""

    def __init__(self, lags: FloatArray, order: int) -> None:
        super().__init__(lags, _names("theta", list(range(1, order + 1)), ResidualRole.COEFFICIENT))
        self.order = order

    def feasible(self, v: FloatArray) -> bool:
        """Whether the process is invertible, which tells theta from 1/theta."""
        if not v[0] > 0.0:
            return False
        roots = np.roots(np.append(v[:0:-1], 1.0)) if np.any(v[1:]) else np.empty(0)
        return bool(np.all(np.abs(roots) >= 1.0 - 1e-9))

    def correlation(self, shape: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the autocorrelations at the lags of the data, zero beyond the order."""
        q = self.order
        full = np.append(1.0, shape)
        products = np.zeros((q + 1, q + 1, q + 1))  # gamma_k = full' products_k full
        for k in range(q + 1):
            for i in range(q + 1 - k):
                products[k, i, i + k] = 1.0
        products = 0.5 * (products + products.swapaxes(1, 2))
        gamma = np.einsum("i,kij,j->k", full, products, full)
        slope = 2.0 * np.einsum("kij,j->ik", products, full)[1:]
        second = 2.0 * np.moveaxis(products[:, 1:, 1:], 0, -1)
        g0, s0, h0 = gamma[0], slope[:, 0], second[:, :, 0]
        c = gamma / g0
        dc = (slope - s0[:, None] * c) / g0
        cross = s0[:, None, None] * dc[None]
        d2c = (second - h0[..., None] * c - cross - cross.swapaxes(0, 1)) / g0
        lag = np.rint(self.lags).astype(np.int64)
        inside = lag <= q
        at = np.where(inside, lag, 0)
        return c[at] * inside, dc[:, at] * inside, d2c[:, :, at] * inside


class Toeplitz(LagStructure):
    """One correlation for each observed lag up to the order, zero beyond."""

    def __init__(self, lags: FloatArray, order: int) -> None:
        self._own = [int(lag) for lag in np.rint(lags) if 0 < lag <= order]
        super().__init__(lags, _names("rho", self._own, ResidualRole.CORRELATION))

    def correlation(self, shape: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the free correlations."""
        k, U = len(self._own), len(self.lags)
        dc = np.zeros((k, U))
        dc[np.arange(k), 1 + np.arange(k)] = 1.0
        c = np.zeros(U)
        c[0] = 1.0
        c[1 : k + 1] = shape
        return c, dc, np.zeros((k, k, U))
