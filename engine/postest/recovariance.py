"""Estimated covariance matrices: of the random effects of a level, and of the responses within a group.

``estat recovariance`` and ``estat wcorrelation`` ([ME] estat recovariance, [ME] estat wcorrelation). Responses of one
group have the covariance matrix ``Z G Z' + R``, effects of all levels above taken in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.errors import StataError
from engine.fit.residuals.layout import ResidualLayout
from engine.frame.modelframe import FloatArray, ModelFrame, RandomBlock
from engine.results.mixed import BlockSummary, MixedResult

MOST_ROWS = 400
"""Largest group whose covariance matrix is made."""


@dataclass(frozen=True, slots=True, eq=False)
class LevelCovariance:
    """Covariance matrix of all random effects of a level, (q, q), with their names."""

    level: str
    names: tuple[str, ...]
    Sigma: FloatArray


def level_covariances(result: MixedResult) -> tuple[LevelCovariance, ...]:
    """Return the matrix of each level, equations of one level in blocks; levels without effects are left out."""
    out = []
    for level in dict.fromkeys(block.level_name for block in result.blocks if block.structure is not None):
        blocks = [b for b in result.blocks if b.level_name == level and b.structure is not None]
        names = tuple(effect_name(column.name) for block in blocks for column in block.columns)
        Sigma = np.zeros((len(names), len(names)))
        at = 0
        for block in blocks:
            own = slice(at, at + len(block.columns))
            Sigma[own, own] = block.Sigma
            at += len(block.columns)
        out.append(LevelCovariance(level, names, Sigma))
    return tuple(out)


def effect_name(name: str) -> str:
    """Return the name of an effect as the random-effects table shows it."""
    return name.replace("#c.", "#").removeprefix("c.")


def response_covariance(
    result: MixedResult, frame: ModelFrame, rows: npt.NDArray[np.int64]
) -> tuple[FloatArray, FloatArray]:
    """Return Z G Z' and R of some rows of the frame, each (m, m).

    Raises
    ------
    StataError
        r(498) for more rows than `MOST_ROWS`.
    """
    if len(rows) > MOST_ROWS:
        raise StataError(498, f"the group has {len(rows):,} observations; matrices are made up to {MOST_ROWS:,}")
    ZGZ = np.zeros((len(rows), len(rows)))
    for block, summary in zip(frame.blocks, result.blocks, strict=True):
        if summary.structure is not None:
            ZGZ += _effects(block, summary, frame, rows)
    return ZGZ, _residual(result, frame, rows)


def _effects(block: RandomBlock, summary: BlockSummary, frame: ModelFrame, rows: npt.NDArray[np.int64]) -> FloatArray:
    codes = frame.levels[block.level].codes[rows]
    together = codes[:, None] == codes
    if block.factor is not None:
        same = block.factor.codes[rows][:, None] == block.factor.codes[rows]
        return np.where(together, np.where(same, float(summary.Sigma[0, 0]), summary.covariance), 0.0)
    Z = block.Z[rows]
    return np.asarray((Z @ summary.Sigma @ Z.T) * together)


def _residual(result: MixedResult, frame: ModelFrame, rows: npt.NDArray[np.int64]) -> FloatArray:
    errors, summary = frame.residual, result.residual
    if errors is None or summary is None:
        return np.asarray(result.sigma2 * np.eye(len(rows)))
    layout = ResidualLayout(errors.structures)
    R = np.zeros((len(rows), len(rows)))
    if errors.kind == "independent":
        return np.asarray(np.diag(result.sigma2 * np.append(1.0, summary.theta)[errors.by_codes[rows]]))
    for group in np.unique(errors.codes[rows]):
        own = np.flatnonzero(errors.codes[rows] == group)
        b = int(errors.by_codes[rows[own[0]]])
        structure = errors.structures[b]
        table = structure.table(layout.natural(summary.theta, b)).value
        times = errors.times[rows[own]]
        order = np.argsort(times, kind="stable")
        sorted_own = own[order]
        R[np.ix_(sorted_own, sorted_own)] = result.sigma2 * table[structure.cells(times[order][None, :])][0]
    return R
