"""Scores of the log likelihood by group of the top level: what robust standard errors are made of.

One evaluation with first derivatives in which the [X r] block is kept per group of the top level, contracted with
c = (-b, 1) at once: ``S_j c`` and ``c'dS_kj c``. With the group's weights inside ([ME] mixed, *Methods and formulas*),

    d ln L_j / d b       = S_j[X, .] c / sigma2
    d ln L_j / d Sigma_k = -(dlog_kj / sigma2 + c'dS_kj c / sigma2^2) / 2
    d ln L_j / d sigma2  = -(n_j - c'S_j c / sigma2) / (2 sigma2) - sum_k Sigma_k d ln L_j / d Sigma_k / sigma2

where the last line is Euler's theorem for functions of (Sigma, sigma2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.design.blocks import Design
from engine.design.rowscores import row_scores
from engine.events import CancelToken
from engine.fit.criterion import Criterion, Profile
from engine.fit.elimination import Receivers, eliminate, uppers
from engine.fit.jets import Rows, empty_jets
from engine.fit.layout import LevelLayout
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
    design, layout, sigma2 = criterion.design, criterion.layout, at.sigma2
    own_rows = row_scores(frame, design, at.b, cancel)
    G, K = len(own_rows.n), layout.size
    totals = _Totals(own_rows.products, np.zeros((K, G)), np.zeros((K, G)))
    c = np.append(-at.b, 1.0)
    _eliminate(design, criterion, at.theta, c, totals)
    Sigma = sigma2 * at.theta
    of_Sigma = -0.5 * (totals.log_slope / sigma2 + totals.quadratic / sigma2**2)
    rss = c @ totals.Sc
    of_sigma2 = (-0.5 * (own_rows.n - rss / sigma2) - Sigma @ of_Sigma) / sigma2
    return GroupScores(
        b=totals.Sc[:-1] / sigma2, variances=np.vstack((of_Sigma, of_sigma2[None, :])), rows=own_rows.first
    )


def _eliminate(design: Design, criterion: Criterion, theta: FloatArray, c: FloatArray, totals: _Totals) -> None:
    """Run the Schur recursion with first derivatives, lowest level first."""
    layout = criterion.layout
    jets = empty_jets(design.gram, layout.size, 1)
    rows = [Rows(level.products.copy()) for level in design.levels]
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
            totals,
        )
        eliminate(rows[depth], layout.relative(theta, depth), own, range(own.parameters.stop, layout.size), to)
