"""What structured residual errors add to the scores of each lowest-level group, before any random effect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.design.residuals import Batch, ResidualDesign
from engine.fit.residuallayout import ResidualLayout
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
    if design.errors.kind == "independent":  # by() may vary within groups
        variances = np.append(1.0, theta)[design.by]
        out.products[:] = np.add.reduceat(tail * (e / variances), design.starts, axis=1)
        for k in range(layout.size):
            own = design.by == k + 1
            out.quadratic[k] = -np.add.reduceat(own * (e / variances) ** 2, design.starts)
            out.log_slope[k] = np.add.reduceat(own / variances, design.starts)
        return out
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
    return out


def _put(target: FloatArray, batch: Batch, values: FloatArray) -> None:
    groups: IntArray = batch.groups
    target[..., groups] += values
