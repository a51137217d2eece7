"""Best linear unbiased predictions of random effects and their standard errors, from the top level down.

Given the effects ``u_up`` of the levels above, the effects of a group have conditional mean
``U_r - U_X b - U_up u_up`` and variance ``sigma2 A`` (`engine.fit.elimination`). Their standard errors (``reses``)
treat beta as known under ML; under REML they add its uncertainty ([ME] mixed postestimation, methods and formulas).

With weights, rows and lower groups count inside a group as often as their weights say, so predictions are those of the
replicated data; how often a group itself counts changes its prediction only through beta and the variances.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.design.blocks import Design, make_design
from engine.design.equivalent import has_factors
from engine.events import CancelToken
from engine.fit.criterion import Profile, profile
from engine.fit.elimination import receivers
from engine.fit.jets import Jets, Rows, empty_jets
from engine.fit.layout import Layout, make_layout
from engine.fit.residualstage import make_stage
from engine.fit.smallmatrix import cross, kernel, multiply
from engine.frame.constrainedframe import constrained_frame
from engine.frame.modelframe import FloatArray, IntArray, ModelFrame
from engine.postest.crossed import crossed_effects
from engine.results.mixed import MixedResult
from engine.spec.mixed import Method


@dataclass(frozen=True, slots=True, eq=False)
class BlockBlups:
    """Predictions of one equation: `blup` and `se`, shape (G, q), rows by the frame's group codes.

    Groups of an equation of ``R.`` are the combinations of `engine.frame.crossing`.
    """

    blup: FloatArray
    se: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class _Eliminated:
    """One level after elimination: A (q, q, G) and U = A C (q, d, G)."""

    A: FloatArray
    U: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class _Stack:
    """Effects of a level and all above it, near to far, per group of the level.

    `mean` (Q, 1, G), `cov` (Q, Q, G) given beta, and `slope` (Q, p, G), the derivative with respect to b.
    """

    mean: FloatArray
    cov: FloatArray
    slope: FloatArray


def blups(result: MixedResult, frame: ModelFrame, cancel: CancelToken | None = None) -> tuple[BlockBlups, ...]:
    """Predict the random effects of every equation of `frame`, the frame that `result` was fitted to."""
    out = [
        BlockBlups(np.zeros((frame.levels[block.level].n_groups, 0)), np.zeros((frame.levels[block.level].n_groups, 0)))
        for block in frame.blocks
    ]
    if not any(block.structure is not None for block in frame.blocks):
        return tuple(out)
    frame = constrained_frame(frame, result.constraints)
    if has_factors(frame):
        found = crossed_effects(result, frame, cancel or CancelToken())
        return tuple(empty if own is None else BlockBlups(*own) for empty, own in zip(out, found, strict=True))
    design = make_design(frame, cancel or CancelToken())
    layout = make_layout(design.levels, frame.blocks, frame.residual)
    reml = frame.method is Method.REML
    theta = working_theta(result, design, layout)
    if frame.residual is None:
        jets, rows = empty_jets(design.gram, 0, 0), [Rows(level.products.copy()) for level in design.levels]
    else:
        jets, rows = make_stage(frame, design, layout, frame.residual, cancel or CancelToken()).stage(theta, 0)
    levels, at = _eliminate_all(design, layout, theta, (jets, rows), reml=reml)
    stacks = _descend(design, levels, at)
    Phi = np.asarray(at.sigma2 * np.linalg.inv(at.jets.S[: design.p, : design.p]), dtype=np.float64)
    for block in layout.blocks:
        level, stack = design.levels[block.level], stacks[block.level]
        T = design.basis.scale * design.basis.random_maps[block.block]
        own = block.effects
        cov = stack.cov[own, own]
        if reml and design.p:
            slope = stack.slope[own].swapaxes(0, 1)
            cov = cov + cross(multiply(Phi[..., None], slope), slope)
        variance = np.einsum("ij,jkg,ik->gi", T, cov, T)
        blup, se = np.empty_like(variance), np.empty_like(variance)
        blup[level.codes] = (T @ stack.mean[own, 0]).T
        se[level.codes] = np.sqrt(np.maximum(variance, 0.0))
        out[block.block] = BlockBlups(blup, se)
    return tuple(out)


def working_theta(result: MixedResult, design: Design, layout: Layout) -> FloatArray:
    """Return theta, the entries of Sigma / sigma2 in working units, from the reported matrices."""
    theta = np.zeros(layout.size)
    for block in layout.blocks:
        back = np.linalg.inv(design.basis.random_maps[block.block])
        Psi = back @ result.blocks[block.block].Sigma @ back.T / result.sigma2
        theta[block.parameters] = block.structure.coordinates(0.5 * (Psi + Psi.T))
    if result.residual is not None:
        theta[layout.n_random :] = result.residual.theta
    return theta


def _eliminate_all(
    design: Design, layout: Layout, theta: FloatArray, products: tuple[Jets, list[Rows]], *, reml: bool
) -> tuple[list[_Eliminated], Profile]:
    jets, rows = products
    out: list[_Eliminated] = []
    for depth in range(len(design.levels) - 1, -1, -1):
        level = design.levels[depth]
        to = receivers(level, [(design.levels[k], rows[k]) for k in range(depth - 1, -1, -1)], jets)
        value = rows[depth].value
        small = kernel(layout.relative(theta, depth), value[:, : level.q])
        A = small.A
        U = multiply(A, value[:, level.q :])
        to.add((), value[:, level.q :], U, sign=-1.0, sym=False)
        out.append(_Eliminated(A, U))
    nu = design.n - design.p if reml else design.n
    return out[::-1], profile(jets, np.zeros(0), nu=nu, reml=False)


def _descend(design: Design, levels: list[_Eliminated], at: Profile) -> list[_Stack]:
    p = design.p
    stacks: list[_Stack] = []
    for depth, level in enumerate(levels):
        U_X, U_r = level.U[:, -p - 1 : -1], level.U[:, -1:]
        mean = U_r - np.tensordot(U_X, at.b, axes=([1], [0]))[:, None] if p else U_r
        cov = at.sigma2 * level.A
        if depth == 0:
            stacks.append(_Stack(mean, cov, -U_X))
            continue
        above = stacks[-1]
        parent = _parents(design.levels[depth].starts[depth - 1], design.levels[depth].n_groups)
        up_mean, up_cov, up_slope = (part[..., parent] for part in (above.mean, above.cov, above.slope))
        U_up = level.U[:, : up_mean.shape[0]]
        moved = multiply(U_up, up_cov)
        corner = cov + multiply(moved, U_up.swapaxes(0, 1))
        top = np.concatenate((corner, -moved), axis=1)
        bottom = np.concatenate((-moved.swapaxes(0, 1), up_cov), axis=1)
        stacks.append(
            _Stack(
                np.concatenate((mean - multiply(U_up, up_mean), up_mean)),
                np.concatenate((top, bottom)),
                np.concatenate((-U_X - multiply(U_up, up_slope), up_slope))
                if p
                else np.zeros((len(top) + len(bottom), 0, 1)),
            )
        )
    return stacks


def _parents(starts: IntArray, n_groups: int) -> IntArray:
    """Index of the group above for each of `n_groups` groups, from the first child of each group above."""
    return np.repeat(np.arange(len(starts)), np.diff(starts, append=n_groups))
