"""How far repeated measures are from sphericity: the epsilons that degrees of freedom are multiplied by.

Greenhouse and Geisser (1959), Huynh and Feldt (1976), Box's lower bound; formulas of [R] anova.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.results.anova import Epsilons

FloatArray: TypeAlias = npt.NDArray[np.float64]


def pooled_covariance(values: FloatArray, groups: npt.NDArray[np.int64]) -> FloatArray:
    """Return the covariance matrix of the columns of `values` (N, k) about the means of `groups` (N,)."""
    n_groups = int(groups.max()) + 1
    sizes = np.bincount(groups, minlength=n_groups)
    means = np.stack([np.bincount(groups, weights=column, minlength=n_groups) for column in values.T], axis=1)
    moved = values - (means / sizes[:, None])[groups]
    df = len(values) - n_groups
    return np.asarray(moved.T @ moved / df) if df > 0 else np.full((values.shape[1],) * 2, np.nan)


def epsilons(S: FloatArray, kept: Sequence[bool], sizes: Sequence[int], *, subjects: int, groups: int) -> Epsilons:
    """Return the epsilons of a repeated effect.

    Parameters
    ----------
    S
        Covariance matrix of the measures, (k, k), in the order of all combinations of the repeated variables' levels,
        the last varying fastest.
    kept, sizes
        Whether the effect contains each repeated variable (the others are averaged over), and its number of levels.
    subjects, groups
        Number of subjects, and of groups that S is pooled over.
    """
    C: FloatArray = np.ones((1, 1))
    for inside, size in zip(kept, sizes, strict=True):
        own = _contrasts(size) if inside else np.full((1, size), 1.0 / np.sqrt(size))
        C = np.asarray(np.kron(C, own), dtype=np.float64)
    M = C @ S @ C.T
    d = len(M)
    gg = float(np.trace(M) ** 2 / (d * np.sum(M * M)))
    below = d * (subjects - groups - d * gg)
    hf = (subjects * d * gg - 2.0) / below if below > 0.0 else float("nan")
    return Epsilons(hf, gg, 1.0 / d)


def _contrasts(k: int) -> FloatArray:
    """Return orthonormal contrasts, (k - 1, k), those of Helmert."""
    rows = np.tril(np.ones((k - 1, k)))
    rows[np.arange(k - 1), np.arange(1, k)] = -np.arange(1.0, k)
    return np.asarray(rows / np.linalg.norm(rows, axis=1)[:, None])
