"""Products of rho^d errors at any distances, in one pass over the rows: the errors are a Markov chain in time.

With u_i = rho^(t_i - t_(i-1)) and a_i = 1 / (1 - u_i^2) the inverse of W is, up to 1 / v,

    sum_i alpha_i e_i e_i' + sum_i beta_i (e_i e_(i-1)' + e_(i-1) e_i') / 2,    beta_i = -2 a_i u_i

with alpha_i = a_i (1 for the first row of a group) + a_(i+1) u_(i+1)^2 (0 for the last).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.design.residuals import ResidualDesign
from engine.events import NEVER, CancelToken
from engine.fit.residuals.layout import Infeasible, ResidualLayout
from engine.fit.residuals.products import Products
from engine.frame.modelframe import BoolArray, FloatArray

_BLOCK = 8192
_LEAST = 1e-14
"""Smallest 1 - u^2; rows closer in time have the same error."""


@dataclass(frozen=True, slots=True, eq=False)
class Markov:
    """Evaluates products row by row.

    Attributes
    ----------
    gaps
        Distance to the row before, 0 in the first of a group, shape (n,).
    later
        Whether a row has one before it in its group, shape (n,).
    own, lagged
        Products of each row with itself, and with the row before (symmetrised), shape (U, w, n).
    before
        Working columns of the row before, zero in the first of a group, shape (w, n).
    blocks
        Rows and groups that fit the cache together.
    """

    design: ResidualDesign
    layout: ResidualLayout
    gaps: FloatArray
    later: BoolArray
    own: FloatArray
    lagged: FloatArray
    before: FloatArray
    blocks: tuple[tuple[slice, slice], ...]
    cancel: CancelToken = NEVER

    def __call__(self, theta: FloatArray, order: int) -> Products:
        """Evaluate at the residual parameters `theta`; raises `Infeasible` where W is not positive definite."""
        layout, design = self.layout, self.design
        if not layout.feasible(theta):
            raise Infeasible
        out = Products()
        often = design.row_total
        for b in range(len(layout.structures)):
            rows = design.by == b
            v, rho = layout.natural(theta, b)
            alpha, beta, log = self._coefficients(float(rho), rows, order)
            n = float(often[rows].sum())
            logs = [float(often @ each) for each in log]
            place = dict(layout.places(b))
            out.log[()] += n * float(np.log(v)) + logs[0]
            self._add(out, (), alpha[0] / v, beta[0] / v)
            if order == 0:
                continue
            r = place[1]
            out.log[r,] += logs[1]
            self._add(out, (r,), alpha[1] / v, beta[1] / v)
            if 0 in place:
                out.log[place[0],] += n / v
                self._add(out, (place[0],), -alpha[0] / v**2, -beta[0] / v**2)
            if order == 1:
                continue
            out.log[r, r] += logs[2]
            self._add(out, (r, r), alpha[2] / v, beta[2] / v)
            if 0 in place:
                k = place[0]
                out.log[k, k] -= n / v**2
                self._add(out, (k, k), 2.0 * alpha[0] / v**3, 2.0 * beta[0] / v**3)
                self._add(out, (k, r), -alpha[1] / v**2, -beta[1] / v**2)
        return out

    def _coefficients(
        self, rho: float, rows: BoolArray, order: int
    ) -> tuple[list[FloatArray], list[FloatArray], list[FloatArray]]:
        """Return alpha, beta and log(1 - u^2) with derivatives in rho up to `order`, zero outside `rows`."""
        d = self.gaps
        here = self.later & rows
        u, du, d2u = _powers(rho, d)
        if not rows.all():
            u, du, d2u = (each * here for each in (u, du, d2u))
        s = 1.0 - u * u
        if not s.min() > _LEAST:
            raise Infeasible
        a = 1.0 / s
        inner = here[1:]
        alpha, beta, log = [rows * a], [-2.0 * u * a], [np.log(s)]
        alpha[0][:-1] += inner * (a - 1.0)[1:]  # a u^2 = a - 1
        if order == 0:
            return alpha, beta, log
        ds = -2.0 * u * du
        da = -ds * a**2
        alpha.append(rows * da)
        alpha[1][:-1] += inner * da[1:]
        beta.append(-2.0 * (du * a + u * da))
        log.append(ds * a)
        if order == 1:
            return alpha, beta, log
        d2s = -2.0 * (du * du + u * d2u)
        d2a = 2.0 * ds**2 * a**3 - d2s * a**2
        alpha.append(rows * d2a)
        alpha[2][:-1] += inner * d2a[1:]
        beta.append(-2.0 * (d2u * a + 2.0 * du * da + u * d2a))
        log.append(d2s * a - (ds * a) ** 2)
        return alpha, beta, log

    def _add(self, out: Products, key: tuple[int, ...], alpha: FloatArray, beta: FloatArray) -> None:
        self.cancel.check()
        design = self.design
        tail = design.table[list(design.tail)]
        often = 1.0 if design.weights is None else design.row_total
        lagged = (tail * (0.5 * beta * often)) @ self.before[list(design.tail)].T
        out.add_gram(key, (tail * (alpha * often)) @ tail.T + lagged + lagged.T)
        if not design.effects:
            return
        part = np.empty((*self.own.shape[:-1], design.n_groups))
        for rows, groups in self.blocks:
            self.cancel.check()
            values = alpha[rows] * self.own[..., rows]
            values += beta[rows] * self.lagged[..., rows]
            part[..., groups] = np.add.reduceat(values, design.starts[groups] - rows.start, axis=-1)
        known = out.cells.get(key)
        out.cells[key] = part if known is None else known + part


def make_markov(design: ResidualDesign, layout: ResidualLayout, cancel: CancelToken) -> Markov:
    """Make the products of neighbouring rows."""
    table = design.table
    later = np.ones(design.n_rows, dtype=bool)
    later[design.starts] = False
    gaps = np.where(later, np.diff(design.times, prepend=design.times[0]), 0.0)
    before = np.zeros_like(table)
    before[:, 1:] = table[:, :-1]
    before[:, design.starts] = 0.0
    shape = (len(design.effects), len(table), design.n_rows)
    own, lagged = np.empty(shape), np.empty(shape)
    for u, effect in enumerate(design.effects):
        cancel.check()
        own[u] = table[effect] * table
        lagged[u] = 0.5 * (table[effect] * before + before[effect] * table)
    return Markov(design, layout, gaps, later, own, lagged, before, _blocks(design), cancel)


def _blocks(design: ResidualDesign) -> tuple[tuple[slice, slice], ...]:
    cuts = np.unique(np.searchsorted(design.starts, np.arange(0, design.n_rows, _BLOCK)))
    ends = [*cuts[1:].tolist(), design.n_groups]
    rows = np.append(design.starts, design.n_rows)
    return tuple(
        (slice(int(rows[a]), int(rows[b])), slice(int(a), int(b)))
        for a, b in zip(cuts.tolist(), ends, strict=True)
        if b > a
    )


def _powers(rho: float, d: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return rho^d where d > 0, 0 elsewhere, with first and second derivatives in rho."""
    later = d > 0.0
    if rho > 0.0:
        u = later * np.exp(d * np.log(rho))
        return u, d / rho * u, d * (d - 1.0) / rho**2 * u
    if rho == 0.0:
        return np.zeros_like(d), 1.0 * (d == 1.0), 2.0 * (d == 2.0)
    size, slope, second = _powers(-rho, d)
    sign = np.where(d % 2.0 == 0.0, 1.0, -1.0)  # whole distances: only they allow a negative rho
    return sign * size, -sign * slope, sign * second
