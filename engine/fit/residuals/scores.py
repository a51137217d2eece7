"""What structured residual errors add to the scores of each lowest-level group, before any random effect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.design.residuals import Batch, ResidualDesign
from engine.fit.residuals.layout import ResidualLayout
from engine.frame.modelframe import FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResidualScores:
    """Sums by lowest-level group, with e = r - X~ b and R residual parameters.

    Attributes
    ----------
    products
        ``[X~ r]' W^-1 e``, shape (p+1, G).
    quadratic, log_slope
        ``-(W^-1 e)' dW_k (W^-1 e)`` and ``tr(W^-1 dW_k)``, shape (R, G).
    """

    products: FloatArray
    quadratic: FloatArray
    log_slope: FloatArray


def residual_scores(design: ResidualDesign, layout: ResidualLayout, theta: FloatArray, b: FloatArray) -> ResidualScores:
    """Evaluate at residual parameters theta (R,) and coefficients b (p,) of X~."""
    G = design.n_groups
    out = ResidualScores(
        products=np.zeros((len(design.tail), G)),
        quadratic=np.zeros((layout.size, G)),
        log_slope=np.zeros((layout.size, G)),
    )
    tail = design.table[list(design.tail)]
    e = tail[-1] - b @ tail[:-1]
    kind = design.errors.kind
    if kind == "independent":  # by() may vary within groups
        _add_independent(out, design, theta, tail, e)
    elif kind == "exchangeable":
        _add_exchangeable(out, design, layout, theta, e)
    else:
        _add_by_pattern(out, design, layout, theta, e)
    if design.weights is not None:
        for sums in (out.products, out.quadratic, out.log_slope):
            sums[:] = sums * design.weights.total
    return out


def _inside(design: ResidualDesign) -> FloatArray:
    """How often each row counts within its group, shape (n,)."""
    weights = design.weights
    return np.ones(design.n_rows) if weights is None or weights.rows is None else weights.rows


def _add_independent(
    out: ResidualScores, design: ResidualDesign, theta: FloatArray, tail: FloatArray, e: FloatArray
) -> None:
    variances = np.append(1.0, theta)[design.by]
    rows = _inside(design)
    out.products[:] = np.add.reduceat(tail * (rows * e / variances), design.starts, axis=1)
    for k in range(len(theta)):
        own = rows * (design.by == k + 1)
        out.quadratic[k] = -np.add.reduceat(own * (e / variances) ** 2, design.starts)
        out.log_slope[k] = np.add.reduceat(own / variances, design.starts)


def _add_exchangeable(
    out: ResidualScores, design: ResidualDesign, layout: ResidualLayout, theta: FloatArray, e: FloatArray
) -> None:
    """W^-1 = (I - J/n) / x1 + (J/n) / x2 with x1 = v - c and x2 = v + (n-1) c, rows counted by their weights."""
    rows, tail = _inside(design), design.table[list(design.tail)]
    sizes = np.add.reduceat(rows, design.starts)
    by = design.by[design.starts]
    natural = np.array([layout.natural(theta, s) for s in range(len(layout.structures))])[by]
    x1, x2 = natural[:, 0] - natural[:, 1], natural[:, 0] + (sizes - 1.0) * natural[:, 1]
    mean = np.add.reduceat(rows * e, design.starts) / sizes
    within = e - np.repeat(mean, design.counts)
    solved = rows * (within / np.repeat(x1, design.counts) + np.repeat(mean / x2, design.counts))
    out.products[:] = np.add.reduceat(tail * solved, design.starts, axis=1)
    squares = np.add.reduceat(rows * within**2, design.starts)
    for s in range(len(layout.structures)):
        own = (by == s).astype(np.float64)
        for local, k in layout.places(s):
            d1, d2 = (1.0, np.ones_like(sizes)) if local == 0 else (-1.0, sizes - 1.0)
            out.quadratic[k] = -own * (squares * d1 / x1**2 + sizes * mean**2 * d2 / x2**2)
            out.log_slope[k] = own * ((sizes - 1.0) * d1 / x1 + d2 / x2)


def _add_by_pattern(
    out: ResidualScores, design: ResidualDesign, layout: ResidualLayout, theta: FloatArray, e: FloatArray
) -> None:
    tail = design.table[list(design.tail)]
    for s, structure in enumerate(layout.structures):
        table = structure.table(layout.natural(theta, s))
        for batch in design.batches:
            if batch.by != s:
                continue
            cells = structure.cells(batch.times)
            inverse = np.linalg.inv(table.value[cells])
            solved = inverse @ e[batch.rows]  # S, T, R
            _put(out.products, batch, np.einsum("pstr,str->psr", tail[:, batch.rows], solved))
            for local, k in layout.places(s):
                slope = table.first[local][cells]
                _put(out.quadratic[k], batch, -np.einsum("str,stu,sur->sr", solved, slope, solved))
                trace = np.einsum("stu,sut->s", inverse, slope)
                _put(out.log_slope[k], batch, np.broadcast_to(trace[:, None], batch.groups.shape))


def _put(target: FloatArray, batch: Batch, values: FloatArray) -> None:
    groups: IntArray = batch.groups
    target[..., groups] += values
