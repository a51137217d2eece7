"""What trace, gradient, hessian, showstep and showtolerance add to an iteration of the log ([R] Maximize)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.data.formats import format_value
from engine.events import IterationDetail
from engine.spec.mixed import Maximization
from engine.tables.numbers import LIKELIHOOD, number_text

WIDTH = 78
_NAMES = 30
_COLUMNS = 4
_NUMBER = "%9.0g"
_SCIENTIFIC = "%10.0g"


def detail_lines(detail: IterationDetail, asked: Maximization) -> list[str]:
    """Return the lines between dashed separators, none where nothing was asked for."""
    lines: list[str] = []
    if asked.trace:
        lines += ["Parameter vector:", *_vector(detail.names, detail.parameters)]
    if asked.gradient:
        length = format_value(float(np.linalg.norm(detail.gradient)), _NUMBER).strip()
        lines += [f"Gradient vector (length = {length}):", *_vector(detail.names, detail.gradient)]
    if asked.hessian:
        if detail.hessian is None:
            lines += ["Hessian matrix: not computed in this iteration"]
        else:
            lines += ["Hessian matrix:", *_triangle(detail.names, detail.hessian)]
    if asked.showstep:
        lines += _steps(detail.steps)
    if asked.showtolerance:
        lines += _tolerances(detail)
    rule = "-" * WIDTH
    return [rule, *lines, rule] if lines else []


def _vector(names: tuple[str, ...], values: npt.NDArray[np.float64]) -> list[str]:
    return [
        f"  {name:<{_NAMES}}  {format_value(float(value), _NUMBER).strip():>9}"
        for name, value in zip(names, values, strict=True)
    ]


def _triangle(names: tuple[str, ...], matrix: npt.NDArray[np.float64]) -> list[str]:
    """Return the lower triangle, a few columns at a time; columns are numbered like the rows."""
    lines: list[str] = []
    for first in range(0, len(names), _COLUMNS):
        last = min(first + _COLUMNS, len(names))
        head = "".join(f"{f'({j + 1})':>11}" for j in range(first, last))
        lines.append(f"  {'':<{_NAMES + 5}}{head}")
        for i in range(first, len(names)):
            cells = "".join(
                f"{format_value(float(matrix[i, j]), _NUMBER).strip():>11}" for j in range(first, min(i + 1, last))
            )
            lines.append(f"  {f'({i + 1})':<5}{names[i]:<{_NAMES}}{cells}")
    return lines


def _steps(steps: tuple[tuple[float, float], ...]) -> list[str]:
    lines = []
    for number, (length, value) in enumerate(steps, start=1):
        direction = "backward" if length < 1.0 else "forward"
        shown = format_value(length, _NUMBER).strip()
        ll = number_text(value, LIKELIHOOD).strip()
        lines.append(f"({number}) stepping {direction}, step length = {shown}, log likelihood = {ll}")
    return lines


def _tolerances(detail: IterationDetail) -> list[str]:
    rows = (
        ("delta m = ", detail.parameter_change, "relative change of the parameters"),
        ("delta f = ", detail.value_change, "relative change of the log likelihood"),
        ("g inv(H) g' = ", detail.scaled_gradient, "scaled gradient"),
    )
    return [f"{name:>14}{_number(value):<12}{text}" for name, value, text in rows]


def _number(value: float) -> str:
    return "." if np.isnan(value) else format_value(value, _SCIENTIFIC).strip()
