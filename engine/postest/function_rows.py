"""Averages of functions of the linear prediction with derivatives: elasticities and expressions in ``margins``.

A row stands for a function g of all elements of e(b), linearised at the estimates: (J, g - J b), to be taken with
(b, 1). So sums and differences of rows, their tests and contrasts are those of linear combinations (delta method).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol

import numpy as np
import numpy.typing as npt

from engine.errors import StataError
from engine.frame.columns import Column, ColumnPart
from engine.frame.columnvalues import FloatArray, Numeric, column_values
from engine.postest.average_rows import Fixing
from engine.postest.parameters import Parameters


class Change(Enum):
    """What ``margins`` differentiates: y or ln y with respect to x or ln x; values are the options' names."""

    DYDX = "dydx"
    EYEX = "eyex"
    DYEX = "dyex"
    EYDX = "eydx"

    @property
    def heading(self) -> str:
        """As printed: ``ey/ex``."""
        return f"{self.value[:2]}/{self.value[2:]}"

    @property
    def of_logarithm(self) -> bool:
        """Whether the prediction is in logarithms."""
        return self.value.startswith("ey")

    @property
    def by_proportion(self) -> bool:
        """Whether the variable is in logarithms."""
        return self.value.endswith("ex")


def linearised(parameters: Parameters) -> Parameters:
    """Return the parameters with a constant 1 of no variance behind them, which rows of functions end in."""
    V = np.pad(parameters.V, ((0, 1), (0, 1)))
    return replace(
        parameters, equations=(*parameters.equations, ""), names=(*parameters.names, ""),
        b=np.append(parameters.b, 1.0), V=V,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """The rows that are averaged.

    Attributes
    ----------
    columns
        All k columns of the linear predictor.
    numeric
        Values of a variable on the rows.
    weights, codes, n_groups
        Weight and group of each row.
    b
        All K elements of e(b), the k of the linear predictor first.
    """

    columns: Sequence[Column]
    numeric: Numeric
    weights: FloatArray
    codes: npt.NDArray[np.int64]
    n_groups: int
    b: FloatArray

    def design(self, fixing: Fixing) -> FloatArray:
        """Return the design with variables set as `fixing` says, (n, k)."""
        return self._columns([[column.parts] for column in self.columns], fixing)

    def derivative(self, fixing: Fixing, variable: str) -> FloatArray:
        """Return the derivative of the design with respect to a continuous variable, (n, k)."""
        terms = []
        for column in self.columns:
            places = [i for i, part in enumerate(column.parts) if part.variable == variable and part.level is None]
            terms.append([column.parts[:i] + column.parts[i + 1 :] for i in places])
        return self._columns(terms, fixing)

    def _columns(self, terms: Sequence[Sequence[tuple[ColumnPart, ...]]], fixing: Fixing) -> FloatArray:
        out = np.zeros((len(terms), len(self.weights)))
        for i, products in enumerate(terms):
            for parts in products:
                out[i] += self._product(parts, fixing)
        return out.T

    def _product(self, parts: tuple[ColumnPart, ...], fixing: Fixing) -> FloatArray:
        free = tuple(part for part in parts if part.variable not in fixing)
        factor = np.prod([fixing[part.variable].of(part) for part in parts if part.variable in fixing])
        return float(factor) * column_values(Column(free), self.numeric, len(self.weights))

    def average(self, values: FloatArray) -> FloatArray:
        """Return weighted means of values (n,) within groups."""
        return self.sums(self.weights * values) / self.sums(self.weights)

    def averages(self, columns: FloatArray, scale: FloatArray | float = 1.0) -> FloatArray:
        """Return weighted means within groups of each column of (n, k) times `scale` (n,): shape (G, k)."""
        weights, totals = self.weights * scale, self.sums(self.weights)
        return np.array([self.sums(weights * column) / totals for column in columns.T]).T

    def sums(self, values: FloatArray) -> FloatArray:
        """Return sums of values (n,) within groups, (G,)."""
        return np.asarray(np.bincount(self.codes, weights=values, minlength=self.n_groups), dtype=np.float64)

    def row(self, values: FloatArray, J: FloatArray) -> FloatArray:
        """Return linearised rows from values (G,) and derivatives (G, m) with respect to the first m parameters."""
        full = np.zeros((len(values), len(self.b) + 1))
        full[:, : J.shape[1]] = J
        full[:, -1] = values - J @ self.b[: J.shape[1]]
        return full


class FunctionRows(Protocol):
    """Linearised averages (n_groups, K + 1) with variables set to something."""

    def rows(self, fixing: Fixing) -> FloatArray:
        """Return the averages of the function itself, (G, K + 1)."""
        ...

    def slopes(self, fixing: Fixing, variable: str) -> FloatArray:
        """Return the averages of its derivative with respect to a continuous variable, (G, K + 1)."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Elasticities:
    """Averages of ln f and of derivatives in logarithms, f = x'b: df/dx times x, divided by f, or both."""

    observed: Observed
    change: Change

    def rows(self, fixing: Fixing) -> FloatArray:
        """Return averages of ln f; of f where it is not in logarithms."""
        X = self.observed.design(fixing)
        f = X @ self.observed.b[: X.shape[1]]
        observed = self.observed
        if not self.change.of_logarithm:
            return observed.row(observed.average(f), observed.averages(X))
        _positive(f, self.change)
        return observed.row(observed.average(np.log(f)), observed.averages(X, 1.0 / f))

    def slopes(self, fixing: Fixing, variable: str) -> FloatArray:
        """Return averages of the derivatives."""
        D = self.observed.derivative(fixing, variable)
        b = self.observed.b[: D.shape[1]]
        observed, scale = self.observed, np.ones(len(D))
        if self.change.by_proportion:
            fixed = fixing.get(variable)
            scale = scale * (self.observed.numeric(variable) if fixed is None else fixed.value)
        slope = D @ b
        if not self.change.of_logarithm:
            return observed.row(observed.average(scale * slope), observed.averages(D, scale))
        X = self.observed.design(fixing)
        f = X @ b
        _positive(f, self.change)
        share = scale / f
        J = observed.averages(D, share) - observed.averages(X, share * slope / f)
        return observed.row(observed.average(share * slope), J)


def _positive(f: FloatArray, change: Change) -> None:
    """Raise r(498) where a prediction has no logarithm."""
    bad = int(np.sum(~(f > 0.0)))
    if bad:
        raise StataError(
            498, f"{change.value}() takes the logarithm of the prediction, and {bad:,} of the {len(f):,} predictions "
            "are zero or negative"
        )  # fmt: skip


Evaluated = Callable[[FloatArray, FloatArray, Fixing], FloatArray]
"""Values of an expression on the rows, from the linear prediction (n,), all of e(b), and what variables are set to."""
_STEPS = 1e-3 / 2.0 ** np.arange(3)


@dataclass(frozen=True, slots=True, eq=False)
class Expressions:
    """Averages of an expression of the linear prediction; derivatives by differences, extrapolated twice (Richardson).

    `direct` are the places of the coefficients that the expression names itself.
    """

    observed: Observed
    evaluated: Evaluated
    direct: tuple[int, ...]

    def rows(self, fixing: Fixing) -> FloatArray:
        """Return averages of the expression; r(498) where it has no value."""
        X, b = self.observed.design(fixing), self.observed.b
        f = X @ b[: X.shape[1]]
        values = self.evaluated(f, b, fixing)
        missing = int(np.sum(~np.isfinite(values)))
        if missing:
            raise StataError(498, f"the expression has no value for {missing:,} of the {len(values):,} observations")
        width = np.maximum(np.abs(f), 1.0)
        slope = _difference(lambda t: self.evaluated(f + t * width, b, fixing)) / width
        J = np.zeros((self.observed.n_groups, len(b)))
        J[:, : X.shape[1]] = self.observed.averages(X, slope)
        for place in self.direct:
            unit = np.zeros(len(b))
            unit[place] = size = max(abs(b[place]), 1.0)

            def along(t: float, unit: FloatArray = unit) -> FloatArray:
                return self.evaluated(f, b + t * unit, fixing)

            own = _difference(along) / size
            J[:, place] += self.observed.average(own)
        return self.observed.row(self.observed.average(values), J)

    def slopes(self, fixing: Fixing, variable: str) -> FloatArray:
        """Raise r(198): derivatives of expressions are not available."""
        raise StataError(198, f"the effect of {variable} on an expression is not available")


def _difference(function: Callable[[float], FloatArray]) -> FloatArray:
    """Return the derivative at zero of values (n,); r(498) where there is none."""
    rough = [(function(h) - function(-h)) / (2.0 * h) for h in _STEPS]
    once = [(4.0 * rough[k + 1] - rough[k]) / 3.0 for k in range(2)]
    found: FloatArray = (16.0 * once[1] - once[0]) / 15.0
    if not np.all(np.isfinite(found)):
        raise StataError(498, "the derivative of the expression cannot be computed at the estimates")
    return found
