"""The profile criterion of models with crossed effects spelled out as indicators (`engine.design.spelled`)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.design.bases import Basis
from engine.design.spelled import Spelled
from engine.fit.criterion import Criterion
from engine.fit.jets import Jets
from engine.fit.layout import BlockLayout
from engine.fit.outer import inner_places, outer_layout, reordered
from engine.frame.modelframe import FloatArray, ModelFrame


class SpelledCriterion(Criterion):
    """Evaluates the criterion `inner` of a spelled-out frame for the parameters of the model as asked for."""

    def __init__(self, model: Spelled, frame: ModelFrame, inner: Criterion) -> None:
        outer = outer_layout(model.parts, frame)
        layout = inner.layout
        random = inner_places(model.parts, outer, layout)
        self._model = model
        self._order = np.concatenate((random, np.arange(layout.n_random, layout.size)))
        super().__init__(
            replace(inner.design, basis=_outer_basis(inner.design.basis, model)),
            replace(outer, size=layout.size, residual=layout.residual),
            reml=inner.reml,
            cancel=inner.cancel,
            compress=False,
        )
        self.stage = inner.stage
        self._inner = inner
        self._parts = {
            block.block: [next(b for b in layout.blocks if b.block == part) for part in model.parts[block.block]]
            for block in self.layout.blocks
        }

    @property
    def inner(self) -> Criterion:
        """See `Criterion`."""
        return self._inner

    def inner_frame(self, frame: ModelFrame) -> ModelFrame:
        """See `Criterion`."""
        return self._model.frame

    def to_inner(self, theta: FloatArray) -> FloatArray:
        """See `Criterion`."""
        out = np.empty_like(theta)
        out[self._order] = theta
        return out

    def from_inner(self, jets: Jets) -> Jets:
        """See `Criterion`."""
        return reordered(jets, self._order)

    def rows_from_inner(self, values: FloatArray) -> FloatArray:
        """See `Criterion`."""
        return np.asarray(values[np.append(self._order, len(self._order))])

    def jets(self, theta: FloatArray, order: int) -> Jets:
        """Evaluate the spelled-out model."""
        self._inner.cancel = self.cancel
        return self.from_inner(self._inner.jets(self.to_inner(theta), order))

    @property
    def small(self) -> bool:
        """See `Criterion`."""
        return self._inner.small

    def footing(self, block: BlockLayout) -> tuple[FloatArray, FloatArray]:
        """See `Criterion`."""
        found = [self._footing(part) for part in self._parts[block.block]]
        return np.concatenate([squares for squares, _ in found]), np.concatenate([counts for _, counts in found])

    def guess(self, block: BlockLayout) -> FloatArray:
        """See `Criterion`."""
        squares, _ = self.footing(block)
        share = 0.5 if len(self._parts[block.block]) == 1 else 0.25
        return np.asarray(share / np.where(squares > 0.0, squares, 1.0))

    def _footing(self, part: BlockLayout) -> tuple[FloatArray, FloatArray]:
        """Of indicators, only the combinations that occur count."""
        squares, counts = self._inner.footing(part)
        if not self._model.frame.blocks[part.block].indicators:
            return squares, counts
        level = self.design.levels[part.level]
        own = np.einsum("iig->ig", level.products[:, : level.q])[part.effects]
        often = np.ones(level.n_groups) if level.weights is None else level.weights.total
        carried = max(float(((own > 0.0) * often).sum()), 1.0)
        return np.array([float((own * often).sum()) / carried]), np.array([carried])


def _outer_basis(basis: Basis, model: Spelled) -> Basis:
    """Return the basis with one entry per block of the model as asked for, 1 for a factor."""
    one = np.ones((1, 1))
    return replace(
        basis,
        random=tuple(basis.random[parts[0]] if parts else () for parts in model.parts),
        random_maps=tuple(
            np.zeros((0, 0)) if not parts else one if place is not None else basis.random_maps[parts[0]]
            for parts, place in zip(model.parts, model.places, strict=True)
        ),
    )
