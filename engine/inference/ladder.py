"""The ladder of powers: nine transformations of a variable, with names and formulas as Stata prints them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Power:
    """One transformation.

    Attributes
    ----------
    name, formula
        ``1/(Square root)`` and ``1/sqrt({})``, the braces standing for the variable.
    lowest
        Values have to be above this (`open_end`) or at least this; minus infinity for any.
    """

    name: str
    formula: str
    change: Callable[[FloatArray], FloatArray]
    lowest: float = -np.inf
    open_end: bool = False

    def of(self, values: FloatArray) -> FloatArray | None:
        """Return the transform of nonmissing values (n,), None where one of them has none or it overflows."""
        low = float(values.min()) if len(values) else 0.0
        if low < self.lowest or (self.open_end and low == self.lowest):
            return None
        with np.errstate(all="ignore"):
            changed = self.change(values)
        return changed if np.isfinite(changed).all() else None


POWERS = (
    Power("Cubic", "{}^3", lambda x: x**3),
    Power("Square", "{}^2", lambda x: x**2),
    Power("Identity", "{}", lambda x: x.copy()),
    Power("Square root", "sqrt({})", np.sqrt, lowest=0.0),
    Power("Log", "log({})", np.log, lowest=0.0, open_end=True),
    Power("1/(Square root)", "1/sqrt({})", lambda x: 1.0 / np.sqrt(x), lowest=0.0, open_end=True),
    Power("Inverse", "1/{}", lambda x: 1.0 / x, lowest=0.0, open_end=True),
    Power("1/Square", "1/({}^2)", lambda x: x**-2.0, lowest=0.0, open_end=True),
    Power("1/Cubic", "1/({}^3)", lambda x: x**-3.0, lowest=0.0, open_end=True),
)
"""In the order of the table ([R] ladder). The sign of the reciprocals does not matter to any test of normality."""
