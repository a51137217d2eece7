"""Cross-products weighted by the inverse residual covariance W, with jets in the residual parameters.

For every lowest-level group ``Z' W^-1 [Z X r]`` (as far as random effects need it), for the sample ``[X r]'W^-1[X r]``
and log|W|. Keys of jets are ``()``, ``(k,)`` and ``(k, l)`` with k <= l, indices into the residual parameters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from engine.covariance.residual import CellTable
from engine.design.residuals import Batch, ResidualDesign
from engine.events import NEVER, CancelToken
from engine.fit.residuals.layout import Infeasible, ResidualLayout
from engine.frame.modelframe import FloatArray, IntArray

Key: TypeAlias = tuple[int, ...]


@dataclass(slots=True, eq=False)
class Products:
    """Sums with their jets: `cells` (U, w, G) per group, `gram` (P, P) and `log` for the sample."""

    cells: dict[Key, FloatArray] = field(default_factory=dict)
    gram: dict[Key, FloatArray] = field(default_factory=dict)
    log: dict[Key, float] = field(default_factory=lambda: defaultdict(float))

    def add_gram(self, key: Key, part: FloatArray) -> None:
        """Add `part` to the jet `key` of the Gram matrix."""
        known = self.gram.get(key)
        self.gram[key] = part if known is None else known + part


@dataclass(frozen=True, slots=True, eq=False)
class Whitened:
    """Evaluates products batch by batch, one factorisation of W per pattern."""

    design: ResidualDesign
    layout: ResidualLayout
    cancel: CancelToken = NEVER

    def __call__(self, theta: FloatArray, order: int) -> Products:
        """Evaluate at the residual parameters `theta`; raises `Infeasible` where a W is not positive definite."""
        out = Products()
        for b, structure in enumerate(self.layout.structures):
            table = structure.table(self.layout.natural(theta, b))
            for batch in self.design.batches:
                if batch.by == b:
                    self.cancel.check()
                    adder = _Adder(self.design, batch, out)
                    _add_batch(adder, table, structure.cells(batch.times), self.layout.places(b), order)
        return out


def _add_batch(adder: _Adder, table: CellTable, cells: IntArray, places: Sequence[tuple[int, int]], order: int) -> None:
    """Add one batch; `places` pairs local parameters with their index among the residual parameters."""
    design, batch, out = adder.design, adder.batch, adder.out
    S, T, R = batch.rows.shape
    try:
        factor = np.linalg.cholesky(table.value[cells])
    except np.linalg.LinAlgError:
        raise Infeasible from None
    half = np.linalg.inv(factor)
    inverse = half.swapaxes(1, 2) @ half
    counts = adder.counts.sum(axis=1)  # groups of each pattern
    out.log[()] += 2.0 * float(counts @ np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=1))
    D = design.table[:, batch.rows].transpose(1, 2, 0, 3)  # S, T, w, R
    w = D.shape[2]
    E = (inverse @ D.reshape(S, T, w * R)).reshape(S, T, w, R)
    adder.add((), D, E)
    if order == 0:
        return
    moved, solved, spread = {}, {}, {}
    for local, k in places:
        slope = table.first[local][cells]
        spread[k] = inverse @ slope
        out.log[k,] += float(counts @ np.trace(spread[k], axis1=1, axis2=2))
        moved[k] = (slope @ E.reshape(S, T, w * R)).reshape(S, T, w, R)
        adder.add((k,), E, moved[k], sign=-1.0)
        if order == 2:
            solved[k] = (inverse @ moved[k].reshape(S, T, w * R)).reshape(S, T, w, R)
    if order < 2:
        return
    for a, (i, k) in enumerate(places):
        for j, m in places[a:]:
            key = (k, m)
            out.log[key] -= float(counts @ np.einsum("stu,sut->s", spread[k], spread[m]))
            adder.add(key, moved[k], solved[m])
            adder.add(key, moved[m], solved[k])
            if table.second is not None and table.second[i, j].any():
                second = table.second[i, j][cells]
                out.log[key] += float(counts @ (inverse * second).sum(axis=(1, 2)))
                adder.add(key, E, (second @ E.reshape(S, T, w * R)).reshape(S, T, w, R), sign=-1.0)


@dataclass(frozen=True, slots=True, eq=False)
class _Adder:
    """Adds sums over the rows of left' right, both (S, T, w, R), to the jets of `out`."""

    design: ResidualDesign
    batch: Batch
    out: Products

    @property
    def counts(self) -> FloatArray:
        """How often each group counts, shape (S, R)."""
        return self.design.counted(self.batch.groups)

    def add(self, key: Key, left: FloatArray, right: FloatArray, *, sign: float = 1.0) -> None:
        tail, effects = list(self.design.tail), list(self.design.effects)
        P = len(tail)
        a = left[:, :, tail].transpose(2, 0, 1, 3)
        if self.design.weights is not None:
            a = a * self.counts[:, None]
        a = a.reshape(P, -1)
        b = right[:, :, tail].transpose(2, 0, 1, 3).reshape(P, -1)
        part = a @ b.T
        self.out.add_gram(key, sign * 0.5 * (part + part.T))
        if not effects:
            return
        target = self.out.cells.get(key)
        if target is None:
            target = self.out.cells[key] = np.zeros((len(effects), left.shape[2], self.design.n_groups))
        products = _by_group(left[:, :, effects], right)
        target[:, :, self.batch.groups] += sign * products


def _by_group(left: FloatArray, right: FloatArray) -> FloatArray:
    """Sum left' right over the rows of each group: (S, T, u, R) by (S, T, c, R) gives (u, c, S, R)."""
    if left.shape[-1] == 1:
        return (left[..., 0].swapaxes(1, 2) @ right[..., 0]).transpose(1, 2, 0)[..., None]
    left, right = np.moveaxis(left, 0, 2), np.moveaxis(right, 0, 2)  # T, columns, S, R
    out = left[0][:, None] * right[0][None]
    for t in range(1, len(left)):
        out += left[t][:, None] * right[t][None]
    return np.asarray(out)


@dataclass(frozen=True, slots=True, eq=False)
class Statistic:
    """A part of W^-1 whose coefficient is the same for all groups of a class.

    Attributes
    ----------
    cells
        Shape (U, w, G).
    gram
        Sums over the groups of each class, shape (C, P, P).
    classes
        Class of each group, shape (G,).
    """

    cells: FloatArray
    gram: FloatArray
    classes: IntArray


Coefficients: TypeAlias = list[dict[Key, FloatArray]]
"""Per statistic, the jets of its coefficients by class, each (C,)."""


@dataclass(frozen=True, slots=True, eq=False)
class Summed:
    """Evaluates products from sufficient statistics; rows are never touched again."""

    statistics: tuple[Statistic, ...]
    coefficients: Callable[[FloatArray, int], tuple[Coefficients, dict[Key, float]]]
    cancel: CancelToken = NEVER

    def __call__(self, theta: FloatArray, order: int) -> Products:
        """Evaluate at the residual parameters `theta`; raises `Infeasible` where W is not positive definite."""
        coefficients, log = self.coefficients(theta, order)
        out = Products()
        out.log.update(log)
        for statistic, jets in zip(self.statistics, coefficients, strict=True):
            self.cancel.check()
            for key, values in jets.items():
                out.add_gram(key, np.tensordot(values, statistic.gram, axes=1))
                if len(statistic.cells):
                    factor = values[0] if len(values) == 1 else values[statistic.classes]
                    known = out.cells.get(key)
                    part = factor * statistic.cells
                    out.cells[key] = part if known is None else known + part
        return out
