"""Standardised residuals when residual errors are structured: L^-1 e with R = L L' within each lowest-level group.

The Cholesky factor is that in the order of t(), so that each residual is scaled by what is left of its variance after
the earlier ones of its group ([ME] mixed postestimation asks for an inverse square root of R, which is not unique).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.covariance.residual import ResidualStructure
from engine.fit.residuallayout import ResidualLayout
from engine.frame.modelframe import FloatArray
from engine.frame.residualerrors import ResidualErrors

_NUMBERS = 1 << 21


def whitened(errors: ResidualErrors, theta: FloatArray, sigma2: float, residuals: FloatArray) -> FloatArray:
    """Return R^(-1/2) times the residuals, shape (n,).

    Parameters
    ----------
    errors
        The structure, bound to the estimation sample.
    theta, sigma2
        Its parameters, variances relative to the reference variance sigma2.
    residuals
        Residuals of the sample, shape (n,).
    """
    layout = ResidualLayout(errors.structures)
    out = np.empty_like(residuals)
    scaled = residuals / np.sqrt(sigma2)
    if errors.kind == "independent":
        return np.asarray(scaled / np.sqrt(np.append(1.0, theta))[errors.by_codes])
    order = np.lexsort((errors.times, errors.codes))
    codes = errors.codes[order]
    starts = np.concatenate(([0], np.flatnonzero(codes[1:] != codes[:-1]) + 1))
    sizes = np.diff(starts, append=len(order))
    by = errors.by_codes[order][starts]
    for b, structure in enumerate(errors.structures):
        v = layout.natural(theta, b)
        for size in np.unique(sizes[by == b]):
            rows = order[starts[(by == b) & (sizes == size)][:, None] + np.arange(size)]
            step = max(_NUMBERS // int(size) ** 2, 1)
            for first in range(0, len(rows), step):
                part = rows[first : first + step]
                out[part] = _solved(structure, v, errors.times[part], scaled[part])
    return out


def _solved(
    structure: ResidualStructure, v: FloatArray, times: npt.NDArray[np.float64], e: npt.NDArray[np.float64]
) -> FloatArray:
    """Return L^-1 e for groups of equal size, (G, T) each."""
    distinct = times[:1] if (times == times[:1]).all() else times
    factor = np.linalg.cholesky(structure.table(v).value[structure.cells(distinct)])
    return np.asarray(np.linalg.solve(factor, e[..., None])[..., 0])
