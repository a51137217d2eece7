"""Products from outer products of rows, made once: W^-1 and its derivatives enter as one matrix product per pattern.

For a group with rows d_t the sum ``sum_tu K[t,u] d_t d_u'`` is linear in a symmetric K, here W^-1 and its jets

    K_k = -W^-1 dW_k W^-1,    K_km = W^-1 (dW_k W^-1 dW_m + dW_m W^-1 dW_k - d2W_km) W^-1

so with the products of all pairs t <= u of rows at hand, all jets of all groups of a pattern are one product.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.covariance.residual import CellTable
from engine.design.residuals import Batch, ResidualDesign
from engine.events import NEVER, CancelToken
from engine.fit.residuals.layout import Infeasible, ResidualLayout
from engine.fit.residuals.products import Key, Products
from engine.frame.modelframe import FloatArray, IntArray

_NUMBERS = 1 << 25
"""Numbers of all outer products."""
_LONGEST = 60
_FEWEST = 2
"""Groups below which there is nothing to save."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Size:
    """All patterns of one number of rows T and one set of parameters.

    Attributes
    ----------
    cells
        Which number of the structure's table stands where, shape (S, T, T).
    counts
        How often groups with each pattern count, shape (S,).
    gram
        Outer products of [X r] summed over the groups of each pattern, shape (S, T (T+1) / 2, P * P).
    groups, outer
        Per batch, the slice of its patterns, its groups (S', R) and their outer products (S', T (T+1) / 2, U * w * R).
    """

    by: int
    T: int
    cells: IntArray
    counts: FloatArray
    gram: FloatArray
    groups: tuple[tuple[slice, IntArray], ...]
    outer: tuple[FloatArray, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Outer:
    """Evaluates products from outer products."""

    design: ResidualDesign
    layout: ResidualLayout
    sizes: tuple[_Size, ...]
    cancel: CancelToken = NEVER

    def __call__(self, theta: FloatArray, order: int) -> Products:
        """Evaluate at the residual parameters `theta`; raises `Infeasible` where a W is not positive definite."""
        keys = _keys(self.layout.size, order)
        place = {key: i for i, key in enumerate(keys)}
        U, w, P = len(self.design.effects), len(self.design.table), len(self.design.tail)
        cells = np.zeros((len(keys), U * w, self.design.n_groups))
        gram = np.zeros((len(keys), P * P))
        out = Products()
        tables = [structure.table(self.layout.natural(theta, b)) for b, structure in enumerate(self.layout.structures)]
        for size in self.sizes:
            self.cancel.check()
            found = _jets(size, tables[size.by], self.layout.places(size.by), order, out.log)
            rows = np.array([place[key] for key in found])
            K = np.stack(list(found.values()), axis=1)  # S, keys, pairs
            gram[rows] += np.tensordot(K, size.gram, axes=([0, 2], [0, 1]))
            for (patterns, groups), outer in zip(size.groups, size.outer, strict=True):
                part = np.matmul(K[patterns], outer)  # S', keys, U * w * R
                S, R = groups.shape
                values = part.reshape(S, len(rows), U * w, R).transpose(1, 2, 0, 3).reshape(len(rows), U * w, S * R)
                if len(rows) == len(keys):
                    cells[:, :, groups.reshape(-1)] = values
                else:
                    cells[rows[:, None, None], np.arange(U * w)[:, None], groups.reshape(-1)] = values
        for i, key in enumerate(keys):
            square = gram[i].reshape(P, P)
            out.gram[key] = 0.5 * (square + square.T)
            if U:
                out.cells[key] = cells[i].reshape(U, w, -1)
        return out


def _keys(size: int, order: int) -> list[Key]:
    keys: list[Key] = [()]
    if order:
        keys += [(k,) for k in range(size)]
    if order == 2:
        keys += [(k, m) for k in range(size) for m in range(k, size)]
    return keys


def _jets(
    size: _Size, table: CellTable, places: list[tuple[int, int]], order: int, log: dict[Key, float]
) -> dict[Key, FloatArray]:
    """Return W^-1 and its jets on the pairs t <= u of every pattern, (S, pairs) each; add those of log|W| to `log`."""
    try:
        factor = np.linalg.cholesky(table.value[size.cells])
    except np.linalg.LinAlgError:
        raise Infeasible from None
    half = np.linalg.inv(factor)
    inverse = half.swapaxes(1, 2) @ half
    counts = size.counts
    first, second = np.triu_indices(size.T)
    out: dict[Key, FloatArray] = {(): inverse[:, first, second]}
    log[()] += 2.0 * float(counts @ np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=1))
    if order == 0:
        return out
    spread, moved = {}, {}
    for local, k in places:
        spread[k] = inverse @ table.first[local][size.cells]
        moved[k] = spread[k] @ inverse
        out[k,] = -moved[k][:, first, second]
        log[k,] += float(counts @ np.trace(spread[k], axis1=1, axis2=2))
    if order < 2:
        return out
    for a, (i, k) in enumerate(places):
        for j, m in places[a:]:
            both = spread[k] @ moved[m]
            both = both + both.swapaxes(1, 2)
            trace = -np.einsum("stu,sut->s", spread[k], spread[m])
            if table.second is not None and table.second[i, j].any():
                bent = inverse @ table.second[i, j][size.cells]
                both = both - bent @ inverse
                trace = trace + np.trace(bent, axis1=1, axis2=2)
            out[k, m] = both[:, first, second]
            log[k, m] += float(counts @ trace)
    return out


def make_outer(design: ResidualDesign, layout: ResidualLayout, cancel: CancelToken) -> Outer | None:
    """Make the outer products; None where they would be many, or the groups are few."""
    longest = int(design.counts.max())
    pairs = float((design.counts * (design.counts + 1) // 2).sum())
    width = len(design.effects) * len(design.table)
    if longest > _LONGEST or pairs * max(width, 1) > _NUMBERS or design.n_groups < _FEWEST:
        return None
    by_size: dict[tuple[int, int], list[Batch]] = {}
    for batch in design.batches:
        by_size.setdefault((batch.by, batch.rows.shape[1]), []).append(batch)
    sizes = tuple(_size(design, layout, batches, cancel) for batches in by_size.values())
    return Outer(design, layout, sizes, cancel)


def _size(design: ResidualDesign, layout: ResidualLayout, batches: list[Batch], cancel: CancelToken) -> _Size:
    effects, tail = list(design.effects), list(design.tail)
    T = batches[0].rows.shape[1]
    first, second = np.triu_indices(T)
    apart = (first != second).astype(np.float64)
    groups, outer, grams, counts, at = [], [], [], [], 0
    for batch in batches:
        cancel.check()
        S = len(batch.rows)
        D = np.moveaxis(design.table[:, batch.rows], 0, 2)  # S, T, w, R
        Z = D[:, :, effects]
        products = Z[:, first, :, None] * D[:, second, None]
        products += apart[:, None, None, None] * (Z[:, second, :, None] * D[:, first, None])
        often = design.counted(batch.groups)
        rows = D[:, :, tail]
        weighted = rows * often[:, None, None]
        gram = weighted[:, first] @ rows[:, second].swapaxes(-1, -2)
        gram += apart[:, None, None] * (weighted[:, second] @ rows[:, first].swapaxes(-1, -2))
        groups.append((slice(at, at + S), batch.groups))
        outer.append(products.reshape(S, len(first), -1))
        grams.append(gram.reshape(S, len(first), -1))
        counts.append(often.sum(axis=1))
        at += S
    times = np.concatenate([batch.times for batch in batches])
    by = batches[0].by
    return _Size(
        by=by,
        T=T,
        cells=layout.structures[by].cells(times),
        counts=np.concatenate(counts),
        gram=np.concatenate(grams),
        groups=tuple(groups),
        outer=tuple(outer),
    )
