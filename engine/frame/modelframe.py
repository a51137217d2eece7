"""The weighed-out material of a model: arrays and their names, bound to one data set and one sample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.frame.columns import Column, ColumnState
from engine.frame.constraints import Constraints
from engine.frame.residualerrors import ResidualErrors
from engine.frame.weighting import Clusters, Weights
from engine.spec.mixed import CovarianceKind, Method

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A grouping level, top level first; groups are distinct *paths* of level variables.

    Attributes
    ----------
    name
        Level variable (full name) or ``_all``.
    codes
        Shape (n,), group of each row, 0 … n_groups-1, numbered in order of first appearance along sorted paths.
    """

    name: str
    codes: IntArray
    n_groups: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """The variable of ``R.``: each of its values has an effect of its own in every group of the level.

    Attributes
    ----------
    codes
        Shape (n,), value of each row, 0 … n_levels-1.
    """

    name: str
    codes: IntArray
    n_levels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomBlock:
    """The random effects of one equation.

    Attributes
    ----------
    level
        Index into `ModelFrame.levels`; repeated levels share it.
    level_name
        Level variable as shown.
    structure
        Structure in force (a single effect is IDENTITY); None when the equation is empty.
    Z
        Shape (n, q) in display order (variables, then the constant).
    columns
        What each column of Z is; the constant is the column without parts.
    factor
        The variable of ``R.``; `Z` is then one column of ones, the effect of a row's own value.
    indicators
        Whether `Z` holds the indicators of a factor's values, whose scale is left alone.
    """

    level: int
    level_name: str
    structure: CovarianceKind | None
    Z: FloatArray
    columns: tuple[Column, ...]
    factor: Factor | None = None
    indicators: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFrame:
    """Everything estimation needs, on the estimation sample.

    Attributes
    ----------
    y
        Response, shape (n,).
    X
        Estimated fixed-effects columns only, shape (n, p), in the order of `columns`; full column rank.
    columns
        All fixed columns in e(b) order, base, omitted and empty ones included; ``_cons`` last.
    levels, blocks
        Grouping levels top to bottom (distinct), random-effects equations top to bottom.
    e_sample
        Mask over all observations of the data set.
    notes
        Lines to print before the estimation log (``note: ses omitted because of collinearity.``).
    weights
        Weights of observations and groups; None without any.
    clusters
        Clusters of robust standard errors; None for those of the model.
    constraints
        Linear constraints on the coefficients of `columns`; None without.
    residual
        Structure of the residual errors; None for independent errors with one variance.
    """

    depvar: str
    y: FloatArray
    X: FloatArray
    columns: tuple[Column, ...]
    levels: tuple[Level, ...]
    blocks: tuple[RandomBlock, ...]
    method: Method
    e_sample: BoolArray
    notes: tuple[str, ...] = ()
    weights: Weights | None = None
    clusters: Clusters | None = None
    constraints: Constraints | None = None
    residual: ResidualErrors | None = None

    @property
    def n_obs(self) -> int:
        """Number of observations, counted by frequency weights."""
        return len(self.y) if self.weights is None else self.weights.n_obs

    @property
    def estimated(self) -> tuple[int, ...]:
        """Indices into `columns` of the columns of `X`."""
        return tuple(i for i, column in enumerate(self.columns) if column.state is ColumnState.ESTIMATED)
