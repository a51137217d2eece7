"""Nonlinear functions of e(b) with standard errors by the delta method, derivatives by differences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from engine.data.dataset import Dataset
from engine.data.missing import is_missing
from engine.errors import StataError
from engine.frame.evaluate import Found, Lookup, evaluate_scalar
from engine.inference.coefficients import coefficient_tests
from engine.lang import expr
from engine.lang.linear import LinearTerm
from engine.postest.linear_tests import Combinations
from engine.postest.parameters import FloatArray, Parameters, position

Function: TypeAlias = Callable[[FloatArray], float]
_STEP = 1e-3
"""First step of the differences, in units of the size of a parameter or its standard error."""


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression with its name and text."""

    name: str
    text: str
    tree: expr.Expr


def function_of(asked: Expression, parameters: Parameters, dataset: Dataset, lookup: Lookup) -> Function:
    """Return the expression as a function of all elements of e(b); NaN where it has no value.

    Raises
    ------
    StataError
        r(111), when it is called, for what is no coefficient or not known.
    """
    none = Dataset(variables=dataset.variables[:0])

    def value(b: FloatArray) -> float:
        def known(node: expr.Stored | expr.Name) -> Found:
            if isinstance(node, expr.Stored) and node.kind in ("_b", "_coef"):
                written = node.name.replace("/", "/:", 1) if node.name.startswith("/") else node.name
                equation, _, name = written.replace("::", ":").rpartition(":")
                return float(b[position(LinearTerm(1.0, name, equation), parameters, node.span)])
            return lookup(node)

        with np.errstate(all="ignore"):
            found = evaluate_scalar(asked.tree, none, lookup=known)
        if isinstance(found, str):
            raise StataError(109, f"type mismatch: {asked.text} is text", asked.tree.span)
        return float("nan") if is_missing(np.array(found)) else float(found)

    return value


def delta_method(
    functions: Sequence[Function], parameters: Parameters, level: float, *, df: float | None = None
) -> tuple[Combinations, FloatArray]:
    """Return the functions at the estimates with their tests, and their covariance matrix (m, m).

    Raises
    ------
    StataError
        r(498) where a function has no value or no derivative at the estimates.
    """
    b = parameters.b
    values = np.array([function(b) for function in functions])
    if not np.all(np.isfinite(values)):
        raise StataError(498, "the expression has no value at the estimates")
    spread = np.sqrt(np.diag(parameters.V))
    J = np.array([_gradient(function, b, spread) for function in functions])
    if not np.all(np.isfinite(J)):
        raise StataError(498, "the derivative of the expression cannot be computed at the estimates")
    V = J @ parameters.V @ J.T
    each = np.full(len(values), parameters.result.df_residual if df is None else df)
    tests = coefficient_tests(values, np.diag(V), level, None if np.all(np.isposinf(each)) else each)
    return Combinations(values, tests, each), V


def _gradient(function: Function, b: FloatArray, spread: FloatArray) -> FloatArray:
    """Return derivatives by central differences, extrapolated twice (Richardson); zero for what does not vary."""
    out = np.zeros(len(b))
    for i in np.flatnonzero(spread > 0.0).tolist():
        size = _STEP * max(abs(b[i]), spread[i])
        if function(_moved(b, i, size)) == function(b) == function(_moved(b, i, -size)):
            continue
        rough = [_difference(function, b, i, size / 2**k) for k in range(3)]
        once = [(4.0 * rough[k + 1] - rough[k]) / 3.0 for k in range(2)]
        out[i] = (16.0 * once[1] - once[0]) / 15.0
    return out


def _difference(function: Function, b: FloatArray, i: int, step: float) -> float:
    high, low = _moved(b, i, step), _moved(b, i, -step)
    return (function(high) - function(low)) / float(high[i] - low[i])


def _moved(b: FloatArray, i: int, step: float) -> FloatArray:
    moved = b.copy()
    moved[i] += step
    return moved
