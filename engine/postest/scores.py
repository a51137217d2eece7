"""Scores: derivatives of the log likelihood with respect to the elements of e(b), by group of the top level.

[ME] mixed postestimation, *scores*: the groups of the top level are the independent parts of the likelihood, so a
score belongs to a group, and weights are inside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.design.equivalent import has_factors
from engine.design.spelled import spelled_out
from engine.errors import StataError
from engine.events import CancelToken
from engine.fit.criterion import Criterion, Profile
from engine.fit.model import make_criterion
from engine.fit.scores import group_scores
from engine.fit.variances import alpha_map
from engine.frame.modelframe import FloatArray, IntArray, ModelFrame
from engine.postest.blups import working_theta
from engine.results.mixed import MixedResult
from engine.spec.mixed import Method


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scores:
    """`values` has a row per element of e(b) and a column per group; `last` is the last row of each group."""

    values: FloatArray
    last: IntArray


def scores(result: MixedResult, frame: ModelFrame, cancel: CancelToken | None = None) -> Scores:
    """Return the scores of `result` on `frame`, the frame that it was fitted to.

    Zero for coefficients that are not estimated, NaN for parameters at the edge of their range.

    Raises
    ------
    StataError
        r(321) after REML, r(909) after crossed effects with too many values.
    """
    if result.method is Method.REML:
        raise StataError(321, "scores are not available after REML: the restricted likelihood is not a sum over groups")
    cancel = cancel or CancelToken()
    criterion = _criterion(frame, cancel)
    design, p = criterion.design, criterion.design.p
    k, index = len(result.columns), np.array(frame.estimated, dtype=np.intp)
    scaled = design.basis.scale * design.basis.fixed_map
    sigma2 = result.sigma2 / design.basis.scale**2
    inner = criterion.inner
    model = spelled_out(frame) if has_factors(frame) else None
    inside = working_theta(result, inner.design, inner.layout, model)
    theta = criterion.rows_from_inner(np.append(inside, 0.0))[:-1]
    at = replace(criterion(theta, 0), sigma2=sigma2)
    if p:
        b = np.linalg.solve(scaled, result.beta[index] - design.basis.fixed_origin)
        at = replace(at, b=np.asarray(b, dtype=np.float64))
    groups = group_scores(criterion, at, frame, cancel)
    codes, n_groups, last = _last_rows(frame)
    values = np.zeros((k + len(result.theta), n_groups))
    of_beta = np.asarray(np.linalg.solve(scaled.T, groups.b), dtype=np.float64) if p else groups.b
    values[index] = groups.summed(of_beta, codes, n_groups)
    values[k:] = groups.summed(_of_alpha(criterion, at, result.theta, groups.variances), codes, n_groups)
    return Scores(values=values, last=last)


def _criterion(frame: ModelFrame, cancel: CancelToken) -> Criterion:
    try:
        return make_criterion(replace(frame, clusters=None), cancel, spelled=True)
    except StataError as error:
        if error.rc != 909:
            raise
        raise StataError(
            909,
            "scores after R. handle every value of the factor as an effect of its own, and there are too many values",
        ) from None


def _of_alpha(criterion: Criterion, at: Profile, alpha: FloatArray, working: FloatArray) -> FloatArray:
    """Turn slopes in working covariance parameters (K+1, G) into those in the metric of e(b)."""
    known = np.isfinite(alpha)  # only random effects, which both orders have first, may be at the edge
    for block in criterion.layout.blocks:
        if not all(parameter.is_variance for parameter in block.structure.parameters):
            known[block.parameters] = known[block.parameters].all()
    out = np.full_like(working, np.nan)
    to_alpha = alpha_map(criterion, at.theta, at.sigma2)[np.ix_(known, known)]
    out[known] = np.linalg.solve(to_alpha.T, working[known])
    return out


def _last_rows(frame: ModelFrame) -> tuple[IntArray, int, IntArray]:
    """Return the top-level group of each row, the number of groups, and the last row of each."""
    n = len(frame.y)
    if not frame.levels:
        return np.arange(n), n, np.arange(n)
    top = frame.levels[0]
    last = np.empty(top.n_groups, dtype=np.int64)
    last[top.codes] = np.arange(n)
    return top.codes, top.n_groups, last
