"""Linear constraints on fixed effects: R beta = r, and the model in the directions that stay free.

``beta = T beta_c + a`` with T an orthonormal basis of the null space of R and a the shortest solution ([ME] mixed,
*Methods and formulas*; [R] cnsreg); columns that no constraint names stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.errors import StataError
from engine.frame.columns import Column, ColumnState
from engine.lang.linear import LinearEquation, LinearTerm

FloatArray: TypeAlias = npt.NDArray[np.float64]

_SINGULAR = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Constraints:
    """Independent constraints on all k fixed columns: R (c, k), r (c,), and one line of text each."""

    R: FloatArray
    r: FloatArray
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FreeDirections:
    """``beta = T b + a`` over the estimated columns: T (p, p_c), a (p,)."""

    T: FloatArray
    a: FloatArray


def bind_constraints(equations: Sequence[LinearEquation], columns: Sequence[Column], depvar: str) -> Constraints | None:
    """Find the columns that `equations` name; redundant ones are left out.

    Raises
    ------
    StataError
        r(111) for a coefficient that the model does not have, r(412) where the constraints contradict each other.
    """
    R = np.zeros((len(equations), len(columns)))
    r = np.array([equation.value for equation in equations], dtype=np.float64)
    for row, equation in zip(R, equations, strict=True):
        for term in equation.terms:
            row[_position(term, columns, depvar)] += term.factor
    active = np.array([column.state is ColumnState.ESTIMATED for column in columns])
    R = np.where(active, R, 0.0)  # base and omitted coefficients are zero
    kept: list[int] = []
    for i in range(len(R)):
        before = R[kept]
        if np.linalg.matrix_rank(np.vstack((before, R[i])), tol=_SINGULAR) > len(kept):
            kept.append(i)
            continue
        weights = np.linalg.lstsq(before.T, R[i], rcond=None)[0] if kept else np.zeros(0)
        if abs(float(weights @ r[kept]) - r[i]) > 1e-9 * (1.0 + abs(r[i])):
            raise StataError(412, "redundant or inconsistent constraints: they contradict each other")
    if not kept:
        return None
    R, r = R[kept], r[kept]
    names = [f"[{depvar}]{column.marked_name}" for column in columns]
    return Constraints(R, r, tuple(_line(row, value, names) for row, value in zip(R, r, strict=True)))


def _position(term: LinearTerm, columns: Sequence[Column], depvar: str) -> int:
    if term.equation not in ("", depvar):
        raise StataError(
            111, f"equation [{term.equation}] not found: constraints() acts on the fixed effects, equation [{depvar}]"
        )
    wanted = term.name.replace("c.", "")
    for i, column in enumerate(columns):
        if term.name in (column.name, column.marked_name) or wanted == column.name.replace("c.", ""):
            return i
    raise StataError(111, f"a constraint names {term.name}, which is no coefficient of the model")


def _line(row: FloatArray, value: float, names: Sequence[str]) -> str:
    parts: list[str] = []
    for name, factor in zip(names, row, strict=True):
        if factor == 0.0:
            continue
        sign = "-" if factor < 0.0 else "+"
        size = "" if abs(factor) == 1.0 else f"{_plain(abs(factor))}*"
        lead = f" {sign} " if parts else "-" if sign == "-" else ""
        parts.append(f"{lead}{size}{name}")
    return f"{''.join(parts)} = {_plain(value)}"


def _plain(value: float) -> str:
    text = f"{value:.7g}"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def free_directions(constraints: Constraints, estimated: Sequence[int]) -> FreeDirections:
    """Return T and a for the estimated columns; columns without a constraint keep a direction of their own."""
    R = constraints.R[:, list(estimated)]
    p = R.shape[1]
    touched = np.flatnonzero(np.abs(R).any(axis=0))
    _, _, vectors = np.linalg.svd(R[:, touched])
    null = vectors[len(R) :].T
    others = np.setdiff1d(np.arange(p), touched)
    T = np.zeros((p, len(others) + null.shape[1]))
    T[np.ix_(touched, np.arange(null.shape[1]))] = null
    T[others, null.shape[1] + np.arange(len(others))] = 1.0
    a = np.zeros(p)
    a[touched] = np.linalg.lstsq(R[:, touched], constraints.r, rcond=None)[0]
    return FreeDirections(T, a)
