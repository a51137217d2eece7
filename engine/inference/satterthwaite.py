"""Satterthwaite's degrees of freedom, generalised by Giesbrecht and Burns (1985) and Fai and Cornelius (1996).

[ME] mixed, *Satterthwaite DDF*. For c'beta, nu = 2 (c'Phi c)^2 / d'Wd with d_i = -c'Phi P_i Phi c; in the basis where
Phi = I that is 2 / g'Wg with g_i = u'P_i u for the unit vector u along c.
"""

from __future__ import annotations

import numpy as np

from engine.frame.modelframe import FloatArray
from engine.inference.fixedeffects import UNDEFINED, FixedEffects, Joint
from engine.results.smallsample import VarianceUncertainty
from engine.spec.dfmethod import DfInformation

_RANK = 1e-10
"""Singular value of contrasts with unit variances below which one follows from the others."""
_IDENTIFIED = 1e-6
"""Change of the log variance of a contrast along a direction without information that counts as none."""


def covariance(model: FixedEffects) -> FloatArray:
    """Return the covariance matrix that tests use, (p, p)."""
    return model.Phi


def coefficients(model: FixedEffects) -> FloatArray:
    """Return the degrees of freedom of each coefficient, (p,)."""
    return np.array([single(model, c) for c in np.eye(model.p)])


def single(model: FixedEffects, c: FloatArray) -> float:
    """Return the degrees of freedom of the contrast c'beta, c (p,)."""
    if model.uncertainty is None:
        return float("nan")
    u = model.uncertainty.root.T @ c
    length = float(np.linalg.norm(u))
    return _along(model, u / length) if length > 0.0 else float("nan")


def joint(model: FixedEffects, C: FloatArray) -> Joint:
    """Return the denominator degrees of freedom of the test of C'beta, C (p, l).

    The spectral decomposition of C'Phi C makes the statistic a sum of l squared t statistics with nu_k degrees of
    freedom; the F distribution is matched to its mean.
    """
    if model.uncertainty is None:
        return UNDEFINED
    whitened = model.uncertainty.root.T @ C
    rank = contrast_rank(whitened)
    directions = np.linalg.svd(whitened, full_matrices=False)[0][:, :rank]
    nu = np.array([_along(model, u) for u in directions.T])
    if rank == 1:
        return Joint(float(nu[0]))
    if not rank or np.any(np.isnan(nu)):
        return UNDEFINED
    useful = nu[nu > 2.0]
    E = float(np.sum(useful / (useful - 2.0)))
    surplus = E - rank
    return Joint(2.0 * E / surplus) if surplus > 0.0 else UNDEFINED


def contrast_rank(whitened: FloatArray) -> int:
    """Return how many of the contrasts root'C (p, l) are independent."""
    lengths = np.linalg.norm(whitened, axis=0)
    kept = whitened[:, lengths > 0.0] / lengths[lengths > 0.0]
    if not kept.shape[1]:
        return 0
    values = np.linalg.svd(kept, compute_uv=False)
    return int(np.sum(values > _RANK * values[0]))


def depends_on_unknown(uncertainty: VarianceUncertainty, information: DfInformation, slopes: FloatArray) -> bool:
    """Tell whether something with derivatives `slopes` (r, …) changes along a direction without information."""
    return bool(np.any(np.abs(uncertainty.unknown[information] @ slopes) > _IDENTIFIED))


def _along(model: FixedEffects, u: FloatArray) -> float:
    """Return the degrees of freedom along a unit vector of the basis where Phi = I."""
    uncertainty = model.uncertainty
    if uncertainty is None or model.information not in uncertainty.W:
        return float("nan")
    g = uncertainty.P @ u @ u
    if depends_on_unknown(uncertainty, model.information, g):
        return float("nan")
    spread = float(g @ uncertainty.W[model.information] @ g)
    return 2.0 / spread if spread > 0.0 else float("nan")
