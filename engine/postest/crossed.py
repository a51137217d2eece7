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
from engine.fit.layout import BlockLayout, Layout, make_layout
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
    design = make_crossed_design(model, cancel)
    layout = make_layout((*design.chain.levels, *design.crossed), model.frame.blocks)
    theta = _theta(result, model, design, layout)
    sigma2 = result.sigma2 / design.chain.basis.scale**2
    outside = _solve(design, layout, theta, sigma2, cancel)
    beside = {b: _shared_columns(model, design, frame, b) for b, parts in enumerate(model.parts) if len(parts) > 1}
    chain = _chain_effects(design, layout, theta, outside, _of_chain(model, design, beside), cancel)
    reml = frame.method is Method.REML
    out: list[tuple[FloatArray, FloatArray] | None] = []
    for b, block_parts in enumerate(model.parts):
        if not block_parts:
            out.append(None)
            continue
        parts = [_block(layout, part) for part in block_parts]
        effects = _effects(design, parts[0], outside, chain)
        if len(parts) > 1:
            effects = _with_shared(effects, design, parts, outside, chain, beside[b])
        T = design.chain.basis.scale * design.chain.basis.random_maps[block_parts[0]]
        out.append(_in_data_metric(effects, T, outside.Phi if reml and design.p else None))
    return out


def _of_chain(model: Equivalent, design: CrossedDesign, beside: dict[int, IntArray]) -> IntArray | None:
    """Columns of the shared effects of the chain's groups, in the design's order, where it is such a factor's."""
    for b, columns in beside.items():
        if model.frame.blocks[model.parts[b][0]].level == 0:
            return columns[design.chain.levels[0].codes]
    return None


def _theta(result: MixedResult, model: Equivalent, design: CrossedDesign, layout: Layout) -> FloatArray:
    """theta of the equivalent model, the entries of Sigma / sigma2 in working units."""
    theta = np.zeros(layout.size)
    for b, summary in enumerate(result.blocks):
        for shared, part in enumerate(model.parts[b]):
            block = _block(layout, part)
            if summary.n_values:
                own = summary.covariance if shared else summary.Sigma[0, 0] - summary.covariance
                theta[block.parameters] = own / result.sigma2
                continue
            back = np.linalg.inv(design.chain.basis.random_maps[part])
            Psi = back @ summary.Sigma @ back.T / result.sigma2
            theta[block.parameters] = block.structure.coordinates(0.5 * (Psi + Psi.T))
    return theta


def _block(layout: Layout, part: int) -> BlockLayout:
    return next(block for block in layout.blocks if block.block == part)


def _solve(
    design: CrossedDesign, layout: Layout, theta: FloatArray, sigma2: float, cancel: CancelToken
) -> _Crossed:
    p = design.p
    after = after_level(design, layout, theta, 0, cancel)
    M, C, D = after.value
    Psis = [layout.relative(theta, k) for k in range(1, len(layout.levels))]
    A = solve_dense(M, design.crossed, Psis, cancel).A if design.m else M
    U = A @ C
    S = D - C.T @ U
    inverse = np.linalg.inv(S[:p, :p])
    b = inverse @ S[:p, p]
    return _Crossed(U[:, -1] - U[:, :-1] @ b, sigma2 * A, -U[:, :-1], b, sigma2, sigma2 * inverse)


@dataclass(frozen=True, slots=True, eq=False)
class _Chain:
    """Effects of the chain's level, groups in the design's order; `shared` is the covariance of each group's effects
    with the column of W that `beside` names, (q, G)."""

    effects: Effects
    shared: FloatArray | None


def _chain_effects(
    design: CrossedDesign,
    layout: Layout,
    theta: FloatArray,
    outside: _Crossed,
    beside: IntArray | None,
    cancel: CancelToken,
) -> _Chain:
    """Predict the chain's effects given those of W, some groups at a time."""
    level, coupling = design.chain.levels[0], design.coupling
    if coupling is None:
        raise ValueError("the chain has several levels")
    q, G, m, p = level.q, level.n_groups, design.m, design.p
    A = kernel(layout.relative(theta, 0), level.products[:, :q]).A
    C = level.products[:, q:]
    residual = C[:, -1] - np.tensordot(C[:, :-1], outside.b, axes=([1], [0]))
    mean, cov = np.empty((q, G)), outside.sigma2 * A
    slope = np.empty((q, p, G))
    shared = None if beside is None else np.empty((q, G))
    step = max(_NUMBERS // max(q * m, 1), 1)
    for first in range(0, G, step):
        cancel.check()
        part = slice(first, min(first + step, G))
        B = coupling.rows(part.start, part.stop)  # q, groups, m
        a = A[:, :, part]
        AB = np.einsum("abg,bgm->agm", a, B)
        mean[:, part] = np.einsum("abg,bg->ag", a, residual[:, part]) - AB @ outside.mean
        slope[:, :, part] = -multiply(a, C[:, :-1, part]) - (AB @ outside.slope).swapaxes(1, 2)
        moved = AB @ outside.cov
        cov[:, :, part] += np.einsum("agm,bgm->abg", moved, AB)
        if shared is not None and beside is not None:
            shared[:, part] = -np.take_along_axis(moved, beside[None, part, None], axis=2)[:, :, 0]
    return _Chain(Effects(mean, cov, slope), shared)


def _effects(design: CrossedDesign, block: BlockLayout, outside: _Crossed, chain: _Chain) -> Effects:
    """Effects of one block of the equivalent model, groups by the codes of its level."""
    own = block.effects
    if block.level == 0:
        order = np.argsort(design.chain.levels[0].codes)
        found = chain.effects
        return Effects(found.mean[own][:, order], found.cov[own, own][:, :, order], found.slope[own][:, :, order])
    level = design.crossed[block.level - 1]
    G = level.n_groups
    columns = level.columns.start + np.arange(own.start, own.stop)[:, None] * G + np.arange(G)
    cov = outside.cov[columns[:, None, :], columns[None, :, :]]
    return Effects(outside.mean[columns], cov, outside.slope[columns].swapaxes(1, 2))


def _shared_columns(model: Equivalent, design: CrossedDesign, frame: ModelFrame, b: int) -> IntArray:
    """Column of W with the shared effect of each combination of an exchangeable factor."""
    shared = model.frame.blocks[model.parts[b][1]].level
    factor = frame.blocks[b].factor
    if factor is None:
        raise ValueError("not a factor")
    groups = crossing(frame.levels[frame.blocks[b].level], factor).groups
    return design.crossed[shared - 1].columns.start + groups


def _with_shared(
    own: Effects,
    design: CrossedDesign,
    parts: list[BlockLayout],
    outside: _Crossed,
    chain: _Chain,
    columns: IntArray,
) -> Effects:
    """Add to each combination's own effect the shared one, which stands in `columns` of W."""
    if parts[0].level == 0:
        if chain.shared is None:
            raise ValueError("no covariance with the shared effects")
        covariance = chain.shared[0, np.argsort(design.chain.levels[0].codes)]
    else:
        first = design.crossed[parts[0].level - 1].columns.start
        covariance = outside.cov[np.arange(first, first + len(columns)), columns]
    return Effects(
        own.mean + outside.mean[columns],
        own.cov + outside.cov[columns, columns] + 2.0 * covariance,
        own.slope + outside.slope[columns].T,
    )


def _in_data_metric(effects: Effects, T: FloatArray, Phi: FloatArray | None) -> tuple[FloatArray, FloatArray]:
    """Return predictions and standard errors, (G, q) each, with the uncertainty of beta where Phi is given."""
    cov = effects.cov
    if Phi is not None:
        slope = effects.slope.swapaxes(0, 1)
        cov = cov + cross(multiply(Phi[..., None], slope), slope)
    variance = np.einsum("ij,jkg,ik->gi", T, cov, T)
    return (T @ effects.mean).T, np.sqrt(np.maximum(variance, 0.0))
