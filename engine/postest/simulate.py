"""Responses drawn from a fitted model: y* = X beta + Z u* + e* with new effects and new residual errors."""

from __future__ import annotations

import numpy as np

from engine.errors import StataError
from engine.frame.crossing import crossing
from engine.frame.modelframe import FloatArray, IntArray, ModelFrame, RandomBlock
from engine.postest.whitened import coloured
from engine.results.mixed import BlockSummary, MixedResult


def simulate(result: MixedResult, frame: ModelFrame, rng: np.random.Generator) -> FloatArray:
    """Draw a response of the estimation sample, shape (n,), in the order of `frame`.

    Raises
    ------
    StataError
        r(321) after weights: the model says nothing of observations that stand for others.
    """
    if frame.weights is not None:
        raise StataError(321, "responses cannot be drawn from a model with weights")
    y = frame.X @ result.beta[list(frame.estimated)]
    for block, summary in zip(frame.blocks, result.blocks, strict=True):
        if block.structure is not None:
            y = y + _effects(block, summary, frame, rng)
    z = rng.standard_normal(len(y))
    if frame.residual is None or result.residual is None:
        return np.asarray(y + np.sqrt(result.sigma2) * z)
    return np.asarray(y + coloured(frame.residual, result.residual.theta, result.sigma2, z))


def _effects(block: RandomBlock, summary: BlockSummary, frame: ModelFrame, rng: np.random.Generator) -> FloatArray:
    """Draw Z u of one equation, shape (n,)."""
    level = frame.levels[block.level]
    if block.factor is not None:
        found = crossing(level, block.factor)
        return _values(found.groups, level.n_groups, summary, rng)[found.codes]
    values, vectors = np.linalg.eigh(summary.Sigma)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    u = rng.standard_normal((level.n_groups, len(root))) @ root.T
    return np.asarray(np.einsum("ij,ij->i", block.Z, u[level.codes]))


def _values(groups: IntArray, n_groups: int, summary: BlockSummary, rng: np.random.Generator) -> FloatArray:
    """Draw the effects of a factor's values, one per combination: any two of a group have the block's covariance.

    (v - c) I + c 11' has the eigenvalues v - c, and v + (k - 1) c along 1, k values in all.
    """
    v, c, k = float(summary.Sigma[0, 0]), summary.covariance, summary.n_values
    own = rng.standard_normal(len(groups)) * np.sqrt(max(v - c, 0.0))
    if c == 0.0:
        return np.asarray(own)
    if c > 0.0:
        return np.asarray(own + rng.standard_normal(n_groups)[groups] * np.sqrt(c))
    whole = rng.standard_normal((n_groups, k))
    mean = whole.mean(axis=1, keepdims=True)
    drawn = np.sqrt(v - c) * (whole - mean) + np.sqrt(max(v + (k - 1) * c, 0.0)) * mean
    place = np.arange(len(groups)) - np.searchsorted(groups, groups)
    return np.asarray(drawn[groups, place])
