"""What ``margins`` found: estimates with their places among the values of the variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.errors import StataError
from engine.frame.columns import Column
from engine.results.linear import LinearResult

FloatArray: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class AtValue:
    """A variable set by ``at()``: as printed (``0.sector``), its value, and the statistic it is (``mean``)."""

    name: str
    value: float
    statistic: str = ""


@dataclass(frozen=True, slots=True)
class AtSet:
    """One setting of ``at()``; within groups of ``over()`` values may differ, `group` names it then."""

    values: tuple[AtValue, ...]
    group: str = ""


@dataclass(frozen=True, slots=True)
class MarginRow:
    """One margin.

    Attributes
    ----------
    column
        Its label: factors ``_at``, those of ``over()`` and of the term.
    variable
        Of ``dydx()``; empty for predictions.
    places
        ``(dimension, value)`` of every variable that tells it from others: levels of factors, values of ``at()``.
    """

    column: Column
    variable: str
    at: int
    places: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MarginsResult:
    """Margins in printed order.

    Attributes
    ----------
    title, expression
        As printed above the table.
    estimates, V
        Shapes (m,) and (m, m); NaN and 0 where not estimable.
    se, ll, ul, df
        Standard errors, limits at `level` percent, and degrees of freedom (infinite for z), (m,).
    dimensions
        Variables that tell the margins apart, in the order of the table; ``_at`` where values of ``at()`` alone do not.
    terms
        The terms of the list of margins, ``sector#female``.
    texts
        Dimension -> value -> what it is called, where value labels do not tell (contrasts, pairs).
    """

    title: str
    expression: str
    rows: tuple[MarginRow, ...]
    estimates: FloatArray
    V: FloatArray
    se: FloatArray
    ll: FloatArray
    ul: FloatArray
    df: FloatArray
    level: float
    dimensions: tuple[str, ...]
    terms: tuple[str, ...] = ()
    texts: Mapping[str, Mapping[float, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PostedResult:
    """What ``post`` makes estimation results: all that `engine.results.linear.LinearResult` wants, and no more.

    Names of `theta_names` carry their equation, ``id:sd(week)``; `depvar` is empty where there is no response.
    """

    columns: tuple[Column, ...]
    beta: FloatArray
    vcov_beta: FloatArray
    n_obs: int
    rank: int
    sample_rows: npt.NDArray[np.int64]
    depvar: str = ""
    df_residual: float = float("inf")
    theta_names: tuple[str, ...] = ()
    theta: FloatArray = field(default_factory=lambda: np.zeros(0))
    vcov_theta: FloatArray = field(default_factory=lambda: np.zeros((0, 0)))

    @property
    def ll(self) -> float:
        """NaN: there is no likelihood."""
        return float("nan")


def needs_model(result: object, command: str) -> None:
    """Raise r(321) where results were posted: they have no model that `command` could use."""
    if isinstance(result, PostedResult):
        raise StataError(
            321, f"{command} needs the results of a model; those active were posted: restore a model first"
        )


def needs_coefficients(result: LinearResult, command: str) -> None:
    """Raise r(321) where `needs_model` does, and where the model has no coefficient to combine."""
    needs_model(result, command)
    if not result.columns:
        raise StataError(321, f"{command} needs coefficients; the last model has none")
