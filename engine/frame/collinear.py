"""Which columns of a design matrix are linear combinations of earlier ones.

Columns are taken from left to right, the constant first where there is one, on a centred and scaled copy made chunk by
chunk. A column goes when the part of its sum of squares that earlier columns leave is below `TOLERANCE`. The
cross-product matrix decides clear cases; since it squares the condition number, any doubt is settled by an orthogonal
reduction of the rows, which resolves ratios down to the square of the machine precision.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.events import NEVER, CancelToken

FloatArray: TypeAlias = npt.NDArray[np.float64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]

TOLERANCE = 1e-13
"""Smallest share of a column's (centred) sum of squares that makes it a column of its own."""

_DOUBT = 1e-7
"""Shares below this are recomputed by the orthogonal reduction."""

_CONSTANT = 1e-13
"""A column whose spread, relative to its size, is below this is constant."""

_CHUNK = 1 << 15


@dataclass(frozen=True, slots=True)
class Independence:
    """Which columns to keep, shape (p,), and whether they reproduce the response without error."""

    kept: BoolArray
    exact_fit: bool = False


def independent_columns(
    X: FloatArray, *, constant: bool, y: FloatArray | None = None, cancel: CancelToken = NEVER
) -> Independence:
    """Find the columns of `X` that are not linear combinations of the constant and of earlier columns.

    Parameters
    ----------
    X
        Shape (n, p), without the constant.
    constant
        Whether the model has a constant, which is kept whatever happens.
    y
        Response, shape (n,); when given, whether the kept columns fit it exactly is told as well.
    cancel
        Checked once per chunk of rows.
    """
    p = X.shape[1]
    means = X.mean(axis=0) if constant else np.zeros(p)
    cancel.check()
    size = np.maximum(X.max(axis=0, initial=0.0), -X.min(axis=0, initial=0.0))
    y_mean = float(y.mean()) if constant and y is not None else 0.0
    table = _Table(X, means, np.where(size > 0, size, 1.0), y, y_mean, cancel)
    gram = sum((block.T @ block for block in table.blocks()), start=np.zeros((table.width, table.width)))
    varies = np.diag(gram) > len(X) * _CONSTANT**2
    shares = _shares_by_cholesky(gram, varies)
    if np.any(shares[varies] < _DOUBT):
        shares = _shares_by_rotation(_triangle(table), varies)
    kept = varies & (shares > TOLERANCE)
    return Independence(kept[:p], exact_fit=y is not None and not kept[p])


@dataclass(frozen=True, slots=True)
class _Table:
    """``[X y]``, centred and scaled by the largest absolute value, in blocks of rows."""

    X: FloatArray
    means: FloatArray
    scale: FloatArray
    y: FloatArray | None
    y_mean: float
    cancel: CancelToken

    @property
    def width(self) -> int:
        return int(self.X.shape[1]) + (self.y is not None)

    def blocks(self) -> Iterator[FloatArray]:
        p = self.X.shape[1]
        y_scale = 1.0
        if self.y is not None:
            y_scale = float(np.abs(self.y).max(initial=0.0)) or 1.0
        for start in range(0, len(self.X), _CHUNK):
            self.cancel.check()
            rows = self.X[start : start + _CHUNK]
            block = np.empty((len(rows), self.width), order="F")
            np.subtract(rows, self.means, out=block[:, :p])
            block[:, :p] /= self.scale
            if self.y is not None:
                block[:, p] = (self.y[start : start + _CHUNK] - self.y_mean) / y_scale
            yield block


def _shares_by_cholesky(gram: FloatArray, varies: BoolArray) -> FloatArray:
    """Return what earlier kept columns leave of each column's sum of squares, from the cross-products."""
    width = len(gram)
    shares = np.zeros(width)
    rows = np.zeros((width, width))
    used = 0
    for j in np.flatnonzero(varies):
        pivot = gram[j, j] - float(rows[:used, j] @ rows[:used, j])
        shares[j] = max(pivot / gram[j, j], 0.0)
        if shares[j] > TOLERANCE:
            rows[used] = (gram[j] - rows[:used, j] @ rows[:used]) / np.sqrt(pivot)
            used += 1
    return shares


def _triangle(table: _Table) -> FloatArray:
    """Return R of a QR decomposition of the whole table, reduced block by block."""
    triangle = np.empty((0, table.width))
    for block in table.blocks():
        triangle = np.asarray(np.linalg.qr(np.vstack([triangle, block]), mode="r"))
    return triangle


def _shares_by_rotation(triangle: FloatArray, varies: BoolArray) -> FloatArray:
    """Return the same shares by orthogonalising the columns of R twice against those kept."""
    shares = np.zeros(triangle.shape[1])
    basis = np.empty((triangle.shape[0], 0))
    for j in np.flatnonzero(varies):
        column = triangle[:, j]
        length = float(np.linalg.norm(column))
        rest = column - basis @ (basis.T @ column)
        rest = rest - basis @ (basis.T @ rest)
        left = float(np.linalg.norm(rest))
        shares[j] = (left / length) ** 2
        if shares[j] > TOLERANCE:
            basis = np.column_stack([basis, rest / left])
    return shares
