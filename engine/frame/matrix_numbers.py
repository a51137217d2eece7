"""Functions of matrices that give a number: ``rowsof(A)``, ``el(A,i,j)``, ``colnumb(A,"x")``, … ([FN] Matrix)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.data.matrix import Matrix, place_of
from engine.data.missing import MISSING, is_missing
from engine.errors import StataError


@dataclass(frozen=True, slots=True)
class MatrixNumber:
    """One function: how many matrices come first, then how many numbers or texts, and the value."""

    run: Callable[[Sequence[Matrix], Sequence[float | str]], float]
    matrices: int = 1
    others: int = 0
    texts: bool = False
    """Whether what follows the matrices are texts."""


def element(matrix: Matrix, row: float, column: float) -> float:
    """Return an element by its place, counted from 1; missing outside the matrix."""
    n_rows, n_cols = matrix.values.shape
    if not (1 <= row < n_rows + 1 and 1 <= column < n_cols + 1):
        return MISSING
    value = float(matrix.values[int(row) - 1, int(column) - 1])
    return value if np.isfinite(value) else MISSING


def square(matrix: Matrix) -> Matrix:
    """Return the matrix; r(503) when it is not square."""
    if matrix.values.shape[0] != matrix.values.shape[1]:
        raise StataError(503, "conformability error: a square matrix is needed here")
    return matrix


def _el(matrices: Sequence[Matrix], others: Sequence[float | str]) -> float:
    row, column = (float(other) for other in others)
    return element(matrices[0], row, column)


def _place(rows: bool) -> Callable[[Sequence[Matrix], Sequence[float | str]], float]:
    def run(matrices: Sequence[Matrix], others: Sequence[float | str]) -> float:
        found = place_of(str(others[0]).strip(), matrices[0].rows if rows else matrices[0].cols)
        return MISSING if found is None else float(found + 1)

    return run


def _relative_difference(matrices: Sequence[Matrix], others: Sequence[float | str]) -> float:
    x, y = (matrix.values for matrix in matrices)
    if x.shape != y.shape:
        raise StataError(503, "conformability error: mreldif() compares matrices of one size")
    return float(np.max(np.abs(x - y) / (np.abs(y) + 1.0)))


NUMBERS: dict[str, MatrixNumber] = {
    "el": MatrixNumber(_el, others=2),
    "rowsof": MatrixNumber(lambda m, _: float(m[0].values.shape[0])),
    "colsof": MatrixNumber(lambda m, _: float(m[0].values.shape[1])),
    "rownumb": MatrixNumber(_place(rows=True), others=1, texts=True),
    "colnumb": MatrixNumber(_place(rows=False), others=1, texts=True),
    "det": MatrixNumber(lambda m, _: float(np.linalg.det(square(m[0]).values))),
    "trace": MatrixNumber(lambda m, _: float(np.trace(square(m[0]).values))),
    "diag0cnt": MatrixNumber(lambda m, _: float(np.count_nonzero(np.diag(square(m[0]).values) == 0.0))),
    "issymmetric": MatrixNumber(lambda m, _: float(m[0].symmetric)),
    "matmissing": MatrixNumber(lambda m, _: float(not np.isfinite(m[0].values).all())),
    "mreldif": MatrixNumber(_relative_difference, matrices=2),
}
"""The functions by name."""


def checked(name: str, matrices: Sequence[Matrix], others: Sequence[float | str]) -> float:
    """Return the value of a function; r(198) or r(109) for what it does not take, r(503) for a matrix of wrong size."""
    function = NUMBERS[name]
    if len(others) != function.others:
        raise StataError(198, f"{name}() does not take {function.matrices + len(others)} arguments")
    for other in others:
        if isinstance(other, str) != function.texts:
            raise StataError(109, f"type mismatch: {name}() needs {'text' if function.texts else 'a number'} here")
        if isinstance(other, float) and is_missing(np.asarray(other)):
            return MISSING
    with np.errstate(all="ignore"):
        value = function.run(matrices, others)
    return value if np.isfinite(value) else MISSING
