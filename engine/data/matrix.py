"""Matrices with names: what ``matrix`` computes with and what ``e(b)``, ``e(V)`` and ``r(table)`` are."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Matrix:
    """A named matrix: `values` has shape (len(rows), len(cols)); a name may have an equation before a colon."""

    rows: tuple[str, ...]
    cols: tuple[str, ...]
    values: npt.NDArray[np.float64]

    @property
    def transposed(self) -> Matrix:
        """The matrix with rows and columns exchanged."""
        return Matrix(self.cols, self.rows, self.values.T)

    @property
    def symmetric(self) -> bool:
        """Whether it equals its transpose, but for rounding."""
        values = self.values
        return values.shape[0] == values.shape[1] and np.allclose(values, values.T, rtol=1e-8, atol=0.0)


def unnamed(values: npt.NDArray[np.float64]) -> Matrix:
    """Return a matrix whose rows are r1, r2, … and whose columns are c1, c2, …."""
    n_rows, n_cols = values.shape
    rows = tuple(f"r{i + 1}" for i in range(n_rows))
    return Matrix(rows, tuple(f"c{j + 1}" for j in range(n_cols)), values)


def place_of(name: str, names: tuple[str, ...]) -> int | None:
    """Return the place of a row or column called `name`, with or without its equation; None when there is none.

    A name that ends in a colon stands for the first row of that equation.
    """
    if name in names:
        return names.index(name)
    equation, colon, own = name.rpartition(":")
    if colon and not own:
        return next((i for i, full in enumerate(names) if full.partition(":")[0] == equation), None)
    return next((i for i, full in enumerate(names) if not colon and full.rpartition(":")[2] == name), None)


def renamed(names: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    """Return `names` replaced by `new`, the last of which serves for all that follow; equations stay unless given."""
    padded = [*new, *[new[-1]] * (len(names) - len(new))][: len(names)]
    equations = [name.rpartition(":")[:2] for name in names]
    return tuple(
        own if ":" in own else "".join(equation) + own for own, equation in zip(padded, equations, strict=True)
    )


def in_equations(names: tuple[str, ...], equations: tuple[str, ...]) -> tuple[str, ...]:
    """Return `names` with these equations before them, the last of which serves for all that follow."""
    padded = [*equations, *[equations[-1]] * (len(names) - len(equations))]
    bare = (name.rpartition(":")[2] for name in names)
    return tuple(f"{eq}:{name}" if eq != "_" else name for eq, name in zip(padded, bare, strict=False))


def with_names(matrix: Matrix, *, rows: tuple[str, ...] | None = None, cols: tuple[str, ...] | None = None) -> Matrix:
    """Return the matrix with other names."""
    return replace(matrix, rows=matrix.rows if rows is None else rows, cols=matrix.cols if cols is None else cols)
