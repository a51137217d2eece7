"""Where residual parameters stand in theta: all but the first reference variance, which is sigma2."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.covariance.residual import BoolArray, FloatArray, ResidualRole, ResidualStructure


class Infeasible(Exception):
    """Residual parameters that make no positive definite covariance matrix."""


@dataclass(frozen=True, slots=True, eq=False)
class ResidualLayout:
    """Residual parameters relative to sigma2, the reference variance of the first set.

    Variances and covariances are divided by sigma2, shapes are as they are; the first set starts after its reference.
    """

    structures: tuple[ResidualStructure, ...]

    @property
    def size(self) -> int:
        """Number of parameters besides sigma2."""
        return sum(structure.m for structure in self.structures) - 1

    def first(self, b: int) -> int:
        """Index of the reference variance of set b, -1 for the first set."""
        return sum(structure.m for structure in self.structures[:b]) - 1

    def places(self, b: int) -> list[tuple[int, int]]:
        """Pairs of a parameter of set b and its index among the residual parameters, without the reference."""
        first = self.first(b)
        return [(k, first + k) for k in range(self.structures[b].m) if first + k >= 0]

    def natural(self, theta: FloatArray, b: int) -> FloatArray:
        """Natural parameters of set b, variances relative to sigma2, shape (m,)."""
        return self.split(np.append(1.0, theta), b)

    def split(self, whole: FloatArray, b: int) -> FloatArray:
        """Return the part of set b of a vector that starts with the reference, shape (m,)."""
        first = self.first(b) + 1
        return whole[first : first + self.structures[b].m]

    @property
    def degrees(self) -> FloatArray:
        """1 for variances and covariances, 0 for shapes, shape (size,)."""
        return np.array([p.degree for structure in self.structures for p in structure.parameters], dtype=float)[1:]

    @property
    def dependence(self) -> BoolArray:
        """Which parameters make residuals dependent and vanish without, shape (size,)."""
        roles = [p.role for structure in self.structures for p in structure.parameters]
        return np.array([role not in (ResidualRole.VARIANCE, ResidualRole.PROPORTION) for role in roles])[1:]

    def feasible(self, theta: FloatArray) -> bool:
        """Whether no parameter is out of its range."""
        return all(s.feasible(self.natural(theta, b)) for b, s in enumerate(self.structures))

    def invertible(self, theta: FloatArray) -> FloatArray:
        """Return theta of an estimate, moved a little where a covariance matrix of errors is singular."""
        parts = [s.invertible(self.natural(theta, b)) for b, s in enumerate(self.structures)]
        return np.concatenate(parts)[1:]

    def from_free(self, g: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Map the optimiser's coordinates (size,) to theta and the Jacobian."""
        whole = np.append(0.0, g)
        theta, jacobian = np.empty(self.size + 1), np.zeros((self.size + 1, self.size + 1))
        for b, structure in enumerate(self.structures):
            own = slice(self.first(b) + 1, self.first(b) + 1 + structure.m)
            theta[own], jacobian[own, own] = structure.from_free(whole[own])
        return theta[1:], jacobian[1:, 1:]

    def to_free(self, theta: FloatArray) -> FloatArray:
        """Map theta to the optimiser's coordinates."""
        parts = [s.to_free(self.natural(theta, b)) for b, s in enumerate(self.structures)]
        return np.concatenate(parts)[1:]

    def curvature(self, g: FloatArray, gradient: FloatArray) -> FloatArray:
        """Return sum_k gradient_k d2 theta_k / dg dg'."""
        whole, slope = np.append(0.0, g), np.append(0.0, gradient)
        out = np.zeros((self.size + 1, self.size + 1))
        for b, structure in enumerate(self.structures):
            own = slice(self.first(b) + 1, self.first(b) + 1 + structure.m)
            out[own, own] = structure.curvature(whole[own], slope[own])
        return out[1:, 1:]
