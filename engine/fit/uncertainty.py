"""What Satterthwaite's and Kenward and Roger's methods take from a restricted-likelihood fit, of a size without n.

With V linear in the natural parameters sigma_i and ``A = X'V^-1X``, ``Phi = A^-1``: the manual's P_i is dA_i, its Q_ij
enters summed over i and j, so that half of d2A_ij stands for it, and tr(V^-1 V_i V^-1 V_j) = -d2 log|V|_ij
([ME] mixed, *Methods and formulas*, eq. 16 and 17; the terms with R_ij are left out there). Correlation functions of
residuals bend V: the evaluation behind P_i and Q_ij then leaves their second derivatives out.
"""

from __future__ import annotations

import numpy as np

from engine.covariance.linearized import Linearized
from engine.errors import StataError
from engine.fit.criterion import Criterion, Profile
from engine.fit.information import information_of
from engine.fit.jets import Jets
from engine.fit.natural import NaturalJets, natural_jets
from engine.fit.residuals.layout import ResidualLayout
from engine.fit.residuals.stage import ResidualStage
from engine.frame.modelframe import FloatArray
from engine.results.smallsample import VarianceUncertainty
from engine.spec.dfmethod import DfInformation

_LONGEST = 2000
"""Observations of a group up to which its residual covariance matrix is handled as a whole."""
_SINGULAR = 1e-10
"""Eigenvalue of the scaled information below which a direction is not identified."""


def variance_uncertainty(criterion: Criterion, at: Profile, *, wanted: bool) -> VarianceUncertainty | None:
    """Return the uncertainty at a restricted optimum; None under ML or without fixed effects.

    Where V is not linear in its parameters it takes another evaluation, done only when it is `wanted`.

    Raises
    ------
    StataError
        r(909) when that evaluation would not fit into memory.
    """
    design = criterion.design
    p = design.p
    if not criterion.reml or not p:
        return None
    exact = jets = natural_jets(criterion, at)
    if _without_curvature(criterion, at.theta) is not None:
        if not wanted:
            return None
        jets = natural_jets(criterion, at, linearized=linearized_jets(criterion, at.theta))
    L = np.linalg.inv(np.linalg.cholesky(jets.S[:p, :p])).T  # Phi = L L' in the working basis
    P = L.T @ jets.dS[:, :p, :p] @ L
    Q = 0.5 * jets.d2S[:, :, :p, :p]
    information = {
        DfInformation.EXPECTED: expected_information(jets, P, np.tensordot(Q, L @ L.T, axes=2)),
        DfInformation.OBSERVED: information_of(exact, at.b, reml=True),
    }
    scale = np.sqrt(
        np.maximum(-0.5 * np.diag(jets.d2log), 0.0)
    )  # information when nothing is lost to the fixed effects
    scale[scale == 0.0] = 1.0  # a parameter that changes nothing
    known = {kind: found for kind, matrix in information.items() if (found := _invert(matrix, scale)) is not None}
    return VarianceUncertainty(
        root=design.basis.scale * design.basis.fixed_map @ L,
        P=P,
        W={kind: W for kind, (W, _) in known.items()},
        unknown={kind: lost for kind, (_, lost) in known.items()},
        bias={kind: _bias(W, P, L.T @ np.tensordot(W, Q, axes=2) @ L) for kind, (W, _) in known.items()},
    )


def linearized_jets(criterion: Criterion, theta: FloatArray) -> Jets | None:
    """Return the jets of a model whose residual covariances are curved, with that curvature left out; None else."""
    straight = _without_curvature(criterion, theta)
    return None if straight is None else criterion.from_inner(straight.jets(criterion.to_inner(theta), 2))


def _without_curvature(criterion: Criterion, theta: FloatArray) -> ResidualStage | None:
    """Return the first stage of a model whose residual covariances are curved, made straight; None for the others."""
    stage = criterion.stage
    if stage is None:
        return None
    structures = stage.parameters.structures
    own = theta[stage.n_random :]
    if all(each.table(stage.parameters.natural(own, b)).second is None for b, each in enumerate(structures)):
        return None
    longest = int(stage.residual.counts.max())
    if longest > _LONGEST:
        raise StataError(
            909,
            f"dfmethod() needs the residual covariance matrix of each group as a whole, and a group has {longest:,} "
            f"observations (at most {_LONGEST:,}). Use smaller groups or dfmethod(residual).",
        )
    inner = criterion.inner
    return ResidualStage(
        inner.design, inner.layout, stage.residual, ResidualLayout(tuple(Linearized(s) for s in structures))
    )


def expected_information(jets: NaturalJets, P: FloatArray, tr_Q: FloatArray) -> FloatArray:
    """Return the expected information of the restricted likelihood, (r, r).

    `P` (r, p, p) is in a basis with Phi = I, `tr_Q` (r, r) holds tr(Phi Q_ij).
    """
    traces = np.tensordot(P, P, axes=([1, 2], [2, 1]))
    return np.asarray(0.5 * (-jets.d2log - 2.0 * tr_Q + traces))


def _bias(W: FloatArray, P: FloatArray, WQ: FloatArray) -> FloatArray:
    """Return sum_ij W_ij (Q_ij - P_i P_j), symmetric, in a basis with Phi = I; `WQ` (p, p) is the first part."""
    out = WQ - np.tensordot(np.tensordot(W, P, axes=1), P, axes=([0, 2], [0, 1]))
    return np.asarray(0.5 * (out + out.T))


def _invert(information: FloatArray, scale: FloatArray) -> tuple[FloatArray, FloatArray] | None:
    """Return the inverse, generalised where a direction carries no information, and those directions (k, r).

    None for an indefinite matrix. `scale` (r,) makes the parameters comparable.
    """
    if not (np.all(np.isfinite(information)) and np.all(np.isfinite(scale))):
        return None
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    if values[0] < -_SINGULAR:
        return None
    kept = values > _SINGULAR
    W = (vectors[:, kept] / values[kept]) @ vectors[:, kept].T / np.outer(scale, scale)
    return np.asarray(W), np.asarray(vectors[:, ~kept].T / scale)
