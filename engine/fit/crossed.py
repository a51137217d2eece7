"""The profile criterion of models with crossed effects: the nested chain first, then the dense rest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.design.bases import Basis
from engine.design.crossed import CrossedDesign
from engine.design.equivalent import Equivalent
from engine.events import CancelToken
from engine.fit.afterchain import after_level, after_levels
from engine.fit.criterion import Criterion, Profile
from engine.fit.dense import DenseStep
from engine.fit.jets import Jets, empty_jets
from engine.fit.layout import BlockLayout, make_layout
from engine.fit.outer import inner_places, outer_layout, reordered
from engine.frame.modelframe import FloatArray, ModelFrame

_LEAST_SHARE = 0.05
_LEAST_RESIDUAL = 0.1
_NEAR = 3e-9
"""Newton decrement from which the next evaluation is probably the last."""
_QUICK = 400
"""Crossed columns from which the search uses average information."""
_MEASURED = 2000
"""Crossed columns up to which second derivatives at any point are at hand."""


class CrossedCriterion(Criterion):
    """Evaluates the criterion of an equivalent frame for the parameters of the model as asked for.

    Parameters
    ----------
    model, frame
        The equivalent model and the frame it was made from.
    design
        Cross-products of the equivalent model.

    Notes
    -----
    With many crossed columns the Hessian of the search is the average information, which needs no second derivatives of
    log|H|: half of ``d2 rss / sigma2`` stands for them and for the traces of the restricted likelihood. Close to the
    optimum it is exact.
    """

    def __init__(
        self, model: Equivalent, frame: ModelFrame, design: CrossedDesign, *, reml: bool, cancel: CancelToken
    ) -> None:
        P = design.p + 1
        basis = _outer_basis(design.chain.basis, model)
        own = replace(design.chain, p=design.p, basis=basis, levels=(), gram=design.chain.gram[-P:, -P:])
        super().__init__(own, outer_layout(model.parts, frame), reml=reml, cancel=cancel)
        self.crossed = design
        self._model = model
        self._inner = make_layout((*design.chain.levels, *design.crossed), model.frame.blocks)
        chain = make_layout(design.chain.levels, model.frame.blocks)
        self._chain = Criterion(design.chain, chain, reml=False, cancel=cancel)
        self._order = inner_places(model.parts, self.layout, self._inner)
        self._exact = design.m < _QUICK
        self._moments = self._moment_estimates()
        if not self._exact:
            self.first_em = 0
            self.polishes = 0

    def __call__(self, theta: FloatArray, order: int) -> Profile:
        """See `Criterion`."""
        at = super().__call__(theta, order)
        if order < 2 or self._exact:
            return at
        hessian = average_information(at, nu=self.nu)
        decrement = float(at.gradient @ np.linalg.pinv(hessian, hermitian=True) @ at.gradient)
        self._exact = abs(decrement) < _NEAR
        return replace(at, hessian=hessian)

    def guess(self, block: BlockLayout) -> FloatArray:
        """Return variances from the mean squares between groups, shares of what the fixed effects leave."""
        residual = max(1.0 - sum(float(share.sum()) for _, share in self._moments.values()), _LEAST_RESIDUAL)
        return np.concatenate([self._moments[part][0] / residual for part in self._model.parts[block.block]])

    def _moment_estimates(self) -> dict[int, tuple[FloatArray, FloatArray]]:
        """For each inner block its variances, (q,), and their shares of the variance of r, which is 1."""
        out: dict[int, tuple[FloatArray, FloatArray]] = {}
        for block in self._inner.blocks:
            squares, groups = self._footing(block)
            between = self._between(block)
            least = _LEAST_SHARE / np.where(squares > 0.0, squares, 1.0)
            variances = np.maximum((between - groups) / np.maximum(squares * groups, 1e-300), least)
            out[block.block] = variances, variances * squares * groups / self.design.n
        return out

    def _between(self, block: BlockLayout) -> FloatArray:
        """Sums of squares of r between the groups of each effect, (q,)."""
        n_chain = len(self.crossed.chain.levels)
        if block.level < n_chain:
            level = self.crossed.chain.levels[block.level]
            products = level.products[block.effects]
            own = np.einsum("iig->ig", level.products[:, : level.q])[block.effects]
            return _between_groups(own, products[:, -1])
        outside = self.crossed.crossed[block.level - n_chain]
        own = np.diag(self.crossed.WW)[outside.columns].reshape(outside.q, -1)[block.effects]
        return _between_groups(own, self.crossed.WX[outside.columns, -1].reshape(outside.q, -1)[block.effects])

    @property
    def measurable(self) -> bool:
        """See `Criterion`."""
        return self.crossed.m <= _MEASURED

    def exact_jets(self, theta: FloatArray) -> Jets:
        """See `Criterion`."""
        self._exact = True
        return self.jets(theta, 2)

    def uninterrupted(self) -> None:
        """See `Criterion`."""
        super().uninterrupted()
        self._chain.uninterrupted()

    def settle(self, at: Profile) -> Profile:
        """See `Criterion`."""
        if self.crossed.m < _QUICK or (self._exact and at.jets.d2log.any()):
            return at
        self._exact = True
        return self(at.theta, 2)

    def footing(self, block: BlockLayout) -> tuple[FloatArray, FloatArray]:
        """See `Criterion`."""
        parts = [self._inner.blocks[self._place(b)] for b in self._model.parts[block.block]]
        found = [self._footing(part) for part in parts]
        return np.concatenate([squares for squares, _ in found]), np.concatenate([counts for _, counts in found])

    def _place(self, block: int) -> int:
        return next(i for i, inner in enumerate(self._inner.blocks) if inner.block == block)

    def _footing(self, block: BlockLayout) -> tuple[FloatArray, FloatArray]:
        n_chain = len(self.crossed.chain.levels)
        if block.level < n_chain:
            return self._chain.footing(block)
        level = self.crossed.crossed[block.level - n_chain]
        squares = level.squares[block.effects] / level.n_groups
        return squares, np.full(len(squares), float(level.n_groups))

    def jets(self, theta: FloatArray, order: int) -> Jets:
        """Eliminate the chain, then the crossed columns."""
        self.cancel.check()
        inner = np.empty_like(theta)
        inner[self._order] = theta
        chain = inner[: self._chain.layout.size]
        if self.crossed.m == 0:
            return reordered(self._chain.jets(chain, order), self._order)
        if self.crossed.coupling is None:
            after = after_levels(self._chain.jets(chain, order), self.crossed.m)
        else:
            after = after_level(self.crossed, self._chain.layout, chain, order, self.cancel)
        jets = empty_jets(self.design.gram, self.layout.size, order)
        first = len(self.crossed.chain.levels)
        levels = range(first, first + len(self.crossed.crossed))
        step = DenseStep(
            chain=after,
            levels=self.crossed.crossed,
            layouts=tuple(self._inner.levels[k] for k in levels),
            Psis=tuple(self._inner.relative(inner, k) for k in levels),
            cancel=self.cancel,
        )
        step.into(jets, with_d2log=self._exact)
        return reordered(jets, self._order)


def average_information(at: Profile, *, nu: float) -> FloatArray:
    """Return the mean of observed and expected information of theta, for -2 log L, without traces."""
    jets, p = at.jets, len(at.b)
    c = np.append(-at.b, 1.0)
    rss = nu * at.sigma2
    moved = jets.dS @ c
    drss = moved @ c
    v = moved[:, :p]
    d2rss = jets.d2S @ c @ c - 2.0 * v @ np.linalg.solve(jets.S[:p, :p], v.T)
    return np.asarray(nu * (0.5 * d2rss / rss - np.outer(drss, drss) / rss**2))


def _between_groups(squares: FloatArray, products: FloatArray) -> FloatArray:
    """Sum over groups of (w'r)^2 / w'w, for each effect (q, G)."""
    return np.asarray((products**2 / np.where(squares > 0.0, squares, 1.0)).sum(axis=-1))


def _outer_basis(basis: Basis, model: Equivalent) -> Basis:
    """Return the basis with one entry per block of the model as asked for."""
    first = [part[0] if part else None for part in model.parts]
    return replace(
        basis,
        random=tuple(() if b is None else basis.random[b] for b in first),
        random_maps=tuple(np.zeros((0, 0)) if b is None else basis.random_maps[b] for b in first),
    )
