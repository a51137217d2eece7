"""Observed information of the covariance parameters with beta profiled out, and what follows from its inverse."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.fit.criterion import Criterion, Profile
from engine.fit.natural import NaturalJets, natural_jets
from engine.frame.modelframe import FloatArray

_SINGULAR = 1e-10
"""Smallest eigenvalue of the correlation-scaled information that still counts as information."""


@dataclass(frozen=True, slots=True, eq=False)
class Inverse:
    """Inverse information: `vcov` (K, K) with NaN for parameters without a standard error, and its rank."""

    vcov: FloatArray
    rank: int


def observed_information(criterion: Criterion, at: Profile) -> FloatArray:
    """Return the (K+1, K+1) information of (Sigma entries, sigma2) in working units; sigma2 comes last."""
    return information_of(natural_jets(criterion, at), at.b, reml=criterion.reml)


def information_of(jets: NaturalJets, b: FloatArray, *, reml: bool) -> FloatArray:
    """Return the observed information of the parameters of `jets`, beta profiled out at `b` (p,)."""
    p = len(b)
    c = np.append(-b, 1.0)
    moved = jets.dS @ c
    information = jets.d2log + jets.d2S @ c @ c
    if p:
        Phi = np.linalg.inv(jets.S[:p, :p])
        v = moved[:, :p]
        information = information - 2.0 * v @ Phi @ v.T
        if reml:
            solved = Phi @ jets.dS[:, :p, :p]
            information = information + np.einsum("ab,kmba->km", Phi, jets.d2S[:, :, :p, :p])
            information = information - np.einsum("kab,mba->km", solved, solved)
    return np.asarray(0.25 * (information + information.T))


def invert(information: FloatArray, free: FloatArray) -> Inverse:
    """Invert the information (K, K) of the parameters marked `free` (K,); directions without information get NaN.

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
