"""The first stage of the recursion when residual errors are not independent with one variance.

It puts the products weighted by W^-1, with their jets in the residual parameters, where those of independent errors
stand otherwise; the elimination of the random effects then carries them like those of any lower level.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TypeAlias

import numpy as np

from engine.covariance.residual_lag import Power
from engine.design.blocks import Design
from engine.design.residuals import ResidualDesign, make_residual_design
from engine.errors import StataError
from engine.events import NEVER, CancelToken
from engine.fit.elimination import eliminate, receivers
from engine.fit.jets import Jets, Rows, empty_jets
from engine.fit.layout import Layout
from engine.fit.residuals.dense import DenseGroups, make_dense
from engine.fit.residuals.grid import Grid, make_grid
from engine.fit.residuals.layout import Infeasible, ResidualLayout
from engine.fit.residuals.markov import make_markov
from engine.fit.residuals.outer import make_outer
from engine.fit.residuals.products import Products, Summed, Whitened
from engine.fit.residuals.start import starting_values
from engine.fit.residuals.sums import sufficient, sufficient_kind
from engine.frame.modelframe import FloatArray, IntArray, ModelFrame
from engine.frame.residualerrors import ResidualErrors

Evaluator: TypeAlias = Callable[[FloatArray, int], Products]

_MOST_PARAMETERS = 150
_SHRINK = 0.8
_TRIES = 60
_CHAIN = 2000
"""Rows from which rho^d errors are best taken as a chain, in one pass over the rows."""
_BYTES = 6 << 30
"""Memory that one evaluation may take."""


class ResidualStage:
    """Evaluates the jets of a model with structured residual errors."""

    def __init__(
        self,
        design: Design,
        layout: Layout,
        residual: ResidualDesign,
        parameters: ResidualLayout,
        cancel: CancelToken = NEVER,
    ) -> None:
        self.design = design
        self.layout = layout
        self.residual = residual
        self.parameters = parameters
        self.cancel = cancel
        self.n_random = layout.size - parameters.size
        _check_memory(residual, parameters)

    @cached_property
    def whole(self) -> Grid | DenseGroups | None:
        """The evaluator of the whole model at once, where there is one: without groups, or with every V as a whole."""
        if sufficient_kind(self.parameters):
            return None
        if isinstance(self.parameters.structures[0], Power) and self.residual.n_rows > _CHAIN:
            return None
        dense = make_dense(self.residual, self.parameters)
        if dense is not None and self._dense_work() < self._grid_work():
            return dense
        return make_grid(self.residual, self.parameters) or dense

    def _dense_work(self) -> float:
        """Multiplications of an evaluation with every V as a whole, roughly."""
        sizes, K, P = self.residual.counts.astype(np.float64), self.layout.size, len(self.residual.tail)
        return float((K * sizes**3 + K**2 * sizes**2 + (K * P) ** 2 * sizes).sum())

    def _grid_work(self) -> float:
        """Multiplications of an evaluation on the grid of times, roughly, and what its preparation takes."""
        T, P = len(self.residual.distinct_times), len(self.residual.tail)
        return 0.5 * float(T) ** 4 * P**2 * self.layout.size + 1e6

    @cached_property
    def products(self) -> Evaluator:
        """The evaluator of products by group."""
        found: Summed | None = sufficient(self.residual, self.parameters, self.cancel)
        if found is not None:
            return found
        if isinstance(self.parameters.structures[0], Power):
            return make_markov(self.residual, self.parameters, self.cancel)
        self._check_size()
        outer = make_outer(self.residual, self.parameters, self.cancel)
        return outer or Whitened(self.residual, self.parameters, self.cancel)

    def _check_size(self) -> None:
        """Refuse more derivatives by group than memory and patience allow."""
        m, residual = self.parameters.size, self.residual
        numbers = 0.5 * m**2 * max(len(residual.effects), 1) * len(residual.table) * residual.n_groups
        if m > _MOST_PARAMETERS or 8.0 * numbers > _BYTES:
            raise StataError(
                909,
                f"residuals({residual.errors.kind}) has {m + 1:,} parameters, too many beside these random effects: "
                f"their derivatives for {residual.n_groups:,} groups take {8.0 * numbers / 2**30:.1f} GB. Use fewer "
                "random effects, or a structure with fewer parameters.",
            )

    def start(self) -> FloatArray:
        """Starting values of the residual parameters, moved towards independence until every W is definite."""
        self.cancel.check()
        theta = starting_values(self.residual, self.parameters, self.cancel)
        loose = self.parameters.dependence
        for _ in range(_TRIES):
            if self._possible(theta):
                break
            theta = np.where(loose, _SHRINK * theta, theta)
        return theta

    def _possible(self, theta: FloatArray) -> bool:
        try:
            self.jets(np.append(np.zeros(self.n_random), theta), 0)
        except Infeasible:
            return False
        return True

    def jets(self, theta: FloatArray, order: int) -> Jets:
        """Jets at theta; raises `Infeasible` where a covariance matrix is not positive definite."""
        if not self.parameters.feasible(theta[self.n_random :]):
            raise Infeasible
        if self.whole is not None:
            return self.whole(theta, self.layout, order)
        jets, rows = self.stage(theta, order)
        design, layout = self.design, self.layout
        for depth in range(len(design.levels) - 1, -1, -1):
            level, own = design.levels[depth], layout.levels[depth]
            upper = [(design.levels[k], rows[k]) for k in range(depth - 1, -1, -1)]
            to = receivers(level, upper, jets, cancel=self.cancel)
            eliminate(rows[depth], layout.relative(theta, depth), own, range(own.parameters.stop, layout.size), to)
        return jets

    def stage(self, theta: FloatArray, order: int) -> tuple[Jets, list[Rows]]:
        """Return the jets and the rows of every level before any random effect is eliminated."""
        products = self.products(theta[self.n_random :], order)
        first = self.n_random
        jets = empty_jets(products.gram[()], self.layout.size, order)
        jets.log_det = products.log[()]
        for key, part in products.gram.items():
            if len(key) == 1:
                jets.dS[first + key[0]] = part
            elif key:
                i, j = first + key[0], first + key[1]
                jets.d2S[i, j] = jets.d2S[j, i] = part
        for key, value in products.log.items():
            if len(key) == 1:
                jets.dlog[first + key[0]] = value
            elif key:
                i, j = first + key[0], first + key[1]
                jets.d2log[i, j] = jets.d2log[j, i] = value
        rows = []
        counted = self.residual.weights
        self.cancel.check()
        for depth, ((own, columns), parents) in enumerate(
            zip(self.residual.levels, self.residual.parents, strict=True)
        ):
            effects = [self.residual.effects.index(i) for i in own]
            chosen = np.ix_(effects, columns)
            times = None if counted is None else counted.upward[depth]
            parts = {
                tuple(first + k for k in key): _summed(cells[chosen], parents, times)
                for key, cells in products.cells.items()
            }
            rows.append(
                Rows(
                    parts[()],
                    {key[0]: part for key, part in parts.items() if len(key) == 1},
                    {(key[0], key[1]): part for key, part in parts.items() if len(key) == 2},
                )
            )
        return jets, rows


def _summed(cells: FloatArray, parents: IntArray, times: FloatArray | None) -> FloatArray:
    """Sum over the lowest-level groups of each group, each counted `times`."""
    if times is not None:
        cells = cells * times
    if len(parents) == cells.shape[-1]:
        return cells
    return np.asarray(np.add.reduceat(cells, parents, axis=-1))


def make_stage(
    frame: ModelFrame, design: Design, layout: Layout, errors: ResidualErrors, cancel: CancelToken
) -> ResidualStage:
    """Return the stage for a frame with structured residual errors."""
    if layout.residual is None:
        raise ValueError("the layout has no residual parameters")
    return ResidualStage(design, layout, make_residual_design(frame, design, errors, cancel), layout.residual, cancel)


def _check_memory(residual: ResidualDesign, parameters: ResidualLayout) -> None:
    """Refuse what cannot be computed in memory, with the numbers."""
    longest = int(residual.counts.max())
    if residual.errors.kind in ("independent", "exchangeable"):
        return
    several = parameters.size + 3
    if 8.0 * longest**2 * several > _BYTES and residual.errors.kind not in ("exponential", "ar"):
        raise StataError(
            909,
            f"residuals({residual.errors.kind}): a group has {longest:,} observations, whose covariance matrix takes "
            f"{8.0 * longest**2 / 2**30:.1f} GB of memory. Use smaller groups.",
        )
