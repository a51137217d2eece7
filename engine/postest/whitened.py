"""Residual errors with structure, to and from independent ones: e = L z with R = L L' within each lowest-level group.

The Cholesky factor is that in the order of t(), so that each standardised residual L^-1 e is scaled by what is left of
its variance after the earlier ones of its group ([ME] mixed postestimation asks for an inverse square root of R, which
is not unique).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.fit.residuals.layout import ResidualLayout
from engine.frame.modelframe import FloatArray
from engine.frame.residualerrors import ResidualErrors

_NUMBERS = 1 << 21

_Use: TypeAlias = Callable[[npt.NDArray[np.float64], npt.NDArray[np.float64]], npt.NDArray[np.float64]]
"""What is done with factors (G or 1, T, T) and errors (G, T)."""


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

    def solved(factor: FloatArray, e: FloatArray) -> FloatArray:
        return np.asarray(np.linalg.solve(factor, e[..., None])[..., 0])

    return _by_group(errors, theta, residuals / np.sqrt(sigma2), solved)


def coloured(errors: ResidualErrors, theta: FloatArray, sigma2: float, z: FloatArray) -> FloatArray:
    """Return R^(1/2) z, shape (n,): errors with covariance matrix R from independent ones of variance 1."""

    def multiplied(factor: FloatArray, e: FloatArray) -> FloatArray:
        return np.asarray((factor @ e[..., None])[..., 0])

    return np.asarray(np.sqrt(sigma2) * _by_group(errors, theta, z, multiplied))


def _by_group(errors: ResidualErrors, theta: FloatArray, values: FloatArray, use: _Use) -> FloatArray:
    """Apply `use` to the Cholesky factor of each group's matrix R / sigma2 and the group's values in order of time."""
    layout = ResidualLayout(errors.structures)
    out = np.empty_like(values)
    if errors.kind == "independent":
        sd = np.sqrt(np.append(1.0, theta))[errors.by_codes]
        return np.asarray(use(sd[:, None, None], values[:, None])[:, 0])
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
                times = errors.times[part]
                distinct = times[:1] if (times == times[:1]).all() else times
                factor = np.asarray(np.linalg.cholesky(structure.table(v).value[structure.cells(distinct)]))
                out[part] = use(factor, values[part])
    return out
