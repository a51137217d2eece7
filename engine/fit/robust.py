"""Robust standard errors of a fit: scores by cluster between two inverse informations.

The information of coefficients and of covariance parameters is taken as block diagonal, as in the model-based variance;
the scores of the two are correlated, so the robust variance has a block between them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.design.blocks import Design
from engine.events import CancelToken
from engine.fit.criterion import Criterion, Profile
from engine.fit.scores import group_scores
from engine.fit.variances import VarianceEstimates
from engine.frame.modelframe import FloatArray, ModelFrame
from engine.inference.sandwich import sandwich
from engine.results.mixed import RobustVariance


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClusterScores:
    """Scores summed over clusters: `b` (p, M) of the coefficients of X~, `variances` (K+1, M) in working units."""

    b: FloatArray
    variances: FloatArray


def cluster_scores(criterion: Criterion, at: Profile, frame: ModelFrame, cancel: CancelToken) -> ClusterScores | None:
    """Return the scores by cluster of `frame`; None where its standard errors are those of the model."""
    clusters = frame.clusters
    if clusters is None:
        return None
    groups = group_scores(criterion, at, frame, cancel)
    codes, n = clusters.codes, clusters.n_clusters
    return ClusterScores(b=groups.summed(groups.b, codes, n), variances=groups.summed(groups.variances, codes, n))


def robust_variance(
    frame: ModelFrame,
    design: Design,
    at: Profile,
    *,
    scores: ClusterScores,
    variances: VarianceEstimates,
    model: FloatArray,
) -> tuple[FloatArray, RobustVariance]:
    """Return the robust variance of all coefficients (k, k), zero where not estimated, and what belongs to it.

    `model` (k, k) is the model-based variance of the coefficients.
    """
    p, basis, k = design.p, design.basis, len(frame.columns)
    index = np.array(frame.estimated, dtype=np.intp)
    scaled = basis.scale * basis.fixed_map
    Phi = np.asarray(at.sigma2 * np.linalg.inv(at.jets.S[:p, :p]), dtype=np.float64)
    V, cross = np.zeros((k, k)), np.zeros((k, len(variances.alpha)))
    V[np.ix_(index, index)] = scaled @ sandwich(Phi, scores.b, scores.b, Phi) @ scaled.T
    between = sandwich(Phi, scores.b, scores.variances, variances.working_vcov)
    cross[index] = scaled @ np.where(np.isnan(between), 0.0, between) @ variances.to_alpha.T
    clusters = frame.clusters
    summary = RobustVariance(
        clustvar=clusters.name if clusters else "",
        n_clusters=scores.b.shape[1],
        given=bool(clusters and clusters.given),
        cross=cross,
        model_beta=model,
        model_theta=variances.model_vcov_alpha,
    )
    return 0.5 * (V + V.T), summary
