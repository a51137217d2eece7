"""The final jets in natural covariance parameters: the entries of Sigma and, last, sigma2.

log|V| - n log sigma2 and [X r]'V^-1[X r] are homogeneous of degree 0 and -1 in (Sigma, sigma2), so the derivatives with
respect to sigma2 follow from those with respect to Sigma by Euler's theorem. Shapes of residual correlations have no
unit: they are natural parameters as they are, and Euler's sums leave them out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.fit.criterion import Criterion, Profile
from engine.fit.jets import Jets
from engine.frame.modelframe import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NaturalJets:
    """``S = [X r]'V^-1[X r]`` and log|V| at an optimum, with derivatives, in working units.

    `S` (P, P), `dS` (K+1, P, P), `d2S` (K+1, K+1, P, P), `dlog` (K+1,), `d2log` (K+1, K+1); sigma2 comes last.
    """

    S: FloatArray
    dS: FloatArray
    d2S: FloatArray
    dlog: FloatArray
    d2log: FloatArray


def natural_jets(criterion: Criterion, at: Profile, *, linearized: Jets | None = None) -> NaturalJets:
    """Return the second-order jets of `at` in natural parameters.

    With `linearized`, jets of W without its second derivatives, those of V are left out everywhere: then
    ``d2A_ij = Q_ij + Q_ji`` and ``d2log_ij = -tr(V^-1 V_i V^-1 V_j)``, and as V is the sum of sigma_m V_m over the
    parameters with a unit, Euler's sums are the same for shapes.
    """
    degree = criterion.layout.degrees
    jets = linearized or at.jets
    mixed = degree if linearized is None else np.ones_like(degree)
    sigma2, n = at.sigma2, criterion.design.n
    K = len(at.theta)
    unit = sigma2**degree
    Sigma = np.where(degree > 0.0, sigma2 * at.theta, 0.0)
    size = K + 1
    S = jets.S / sigma2
    dS = np.empty((size, *S.shape))
    d2S = np.empty((size, size, *S.shape))
    dS[:K] = jets.dS / (sigma2 * unit)[:, None, None]
    d2S[:K, :K] = jets.d2S / (sigma2 * np.outer(unit, unit))[:, :, None, None]
    dS[K] = (-S - np.tensordot(Sigma, dS[:K], axes=1)) / sigma2
    d2S[K, :K] = (-(1.0 + mixed)[:, None, None] * dS[:K] - np.tensordot(Sigma, d2S[:K, :K], axes=1)) / sigma2
    d2S[:K, K] = d2S[K, :K]
    d2S[K, K] = (-2.0 * dS[K] - np.tensordot(Sigma, d2S[:K, K], axes=1)) / sigma2
    dlog = np.empty(size)
    d2log = np.empty((size, size))
    dlog[:K] = jets.dlog / unit
    d2log[:K, :K] = jets.d2log / np.outer(unit, unit)
    dlog[K] = (n - Sigma @ dlog[:K]) / sigma2
    d2log[K, :K] = d2log[:K, K] = (-mixed * dlog[:K] - Sigma @ d2log[:K, :K]) / sigma2
    d2log[K, K] = (-dlog[K] - Sigma @ d2log[:K, K]) / sigma2
    return NaturalJets(S=S, dS=dS, d2S=d2S, dlog=dlog, d2log=d2log)
