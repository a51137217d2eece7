"""All elements of e(b) with their covariance matrix, and the names by which users call them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.errors import Span, StataError
from engine.frame.columns import Column, ColumnState
from engine.lang.abbrev import nearest
from engine.lang.linear import LinearEquation, LinearTerm
from engine.results.estimates import Estimates, Hypotheses
from engine.results.linear import LinearResult

FloatArray: TypeAlias = npt.NDArray[np.float64]
_PART = re.compile(r"(?:(?:(?P<level>\d+)(?:bn|b|o)?|co|c|o|i)\.)?(?P<variable>\w+(?:\.\w+)?)")
_Parts: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Parameters:
    """Elements of e(b): the columns of the linear predictor, then the further parameters.

    Attributes
    ----------
    equations, names
        Of each element, as e(b) names it; equations are empty where e(b) has none.
    b, V
        Shapes (K,) and (K, K).
    """

    result: LinearResult
    equations: tuple[str, ...]
    names: tuple[str, ...]
    b: FloatArray
    V: FloatArray

    @property
    def n_columns(self) -> int:
        """How many belong to the linear predictor."""
        return len(self.result.columns)

    @property
    def labels(self) -> tuple[str, ...]:
        """Names as hypotheses show them: ``[weight]week``, ``week`` where e(b) has no equations."""
        pairs = zip(self.equations, self.names, strict=True)
        return tuple(f"[{equation}]{name}" if equation else name for equation, name in pairs)

    def combined(self, L: FloatArray) -> FloatArray:
        """Return L b for L of shape (m, K); NaN only where L takes an element that is not finite (ln 0)."""
        finite = np.isfinite(self.b)
        found = L @ np.where(finite, self.b, 0.0)
        return np.where(np.any(L[:, ~finite] != 0.0, axis=1), np.nan, found)


def parameters_of(estimates: Estimates) -> Parameters:
    """Return what e(b) and e(V) hold."""
    b, V = estimates.e.matrices["b"], estimates.e.matrices["V"]
    pairs = [name.rpartition(":")[::2] for name in b.cols]
    return Parameters(
        estimates.result,
        tuple(equation for equation, _ in pairs),
        tuple(name for _, name in pairs),
        b.values[0].copy(),
        V.values,
    )


def rows_of(equations: Sequence[LinearEquation], parameters: Parameters, span: Span | None) -> Hypotheses:
    """Return the hypotheses that equations state; r(111) for a coefficient that e(b) does not have."""
    R = np.zeros((len(equations), len(parameters.b)))
    r = np.array([equation.value for equation in equations])
    for row, equation in zip(R, equations, strict=True):
        for term in equation.terms:
            row[position(term, parameters, span)] += term.factor
    return Hypotheses(R, r)


def position(term: LinearTerm, parameters: Parameters, span: Span | None = None) -> int:
    """Return the place of a coefficient in e(b), an estimated one where a name comes twice; r(111) for none."""
    found = _within(_equation(term.equation, parameters, span), term.name, parameters)
    if found:
        return found[0]
    where = f" in equation {term.equation}" if term.equation else ""
    near = nearest(term.name, parameters.names)
    hint = f"; did you mean {near}?" if near else ""
    raise StataError(111, f"{term.name} not found{where}: it is no coefficient of the last fit{hint}", span)


def equation_positions(equation: str, parameters: Parameters, span: Span | None = None) -> list[int]:
    """Return the places of all elements of an equation; r(111) where there is none of that name."""
    return _equation(equation, parameters, span)


def _equation(name: str, parameters: Parameters, span: Span | None) -> list[int]:
    """Return the places of an equation (``#2`` counts them); without a name those of the linear predictor."""
    if not name:
        return list(range(parameters.n_columns)) if parameters.n_columns else list(range(len(parameters.b)))
    order = list(dict.fromkeys(parameters.equations))
    if name.startswith("#"):
        number = int(name[1:])
        name = order[number - 1] if 1 <= number <= len(order) else name
    if name == parameters.result.depvar and order == [""]:
        name = ""
    found = [i for i, own in enumerate(parameters.equations) if own == name]
    if not found:
        near = nearest(name, [each for each in order if each])
        hint = f"; did you mean {near}?" if near else ""
        raise StataError(111, f"equation [{name}] not found{hint}", span)
    return found


def _within(places: list[int], name: str, parameters: Parameters) -> list[int]:
    """Return the places whose name is `name`, whatever its marks and order; unambiguous abbreviations will do."""
    wanted = name_parts(name)
    found = [i for i in places if name == parameters.names[i]]
    if not found and wanted is not None:
        found = [i for i in places if name_parts(parameters.names[i]) == wanted]
    if not found and wanted is not None:
        variables = {v for i in places for _, v in name_parts(parameters.names[i]) or ()}
        full = tuple(sorted((level, _completed(variable, variables)) for level, variable in wanted))
        found = [i for i in places if name_parts(parameters.names[i]) == full]
    variances = np.diag(parameters.V)
    return sorted(found, key=lambda i: variances[i] == 0.0)


def _completed(word: str, names: Iterable[str]) -> str:
    full = [name for name in names if name.startswith(word)]
    return full[0] if len(full) == 1 else word


def name_parts(name: str) -> _Parts | None:
    """Return the levels and variables of a coefficient's name without marks, in one order; None for no such name."""
    parts = []
    for text in name.split("#"):
        match = _PART.fullmatch(text)
        if match is None:
            return None
        parts.append((match["level"] or "", match["variable"]))
    return tuple(sorted(parts))


def is_estimated(column: Column) -> bool:
    """Tell whether a column has a coefficient of its own."""
    return column.state is ColumnState.ESTIMATED
