"""Observed information of the covariance parameters with beta profiled out, and what follows from its inverse."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.fit.criterion import Criterion, Profile
from engine.frame.modelframe import FloatArray

_SINGULAR = 1e-10
"""Smallest eigenvalue of the correlation-scaled information that still counts as information."""


@dataclass(frozen=True, slots=True, eq=False)
class Inverse:
    """Inverse information: `vcov` (K, K) with NaN for parameters without a standard error, and its rank."""

    vcov: FloatArray
    rank: int


def observed_information(criterion: Criterion, at: Profile) -> FloatArray:
    """Return the (K+1, K+1) information of (Sigma entries, sigma2) in working units; sigma2 comes last.

    log|V| - n log sigma2 and [X r]'V^-1[X r] are homogeneous of degree 0 and -1 in (Sigma, sigma2), so the derivatives
    with respect to sigma2 follow from those with respect to Sigma by Euler's theorem.
    """
    jets, sigma2, n = at.jets, at.sigma2, criterion.design.n
    K = len(at.theta)
    p = criterion.design.p
    Sigma = sigma2 * at.theta
    size = K + 1
    S0 = jets.S / sigma2
    P = np.empty((size, *S0.shape))
    Q = np.empty((size, size, *S0.shape))
    P[:K] = jets.dS / sigma2**2
    Q[:K, :K] = jets.d2S / sigma2**3
    P[K] = (-S0 - np.tensordot(Sigma, P[:K], axes=1)) / sigma2
    Q[K, :K] = (-2.0 * P[:K] - np.tensordot(Sigma, Q[:K, :K], axes=1)) / sigma2
    Q[:K, K] = Q[K, :K]
    Q[K, K] = (-2.0 * P[K] - np.tensordot(Sigma, Q[:K, K], axes=1)) / sigma2
    g = np.empty(size)
    H = np.empty((size, size))
    g[:K] = jets.dlog / sigma2
    H[:K, :K] = jets.d2log / sigma2**2
    g[K] = (n - Sigma @ g[:K]) / sigma2
    H[K, :K] = H[:K, K] = (-g[:K] - Sigma @ H[:K, :K]) / sigma2
    H[K, K] = (-g[K] - Sigma @ H[:K, K]) / sigma2
    c = np.append(-at.b, 1.0)
    moved = P @ c
    information = H + Q @ c @ c
    if p:
        Phi = np.linalg.inv(S0[:p, :p])
        v = moved[:, :p]
        information = information - 2.0 * v @ Phi @ v.T
        if criterion.reml:
            solved = Phi @ P[:, :p, :p]
            information = information + np.einsum("ab,kmba->km", Phi, Q[:, :, :p, :p])
            information = information - np.einsum("kab,mba->km", solved, solved)
    return np.asarray(0.25 * (information + information.T))


def invert(information: FloatArray, free: FloatArray) -> Inverse:
    """Invert the information of the parameters marked `free`; directions without information get NaN.

    The matrix is scaled to unit diagonal first; a parameter that loads on an eigenvector without positive curvature
    has no standard error.
    """
    size = len(information)
    vcov = np.full((size, size), np.nan)
    index = np.flatnonzero(free)
    if not len(index):
        return Inverse(vcov, 0)
    part = information[np.ix_(index, index)]
    diagonal = np.diag(part)
    if not np.all(np.isfinite(part)) or np.any(diagonal <= 0.0):
        return Inverse(vcov, 0)
    scale = np.sqrt(diagonal)
    values, vectors = np.linalg.eigh(part / np.outer(scale, scale))
    if values[0] < -_SINGULAR:  # not a maximum: no standard error can be trusted
        return Inverse(vcov, 0)
    kept = values > _SINGULAR
    lost = (np.abs(vectors[:, ~kept]) > 1e-4).any(axis=1)
    inverse = (vectors[:, kept] / values[kept]) @ vectors[:, kept].T / np.outer(scale, scale)
    inverse[lost, :] = np.nan
    inverse[:, lost] = np.nan
    vcov[np.ix_(index, index)] = inverse
    return Inverse(vcov, int(kept.sum()))
