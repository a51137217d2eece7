"""Predictions of crossed random effects and their standard errors.

The crossed columns W have, given beta, mean ``A (C_r - C_X b)`` and variance ``sigma2 A`` with A = (Psi^-1 + M)^-1
(`engine.fit.dense`). Given these, the effects of the chain's groups are predicted as nested ones are. The effect of a
value of an exchangeable factor is the sum of its own and of the shared one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.design.crossed import CrossedDesign, make_crossed_design
from engine.design.equivalent import Equivalent, equivalent
from engine.events import CancelToken
from engine.fit.afterchain import after_level
from engine.fit.dense import solve_dense
from engine.fit.layout import Layout, make_layout
from engine.fit.memory import check_memory
from engine.fit.smallmatrix import cross, kernel, multiply
from engine.frame.crossing import crossing
from engine.frame.modelframe import FloatArray, IntArray, ModelFrame
from engine.results.mixed import MixedResult
from engine.spec.mixed import Method

_NUMBERS = 1 << 23
"""Numbers per chunk of groups."""


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """Effects of one group of columns per group: `mean` (q, G), `cov` (q, q, G) given beta, `slope` (q, p, G) in b."""

    mean: FloatArray
    cov: FloatArray
    slope: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class _Crossed:
    """Effects of W: `mean` (m,), `cov` (m, m), `slope` (m, p); and what profiling gave."""

    mean: FloatArray
    cov: FloatArray
    slope: FloatArray
    b: FloatArray
    sigma2: float
    Phi: FloatArray


def crossed_effects(
    result: MixedResult, frame: ModelFrame, cancel: CancelToken
) -> list[tuple[FloatArray, FloatArray] | None]:
    """Return predictions and standard errors of each block, (G, q) each; a factor's by its combinations, (G, 1)."""
    model = equivalent(frame, one_level=True)
    check_memory(model)
    predictor = _Predictor(result, frame, model, make_crossed_design(model, cancel), cancel)
    return [predictor.block(b) if parts else None for b, parts in enumerate(model.parts)]


class _Predictor:
    """Effects of W, then those of the chain, then those of the blocks as asked for."""

    def __init__(
        self, result: MixedResult, frame: ModelFrame, model: Equivalent, design: CrossedDesign, cancel: CancelToken
    ) -> None:
        self.frame, self.model, self.design = frame, model, design
        self.layout = make_layout((*design.chain.levels, *design.crossed), model.frame.blocks)
        theta = _theta(result, model, design, self.layout)
        self.outside = _solve(design, self.layout, theta, result.sigma2 / design.chain.basis.scale**2, cancel)
        self.order = np.argsort(design.chain.levels[0].codes)
        self.chain, self.with_shared = self._chain(theta, cancel)

    def block(self, b: int) -> tuple[FloatArray, FloatArray]:
        """Return predictions and standard errors of a block."""
        parts = self.model.parts[b]
        effects = self._effects(parts[0])
        if len(parts) > 1:
            effects = self._plus_shared(effects, b)
        basis = self.design.chain.basis
        known = self.frame.method is Method.ML or not self.design.p
        return _in_data_metric(effects, basis.scale * basis.random_maps[parts[0]], None if known else self.outside.Phi)

    def _chain(self, theta: FloatArray, cancel: CancelToken) -> tuple[Effects, FloatArray]:
        """Predict the chain's effects given those of W, some groups at a time, in the order of the design.

        Returned too: where they are those of an exchangeable factor, the covariance of each group's effect with the
        shared effect it belongs to, (G,).
        """
        design, outside = self.design, self.outside
        level, coupling = design.chain.levels[0], design.coupling
        if coupling is None:
            raise ValueError("the chain has several levels")
        q, G, m, p = level.q, level.n_groups, design.m, design.p
        A = kernel(self.layout.relative(theta, 0), level.products[:, :q]).A
        C = level.products[:, q:]
        residual = C[:, -1] - np.tensordot(C[:, :-1], outside.b, axes=([1], [0]))
        mean, cov, slope, shared = np.empty((q, G)), outside.sigma2 * A, np.empty((q, p, G)), np.zeros(G)
        columns = self._columns_of_chain()
        step = max(_NUMBERS // max(q * m, 1), 1)
        for first in range(0, G, step):
            cancel.check()
            part = slice(first, min(first + step, G))
            a = A[:, :, part]
            AB = np.einsum("abg,bgm->agm", a, coupling.rows(part.start, part.stop))
            mean[:, part] = np.einsum("abg,bg->ag", a, residual[:, part]) - AB @ outside.mean
            slope[:, :, part] = -multiply(a, C[:, :-1, part]) - (AB @ outside.slope).swapaxes(1, 2)
            moved = AB @ outside.cov
            cov[:, :, part] += np.einsum("agm,bgm->abg", moved, AB)
            if columns is not None:
                shared[part] = -moved[0, np.arange(part.stop - part.start), columns[part]]
        return Effects(mean, cov, slope), shared

    def _columns_of_chain(self) -> IntArray | None:
        """Columns of W with the shared effects of the chain's groups, where these are an exchangeable factor's."""
        for b, parts in enumerate(self.model.parts):
            if len(parts) > 1 and self.model.frame.blocks[parts[0]].level == 0:
                return self._shared_columns(b)[self.design.chain.levels[0].codes]
        return None

    def _effects(self, part: int) -> Effects:
        """Effects of one block of the equivalent model, groups by the codes of its level."""
        block = next(block for block in self.layout.blocks if block.block == part)
        own, outside = block.effects, self.outside
        if block.level == 0:
            found, order = self.chain, self.order
            return Effects(found.mean[own][:, order], found.cov[own, own][:, :, order], found.slope[own][:, :, order])
        level = self.design.crossed[block.level - 1]
        G = level.n_groups
        columns = level.columns.start + np.arange(own.start, own.stop)[:, None] * G + np.arange(G)
        cov = outside.cov[columns[:, None, :], columns[None, :, :]]
        return Effects(outside.mean[columns], cov, outside.slope[columns].swapaxes(1, 2))

    def _shared_columns(self, b: int) -> IntArray:
        """Column of W with the shared effect of each combination of an exchangeable factor."""
        block = self.frame.blocks[b]
        if block.factor is None:
            raise ValueError("not a factor")
        level = self.model.frame.blocks[self.model.parts[b][1]].level
        groups = crossing(self.frame.levels[block.level], block.factor).groups
        return np.asarray(self.design.crossed[level - 1].columns.start + groups)

    def _plus_shared(self, own: Effects, b: int) -> Effects:
        """Add to each combination's own effect the shared one."""
        columns, outside = self._shared_columns(b), self.outside
        level = self.model.frame.blocks[self.model.parts[b][0]].level
        if level == 0:
            covariance = self.with_shared[self.order]
        else:
            first = self.design.crossed[level - 1].columns.start
            covariance = outside.cov[np.arange(first, first + len(columns)), columns]
        return Effects(
            own.mean + outside.mean[columns],
            own.cov + outside.cov[columns, columns] + 2.0 * covariance,
            own.slope + outside.slope[columns].T,
        )


def _theta(result: MixedResult, model: Equivalent, design: CrossedDesign, layout: Layout) -> FloatArray:
    """Return theta of the equivalent model, the entries of Sigma / sigma2 in working units."""
    theta = np.zeros(layout.size)
    for b, summary in enumerate(result.blocks):
        for shared, part in enumerate(model.parts[b]):
            block = next(block for block in layout.blocks if block.block == part)
            if summary.n_values:
                own = summary.covariance if shared else summary.Sigma[0, 0] - summary.covariance
                theta[block.parameters] = own / result.sigma2
                continue
            back = np.linalg.inv(design.chain.basis.random_maps[part])
            Psi = back @ summary.Sigma @ back.T / result.sigma2
            theta[block.parameters] = block.structure.coordinates(0.5 * (Psi + Psi.T))
    return theta


def _solve(design: CrossedDesign, layout: Layout, theta: FloatArray, sigma2: float, cancel: CancelToken) -> _Crossed:
    p = design.p
    after = after_level(design, layout, theta, 0, cancel)
    M, C, D = after.value
    Psis = [layout.relative(theta, k) for k in range(1, len(layout.levels))]
    A = solve_dense(M, design.crossed, Psis, cancel).A if design.m else M
    U = A @ C
    S = D - C.T @ U
    inverse = np.asarray(np.linalg.inv(S[:p, :p]), dtype=np.float64)
    b = inverse @ S[:p, p]
    return _Crossed(U[:, -1] - U[:, :-1] @ b, sigma2 * A, -U[:, :-1], b, sigma2, sigma2 * inverse)


def _in_data_metric(effects: Effects, T: FloatArray, Phi: FloatArray | None) -> tuple[FloatArray, FloatArray]:
    """Return predictions and standard errors, (G, q) each, with the uncertainty of beta where Phi is given."""
    cov = effects.cov
    if Phi is not None:
        slope = effects.slope.swapaxes(0, 1)
        cov = cov + cross(multiply(Phi[..., None], slope), slope)
    variance = np.einsum("ij,jkg,ik->gi", T, cov, T)
    return (T @ effects.mean).T, np.sqrt(np.maximum(variance, 0.0))
