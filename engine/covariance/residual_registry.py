"""Which residual structure stands behind which word of ``residuals()``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.covariance.residual import FloatArray, ResidualRole, ResidualStructure
from engine.covariance.residual_grid import Banded, Exchangeable, Independent
from engine.covariance.residual_heterogeneous import HeterogeneousAutoregressive, HeterogeneousExchangeable
from engine.covariance.residual_lag import Autoregressive, MovingAverage, Power, Toeplitz


@dataclass(frozen=True, slots=True)
class ResidualKind:
    """One word of ``residuals()``.

    Attributes
    ----------
    title
        Section title; ``{order}`` stands for the order.
    make
        Builds the structure from the distinct values (grid) or distances (lag) of t() and the order.
    times
        What it is built from: ``""``, ``"grid"`` or ``"lag"``.
    integer
        Whether t() must hold integers.
    ordered
        Whether the structure has an order.
    nested_by
        Whether by() must be constant within lowest-level groups.
    common
        Whether variances differ by time while all pairs of times share the parameter of their correlations.
    """

    title: str
    make: Callable[[FloatArray, int], ResidualStructure]
    times: str = ""
    integer: bool = False
    ordered: bool = False
    nested_by: bool = True
    common: bool = False


def _autoregressive(lags: FloatArray, order: int) -> ResidualStructure:
    return Power(lags, ResidualRole.CORRELATION) if order == 1 else Autoregressive(lags, order)


RESIDUAL_KINDS: Mapping[str, ResidualKind] = MappingProxyType(
    {
        "independent": ResidualKind("Independent", lambda times, order: Independent(), nested_by=False),
        "exchangeable": ResidualKind("Exchangeable", lambda times, order: Exchangeable()),
        "ar": ResidualKind("AR({order})", _autoregressive, "lag", integer=True, ordered=True),
        "ma": ResidualKind("MA({order})", MovingAverage, "lag", integer=True, ordered=True),
        "unstructured": ResidualKind(
            "Unstructured", lambda times, order: Banded(times, len(times) - 1), "grid", integer=True
        ),
        "banded": ResidualKind("Banded({order})", Banded, "grid", integer=True, ordered=True),
        "toeplitz": ResidualKind("Toeplitz({order})", Toeplitz, "lag", integer=True, ordered=True),
        "exponential": ResidualKind("Exponential", lambda lags, order: Power(lags, ResidualRole.PROPORTION), "lag"),
        "hexchangeable": ResidualKind(
            "Heterogeneous exchangeable (not in Stata)",
            lambda times, order: HeterogeneousExchangeable(times),
            "grid",
            integer=True,
            common=True,
        ),
        "har": ResidualKind(
            "Heterogeneous AR(1) (not in Stata)",
            lambda times, order: HeterogeneousAutoregressive(times),
            "grid",
            integer=True,
            common=True,
        ),
    }
)
"""Every residual structure of ``mixed``; the last two are not in Stata."""
