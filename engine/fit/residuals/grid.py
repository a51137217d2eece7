"""Evaluation without groups: few times, and the same Z wherever the time is the same.

Then V = W + Z Psi Z' is a submatrix of one matrix on the grid of all times, the groups enter through the Gram matrices
of their [X r] by pattern only, and as dV_k is the same for all patterns, so do the derivatives:

    dS_k  = -<dV_k, Q>            Q  = sum V^-1 K V^-1,     d2S_km = dV_k : C : dV_m + transposed,  C = sum Q_s x V_s^-1
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.design.residuals import ResidualDesign
from engine.fit.jets import Jets
from engine.fit.layout import Layout
from engine.fit.residuals.layout import Infeasible, ResidualLayout
from engine.frame.modelframe import FloatArray, IntArray

MOST_TIMES = 40
_NUMBERS = 1 << 25
_WORK = 1 << 34
_SAME = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GridSet:
    """The patterns of one value of by().

    Attributes
    ----------
    times
        The grid, shape (T,).
    Z
        Effects on the grid, shape (T, q); NaN is impossible, every time is observed.
    present
        Shape (S, T), whether a pattern has a time.
    counts
        Groups per pattern, shape (S,).
    gram
        Sums over groups of the outer products of [X r], shape (S, T, P, T, P).
    """

    times: FloatArray
    Z: FloatArray
    present: FloatArray
    counts: FloatArray
    gram: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Evaluates all jets of the model at once."""

    sets: tuple[GridSet, ...]
    residual: ResidualLayout

    def __call__(self, theta: FloatArray, layout: Layout, order: int) -> Jets:
        """Jets at theta, random effects first; raises `Infeasible` where a V is not positive definite."""
        K, P = layout.size, self.sets[0].gram.shape[-1]
        jets = Jets(
            order=order,
            log_det=0.0,
            S=np.zeros((P, P)),
            dlog=np.zeros(K if order else 0),
            dS=np.zeros((K if order else 0, P, P)),
            d2log=np.zeros((K, K) if order == 2 else (0, 0)),
            d2S=np.zeros((K, K, P, P) if order == 2 else (0, 0, P, P)),
        )
        K_random = K - self.residual.size
        Psi = layout.relative(theta, 0) if layout.levels else np.zeros((0, 0))
        for b, part in enumerate(self.sets):
            structure = self.residual.structures[b]
            table = structure.table(self.residual.natural(theta[K_random:], b))
            cells = structure.cells(part.times[None])[0]
            W = table.value[cells]
            if len(Psi):
                _check_definite(W, part.present)
            V = W + part.Z @ Psi @ part.Z.T
            slopes = [part.Z @ E @ part.Z.T for E in (layout.levels[0].basis if layout.levels else ())]
            places = list(range(K_random))
            seconds = {}
            local = self.residual.places(b)
            for i, k in local:
                slopes.append(table.first[i][cells])
                places.append(K_random + k)
            if table.second is not None:
                seconds = {
                    (K_random + k, K_random + m): table.second[i, j][cells]
                    for i, k in local
                    for j, m in local
                    if k <= m
                }
            _add_set(part, V, np.array(slopes).reshape(len(slopes), *V.shape), (places, seconds), jets)
        return jets


def _check_definite(W: FloatArray, present: FloatArray) -> None:
    """Raise `Infeasible` when the residual covariance matrix of a pattern is not one, whatever the random effects."""
    both = present[:, :, None] * present[:, None, :]
    try:
        np.linalg.cholesky(both * W + (1.0 - present)[:, :, None] * np.eye(len(W)))
    except np.linalg.LinAlgError:
        raise Infeasible from None


def _add_set(
    part: GridSet,
    V: FloatArray,
    slopes: FloatArray,
    where: tuple[list[int], dict[tuple[int, int], FloatArray]],
    jets: Jets,
) -> None:
    places, seconds = where
    S, T = part.present.shape
    P = part.gram.shape[-1]
    both = part.present[:, :, None] * part.present[:, None, :]
    eye = np.eye(T)
    try:
        factor = np.linalg.cholesky(both * V + (1.0 - part.present)[:, :, None] * eye)
    except np.linalg.LinAlgError:
        raise Infeasible from None
    half = np.linalg.inv(factor)
    inverse = (half.swapaxes(1, 2) @ half) * both
    jets.log_det += 2.0 * float(part.counts @ np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=1))
    # left = V^-1 K, rows (t), columns (a, u, b)
    left = (inverse @ part.gram.reshape(S, T, P * T * P)).reshape(S, T, P, T, P)
    jets.S += np.einsum("stu,staub->ab", inverse, part.gram, optimize=True)
    if jets.order == 0:
        return
    index = np.array(places, dtype=np.intp)
    m = len(index)
    flat = slopes.reshape(m, T * T)
    weighted = np.tensordot(part.counts, inverse, axes=1)
    # Q[s, t, a, x, b] = sum_u,v V^-1[t, u] K[u, a, v, b] V^-1[v, x]
    Q = (left.transpose(0, 1, 2, 4, 3).reshape(S, T * P * P, T) @ inverse).reshape(S, T, P, P, T)
    Q = np.ascontiguousarray(Q.transpose(0, 1, 4, 2, 3))  # s, t, x, a, b
    total = Q.sum(axis=0)
    jets.dlog[index] += flat @ weighted.reshape(-1)
    jets.dS[index] -= (flat @ total.reshape(T * T, P * P)).reshape(m, P, P)
    if jets.order < 2:
        return
    grid = np.ix_(index, index)
    # sum_s n_s tr(V^-1 dV_k V^-1 dV_m) = sum dV_k[t,u] dV_m[v,x] sum_s n_s V^-1[u,v] V^-1[x,t]
    outer = inverse.reshape(S, T * T)
    pairs = ((outer * part.counts[:, None]).T @ outer).reshape(T, T, T, T)  # u, v, x, t
    paired = pairs.transpose(3, 0, 1, 2).reshape(T * T, T * T)  # (t, u), (v, x)
    jets.d2log[grid] -= flat @ paired @ flat.T
    # sum dV_k[t,u] dV_m[v,x] sum_s Q_s[t,x,a,b] V^-1_s[u,v]; exchanging k and m exchanges a and b
    for a in range(P):
        for b in range(a, P):
            C = (Q[..., a, b].reshape(S, T * T).T @ outer).reshape(T, T, T, T)  # t, x, u, v
            half_way = flat @ C.transpose(0, 2, 3, 1).reshape(T * T, T * T)  # (t, u), (v, x)
            second = half_way @ flat.T
            second = second + second.T
            jets.d2S[:, :, a, b][grid] += second
            if a != b:
                jets.d2S[:, :, b, a][grid] += second
    for (k, n), matrix in seconds.items():
        if not matrix.any():
            continue
        log = float((weighted * matrix).sum())
        part_S = np.tensordot(matrix, total, axes=([0, 1], [0, 1]))
        jets.d2log[k, n] += log
        jets.d2S[k, n] -= part_S
        if k != n:
            jets.d2log[n, k] += log
            jets.d2S[n, k] -= part_S


def make_grid(design: ResidualDesign, residual: ResidualLayout) -> Grid | None:
    """Return the evaluator on the grid of times, None where Z differs at the same time or the grid is too large."""
    errors = design.errors
    if errors.kind in ("independent", "exchangeable") or len(design.levels) > 1:
        return None
    if len(design.levels) == 1 and len(design.parents[0]) != design.n_groups:
        return None
    sets = []
    for b in range(len(residual.structures)):
        chosen = design.by == b
        times = design.distinct_times if chosen.all() else np.unique(design.times[chosen])
        T = len(times)
        if T > MOST_TIMES:
            return None
        index = np.searchsorted(times, design.times[chosen])
        Z = _effects(design, chosen, index, T)
        if Z is None:
            return None
        made = _grams(design, chosen, index, T)
        if made is None:
            return None
        sets.append(GridSet(times=times, Z=Z, present=made[0], counts=made[1], gram=made[2]))
    return Grid(tuple(sets), residual)


def _effects(design: ResidualDesign, chosen: FloatArray, index: IntArray, T: int) -> FloatArray | None:
    own = list(design.levels[0][0]) if design.levels else []
    rows = design.table[own][:, chosen]
    Z = np.zeros((len(own), T))
    Z[:, index[::-1]] = rows[:, ::-1]
    if len(own) and np.abs(Z[:, index] - rows).max() > _SAME * np.abs(rows).max():
        return None
    return np.ascontiguousarray(Z.T)


def _grams(
    design: ResidualDesign, chosen: FloatArray, index: IntArray, T: int
) -> tuple[FloatArray, FloatArray, FloatArray] | None:
    """Patterns of times, their groups, and the sums of outer products of [X r] on the grid."""
    P = len(design.tail)
    if len(index) == T * design.n_groups and (design.counts == T).all():
        whole = design.table[list(design.tail)].reshape(P, design.n_groups, T).transpose(2, 0, 1).reshape(T * P, -1)
        counts = design.counted(np.arange(design.n_groups))
        gram = (whole if design.weights is None else whole * counts) @ whole.T
        return np.ones((1, T)), np.array([float(counts.sum())]), gram.reshape(1, T, P, T, P)
    group = np.repeat(np.arange(design.n_groups), design.counts)[chosen]
    counts = design.counted(np.unique(group))
    group = np.concatenate(([0], np.cumsum(group[1:] != group[:-1])))
    G = int(group[-1]) + 1
    code = np.bincount(group, weights=2.0**index, minlength=G)
    distinct, pattern = np.unique(code, return_inverse=True)
    pattern = pattern.reshape(-1)
    S = len(distinct)
    if S * (T * P) ** 2 > _NUMBERS or S * T**4 * P**2 > _WORK:
        return None
    rows = np.zeros((T, P, G))
    rows[index, :, group] = design.table[list(design.tail)][:, chosen].T
    order = np.argsort(pattern, kind="stable")
    ends = np.searchsorted(pattern[order], np.arange(S + 1))
    flat = rows.reshape(T * P, G)
    gram = np.empty((S, T * P, T * P))
    for s in range(S):
        members = order[ends[s] : ends[s + 1]]
        part = flat if S == 1 else flat[:, members]
        gram[s] = (part if design.weights is None else part * counts[slice(None) if S == 1 else members]) @ part.T
    present = np.zeros((S, T))
    present[pattern[group], index] = 1.0
    return present, np.asarray(np.bincount(pattern, counts, S), dtype=np.float64), gram.reshape(S, T, P, T, P)
