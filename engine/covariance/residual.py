"""Structures of the residual errors within a lowest-level group ([ME] mixed, *Other residual-error structures*).

A structure describes one set of residual parameters (all groups, or one level of ``by()``). Its natural parameters are
``v``: first the reference variance, then variances, covariances or the parameters of a correlation function. The matrix
W of a group is made of few distinct numbers: `cells` says which one stands where, `table` gives the numbers with their
first and second derivatives with respect to v.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]


class ResidualRole(Enum):
    """What a natural parameter is; it decides transforms, names and the scale of its confidence interval."""

    VARIANCE = "variance"
    COVARIANCE = "covariance"
    CORRELATION = "correlation"
    PROPORTION = "proportion"
    COEFFICIENT = "coefficient"


SHAPES = (ResidualRole.CORRELATION, ResidualRole.PROPORTION, ResidualRole.COEFFICIENT)
"""Roles of parameters without the unit of a variance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidualParameter:
    """One natural parameter.

    Attributes
    ----------
    label
        What stands in the parentheses of ``var()`` and ``cov()``; the whole name of a shape parameter.
    variances
        Indices of the variances whose standard deviations scale a covariance; empty otherwise.
    suffix
        What distinguishes its ``e(b)`` name within the set.
    """

    role: ResidualRole
    label: str
    variances: tuple[int, int] | None = None
    suffix: str = ""

    @property
    def name(self) -> str:
        """Name in the variance metric: ``var(e)``, ``cov(e0,e4)``, ``rho``."""
        words = {ResidualRole.VARIANCE: "var", ResidualRole.COVARIANCE: "cov"}
        return f"{words[self.role]}({self.label})" if self.role in words else self.label

    @property
    def sd_name(self) -> str:
        """Name in the metric of standard deviations: ``sd(e)``, ``corr(e0,e4)``, ``rho``."""
        words = {ResidualRole.VARIANCE: "sd", ResidualRole.COVARIANCE: "corr"}
        return f"{words[self.role]}({self.label})" if self.role in words else self.label

    @property
    def degree(self) -> int:
        """1 where the parameter has the unit of a variance, 0 for a shape."""
        return 0 if self.role in SHAPES else 1


@dataclass(frozen=True, slots=True, eq=False)
class CellTable:
    """Distinct entries of W: `value` (U,), `first` (m, U); `second` (m, m, U), None where W is linear in v."""

    value: FloatArray
    first: FloatArray
    second: FloatArray | None


class ResidualStructure(ABC):
    """One set of residual parameters; `parameters` starts with the reference variance.

    Attributes
    ----------
    display
        Order in which the parameters are printed.
    """

    parameters: tuple[ResidualParameter, ...]
    display: tuple[int, ...]

    @property
    def m(self) -> int:
        """Number of natural parameters, the reference variance included."""
        return len(self.parameters)

    @abstractmethod
    def cells(self, times: FloatArray) -> IntArray:
        """Which number of the table stands where: `times` (S, T) to cells (S, T, T)."""

    @abstractmethod
    def table(self, v: FloatArray) -> CellTable:
        """Return the distinct entries of W at natural parameters `v` (m,)."""

    def feasible(self, v: FloatArray) -> bool:
        """Whether `v` (m,) can give a positive definite W; the factorisation has the last word."""
        return bool(v[0] > 0.0) and all(
            abs(value) < 1.0
            if parameter.role is ResidualRole.CORRELATION
            else 0.0 < value < 1.0
            if parameter.role is ResidualRole.PROPORTION
            else value > 0.0 or parameter.role is not ResidualRole.VARIANCE
            for parameter, value in zip(self.parameters, v, strict=True)
        )

    def invertible(self, v: FloatArray) -> FloatArray:
        """Return parameters `v` (m,) of an estimate, moved where its W has no inverse that predictions could use."""
        return v

    def from_free(self, g: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Map the optimiser's coordinates g (m,) to v and the Jacobian dv/dg (m, m).

        Log standard deviations, hyperbolic arctangents, logits; covariances through their correlations.
        """
        v, J = np.empty(self.m), np.zeros((self.m, self.m))
        for k, parameter in enumerate(self.parameters):
            v[k], J[k, k], _ = _inverse_link(parameter.role, g[k])
        for k, parameter in enumerate(self.parameters):
            if parameter.variances is not None:
                i, j = parameter.variances
                scale, r, slope = np.sqrt(v[i] * v[j]), v[k], J[k, k]
                v[k], J[k, k] = scale * r, scale * slope
                J[k, i] += v[k]
                J[k, j] += v[k]
        return v, J

    def curvature(self, g: FloatArray, gradient: FloatArray) -> FloatArray:
        """Return sum_k gradient_k d2 v_k / dg dg', shape (m, m)."""
        out = np.zeros((self.m, self.m))
        v, _ = self.from_free(g)
        for k, parameter in enumerate(self.parameters):
            r, slope, second = _inverse_link(parameter.role, g[k])
            if parameter.variances is None:
                out[k, k] += gradient[k] * second
                continue
            i, j = parameter.variances
            scale = np.sqrt(v[i] * v[j])
            direction = np.zeros(self.m)
            direction[i] += 1.0
            direction[j] += 1.0
            out += gradient[k] * scale * r * np.outer(direction, direction)
            out[k, k] += gradient[k] * scale * second
            out[k] += gradient[k] * scale * slope * direction
            out[:, k] += gradient[k] * scale * slope * direction
        return out

    def to_free(self, v: FloatArray) -> FloatArray:
        """Map natural parameters to the optimiser's coordinates."""
        return self.to_estimation(v)

    def to_estimation(self, v: FloatArray) -> FloatArray:
        """Map natural parameters to log sds, hyperbolic arctangents, logits; NaN at the edge of their range."""
        out = np.full(self.m, np.nan)
        for k, (parameter, value) in enumerate(zip(self.parameters, self.correlations(v), strict=True)):
            role = parameter.role
            if role is ResidualRole.VARIANCE and value > 0.0:
                out[k] = np.log(value)
            elif role in (ResidualRole.CORRELATION, ResidualRole.COVARIANCE) and abs(value) < 1.0:
                out[k] = np.arctanh(value)
            elif role is ResidualRole.PROPORTION and 0.0 < value < 1.0:
                out[k] = np.log(value / (1.0 - value))
            elif role is ResidualRole.COEFFICIENT:
                out[k] = value
        return out

    def estimation_jacobian(self, v: FloatArray) -> FloatArray:
        """Return d v / d alpha (m, m) for the metric of :meth:`to_estimation`."""
        return ResidualStructure.from_free(self, self.to_estimation(v))[1]

    def correlations(self, v: FloatArray) -> FloatArray:
        """Return standard deviations for variances, correlations for covariances, shapes as they are; shape (m,)."""
        out = np.array(v, dtype=np.float64)
        for k, parameter in enumerate(self.parameters):
            if parameter.role is ResidualRole.VARIANCE:
                out[k] = np.sqrt(max(v[k], 0.0))
            elif parameter.variances is not None:
                scale = np.sqrt(max(v[parameter.variances[0]], 0.0) * max(v[parameter.variances[1]], 0.0))
                out[k] = v[k] / scale if scale > 0.0 else np.nan
        return out


def _inverse_link(role: ResidualRole, g: float) -> tuple[float, float, float]:
    """Value of a parameter with its first and second derivative at its coordinate g; a covariance's correlation."""
    if role is ResidualRole.VARIANCE:
        value = float(np.exp(2.0 * g))
        return value, 2.0 * value, 4.0 * value
    if role in (ResidualRole.CORRELATION, ResidualRole.COVARIANCE):
        value = float(np.tanh(g))
        slope = 1.0 - value * value
        return value, slope, -2.0 * value * slope
    if role is ResidualRole.PROPORTION:
        value = float(1.0 / (1.0 + np.exp(-g)))
        slope = value * (1.0 - value)
        return value, slope, slope * (1.0 - 2.0 * value)
    return float(g), 1.0, 0.0
