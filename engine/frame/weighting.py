"""Weights and clusters of an estimation sample, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightNames:
    """Weights as the command names them.

    Attributes
    ----------
    kind, expression
        ``fweight`` or ``pweight`` of the observations and its expression; empty without.
    frequency, sampling
        For each level, top first, the expression of its weight; empty without.
    scale
        Method of ``pwscale()``; empty without.
    """

    kind: str
    expression: str
    frequency: tuple[str, ...]
    sampling: tuple[str, ...]
    scale: str = ""

    @property
    def is_sampling(self) -> bool:
        """Whether any weight is a sampling weight."""
        return self.kind == "pweight" or any(self.sampling)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weights:
    """How often rows and groups count in the likelihood ([ME] mixed, *Methods and formulas*, eq. 14).

    A weight multiplies the log of its group's integral inside the level above, as if the group stood there so often.

    Attributes
    ----------
    rows
        Weights of the observations, shape (n,); None for ones.
    groups
        For each level of the frame the weights of its groups, shape (G,); None for ones.
    n_obs
        Observations counted by frequency weights; sampling weights do not change the count.
    names
        What the command calls them.
    """

    rows: FloatArray | None
    groups: tuple[FloatArray | None, ...]
    n_obs: int
    names: WeightNames


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clusters:
    """Independent parts of the sample for robust standard errors.

    Attributes
    ----------
    name
        Variable that makes them; empty where every observation is one.
    codes
        Cluster of each row, shape (n,), 0 … n_clusters-1.
    given
        Whether ``vce(cluster …)`` named the variable; otherwise the top level does.
    """

    name: str
    codes: IntArray
    n_clusters: int
    given: bool
