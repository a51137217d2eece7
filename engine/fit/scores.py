"""Scores of the log likelihood by group of the top level: what robust standard errors are made of.

One evaluation with first derivatives in which the [X r] block is kept per group of the top level, contracted with
c = (-b, 1) at once: ``S_j c`` and ``c'dS_kj c``. With the group's weights inside ([ME] mixed, *Methods and formulas*),

    d ln L_j / d b       = S_j[X, .] c / sigma2
    d ln L_j / d Sigma_k = -(dlog_kj / sigma2 + c'dS_kj c / sigma2^2) / 2
    d ln L_j / d sigma2  = -(n_j - c'S_j c / sigma2) / (2 sigma2) - sum_k Sigma_k d ln L_j / d Sigma_k / sigma2

where the last line is Euler's theorem for functions of (Sigma, sigma2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.design.rowscores import row_scores
from engine.events import CancelToken
from engine.fit.criterion import Criterion, Profile
from engine.fit.elimination import Receivers, eliminate, uppers
from engine.fit.jets import Rows, empty_jets
from engine.fit.layout import LevelLayout
from engine.fit.residuals.scores import residual_scores
from engine.fit.smallmatrix import cross
from engine.frame.modelframe import FloatArray, IntArray, ModelFrame


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroupScores:
    """Scores per group of the top level with random effects; per row where there is none.

    Attributes
    ----------
    b
        With respect to the coefficients of X~, shape (p, G).
    variances
        With respect to the covariance parameters in working units, sigma2 last, shape (K+1, G).
    rows
        One row of the frame out of each group, shape (G,).
    """

    b: FloatArray
    variances: FloatArray
    rows: IntArray

    def summed(self, scores: FloatArray, codes: IntArray, n_parts: int) -> FloatArray:
        """Add scores (k, G) up over parts of the sample; `codes` (n,) tell the part of each row of the frame."""
        of_group = codes[self.rows]
        out = np.empty((len(scores), n_parts))
        for target, row in zip(out, scores, strict=True):
            target[:] = np.bincount(of_group, weights=row, minlength=n_parts)
        return out


@dataclass(frozen=True, slots=True, eq=False)
class _Totals:
    """Per group of the top level: S c (P, G), c'dS_k c and dlog_k (K, G)."""

    Sc: FloatArray
    quadratic: FloatArray
    log_slope: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class _ByGroup(Receivers):
    """Receivers that keep the final block per group of the top level; `starts` are our first groups within each."""

    c: FloatArray
    starts: IntArray
    totals: _Totals

    def add_final(self, key: tuple[int, ...], left: FloatArray, right: FloatArray, *, sign: float, sym: bool) -> None:
        moved = np.tensordot(right, self.c, axes=([1], [0]))[:, None]
        if not key:
            self.totals.Sc[...] += sign * self._sum(cross(left, moved)[:, 0])
            return
        both = cross(np.tensordot(left, self.c, axes=([1], [0]))[:, None], moved)[0, 0]
        self.totals.quadratic[key[0]] += (2.0 * sign if sym else sign) * self._sum(both)

    def add_log_det(self, values: FloatArray) -> None:
        """The value of log_det has no part in a score."""

    def add_log_slope(self, i: int, A: FloatArray, B: FloatArray) -> None:
        self.totals.log_slope[i] += self._sum(np.einsum("abg,bag->g", A, B))

    def add_own_log(self, F: FloatArray, own: LevelLayout) -> None:
        self.totals.log_slope[own.parameters] += self._sum(np.tensordot(own.basis, F, axes=([1, 2], [0, 1])))

    def _sum(self, values: FloatArray) -> FloatArray:
        """Sum values (..., G) over the groups within each group of the top level, by their weights."""
        return np.add.reduceat(self.weigh(values), self.starts, axis=-1)


def group_scores(criterion: Criterion, at: Profile, frame: ModelFrame, cancel: CancelToken) -> GroupScores:
    """Return the scores of the log likelihood at `at`; over all groups they add up to zero at an optimum."""
    if criterion.inner is not criterion:
        inside = replace(at, theta=criterion.to_inner(at.theta))
        found = group_scores(criterion.inner, inside, criterion.inner_frame(frame), cancel)
        return replace(found, variances=criterion.rows_from_inner(found.variances))
    layout, sigma2 = criterion.layout, at.sigma2
    start = _from_rows(criterion, at, frame, cancel) if criterion.stage is None else _from_stage(criterion, at)
    totals = start.totals
    c = np.append(-at.b, 1.0)
    _eliminate(criterion, at.theta, c, start)
    scale = sigma2**layout.degrees
    natural = scale * at.theta
    of_natural = -0.5 * (totals.log_slope + totals.quadratic / sigma2) / scale[:, None]
    rss = c @ totals.Sc
    of_sigma2 = (-0.5 * (start.n - rss / sigma2) - (layout.degrees * natural) @ of_natural) / sigma2
    return GroupScores(
        b=totals.Sc[:-1] / sigma2, variances=np.vstack((of_natural, of_sigma2[None, :])), rows=start.first
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Start:
    """The sums before any random effect is eliminated: totals and number of rows per group of the top level.

    `first` is a row of the frame in each group, `rows` the products of every level.
    """

    totals: _Totals
    n: FloatArray
    first: IntArray
    rows: list[Rows]


def _from_rows(criterion: Criterion, at: Profile, frame: ModelFrame, cancel: CancelToken) -> _Start:
    own = row_scores(frame, criterion.design, at.b, cancel)
    zeros = np.zeros((criterion.layout.size, len(own.n)))
    rows = [Rows(level.products.copy()) for level in criterion.design.levels]
    return _Start(_Totals(own.products, zeros, zeros.copy()), own.n, own.first, rows)


def _from_stage(criterion: Criterion, at: Profile) -> _Start:
    """With structured residuals: their parameters come last in theta, and the rows carry jets already."""
    stage = criterion.stage
    if stage is None:
        raise ValueError("the residuals have no structure")
    residual, n_random = stage.residual, stage.n_random
    own = residual_scores(residual, stage.parameters, at.theta[n_random:], at.b)
    groups = residual.parents[0] if residual.parents else np.arange(residual.n_groups)
    starts = residual.starts[groups]
    K = criterion.layout.size
    quadratic, log_slope = np.zeros((K, len(groups))), np.zeros((K, len(groups)))
    quadratic[n_random:] = np.add.reduceat(own.quadratic, groups, axis=1)
    log_slope[n_random:] = np.add.reduceat(own.log_slope, groups, axis=1)
    totals = _Totals(np.add.reduceat(own.products, groups, axis=1), quadratic, log_slope)
    n = np.add.reduceat(residual.row_total, starts)
    rows = stage.stage(at.theta, 1)[1] if criterion.design.levels else []
    return _Start(totals, n, starts if residual.order is None else residual.order[starts], rows)


def _eliminate(criterion: Criterion, theta: FloatArray, c: FloatArray, start: _Start) -> None:
    """Run the Schur recursion with first derivatives, lowest level first."""
    design, layout, rows = criterion.design, criterion.layout, start.rows
    jets = empty_jets(design.gram, layout.size, 1)
    for depth in range(len(design.levels) - 1, -1, -1):
        level, own = design.levels[depth], layout.levels[depth]
        width = level.products.shape[1] - level.q
        to = _ByGroup(
            uppers(level, [(design.levels[k], rows[k]) for k in range(depth - 1, -1, -1)]),
            slice(width - len(c), width),
            jets,
            None if level.weights is None else level.weights.total,
            c,
            level.starts[0] if depth else np.arange(level.n_groups),
            start.totals,
            cancel=criterion.cancel,
        )
        eliminate(rows[depth], layout.relative(theta, depth), own, range(own.parameters.stop, layout.size), to)
