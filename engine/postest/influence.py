"""What the estimates would be without one group: deletion of every group of a level at once.

Variance parameters are held at their estimates; given these the change of the coefficients is exact. Deleting the rows
I takes D = [X, r]_I' V_I^-1 [X, r]_I, effects of levels above integrated out anew, from the products of all data, and
beta - beta_(I) = (A - D_XX)^-1 D_Xr with A = X' V^-1 X (Demidenko and Stukel 2005, *Statistics in Medicine* 24).
The summaries are those of Belsley, Kuh and Welsch (1980) and of Loy and Hofmann's HLMdiag (2014, *JSS* 56(5)).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.frame.modelframe import BoolArray, FloatArray, IntArray
from engine.postest.groupgrams import GroupGrams, integrated_out


@dataclass(frozen=True, slots=True, eq=False)
class Influence:
    """Deletion of each group of one level, G groups and k columns of e(b).

    Attributes
    ----------
    change
        (G, k), beta - beta without the group; 0 for coefficients that are not estimated.
    se
        (k,), standard errors of the model with all groups.
    cooksd
        (G,), change' A change / p.
    mdffits
        (G,), the same with A of the data without the group.
    covtrace, covratio
        (G,), |tr(A A_(j)^-1) - p| and det(A) / det(A_(j)): how far the coefficients' precision depends on the group.
    n_rows, first_row
        (G,), number of rows and position of the first in the estimation sample.

    NaN where a coefficient cannot be estimated without the group.
    """

    change: FloatArray
    se: FloatArray
    cooksd: FloatArray
    mdffits: FloatArray
    covtrace: FloatArray
    covratio: FloatArray
    n_rows: IntArray
    first_row: IntArray

    @property
    def dfbetas(self) -> FloatArray:
        """(G, k), `change` in standard errors of the model with all groups; NaN for coefficients not estimated."""
        return np.asarray(self.change / np.where(self.se > 0.0, self.se, np.nan))


def deletion(grams: GroupGrams, depth: int) -> Influence:
    """Delete each group of level `depth` (0 is the top) in turn."""
    level, p = grams.levels[depth], grams.p
    taken = _taken(grams, depth)
    A = grams.total[:p, :p]
    rest = A - taken[:, :p, :p]
    solvable = _positive(rest, A)
    safe = np.where(solvable[:, None, None], rest, A)
    left = grams.total[:p, p] - taken[:, :p, p]
    change = np.linalg.solve(A, grams.total[:p, p]) - np.linalg.solve(safe, left[..., None])[..., 0]
    change[~solvable] = np.nan
    moved = np.linalg.solve(safe, np.broadcast_to(A, safe.shape))
    return Influence(
        change=change @ grams.back.T,
        se=np.sqrt(np.einsum("ij,jk,ik->i", grams.back, np.linalg.inv(A), grams.back))
        if p
        else np.zeros(len(grams.back)),
        cooksd=_distance(change, A, p),
        mdffits=_distance(change, safe, p),
        covtrace=_where(solvable, np.abs(np.trace(moved, axis1=1, axis2=2) - p)),
        covratio=_where(solvable, np.linalg.det(moved)),
        n_rows=level.n_rows,
        first_row=level.first_row,
    )


def _taken(grams: GroupGrams, depth: int) -> FloatArray:
    """Return what each group takes from the products of all data, (G, p + 1, p + 1)."""
    taken, group = grams.levels[depth].after, np.arange(len(grams.levels[depth].after))
    for above in range(depth - 1, -1, -1):
        group = grams.levels[above + 1].parent[group]
        level = grams.levels[above]
        taken = level.after[group] - integrated_out(level.before[group] - taken, level.Sigma)
    return taken


def _positive(rest: FloatArray, A: FloatArray) -> BoolArray:
    """Tell where a matrix is positive definite, measured against the whole, (G,)."""
    if not len(A):
        return np.ones(len(rest), dtype=np.bool_)
    root = np.linalg.inv(np.linalg.cholesky(A))
    smallest = np.linalg.eigvalsh(root @ rest @ root.T)[:, 0]
    return np.asarray(smallest > 1e-10)


def _distance(change: FloatArray, metric: FloatArray, p: int) -> FloatArray:
    metric = np.broadcast_to(metric, (len(change), *metric.shape[-2:]))
    return np.asarray(np.einsum("gi,gij,gj->g", change, metric, change) / max(p, 1))


def _where(known: BoolArray, values: FloatArray) -> FloatArray:
    return np.asarray(np.where(known, values, np.nan))
