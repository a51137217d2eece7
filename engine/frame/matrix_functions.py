"""Functions that give a matrix: ``inv(A)``, ``J(r,c,x)``, ``vecdiag(A)``, … ([FN] Matrix)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.data.matrix import Matrix, unnamed
from engine.errors import StataError
from engine.frame.matrix_numbers import square

FloatMatrix: TypeAlias = npt.NDArray[np.float64]

LARGEST = 20_000_000
"""How many elements a matrix may have."""

MOST_NAMES = 65_534
"""How many rows or columns a matrix may have, as in Stata/MP."""

TOLERANCE = 1e-13
"""Relative size of a pivot at which a column counts as a combination of those before it."""


def sized(rows: float, cols: float) -> tuple[int, int]:
    """Return the size of a new matrix; r(503) for none, r(915) for one that is far too large."""
    if not (1 <= rows < np.inf and 1 <= cols < np.inf) or rows != int(rows) or cols != int(cols):
        raise StataError(503, "conformability error: a matrix has at least one row and one column")
    if rows * cols > LARGEST or max(rows, cols) > MOST_NAMES:
        message = f"it may have {LARGEST:,} elements, and {MOST_NAMES:,} rows or columns"
        raise StataError(915, f"unable to allocate matrix: {message}")
    return int(rows), int(cols)


def _whole(matrix: Matrix) -> Matrix:
    if not np.isfinite(matrix.values).all():
        raise StataError(504, "matrix has missing values")
    return matrix


def _symmetric(matrix: Matrix) -> Matrix:
    if not square(_whole(matrix)).symmetric:
        raise StataError(505, "matrix not symmetric")
    return matrix


def inverse(matrix: Matrix) -> Matrix:
    """Return the inverse, rows and columns exchanging their names; r(498) when there is none."""
    try:
        values = np.asarray(np.linalg.inv(square(_whole(matrix)).values), dtype=np.float64)
    except np.linalg.LinAlgError:
        raise StataError(498, "matrix is singular: it has no inverse; invsym() gives a generalized one") from None
    return Matrix(matrix.cols, matrix.rows, values)


def symmetric_inverse(matrix: Matrix) -> Matrix:
    """Return the inverse of a symmetric matrix with zeros for the rows and columns that others imply (swept out)."""
    values = _symmetric(matrix).values.copy()
    scale = np.abs(np.diag(values)).copy()
    dropped = []
    for k in range(len(values)):
        if abs(values[k, k]) <= TOLERANCE * max(scale[k], np.finfo(float).tiny):
            dropped.append(k)
        else:
            values = swept(values, k)
    values[dropped, :] = 0.0
    values[:, dropped] = 0.0
    return Matrix(matrix.cols, matrix.rows, (values + values.T) / 2)


def swept(values: FloatMatrix, k: int) -> FloatMatrix:
    """Return a matrix after a sweep on its k-th pivot, which is not 0."""
    pivot = values[k, k]
    result = values - np.outer(values[:, k], values[k, :]) / pivot
    result[k, :] = values[k, :] / pivot
    result[:, k] = -values[:, k] / pivot
    result[k, k] = 1.0 / pivot
    return np.asarray(result)


def cholesky(matrix: Matrix) -> Matrix:
    """Return the lower triangular factor; r(506) when the matrix is not positive definite."""
    try:
        values = np.asarray(np.linalg.cholesky(_symmetric(matrix).values), dtype=np.float64)
    except np.linalg.LinAlgError:
        raise StataError(506, "matrix not positive definite") from None
    return Matrix(matrix.rows, unnamed(values).cols, values)


def correlations(matrix: Matrix) -> Matrix:
    """Return the correlations of a covariance matrix."""
    sds = np.sqrt(np.diag(_symmetric(matrix).values))
    if not (sds > 0).all():
        raise StataError(506, "matrix not positive definite: a variance is not positive")
    return Matrix(matrix.rows, matrix.cols, matrix.values / np.outer(sds, sds))


def diagonal(matrix: Matrix) -> Matrix:
    """Return a square matrix with the elements of a row or column on its diagonal."""
    rows, cols = matrix.values.shape
    if min(rows, cols) != 1:
        raise StataError(503, "conformability error: diag() takes a row or a column; vecdiag() gives a diagonal")
    sized(max(rows, cols), max(rows, cols))
    names = matrix.cols if rows == 1 else matrix.rows
    return Matrix(names, names, np.diag(matrix.values.ravel()))


def diagonal_of(matrix: Matrix) -> Matrix:
    """Return the diagonal as a row."""
    return Matrix(("r1",), matrix.cols, np.diag(square(matrix).values)[np.newaxis, :].copy())


def stacked(matrix: Matrix) -> Matrix:
    """Return the columns under each other."""
    own = [name.rpartition(":")[2] for name in matrix.cols]
    names = tuple(f"{col}:{row.rpartition(':')[2]}" for col in own for row in matrix.rows)
    return Matrix(names, ("c1",), matrix.values.T.reshape(-1, 1).copy())


def lower_half(matrix: Matrix) -> Matrix:
    """Return the lower triangle of a symmetric matrix, column under column."""
    values = _symmetric(matrix).values
    columns, rows = np.triu_indices(len(values))
    names = tuple(f"{matrix.cols[j]}:{matrix.rows[i]}" for j, i in zip(columns, rows, strict=True))
    return Matrix(names, ("c1",), values[rows, columns][:, np.newaxis])


def from_lower_half(matrix: Matrix) -> Matrix:
    """Return the symmetric matrix whose lower triangle a row or column holds."""
    elements = matrix.values.ravel()
    size = int((np.sqrt(8.0 * len(elements) + 1.0) - 1.0) / 2.0)
    if min(matrix.values.shape) != 1 or size * (size + 1) // 2 != len(elements):
        raise StataError(503, "conformability error: invvech() takes a column with the elements of a triangle")
    values = np.zeros((size, size))
    columns, rows = np.triu_indices(size)
    values[rows, columns] = values[columns, rows] = elements
    return unnamed(values)


def product_of_elements(left: Matrix, right: Matrix) -> Matrix:
    """Return the products element by element; r(503) for different sizes."""
    if left.values.shape != right.values.shape:
        raise StataError(503, "conformability error: hadamard() takes matrices of one size")
    return Matrix(left.rows, left.cols, left.values * right.values)


ONE_MATRIX: dict[str, Callable[[Matrix], Matrix]] = {
    "inv": inverse, "invsym": symmetric_inverse, "syminv": symmetric_inverse, "cholesky": cholesky,
    "corr": correlations, "diag": diagonal, "vecdiag": diagonal_of, "vec": stacked, "vech": lower_half,
    "invvech": from_lower_half,
}  # fmt: skip
"""Functions of one matrix."""
