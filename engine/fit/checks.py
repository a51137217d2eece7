"""Problems that no estimator can solve, found before the search starts."""

from __future__ import annotations

import numpy as np

from engine.design.blocks import Design
from engine.errors import StataError
from engine.frame.modelframe import FloatArray, ModelFrame, RandomBlock
from engine.spec.mixed import CovarianceKind, Method

_ZERO = 1e-24
"""Sum of squares, relative to the largest, of an effect that no row of a group carries."""


def check_frame(frame: ModelFrame) -> None:
    """Raise r(2000), r(2001) or r(459) when there are too few rows or too few groups."""
    n, p = frame.X.shape[0], frame.X.shape[1]
    if len(frame.y) == 0:
        raise StataError(2000, "no observations")
    if n <= p:
        raise StataError(
            2001, f"insufficient observations: {n} for {p} fixed-effects coefficients and the variance parameters"
        )
    _check_common(frame)
    for block in frame.blocks:
        level = frame.levels[block.level]
        _check_shared(frame, block)
        if block.structure is not None and block.factor is None and level.n_groups < 2:
            raise StataError(
                459,
                f"{level.name} has only one group in the estimation sample; "
                "the variance between groups cannot be estimated from one group",
            )


def _check_common(frame: ModelFrame) -> None:
    """Raise StataError when the common covariance of all errors cannot be told from the fixed constant."""
    errors = frame.residual
    if errors is None or errors.kind not in ("exchangeable", "hexchangeable") or errors.n_groups > 1:
        return
    if any(frame.columns[i].is_constant for i in frame.estimated):
        raise StataError(
            459,
            f"residuals({errors.kind}): the sample is one group, so the covariance of all errors cannot be told "
            "from the constant. Name the groups within which errors are correlated: || level:, noconstant",
        )


def _check_shared(frame: ModelFrame, block: RandomBlock) -> None:
    """Raise StataError when the common covariance of a factor's effects cannot be told from the fixed constant."""
    factor = block.factor
    if factor is None or block.structure is not CovarianceKind.EXCHANGEABLE or frame.levels[block.level].n_groups > 1:
        return
    if frame.method is Method.REML and any(frame.columns[i].is_constant for i in frame.estimated):
        raise StataError(
            459,
            f"{block.level_name}: R.{factor.name}: {block.level_name} is one group, so the common covariance cannot be "
            "told from the constant. Choose covariance(identity).",
        )


def check_design(design: Design, frame: ModelFrame) -> None:
    """Raise r(416) for values too large, r(459) for an exact fit, r(2001) for more random effects than rows."""
    mean_square = design.gram[-1, -1] / design.n
    if not np.isfinite(mean_square):
        raise StataError(416, "missing values encountered: the model's variables hold values too large to compute with")
    if mean_square <= design.basis.noise**2:
        raise StataError(
            459, f"the fixed effects fit {frame.depvar} exactly; there is no variance left to divide between levels"
        )
    for level in design.levels:
        squares = np.einsum("iig->ig", level.products[:, : level.q])
        owners = np.array([frame.blocks[b].level for b in level.blocks for _ in frame.blocks[b].columns])
        for owner in np.unique(owners):
            _check_size(squares[owners == owner], frame.levels[owner].name, design.n_rows)


def _check_size(squares: FloatArray, name: str, n_rows: int) -> None:
    """Raise StataError when a level's effects outnumber the rows; `squares` are their sums of squares (q, G)."""
    active = int(np.count_nonzero(squares > _ZERO * squares.max()))
    if active > n_rows:
        raise StataError(
            2001, f"insufficient observations: {active} random effects at level {name}, but only {n_rows} rows"
        )
    if squares.shape == (1, n_rows) and np.ptp(squares) <= 1e-12 * squares.max():
        raise StataError(
            2001,
            f"insufficient observations: every group of {name} has a single observation, so its variance cannot "
            "be told from the residual variance",
        )
