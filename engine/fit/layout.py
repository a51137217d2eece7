"""Where each covariance parameter of a model stands: levels, blocks, and the vector theta."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from engine.covariance.structure import FloatArray, Structure, structure
from engine.fit.residuals.layout import ResidualLayout
from engine.frame.modelframe import RandomBlock
from engine.frame.residualerrors import ResidualErrors


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BlockLayout:
    """One equation: its structure, its place in theta, and its place among the effects of its level.

    `reported` and `to_reported` (m, m) are the structure of the reported matrix and the map to its parameters, where
    they are not those of theta.
    """

    block: int
    level: int
    structure: Structure
    parameters: slice
    effects: slice
    reported: Structure | None = None
    to_reported: FloatArray | None = None

    @property
    def shown(self) -> Structure:
        """Structure of the reported covariance matrix."""
        return self.reported or self.structure

    def map_to_data(self, T: FloatArray) -> FloatArray:
        """Return the linear map (m, m) from theta to the reported parameters, effects being multiplied by T."""
        if self.to_reported is not None:
            return self.to_reported
        return np.asarray(self.structure.coordinates(T @ self.structure.basis @ T.T).T)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LevelLayout:
    """One level: its place in theta and the basis ``E_k`` of its covariance matrix, shape (m, q, q)."""

    parameters: slice
    basis: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """All levels, top down; theta = Sigma / sigma2 entries in that order."""

    levels: tuple[LevelLayout, ...]
    blocks: tuple[BlockLayout, ...]
    size: int
    residual: ResidualLayout | None = None
    """Parameters of the residual errors besides sigma2; they come last in theta."""

    @property
    def n_random(self) -> int:
        """Number of parameters of the random effects."""
        return self.size - (self.residual.size if self.residual is not None else 0)

    @property
    def degrees(self) -> FloatArray:
        """1 for parameters with the unit of a variance, 0 for shapes of residual correlations, shape (size,)."""
        shapes = np.zeros(0) if self.residual is None else self.residual.degrees
        return np.concatenate((np.ones(self.n_random), shapes))

    def relative(self, theta: FloatArray, level: int) -> FloatArray:
        """Return Psi = Sigma_l / sigma2 of one level, shape (q, q)."""
        own = self.levels[level]
        m, q, _ = own.basis.shape
        return (theta[own.parameters] @ own.basis.reshape(m, q * q)).reshape(q, q)

    def from_root(self, gamma: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Map matsqrt coordinates gamma to theta and the Jacobian d theta / d gamma (size, size)."""
        theta = np.empty(self.size)
        jacobian = np.zeros((self.size, self.size))
        for block in self.blocks:
            own = block.parameters
            theta[own], jacobian[own, own] = block.structure.from_root(gamma[own])
        if self.residual is not None:
            last = slice(self.n_random, self.size)
            theta[last], jacobian[last, last] = self.residual.from_free(gamma[last])
        return theta, jacobian

    def to_root(self, theta: FloatArray) -> FloatArray:
        """Map theta to matsqrt coordinates."""
        gamma = np.empty(self.size)
        for block in self.blocks:
            gamma[block.parameters] = block.structure.to_root(theta[block.parameters])
        if self.residual is not None:
            gamma[self.n_random :] = self.residual.to_free(theta[self.n_random :])
        return gamma

    def curvature(self, gradient: FloatArray, gamma: FloatArray | None = None) -> FloatArray:
        """Return sum_k gradient_k d2 theta_k / d gamma d gamma', shape (size, size); residual parameters need gamma."""
        out = np.zeros((self.size, self.size))
        for block in self.blocks:
            own = block.parameters
            out[own, own] = np.tensordot(gradient[own], block.structure.squares, axes=1)
        if self.residual is not None and gamma is not None:
            last = slice(self.n_random, self.size)
            out[last, last] = self.residual.curvature(gamma[last], gradient[last])
        return out


class HasEffects(Protocol):
    """A level with random effects, nested or crossed: the frame's blocks it holds, and how many effects they have."""

    @property
    def blocks(self) -> tuple[int, ...]:
        """Indices of the frame's blocks."""

    @property
    def q(self) -> int:
        """Number of random effects."""


def make_layout(
    levels: Sequence[HasEffects], blocks: Sequence[RandomBlock], errors: ResidualErrors | None = None
) -> Layout:
    """Lay out the parameters of the random effects of a design, then those of structured residual errors."""
    at = 0
    level_layouts = []
    block_layouts = []
    for depth, level in enumerate(levels):
        first, effect = at, 0
        parts = []
        for b in level.blocks:
            block = blocks[b]
            if block.structure is None:
                continue
            shape = structure(block.structure, len(block.columns))
            parts.append((shape, effect))
            block_layouts.append(
                BlockLayout(
                    block=b,
                    level=depth,
                    structure=shape,
                    parameters=slice(at, at + shape.m),
                    effects=slice(effect, effect + shape.q),
                )
            )
            at, effect = at + shape.m, effect + shape.q
        basis = np.zeros((at - first, level.q, level.q))
        row = 0
        for shape, offset in parts:
            basis[row : row + shape.m, offset : offset + shape.q, offset : offset + shape.q] = shape.basis
            row += shape.m
        level_layouts.append(LevelLayout(parameters=slice(first, at), basis=basis))
    residual = None if errors is None else ResidualLayout(errors.structures)
    size = at + (residual.size if residual is not None else 0)
    return Layout(levels=tuple(level_layouts), blocks=tuple(block_layouts), size=size, residual=residual)
