"""Kenward and Roger's (1997) adjusted covariance matrix and scaled F test ([ME] mixed, *Kenward-Roger DDF*)."""

from __future__ import annotations

import numpy as np

from engine.frame.modelframe import FloatArray
from engine.inference import satterthwaite
from engine.inference.fixedeffects import UNDEFINED, FixedEffects, Joint


def covariance(model: FixedEffects) -> FloatArray:
    """Return Phi_A = Phi + 2 Phi {sum_ij W_ij (Q_ij - P_i Phi P_j)} Phi, (p, p); Phi where W does not exist."""
    uncertainty = model.uncertainty
    if uncertainty is None or model.information not in uncertainty.W:
        return model.Phi
    return np.asarray(model.Phi + 2.0 * uncertainty.root @ uncertainty.bias[model.information] @ uncertainty.root.T)


def coefficients(model: FixedEffects) -> FloatArray:
    """Return the degrees of freedom of each coefficient, (p,): those of Satterthwaite's method."""
    return satterthwaite.coefficients(model)


def single(model: FixedEffects, c: FloatArray) -> float:
    """Return the degrees of freedom of the contrast c'beta, c (p,)."""
    return satterthwaite.single(model, c)


def joint(model: FixedEffects, C: FloatArray) -> Joint:
    """Return the denominator degrees of freedom and the scale of the F test of C'beta, C (p, l).

    Mean E and variance V of the statistic: Kenward and Roger (1997, 987). In the basis where Phi = I, Theta = UU' with
    U an orthonormal basis of the contrasts.
    """
    uncertainty = model.uncertainty
    if uncertainty is None or model.information not in uncertainty.W:
        return UNDEFINED
    whitened = uncertainty.root.T @ C
    rank = satterthwaite.contrast_rank(whitened)
    if not rank:
        return UNDEFINED
    lengths = np.linalg.norm(whitened, axis=0)
    U = np.linalg.svd(whitened[:, lengths > 0.0] / lengths[lengths > 0.0], full_matrices=False)[0][:, :rank]
    moved = U.T @ uncertainty.P @ U
    if satterthwaite.depends_on_unknown(uncertainty, model.information, moved.reshape(len(moved), -1)):
        return UNDEFINED
    W = uncertainty.W[model.information]
    traces = np.trace(moved, axis1=1, axis2=2)
    A1 = float(traces @ W @ traces)
    A2 = float(np.sum(W * np.tensordot(moved, moved, axes=([1, 2], [2, 1]))))
    return _matched(rank, A1, A2)


def _matched(rank: int, A1: float, A2: float) -> Joint:
    """Match the F distribution to the approximate mean and variance of the statistic."""
    if not A2 > 0.0:
        return UNDEFINED
    if rank == 1:  # the formulas below reduce to Satterthwaite's degrees of freedom and no scaling
        return Joint(2.0 / A2)
    B = (A1 + 6.0 * A2) / (2.0 * rank)
    g = ((rank + 1.0) * A1 - (rank + 4.0) * A2) / ((rank + 2.0) * A2)
    base = 3.0 * rank + 2.0 * (1.0 - g)
    inverse_mean = 1.0 - A2 / rank
    # V with c1 = g / base, c2 = (rank - g) / base and c3 = (rank + 2 - g) / base, as one fraction
    above = (2.0 / rank) * (base + g * B) * base**2
    below = (base - (rank - g) * B) ** 2 * (base - (rank + 2.0 - g) * B)
    excess = 0.5 * rank * above * inverse_mean**2 - below
    if excess == 0.0 or not np.isfinite(excess):
        return UNDEFINED
    ddf = 4.0 + (rank + 2.0) * below / excess
    scale = ddf * inverse_mean / (ddf - 2.0) if ddf != 2.0 else np.nan
    return Joint(ddf, scale) if ddf > 0.0 and scale > 0.0 else UNDEFINED
