"""Best linear unbiased predictions of random effects and their standard errors, from the top level down.

Given the effects ``u_up`` of the levels above, the effects of a group have conditional mean
``U_r - U_X b - U_up u_up`` and variance ``sigma2 A`` (`engine.fit.elimination`). Their standard errors (``reses``)
treat beta as known under ML; under REML they add its uncertainty ([ME] mixed postestimation, methods and formulas).

With weights, rows and lower groups count inside a group as often as their weights say, so predictions are those of the
replicated data; how often a group itself counts changes its prediction only through beta and the variances.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.design.blocks import Design, make_design
from engine.design.equivalent import has_factors
from engine.design.spelled import Spelled, needs_spelling, spelled_out
from engine.events import CancelToken
from engine.fit.criterion import Profile, profile
from engine.fit.elimination import receivers
from engine.fit.jets import Jets, Rows, empty_jets
from engine.fit.layout import BlockLayout, Layout, make_layout
from engine.fit.residuals.stage import make_stage
from engine.fit.smallmatrix import cross, kernel, multiply
from engine.frame.constrainedframe import constrained_frame
from engine.frame.modelframe import FloatArray, IntArray, ModelFrame
from engine.postest.crossed import crossed_effects
from engine.results.mixed import MixedResult
from engine.spec.mixed import Method


@dataclass(frozen=True, slots=True, eq=False)
class BlockBlups:
    """Predictions of one equation: `blup` and `se`, shape (G, q), rows by the frame's group codes.

    `cov` (G, q, q) is the covariance matrix of prediction errors, whose diagonal `se` is the root of; None with crossed
    effects. Groups of an equation of ``R.`` are the combinations of `engine.frame.crossing`.
    """

    blup: FloatArray
    se: FloatArray
    cov: FloatArray | None = None


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
    if has_factors(frame) and not needs_spelling(frame):
        found = crossed_effects(result, frame, cancel or CancelToken())
        return tuple(empty if own is None else BlockBlups(*own) for empty, own in zip(out, found, strict=True))
    model = spelled_out(frame) if has_factors(frame) else None
    nested = _nested(result, frame if model is None else model.frame, model, cancel or CancelToken())
    for b, block in enumerate(frame.blocks):
        if block.structure is not None:
            nested.cancel.check()
            out[b] = nested.block(b) if model is None or block.factor is None else nested.factor(b)
    return tuple(out)


@dataclass(frozen=True, slots=True, eq=False)
class _Nested:
    """Effects of a nested model; `Phi` is the variance of b, None where beta counts as known.

    `model` tells how it was spelled out.
    """

    design: Design
    layout: Layout
    stacks: list[_Stack]
    Phi: FloatArray | None
    model: Spelled | None
    cancel: CancelToken

    def block(self, b: int) -> BlockBlups:
        """Predictions of an equation as asked for."""
        block = self._layout_of(b if self.model is None else self.model.parts[b][0])
        level, stack, own = self.design.levels[block.level], self.stacks[block.level], block.effects
        T = self.design.basis.scale * self.design.basis.random_maps[block.block]
        cov = self._with_beta(stack.cov[own, own], stack.slope[own])
        errors = T @ np.moveaxis(np.broadcast_to(cov, (*cov.shape[:2], level.n_groups)), -1, 0) @ T.T
        blup, ordered = np.empty(errors.shape[:2]), np.empty_like(errors)
        blup[level.codes] = (T @ stack.mean[own, 0]).T
        ordered[level.codes] = errors
        se = np.sqrt(np.maximum(np.diagonal(ordered, axis1=1, axis2=2), 0.0))
        return BlockBlups(blup, se, ordered)

    def factor(self, b: int) -> BlockBlups:
        """Predictions of ``R.`` by its combinations: each value's own effect and, if any, the shared one."""
        assert self.model is not None
        place = self.model.places[b]
        assert place is not None
        groups, number = place
        parts = [self._layout_of(part) for part in self.model.parts[b]]
        level, stack = self.design.levels[parts[0].level], self.stacks[parts[0].level]
        position = np.empty(level.n_groups, dtype=np.int64)
        position[level.codes] = np.arange(level.n_groups)
        g = position[groups]
        effects = [parts[0].effects.start + number, *(np.full(len(g), part.effects.start) for part in parts[1:])]
        mean = sum(stack.mean[e, 0, g] for e in effects)
        cov = np.asarray(sum(stack.cov[e, f, g] for e in effects for f in effects))[None, None]
        slope = np.moveaxis(np.asarray(sum(stack.slope[e, :, g] for e in effects)), 0, -1)[None]
        variance = self.design.basis.scale**2 * self._with_beta(cov, slope)[0, 0]
        blup = self.design.basis.scale * np.asarray(mean)
        return BlockBlups(blup[:, None], np.sqrt(np.maximum(variance, 0.0))[:, None])

    def _layout_of(self, part: int) -> BlockLayout:
        return next(block for block in self.layout.blocks if block.block == part)

    def _with_beta(self, cov: FloatArray, slope: FloatArray) -> FloatArray:
        """Add the uncertainty of beta where it counts."""
        if self.Phi is None:
            return cov
        moved = slope.swapaxes(0, 1)
        return np.asarray(cov + cross(multiply(self.Phi[..., None], moved), moved))


def _nested(result: MixedResult, frame: ModelFrame, model: Spelled | None, cancel: CancelToken) -> _Nested:
    """Predict the effects of `frame`, which is `model`'s where there is one."""
    design = make_design(frame, cancel)
    layout = make_layout(design.levels, frame.blocks, frame.residual)
    reml = frame.method is Method.REML
    theta = working_theta(result, design, layout, model)
    if frame.residual is None:
        jets, rows = empty_jets(design.gram, 0, 0), [Rows(level.products.copy()) for level in design.levels]
    else:
        jets, rows = make_stage(frame, design, layout, frame.residual, cancel).stage(theta, 0)
    levels, at = _eliminate_all(design, layout, theta, (jets, rows), cancel, reml=reml)
    at = replace(at, sigma2=result.sigma2 / design.basis.scale**2)
    stacks = _descend(design, levels, at, cancel)
    Phi = None
    if reml and design.p:
        Phi = np.asarray(at.sigma2 * np.linalg.inv(at.jets.S[: design.p, : design.p]), dtype=np.float64)
    return _Nested(design, layout, stacks, Phi, model, cancel)


def working_theta(result: MixedResult, design: Design, layout: Layout, model: Spelled | None = None) -> FloatArray:
    """Return theta (K,), the entries of Sigma / sigma2 in working units, from the reported matrices.

    `model` tells how the model was spelled out, where it was.
    """
    theta = np.zeros(layout.size)
    of_part = {part: (b, i) for b, parts in enumerate(model.parts if model else ()) for i, part in enumerate(parts)}
    for block in layout.blocks:
        b, shared = of_part.get(block.block, (block.block, 0))
        summary = result.blocks[b]
        if summary.n_values:
            own = summary.covariance if shared else summary.Sigma[0, 0] - summary.covariance
            theta[block.parameters] = own / result.sigma2
            continue
        back = np.linalg.inv(design.basis.random_maps[block.block])
        Psi = back @ summary.Sigma @ back.T / result.sigma2
        theta[block.parameters] = block.structure.coordinates(0.5 * (Psi + Psi.T))
    if result.residual is not None:
        theta[layout.n_random :] = result.residual.theta
    return theta


def _eliminate_all(
    design: Design,
    layout: Layout,
    theta: FloatArray,
    products: tuple[Jets, list[Rows]],
    cancel: CancelToken,
    *,
    reml: bool,
) -> tuple[list[_Eliminated], Profile]:
    jets, rows = products
    out: list[_Eliminated] = []
    for depth in range(len(design.levels) - 1, -1, -1):
        level = design.levels[depth]
        cancel.check()
        upper = [(design.levels[k], rows[k]) for k in range(depth - 1, -1, -1)]
        to = receivers(level, upper, jets, cancel=cancel)
        value = rows[depth].value
        small = kernel(layout.relative(theta, depth), value[:, : level.q])
        A = small.A
        U = multiply(A, value[:, level.q :])
        to.add((), value[:, level.q :], U, sign=-1.0, sym=False)
        out.append(_Eliminated(A, U))
    nu = design.n - design.p if reml else design.n
    return out[::-1], profile(jets, np.zeros(0), nu=nu, reml=False)


def _descend(design: Design, levels: list[_Eliminated], at: Profile, cancel: CancelToken) -> list[_Stack]:
    p = design.p
    stacks: list[_Stack] = []
    for depth, level in enumerate(levels):
        cancel.check()
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
