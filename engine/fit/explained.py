"""How the variance of the response divides: fixed effects, each level's random effects, residual.

Nakagawa and Schielzeth (2013), with Johnson's (2014) mean random-effects variance where slopes are random. Not a
feature of Stata.
"""

from __future__ import annotations

import numpy as np

from engine.design.blocks import Design
from engine.fit.criterion import Criterion, Profile
from engine.frame.modelframe import FloatArray, ModelFrame
from engine.results.explained import ExplainedVariance


def explained_variance(
    frame: ModelFrame, criterion: Criterion, at: Profile, Sigmas: tuple[FloatArray, ...], sigma2: float
) -> ExplainedVariance | None:
    """Return the components given Sigma (q, q) of each equation and sigma2, in units of the data squared.

    None under weights and structured residuals, which have no one residual variance.
    """
    if frame.weights is not None or frame.residual is not None:
        return None
    design = criterion.design
    by_level: dict[str, float] = {level.name: 0.0 for level in frame.levels}
    if any(block.factor is not None for block in frame.blocks):
        for own, Sigma in zip(frame.blocks, Sigmas, strict=True):
            if own.structure is not None:
                by_level[own.level_name] += _mean_variance(own.Z, Sigma, is_factor=own.factor is not None)
    else:
        unit = at.sigma2 * design.basis.scale**2
        for block in criterion.layout.blocks:
            products = design.levels[block.level].products[block.effects, block.effects].sum(axis=-1) / design.n
            Psi = block.structure.matrix(at.theta[block.parameters])
            by_level[frame.blocks[block.block].level_name] += unit * float(np.sum(products * Psi))
    return ExplainedVariance(fixed=_fixed_variance(design, at), levels=tuple(by_level.items()), residual=sigma2)


def _fixed_variance(design: Design, at: Profile) -> float:
    """Variance of X beta over the rows, from coefficients of the orthonormal columns."""
    basis = design.basis
    if not design.p:
        return 0.0
    b = np.linalg.solve(basis.fixed_map, basis.fixed_origin) + basis.scale * at.b
    means = np.array([1.0 if column == 0 else basis.constants[column - 1] for column in basis.fixed])
    return max(float(b @ b) - float(b @ means) ** 2, 0.0)


def _mean_variance(Z: FloatArray, Sigma: FloatArray, *, is_factor: bool) -> float:
    """Mean over the rows of z' Sigma z."""
    if is_factor:
        return float(Sigma[0, 0])
    return float(np.sum((Z.T @ Z / len(Z)) * Sigma))
