"""What each group says on its own, and what the model makes of it: estimates without and with pooling."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.frame.modelframe import FloatArray
from engine.postest.groupgrams import group_grams
from engine.postest.samplefit import SampleFit


@dataclass(frozen=True, slots=True, eq=False)
class Pooling:
    """Effects of one equation by group.

    Attributes
    ----------
    own
        (G, q), generalised least squares within the group, the other coefficients and the levels above as estimated;
        NaN where a group does not identify its effects.
    own_cov
        (G, q, q), covariance matrices of `own` given the group's effects.
    blup, errors
        (G, q) predictions and (G, q, q) covariance matrices of their errors.
    Sigma
        (q, q), covariance matrix of the effects.
    """

    own: FloatArray
    own_cov: FloatArray
    blup: FloatArray
    errors: FloatArray
    Sigma: FloatArray


def pooling(fit: SampleFit, block: int) -> Pooling:
    """Compare the groups of equation `block`.

    Raises
    ------
    StataError
        r(321) for crossed effects and weights (`engine.postest.groupgrams`).
    """
    grams = group_grams(fit.result, fit.frame)
    depth = fit.frame.blocks[block].level
    level = grams.levels[depth]
    here = [b for b, other in enumerate(fit.frame.blocks) if other.level == depth and other.structure is not None]
    widths = [len(fit.frame.blocks[b].columns) for b in here]
    start = sum(widths[: here.index(block)])
    own = slice(start, start + widths[here.index(block)])
    K = level.before[:, own, own]
    right = level.before[:, own, -1] - _above(fit, grams.maps, level.before, depth, own)
    back = grams.maps[depth][own, own]
    solvable = np.linalg.cond(K) < 1e10
    inverse = np.full_like(K, np.nan)
    inverse[solvable] = np.linalg.inv(K[solvable])
    estimate = np.einsum("gij,gj->gi", inverse, right)
    found = fit.effects[block]
    errors = found.cov if found.cov is not None else np.full_like(K, np.nan)
    return Pooling(estimate @ back.T, back @ inverse @ back.T, found.blup, errors, fit.result.blocks[block].Sigma)


def _above(fit: SampleFit, maps: tuple[FloatArray, ...], before: FloatArray, depth: int, own: slice) -> FloatArray:
    """Return what the predicted effects of the levels above contribute to the right-hand side, (G, q)."""
    out = np.zeros((len(before), own.stop - own.start))
    at = len(maps[depth])
    first = fit.groups_of(depth)[1]
    for upper in range(depth - 1, -1, -1):
        groups = fit.frame.levels[upper].codes[first]
        parts = [
            fit.effects[b].blup[groups]
            for b, block in enumerate(fit.frame.blocks)
            if block.level == upper and block.structure is not None
        ]
        width = len(maps[upper])
        if parts:
            u = np.hstack(parts) @ np.linalg.inv(maps[upper]).T
            out += np.einsum("gij,gj->gi", before[:, own, at : at + width], u)
        at += width
    return out
