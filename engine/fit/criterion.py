"""The profile criterion: -2 log (restricted) likelihood as a function of theta = Sigma / sigma2, with derivatives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.design.blocks import Design
from engine.design.patterns import find_patterns
from engine.errors import StataError
from engine.events import NEVER, CancelToken
from engine.fit.elimination import eliminate, eliminate_lowest, receivers
from engine.fit.jets import Jets, Rows, empty_jets
from engine.fit.layout import BlockLayout, Layout
from engine.fit.lowest import eliminate_patterns
from engine.fit.residuals.layout import Infeasible
from engine.fit.residuals.stage import ResidualStage
from engine.frame.modelframe import FloatArray, ModelFrame

_SMALL = 1000
"""Numbers in the cross-products of a small design."""
_SMALLEST = 1e-13
"""Residual variance, relative to that of the linear model, that cannot be told from rounding error."""

_START = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """The criterion at one theta, beta and sigma2 profiled out, in working units.

    Attributes
    ----------
    value
        -2 log likelihood, restricted under REML (manual, Methods and formulas).
    gradient, hessian
        With respect to theta, (K,) and (K, K); zero where the order is lower.
    b, sigma2
        Coefficients of X~ and residual variance that maximise the likelihood at this theta.
    """

    theta: FloatArray
    jets: Jets
    value: float
    gradient: FloatArray
    hessian: FloatArray
    b: FloatArray
    sigma2: float


class Criterion:
    """Evaluates the criterion of one design.

    Attributes
    ----------
    first_em
        EM steps worth taking before the first Newton step.
    polishes
        Newton steps that may be taken at the optimum for the last digits.
    cancel
        Checked within an evaluation: at every level and with every contribution of one.
    """

    first_em = 4
    polishes = 2

    def __init__(
        self,
        design: Design,
        layout: Layout,
        *,
        reml: bool,
        stage: ResidualStage | None = None,
        cancel: CancelToken = NEVER,
        compress: bool = True,
    ) -> None:
        self.design = design
        self.layout = layout
        self.reml = reml
        self.cancel = cancel
        cancel.check()  # patterns of many groups take their time
        self.nu = design.n - design.p if reml else design.n
        self.stage = stage
        self.patterns = find_patterns(design) if stage is None and compress else None
        self._smallest = max(_SMALLEST, design.basis.noise**2)

    def __call__(self, theta: FloatArray, order: int) -> Profile:
        """Evaluate at theta (K,) with derivatives up to `order` 0, 1 or 2; StataError when no residual is left."""
        try:
            jets = self.jets(theta, order)
            at = profile(jets, theta, nu=self.nu, reml=self.reml)
        except Infeasible:
            return _impossible(theta, self.design.p)
        except np.linalg.LinAlgError:  # nearly singular residual matrices, far out
            if self.stage is None:
                raise
            return _impossible(theta, self.design.p)
        if at.sigma2 <= self._smallest and self.stage is not None:  # a trial far out, where the search turns back
            return _impossible(theta, self.design.p)
        if at.sigma2 <= self._smallest:
            raise StataError(459, "the model fits the dependent variable exactly; there is no residual variance left")
        return at

    @property
    def small(self) -> bool:
        """Whether an evaluation costs next to nothing."""
        return self.stage is None and 0 < sum(level.products.size for level in self.design.levels) <= _SMALL

    @property
    def inner(self) -> Criterion:
        """The criterion of the nested model that is computed with: this one, unless the model was rewritten."""
        return self

    def inner_frame(self, frame: ModelFrame) -> ModelFrame:
        """Return the frame of `inner`, where `frame` is that of the model as asked for."""
        return frame

    def to_inner(self, theta: FloatArray) -> FloatArray:
        """Return theta of `inner`."""
        return theta

    def from_inner(self, jets: Jets) -> Jets:
        """Return jets of `inner` in the order of the parameters here."""
        return jets

    def rows_from_inner(self, values: FloatArray) -> FloatArray:
        """Return rows by parameter of `inner`, sigma2 last, in the order here; (K+1, G)."""
        return values

    @property
    def measurable(self) -> bool:
        """Whether second derivatives anywhere take no more than a few seconds and little memory."""
        return True

    def exact_jets(self, theta: FloatArray) -> Jets:
        """Return all derivatives at theta."""
        return self.jets(theta, 2)

    def uninterrupted(self) -> None:
        """Let nothing stop an evaluation from now on."""
        self.cancel = NEVER
        if self.stage is not None:
            self.stage.cancel = NEVER

    def settle(self, at: Profile) -> Profile:
        """Return the profile of an optimum with its exact Hessian."""
        return at

    def footing(self, block: BlockLayout) -> tuple[FloatArray, FloatArray]:
        """Return the mean sum of squares per group of each effect of an equation, and the groups counted, (q,) each."""
        level = self.design.levels[block.level]
        squares = np.einsum("iig->i", level.products[:, : level.q])[block.effects] / level.n_groups
        return squares, np.full(len(squares), float(level.n_counted))

    def guess(self, block: BlockLayout) -> FloatArray:
        """Return variances to start from, (q,): each effect explains half the residual variance of a group's mean."""
        squares, _ = self.footing(block)
        return np.asarray(_START / np.where(squares > 0.0, squares, 1.0))

    def jets(self, theta: FloatArray, order: int) -> Jets:
        """Run the Schur recursion over all levels, lowest first."""
        self.cancel.check()
        if self.stage is not None:
            return self.stage.jets(theta, order)
        design, layout, last = self.design, self.layout, len(self.design.levels) - 1
        jets = empty_jets(design.gram, layout.size, order)
        rows = [Rows(level.products.copy()) for level in design.levels[:last]]
        for depth in range(last, -1, -1):
            self.cancel.check()
            level, own, Psi = design.levels[depth], layout.levels[depth], layout.relative(theta, depth)
            to = receivers(
                level, [(design.levels[k], rows[k]) for k in range(depth - 1, -1, -1)], jets, cancel=self.cancel
            )
            if depth < last:
                eliminate(rows[depth], Psi, own, range(own.parameters.stop, layout.size), to)
            elif self.patterns is not None:
                eliminate_patterns(self.patterns, Psi, own, to)
            else:
                eliminate_lowest(level.products, Psi, own, to)
        return jets


def _impossible(theta: FloatArray, p: int) -> Profile:
    """The profile where residual parameters make no covariance matrix: infinitely bad, so that a search turns back."""
    K = len(theta)
    jets = empty_jets(np.zeros((p + 1, p + 1)), K, 2)
    return Profile(theta, jets, np.inf, np.zeros(K), np.zeros((K, K)), np.zeros(p), 1.0)


def profile(jets: Jets, theta: FloatArray, *, nu: float, reml: bool) -> Profile:
    """Profile beta and sigma2 out at `theta` (K,); `nu` is n under ML, n - p under REML.

    Gradient (K,) and Hessian (K, K) of -2 log L are exact ([ME] mixed, *Methods and formulas*, differentiated).
    """
    S = jets.S
    p = len(S) - 1
    inverse = np.linalg.inv(S[:p, :p])
    b = inverse @ S[:p, p]
    c = np.append(-b, 1.0)
    rss = float(c @ S @ c)
    sigma2 = rss / nu
    value = jets.log_det + nu * (np.log(sigma2) + 1.0 + np.log(2.0 * np.pi)) if sigma2 > 0.0 else -np.inf
    if reml:
        value -= float(np.linalg.slogdet(inverse)[1])
    gradient, hessian = np.zeros(len(jets.dlog)), np.zeros((len(jets.d2log), len(jets.d2log)))
    if jets.order >= 1:
        moved = jets.dS @ c
        drss = moved @ c
        gradient = jets.dlog + nu * drss / rss
        solved = inverse @ jets.dS[:, :p, :p]
        if reml:
            gradient = gradient + np.trace(solved, axis1=1, axis2=2)
        if jets.order == 2:
            v = moved[:, :p]
            d2rss = jets.d2S @ c @ c - 2.0 * v @ inverse @ v.T
            hessian = jets.d2log + nu * (d2rss / rss - np.outer(drss, drss) / rss**2)
            if reml:
                hessian = hessian + np.tensordot(jets.d2S[:, :, :p, :p], inverse, axes=2)
                hessian = hessian - np.tensordot(solved, solved, axes=([1, 2], [2, 1]))
    return Profile(theta, jets, float(value), np.asarray(gradient), np.asarray(hessian), np.asarray(b), sigma2)
