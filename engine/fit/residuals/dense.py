"""Evaluation with the whole V of every group: for many parameters and data of moderate size, without random effects or
with those of the groups themselves.

All derivatives come from few large matrix products, whatever the number of parameters:

    E = V^-1 [X r],  M_k = dV_k E     d2S_km = sym(M_k' V^-1 M_m) - E' d2V_km E
    F_k = V^-1 dV_k                   d2log_km = tr(V^-1 d2V_km) - tr(F_k F_m)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.covariance.residual import CellTable
from engine.design.residuals import Batch, ResidualDesign
from engine.fit.jets import Jets, empty_jets
from engine.fit.layout import Layout
from engine.fit.residuals.layout import Infeasible, ResidualLayout
from engine.frame.modelframe import FloatArray, IntArray

_LARGEST = 1 << 27
"""Numbers in all derivatives of V from which other evaluators are better."""
_LONGEST = 400
_NUMBERS = 1 << 22


@dataclass(frozen=True, slots=True, eq=False)
class DenseGroups:
    """Evaluates all jets of the model at once."""

    design: ResidualDesign
    residual: ResidualLayout

    def __call__(self, theta: FloatArray, layout: Layout, order: int) -> Jets:
        """Jets at theta, random effects first; raises `Infeasible` where a V is not positive definite."""
        P = len(self.design.tail)
        jets = empty_jets(np.zeros((P, P)), layout.size, order)
        first = layout.n_random
        Psi = layout.relative(theta, 0) if layout.levels else np.zeros((0, 0))
        basis = layout.levels[0].basis if layout.levels else np.zeros((0, 0, 0))
        for b, structure in enumerate(self.residual.structures):
            table = structure.table(self.residual.natural(theta[first:], b))
            for batch in self.design.batches if len(Psi) else ():
                if batch.by == b:
                    _check_definite(table.value[structure.cells(batch.times)])
            local = [(i, first + k) for i, k in self.residual.places(b)]
            for batch in self.design.batches:
                if batch.by != b:
                    continue
                for rows, cells, counts in _chunks(self.design, batch, structure.cells(batch.times), layout.size):
                    _add(self.design, (rows, cells, counts), (table, local), (Psi, basis), jets)
        return jets


def _check_definite(W: FloatArray) -> None:
    """Raise `Infeasible` when a residual covariance matrix is not one, though random effects might make up for it."""
    try:
        np.linalg.cholesky(W)
    except np.linalg.LinAlgError:
        raise Infeasible from None


def _chunks(
    design: ResidualDesign, batch: Batch, cells: IntArray, K: int
) -> Iterator[tuple[IntArray, IntArray, FloatArray]]:
    """Rows (N, T) of groups, the cells of their W (N, T, T), and how often they count (N,), a few at a time."""
    S, T, R = batch.rows.shape
    rows = batch.rows.swapaxes(1, 2).reshape(S * R, T)
    counts = design.counted(batch.groups).reshape(S * R)
    step = max(_NUMBERS // (T * T * (K + 1)), 1)
    for first in range(0, S * R, step):
        pattern = np.arange(first, min(first + step, S * R)) // R
        yield rows[first : first + step], cells[pattern], counts[first : first + step]


def _add(
    design: ResidualDesign,
    groups: tuple[IntArray, IntArray, FloatArray],
    structure: tuple[CellTable, list[tuple[int, int]]],
    effects: tuple[FloatArray, FloatArray],
    jets: Jets,
) -> None:
    """Add groups with their cells and counts; `effects` are Psi and its basis, `structure` W's entries and places."""
    (rows, cells, counts), (table, local), (Psi, basis) = groups, structure, effects
    own = list(design.levels[0][0]) if design.levels else []
    Z = np.moveaxis(design.table[own][:, rows], 0, -1)  # N, T, q
    D = np.moveaxis(design.table[list(design.tail)][:, rows], 0, -1)  # N, T, P
    try:
        factor = np.linalg.cholesky(table.value[cells] + Z @ Psi @ Z.swapaxes(1, 2))
    except np.linalg.LinAlgError:
        raise Infeasible from None
    half = np.linalg.inv(factor)
    inverse = half.swapaxes(1, 2) @ half
    jets.log_det += 2.0 * float(counts @ np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=1))
    E = inverse @ D
    P = D.shape[-1]
    often = counts[:, None, None]
    jets.S += _gram(D, often * E)
    if jets.order == 0:
        return
    places = np.array([*range(len(basis)), *(k for _, k in local)], dtype=np.intp)
    slopes = np.array([Z @ B @ Z.swapaxes(1, 2) for B in basis] + [table.first[i][cells] for i, _ in local])
    if not len(places):
        return
    K = len(places)
    F = inverse @ slopes
    M = slopes @ E  # K, N, T, P
    jets.dlog[places] += np.trace(F, axis1=2, axis2=3) @ counts
    jets.dS[places] -= np.array([_gram(often * E, each) for each in M])
    if jets.order < 2:
        return
    grid = np.ix_(places, places)
    jets.d2log[grid] -= (often * F).reshape(K, -1) @ F.swapaxes(2, 3).reshape(K, -1).T
    left, right = (np.moveaxis(part, -1, 1).reshape(K * P, -1) for part in (M, often * (inverse @ M)))
    second = (left @ right.T).reshape(K, P, K, P).swapaxes(1, 2)
    jets.d2S[grid] += second + second.swapaxes(2, 3)
    if table.second is None:
        return
    for i, k in local:
        for j, m in local:
            if table.second[i, j].any():
                curved = table.second[i, j][cells]
                jets.d2log[k, m] += float(counts @ (inverse * curved).sum(axis=(1, 2)))
                jets.d2S[k, m] -= _gram(often * E, curved @ E)


def _gram(left: FloatArray, right: FloatArray) -> FloatArray:
    """Sum left'right over groups, both (N, T, P)."""
    part = left.reshape(-1, left.shape[-1]).T @ right.reshape(-1, right.shape[-1])
    return np.asarray(0.5 * (part + part.T))


def make_dense(design: ResidualDesign, residual: ResidualLayout) -> DenseGroups | None:
    """Return the evaluator where it applies and pays: many parameters, moderate data, groups as the only level."""
    if design.errors.kind in ("independent", "exchangeable") or len(design.levels) > 1:
        return None
    if len(design.levels) == 1 and len(design.parents[0]) != design.n_groups:
        return None
    if design.counts.max() > _LONGEST:
        return None
    work = float((design.counts.astype(np.float64) ** 2).sum()) * (residual.size + 1)
    if work > _LARGEST or (residual.size < 4 and design.n_groups > 2000):
        return None
    return DenseGroups(design, residual)
