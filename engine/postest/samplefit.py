"""A fitted model on its estimation sample: everything that diagnostic graphs are drawn from, computed once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from engine.data.dataset import Dataset
from engine.errors import StataError
from engine.events import CancelToken
from engine.frame.modelframe import BoolArray, FloatArray, IntArray, ModelFrame
from engine.frame.prediction import rebind
from engine.postest.blups import BlockBlups, blups
from engine.postest.whitened import whitened
from engine.results.mixed import MixedResult
from engine.spec.mixed import MixedSpec


@dataclass(frozen=True, slots=True, eq=False)
class EffectOfGroups:
    """One random effect: its level, name, groups and predictions.

    Attributes
    ----------
    level, name, depth
        Level variable, effect (``week``, ``_cons``), index of the level.
    block, place
        Index of the equation and of the effect within it.
    blup, se
        (G,) predictions and standard errors.
    first
        (G,) position in the sample of the first observation of each group.
    fixed
        Coefficient of the same variable in the fixed part, 0 where there is none.
    """

    level: str
    name: str
    depth: int
    block: int
    place: int
    blup: FloatArray
    se: FloatArray
    first: IntArray
    fixed: float


@dataclass(frozen=True, slots=True, eq=False)
class SampleFit:
    """Arrays over the n observations of the estimation sample, in the order of the data.

    Attributes
    ----------
    result, frame
        The fit and its frame, bound again.
    mask
        (n_obs,) marks the sample in the data.
    rows
        (n,) `Dataset.row_ids`.
    xb, fitted
        X beta, and X beta + Z u.
    effects
        Predictions of every equation.
    """

    result: MixedResult
    frame: ModelFrame
    mask: BoolArray
    rows: IntArray
    xb: FloatArray
    fitted: FloatArray
    effects: tuple[BlockBlups, ...]

    @property
    def residuals(self) -> FloatArray:
        """Y - X beta - Z u."""
        return np.asarray(self.frame.y - self.fitted)

    @property
    def standardized(self) -> FloatArray:
        """Residuals times the inverse square root of the residual errors' covariance matrix."""
        return standardized(self.result, self.frame, self.residuals)

    def groups_of(self, depth: int) -> tuple[IntArray, IntArray, int]:
        """Return group of each observation (n,), position of the first observation of each group (G,), and G."""
        level = self.frame.levels[depth]
        return level.codes, first_positions(level.codes, level.n_groups), level.n_groups

    def random_effects(self) -> tuple[EffectOfGroups, ...]:
        """Return the effects that differ between the groups of a level; those of ``R.`` are not among them."""
        fixed = {column.name: float(b) for column, b in zip(self.result.columns, self.result.beta, strict=True)}
        out = []
        for b, (block, found) in enumerate(zip(self.frame.blocks, self.effects, strict=True)):
            if block.structure is None or block.factor is not None:
                continue
            first = self.groups_of(block.level)[1]
            for k, column in enumerate(block.columns):
                if self.result.blocks[b].Sigma[k, k] > 0.0:
                    own = (found.blup[:, k], found.se[:, k], first, fixed.get(column.name, 0.0))
                    out.append(EffectOfGroups(block.level_name, column.name, block.level, b, k, *own))
        return tuple(out)


def first_positions(codes: IntArray, n_groups: int) -> IntArray:
    """Return the position of the first row of each group, shape (n_groups,)."""
    first = np.full(n_groups, -1, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    return first


def sample_fit(spec: MixedSpec, result: MixedResult, dataset: Dataset, cancel: CancelToken) -> SampleFit:
    """Bind the sample again and predict on it.

    Raises
    ------
    StataError
        r(459) when the sample is not in memory any more, r(321) without weights of its own kind of residuals.
    """
    bound = rebind(spec, dataset, result.sample_rows, result.columns, signed=result.signature)
    frame = bound.frame
    found = blups(result, frame, cancel)
    xb = frame.X @ result.beta[list(frame.estimated)]
    return SampleFit(
        result=result,
        frame=frame,
        mask=bound.e_sample,
        rows=dataset.row_ids[bound.e_sample],
        xb=np.asarray(xb),
        fitted=np.asarray(xb + random_part(frame, found)),
        effects=found,
    )


def random_part(frame: ModelFrame, effects: tuple[BlockBlups, ...]) -> FloatArray:
    """Return Z u of every observation, shape (n,)."""
    from engine.frame.crossing import crossing

    total = np.zeros(len(frame.y))
    for block, found in zip(frame.blocks, effects, strict=True):
        if block.structure is None:
            continue
        level = frame.levels[block.level]
        codes = level.codes if block.factor is None else crossing(level, block.factor).codes
        total += np.einsum("ij,ij->i", block.Z, found.blup[codes])
    return total


def standardized(result: MixedResult, frame: ModelFrame, residuals: FloatArray) -> FloatArray:
    """Return residuals of a frame times the inverse square root of the residual errors' covariance matrix."""
    if frame.residual is None or result.residual is None:
        return np.asarray(residuals / np.sqrt(result.sigma2))
    return whitened(frame.residual, result.residual.theta, result.sigma2, residuals)


def redrawn_residuals(fit: SampleFit, cancel: CancelToken) -> Callable[[ModelFrame], FloatArray]:
    """Return what takes a frame with a drawn response to its standardised residuals at the same variance parameters."""

    def residuals(drawn: ModelFrame) -> FloatArray:
        whole = drawn.y - fit.xb
        found = blups(fit.result, replace(drawn, y=drawn.y), cancel)
        return standardized(fit.result, drawn, whole - random_part(drawn, found))

    return residuals


def chosen_effects(fit: SampleFit, level: str | None, effect: str | None) -> tuple[EffectOfGroups, ...]:
    """Return the random effects of a level and of a name, all where None.

    Raises
    ------
    StataError
        r(321) when there is none.
    """
    every = fit.random_effects()
    if not every:
        raise StataError(321, "the model has no random effects that differ between groups")
    chosen = [e for e in every if level in (None, e.level) and effect in (None, e.name)]
    if not chosen:
        listed = ", ".join(f"{e.level}: {e.name}" for e in every)
        raise StataError(321, f"there is no such random effect; the model has {listed}")
    return tuple(chosen)
