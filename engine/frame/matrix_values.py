"""Values of matrix expressions ([P] matrix define): numbers and matrices with the names of their rows and columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from engine.data.dataset import Dataset
from engine.data.matrix import Matrix, place_of, unnamed
from engine.data.missing import MISSING, is_missing
from engine.errors import Span, StataError
from engine.frame.evaluate import Lookup, evaluate_scalar
from engine.frame.matrix_functions import ONE_MATRIX, FloatMatrix, product_of_elements, sized, swept
from engine.frame.matrix_numbers import NUMBERS, checked
from engine.lang import expr
from engine.lang.matrix_expr import Applied, Combined, Cut, MatrixExpr, Named, Scalar, Signed, Stretch

Value: TypeAlias = float | Matrix


def evaluate_matrix(
    tree: MatrixExpr, dataset: Dataset, *, lookup: Lookup, rng: np.random.Generator | None = None
) -> Matrix:
    """Return the matrix that an expression gives; a number gives a matrix of one element.

    Raises
    ------
    StataError
        111 for a matrix that is not there, 503 for sizes that do not fit, 504 to 506 for matrices of a wrong kind,
        109 for a number where a matrix is needed and the reverse, 915 for what is far too large.
    """
    value = _Evaluation(dataset, lookup, rng).value(tree)
    return value if isinstance(value, Matrix) else unnamed(np.array([[value]]))


@dataclass(slots=True)
class _Evaluation:
    """One evaluation; missing numbers are nan within matrices."""

    dataset: Dataset
    lookup: Lookup
    rng: np.random.Generator | None

    def value(self, tree: MatrixExpr) -> Value:
        try:
            return self.of_node(tree)
        except StataError as error:
            raise error if error.span is not None else StataError(error.rc, error.message, tree.span) from None

    def of_node(self, tree: MatrixExpr) -> Value:
        match tree:
            case Scalar():
                return self.number_of(tree)
            case Named():
                return self.named(tree)
            case Signed():
                return self.signed(tree)
            case Combined():
                return self.combined(tree)
            case Cut():
                return self.cut(tree)
            case Applied():
                return self.applied(tree)

    def number_of(self, tree: Scalar) -> float:
        found = evaluate_scalar(tree.expression, self.dataset, lookup=self.lookup, rng=self.rng)
        if isinstance(found, str):
            raise StataError(109, "type mismatch: matrices hold numbers, not text", tree.span)
        return np.nan if is_missing(np.asarray(found)) else found

    def named(self, tree: Named) -> Value:
        matrix = self.lookup(expr.Stored("matrix", tree.name))
        if isinstance(matrix, Matrix):
            return matrix
        kind, bracket, inside = tree.name.partition("(")
        node = expr.Stored(kind, inside[:-1]) if bracket else expr.Name(tree.name)
        found = self.lookup(node)
        if isinstance(found, float | int):
            return np.nan if is_missing(np.asarray(float(found))) else float(found)
        raise StataError(111, f"matrix {tree.name} not found", tree.span)

    def signed(self, tree: Signed) -> Value:
        value = self.value(tree.operand)
        if isinstance(value, Matrix):
            return value.transposed if tree.operator == "'" else replace(value, values=-value.values)
        return value if tree.operator == "'" else -value

    def combined(self, tree: Combined) -> Value:
        left, right = self.value(tree.left), self.value(tree.right)
        if isinstance(left, Matrix) or isinstance(right, Matrix) or tree.operator in (",", "\\"):
            return _combined(tree.operator, left, right)
        with np.errstate(all="ignore"):
            result = float(_NUMBERS[tree.operator](np.float64(left), np.float64(right)))
        return result if np.isfinite(result) else np.nan

    def cut(self, tree: Cut) -> Value:
        matrix = self.matrix(tree.operand)
        rows = self.stretch(tree.rows, matrix.rows, "row", tree.span)
        cols = self.stretch(tree.columns, matrix.cols, "column", tree.span)
        single = not any((s.last is not None) or s.open or isinstance(s.first, str) for s in (tree.rows, tree.columns))
        values = matrix.values[rows, cols]
        if single:
            return float(values[0, 0])
        return Matrix(matrix.rows[rows], matrix.cols[cols], values.copy())

    def stretch(self, stretch: Stretch, names: tuple[str, ...], what: str, span: Span) -> slice:
        """Return rows or columns as a slice; r(503) for those that are not there."""
        first = self.place(stretch.first, names, what, span)
        if stretch.open:
            return slice(first, len(names))
        last = first if stretch.last is None else self.place(stretch.last, names, what, span)
        if isinstance(stretch.first, str) and stretch.last is None and stretch.first.endswith(":"):
            last = max(i for i, name in enumerate(names) if name.startswith(stretch.first))
        if last < first:
            raise StataError(503, f"conformability error: {what} {last + 1} comes before {what} {first + 1}", span)
        return slice(first, last + 1)

    def place(self, asked: MatrixExpr | str, names: tuple[str, ...], what: str, span: Span) -> int:
        if isinstance(asked, str):
            found = place_of(asked.strip(), names)
            if found is None:
                raise StataError(111, f"{what} {asked} not found in the matrix", span)
            return found
        value = self.number(asked)
        if not 1 <= value < len(names) + 1:
            shown = "." if np.isnan(value) else f"{value:g}"
            raise StataError(503, f"conformability error: {what} {shown} of a matrix with {len(names)}", span)
        return int(value) - 1

    def matrix(self, tree: MatrixExpr) -> Matrix:
        value = self.value(tree)
        if not isinstance(value, Matrix):
            raise StataError(109, "type mismatch: a matrix is needed here, not a number", tree.span)
        return value

    def number(self, tree: MatrixExpr) -> float:
        value = self.value(tree)
        if isinstance(value, Matrix) and value.values.shape == (1, 1):
            return float(value.values[0, 0])
        if isinstance(value, Matrix):
            raise StataError(109, "type mismatch: a number is needed here, not a matrix", tree.span)
        return value

    def applied(self, tree: Applied) -> Value:
        name, given = tree.function, tree.arguments
        if name in NUMBERS:
            return self.matrix_number(tree)
        if name in ONE_MATRIX and len(given) == 1:
            with np.errstate(all="ignore"):
                return ONE_MATRIX[name](_as_matrix(self.value(given[0])))
        if name == "nullmat" and len(given) == 1:
            return self.or_nothing(given[0])
        if name == "I" and len(given) == 1:
            size = self.number(given[0])
            return unnamed(np.eye(sized(size, size)[0]))
        if name == "J" and len(given) == 3:
            rows, cols, filled = (self.number(one) for one in given)
            return unnamed(np.full(sized(rows, cols), filled))
        if name == "matuniform" and len(given) == 2 and self.rng is not None:
            return unnamed(self.rng.random(sized(self.number(given[0]), self.number(given[1]))))
        if name == "hadamard" and len(given) == 2:
            return product_of_elements(self.matrix(given[0]), self.matrix(given[1]))
        if name == "sweep" and len(given) == 2:
            return self.sweep(tree)
        if name == "get":
            raise StataError(133, "get() is not available in this version: write e(b) or e(V)", tree.span)
        raise StataError(198, f"{name}() does not take {len(given)} argument{'s' * (len(given) != 1)}", tree.span)

    def sweep(self, tree: Applied) -> Matrix:
        matrix, k = self.matrix(tree.arguments[0]), self.number(tree.arguments[1])
        if matrix.values.shape[0] != matrix.values.shape[1] or not 1 <= k <= len(matrix.rows):
            raise StataError(503, "conformability error: sweep() takes a square matrix and one of its rows", tree.span)
        if matrix.values[int(k) - 1, int(k) - 1] == 0.0:
            raise StataError(498, "sweep() of a row whose pivot is 0", tree.span)
        return replace(matrix, values=swept(matrix.values, int(k) - 1))

    def or_nothing(self, tree: MatrixExpr) -> Matrix:
        """Return ``nullmat(A)``: the matrix, or one without rows and columns where there is none yet."""
        try:
            return _as_matrix(self.value(tree))
        except StataError as error:
            if error.rc != 111:
                raise
            return Matrix((), (), np.empty((0, 0)))

    def matrix_number(self, tree: Applied) -> float:
        function = NUMBERS[tree.function]
        matrices = [self.matrix(one) for one in tree.arguments[: function.matrices]]
        if len(matrices) < function.matrices:
            raise StataError(198, f"{tree.function}() needs the name of a matrix", tree.span)
        rest = tree.arguments[function.matrices :]
        others = [self.text(one) if function.texts else self.number(one) for one in rest]
        value = checked(tree.function, matrices, others)
        return np.nan if value >= MISSING else value

    def text(self, tree: MatrixExpr) -> float | str:
        if isinstance(tree, Scalar):
            return evaluate_scalar(tree.expression, self.dataset, lookup=self.lookup, rng=self.rng)
        return self.number(tree)


_NUMBERS: dict[str, Callable[[np.float64, np.float64], np.float64]] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "^": np.power, "#": np.multiply,
}  # fmt: skip


def _as_matrix(value: Value) -> Matrix:
    return value if isinstance(value, Matrix) else unnamed(np.array([[value]]))


def _combined(operator: str, left: Value, right: Value) -> Matrix:
    """Return an operation with at least one matrix, or a join; r(503) for sizes that do not fit."""
    if operator in (",", "\\"):
        return _joined(operator, _as_matrix(left), _as_matrix(right))
    if not (isinstance(left, Matrix) and isinstance(right, Matrix)):
        return _with_number(operator, left, right)
    a, b = left.values, right.values
    if operator in "+-" and a.shape == b.shape:
        return Matrix(left.rows, left.cols, a + b if operator == "+" else a - b)
    if operator == "*" and a.shape[1] == b.shape[0]:
        sized(a.shape[0], b.shape[1])
        return Matrix(left.rows, right.cols, _product(a, b))
    if operator == "#":
        sized(a.shape[0] * b.shape[0], a.shape[1] * b.shape[1])
        rows = tuple(f"{one.rpartition(':')[2]}:{two.rpartition(':')[2]}" for one in left.rows for two in right.rows)
        cols = tuple(f"{one.rpartition(':')[2]}:{two.rpartition(':')[2]}" for one in left.cols for two in right.cols)
        return Matrix(rows, cols, np.asarray(np.kron(a, b), dtype=np.float64))
    if operator in "+-*":
        sizes = f"{a.shape[0]} x {a.shape[1]} {operator} {b.shape[0]} x {b.shape[1]}"
        raise StataError(503, f"conformability error: {sizes}")
    raise StataError(109, f"type mismatch: {operator} is not possible between two matrices")


def _product(a: FloatMatrix, b: FloatMatrix) -> FloatMatrix:
    """Return a matrix product in which what a missing value touches is missing."""
    with np.errstate(all="ignore"):
        product = np.asarray(a @ b)
    return np.where(np.isfinite(product), product, np.nan)


def _with_number(operator: str, left: Value, right: Value) -> Matrix:
    """Return ``A*x``, ``x*A`` and ``A/x``."""
    matrix, number = (left, right) if isinstance(left, Matrix) else (right, left)
    assert isinstance(matrix, Matrix)
    assert isinstance(number, float)
    if matrix.values.shape == (1, 1) and operator in "+-":
        return _combined(operator, _as_matrix(left), _as_matrix(right))
    if operator == "*" or (operator == "/" and matrix is left):
        with np.errstate(all="ignore"):
            values = matrix.values * number if operator == "*" else matrix.values / np.float64(number)
        return replace(matrix, values=np.where(np.isfinite(values), values, np.nan))
    raise StataError(109, f"type mismatch: {operator} is not possible between a matrix and a number; use J()")


def _joined(operator: str, left: Matrix, right: Matrix) -> Matrix:
    """Return two matrices side by side, or one above the other; r(503) for sizes that do not fit."""
    if not left.values.size or not right.values.size:  # nullmat() of what is not there yet
        return right if not left.values.size else left
    axis = 1 if operator == "," else 0
    a, b = left.values.shape, right.values.shape
    if a[1 - axis] != b[1 - axis]:
        sizes = f"{a[0]} x {a[1]} {operator} {b[0]} x {b[1]}"
        raise StataError(503, f"conformability error: {sizes}")
    sized(a[0] + (0 if axis else b[0]), a[1] + (b[1] if axis else 0))
    values = np.concatenate([left.values, right.values], axis=axis)
    if axis:
        return Matrix(left.rows, _numbered("c", left.cols, right.cols), values)
    return Matrix(_numbered("r", left.rows, right.rows), left.cols, values)


def _numbered(letter: str, first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    """Return names after one another; those that only number are counted on."""
    if second == tuple(f"{letter}{i + 1}" for i in range(len(second))):
        second = tuple(f"{letter}{len(first) + i + 1}" for i in range(len(second)))
    return first + second
