"""Values of expressions: a vectorised evaluator over the trees of `engine.lang.expr`.

Numbers are doubles with Stata's missing codes, so ``.`` and ``.a`` … ``.z`` compare larger than any number without
special cases; arithmetic with a missing value gives ``.``. Text is an object array of `str`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Dataset
from engine.data.dta_layout import STRL
from engine.data.matrix import Matrix, place_of
from engine.data.missing import MISSING, is_missing, missing_value
from engine.data.panel import at_other_times
from engine.errors import Span, StataError
from engine.frame.bygroups import ByGroups
from engine.frame.function import Arguments, Values
from engine.frame.functions import FUNCTIONS
from engine.frame.operators import ARITHMETIC, COMPARISONS, TEXT_OPERATORS, arithmetic
from engine.frame.resolve import ABBREVIATED, not_found, resolve_name
from engine.lang import expr
from engine.lang.functions import MATRIX_NUMBERS

Found: TypeAlias = "float | str | Values | Matrix | None"
Lookup: TypeAlias = Callable[[expr.Stored | expr.Name], Found]
"""Gives the value of ``r(…)``, ``e(…)``, ``c(…)``, ``_b[…]``, ``_se[…]`` or a scalar; None when there is none such.

``e(sample)`` may be an array of shape (n_obs,), and what is asked for as kind ``matrix`` is one.
"""


def no_results(node: expr.Stored | expr.Name) -> Found:
    """Know no stored results: the lookup of callers without a session."""
    return None


def evaluate(
    tree: expr.Expr,
    dataset: Dataset,
    *,
    lookup: Lookup = no_results,
    rng: np.random.Generator | None = None,
    groups: ByGroups | None = None,
    updated: tuple[str, Values] | None = None,
) -> Values:
    """Return the value of `tree` for every observation, shape (n_obs,).

    `groups` are those of ``by``; `updated` gives the values of a variable that subscripts find in earlier rows.

    Raises
    ------
    StataError
        109 text where a number is needed (or the reverse), 111 unknown variable or coefficient, 133 unknown function,
        198 wrong number of arguments.
    """
    values = _Evaluation(dataset, lookup, rng, groups=groups, updated=updated).value(tree)
    if values.ndim == 0:
        full = np.empty(dataset.n_obs, dtype=values.dtype)
        full[:] = values[()]
        return full
    return values


def evaluate_truth(
    tree: expr.Expr,
    dataset: Dataset,
    *,
    lookup: Lookup = no_results,
    rng: np.random.Generator | None = None,
    groups: ByGroups | None = None,
    updated: tuple[str, Values] | None = None,
) -> npt.NDArray[np.bool_]:
    """Return where `tree` is true for an observation, shape (n_obs,); what `evaluate` raises."""
    found = _Evaluation(dataset, lookup, rng, groups=groups, updated=updated).truth(tree)
    return np.broadcast_to(found, (dataset.n_obs,)) if found.ndim == 0 else found


def evaluate_scalar(
    tree: expr.Expr,
    dataset: Dataset,
    *,
    lookup: Lookup = no_results,
    rng: np.random.Generator | None = None,
) -> float | str:
    """Return the value of `tree` at the first observation (``display``); variables are missing without data."""
    values = _Evaluation(dataset, lookup, rng, draws=1).value(tree)
    if values.ndim == 0:
        first: Any = values[()]
    elif len(values):
        first = values[0]
    else:
        first = "" if values.dtype == object else MISSING
    return first if isinstance(first, str) else float(first)


@dataclass(slots=True)
class _Evaluation:
    """One evaluation; constants stay 0-dimensional until they meet a variable."""

    dataset: Dataset
    lookup: Lookup
    rng: np.random.Generator | None
    draws: int | None = None
    """How many random numbers a random function draws; None for one per observation."""
    groups: ByGroups | None = None
    """Groups of ``by``, within which observations are counted."""
    updated: tuple[str, Values] | None = None
    """A variable and the values that ``x[i]`` gives for earlier observations (``replace`` goes from row to row)."""

    def value(self, tree: expr.Expr) -> Values:
        """Return the value of a node."""
        match tree:
            case expr.Number(value=value):
                return np.asarray(value, dtype=np.float64)
            case expr.Missing(letter=letter):
                return np.asarray(missing_value(letter), dtype=np.float64)
            case expr.String(value=text):
                return _text(text)
            case expr.Name():
                return self._name(tree)
            case expr.Subscript():
                return self._subscript(tree)
            case expr.Element():
                return self._element(tree)
            case expr.TimeSeries():
                return self._time_series(tree)
            case expr.Stored():
                return self._stored(tree)
            case expr.Unary():
                return self._unary(tree)
            case expr.Binary():
                return self._binary(tree)
            case expr.Call():
                return self._call(tree)

    def _name(self, tree: expr.Name) -> Values:
        data = self.dataset
        if tree.name in data:
            return self._column(tree.name)
        if tree.name == "_n":
            numbers = np.arange(1, data.n_obs + 1, dtype=np.float64)
            return numbers if self.groups is None else numbers - self.groups.first
        if tree.name == "_N":
            return np.asarray(float(data.n_obs)) if self.groups is None else self.groups.size.astype(np.float64)
        if tree.name == "_pi":
            return np.asarray(np.pi)
        found = self.lookup(tree)
        if found is not None and not isinstance(found, Matrix):
            begun = sum(name.startswith(tree.name) for name in data.names) if ABBREVIATED.get() else 0
            if begun != 1:  # a variable goes before a scalar, also by a name that only it begins with
                return _constant(found)
        return self._column(resolve_name(tree.name, data, tree.span))

    def _column(self, name: str) -> Values:
        variable = self.dataset.variable(name)
        if not variable.is_string:
            return self.dataset.shared(name)
        texts = self.dataset.texts(name)
        if variable.storage == STRL and any(isinstance(text, bytes) for text in texts):
            return np.array([t.decode("latin-1") if isinstance(t, bytes) else t for t in texts], dtype=object)
        return texts

    def _subscript(self, tree: expr.Subscript) -> Values:
        if tree.name not in self.dataset and not self.dataset.variables:
            raise not_found(tree.name, self.dataset, tree.span)
        name = resolve_name(tree.name, self.dataset, tree.span)
        column = self._column(name)
        index = self._number(tree.index)
        position = np.where(is_missing(index), 0.0, np.trunc(index)) - 1.0
        inside = (position >= 0) & (position < (len(column) if self.groups is None else self.groups.size))
        if self.groups is not None:
            position = position + self.groups.first
        outside = ~inside
        blank: float | str = "" if column.dtype == object else MISSING
        if not len(column):
            return np.full(index.shape, blank, dtype=column.dtype)
        safe = np.where(outside, 0.0, position).astype(np.int64)
        result = np.asarray(column[safe], dtype=column.dtype)
        if self.updated is not None and self.updated[0] == name:
            earlier = safe < np.arange(len(column))
            result = np.where(earlier, self.updated[1][safe], result)
        if result.ndim == 0:
            return _constant(blank) if outside else result
        result[outside] = blank
        return result

    def _time_series(self, tree: expr.TimeSeries) -> Values:
        """Return a variable at other times; where it is being replaced, earlier rows have their new values."""
        data = self.dataset
        name = resolve_name(tree.name, data, tree.span)
        if data.variable(name).is_string:
            raise StataError(109, f"type mismatch: {name} holds text, and {tree.operator}. needs numbers", tree.span)
        values = data.numeric(name)
        updated = self.updated

        def current(rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
            if updated is None or updated[0] != name:
                return values
            renewed = values.copy()
            earlier = rows[(rows >= 0) & (rows < np.arange(len(rows)))]
            renewed[earlier] = updated[1][earlier]
            return renewed

        try:
            return at_other_times(data, tree.operator, current)
        except StataError as error:
            raise StataError(error.rc, error.message, tree.span) from None

    def _stored(self, tree: expr.Stored) -> Values:
        found = self.lookup(tree)
        if found is not None and not isinstance(found, Matrix):
            return _constant(found)
        if tree.kind in {"_b", "_se", "_coef"}:
            raise StataError(111, f"[{tree.name}] not found: the last estimates have no such coefficient", tree.span)
        return np.asarray(MISSING)

    def _number(self, tree: expr.Expr) -> Values:
        values = self.value(tree)
        if values.dtype == object:
            raise StataError(109, "type mismatch: a number is needed here, not text", tree.span)
        return values

    def _unary(self, tree: expr.Unary) -> Values:
        values = self._number(tree.operand)
        if tree.operator == "!":
            return np.asarray((values == 0.0).astype(np.float64))
        return np.asarray(np.where(is_missing(values), MISSING, -values if tree.operator == "-" else values))

    def truth(self, tree: expr.Expr) -> npt.NDArray[np.bool_]:
        """Return where an expression is true: not zero, missing values included; comparisons need no numbers for it."""
        if not isinstance(tree, expr.Binary) or tree.operator not in (*COMPARISONS, "&", "|"):
            return np.asarray(self._number(tree) != 0.0)
        if tree.operator in "&|":
            left, right = self.truth(tree.left), self.truth(tree.right)
            return np.asarray(left & right if tree.operator == "&" else left | right)
        first, second = self.value(tree.left), self.value(tree.right)
        texts = (first.dtype == object) + (second.dtype == object)
        if texts == 2:
            return np.asarray(TEXT_OPERATORS[tree.operator](first, second) != 0.0)
        if texts:
            raise StataError(109, f"type mismatch: {tree.operator} between {_kinds(first, second)}", tree.span)
        return np.asarray(COMPARISONS[tree.operator](first, second))

    def _binary(self, tree: expr.Binary) -> Values:
        if tree.operator in COMPARISONS or tree.operator in "&|":
            return self.truth(tree).astype(np.float64)
        left, right = self.value(tree.left), self.value(tree.right)
        texts = (left.dtype == object) + (right.dtype == object)
        if texts == 2 and tree.operator in TEXT_OPERATORS:
            return TEXT_OPERATORS[tree.operator](left, right)
        if texts:
            raise StataError(109, f"type mismatch: {tree.operator} between {_kinds(left, right)}", tree.span)
        return arithmetic(ARITHMETIC[tree.operator], left, right)

    def _element(self, tree: expr.Element) -> Values:
        """Return elements of a matrix: one, or one per observation where row or column is a variable."""
        matrix = self._matrix(tree.matrix, tree.span)
        rows = self._place(tree.row, matrix.rows)
        columns = self._place(tree.column, matrix.cols)
        inside = (rows >= 0) & (rows < len(matrix.rows)) & (columns >= 0) & (columns < len(matrix.cols))
        found = matrix.values[np.where(inside, rows, 0), np.where(inside, columns, 0)]
        return np.asarray(np.where(inside & np.isfinite(found), found, MISSING), dtype=np.float64)

    def _place(self, tree: expr.Expr, names: tuple[str, ...]) -> npt.NDArray[np.int64]:
        """Return places in a matrix counted from 0, -1 for none such."""
        values = self.value(tree)
        if values.dtype != object:
            return np.where(is_missing(values), -1.0, np.clip(np.trunc(values), 0.0, 1e9) - 1.0).astype(np.int64)
        places = [place_of(str(text).strip(), names) for text in values.ravel()]
        return np.array([-1 if place is None else place for place in places], dtype=np.int64).reshape(values.shape)

    def _matrix(self, name: str, span: Span | None) -> Matrix:
        found = self.lookup(expr.Stored("matrix", name))
        if not isinstance(found, Matrix):
            raise StataError(111, f"matrix {name} not found", span)
        return found

    def _matrix_number(self, tree: expr.Call) -> Values:
        """Return a function of matrices, which are named."""
        from engine.frame.matrix_numbers import NUMBERS, checked

        count = NUMBERS[tree.function].matrices
        names = [_matrix_name(argument) for argument in tree.arguments[:count]]
        if len(names) < count or "" in names:
            raise StataError(198, f"{tree.function}() takes the name of a matrix", tree.span)
        rest = [evaluate_scalar(a, self.dataset, lookup=self.lookup, rng=self.rng) for a in tree.arguments[count:]]
        try:
            value = checked(tree.function, [self._matrix(name, tree.span) for name in names], rest)
        except StataError as error:
            raise StataError(error.rc, error.message, error.span or tree.span) from None
        return np.asarray(value)

    def _call(self, tree: expr.Call) -> Values:
        if tree.function == "scalar":
            return self._scalar(tree)
        if tree.function in MATRIX_NUMBERS:
            return self._matrix_number(tree)
        function = FUNCTIONS.get(tree.function)
        if function is None:
            raise StataError(133, f"function {tree.function}() is not available in this version", tree.span)
        count = len(tree.arguments)
        if count < function.least or (function.most is not None and count > function.most):
            raise StataError(198, f"{tree.function}() takes {function.takes}, not {count}", tree.span)
        values = [self.value(argument) for argument in tree.arguments]
        for position, (argument, value) in enumerate(zip(tree.arguments, values, strict=True)):
            wanted = function.kinds[min(position, len(function.kinds) - 1)]
            if wanted != "a" and (value.dtype == object) != (wanted == "s"):
                need = "text" if wanted == "s" else "a number"
                raise StataError(109, f"type mismatch: {tree.function}() needs {need} here", argument.span or tree.span)
        if function.same_kind and len({value.dtype == object for value in values[function.same_kind - 1 :]}) > 1:
            raise StataError(109, f"type mismatch: {tree.function}() mixes text and numbers", tree.span)
        count = next((len(value) for value in values if value.ndim), self.draws or self.dataset.n_obs)
        return function.run(Arguments(tuple(values), count, self.rng, self.groups))

    def _scalar(self, tree: expr.Call) -> Values:
        """Return the scalar of this name even where a variable has the name too."""
        name = tree.arguments[0] if len(tree.arguments) == 1 else None
        found = self.lookup(name) if isinstance(name, expr.Name) else None
        if found is None or isinstance(found, Matrix):
            raise StataError(111, "scalar() takes the name of a scalar that was defined", tree.span)
        return _constant(found)


def _matrix_name(tree: expr.Expr) -> str:
    """Return the name of a matrix that stands as an argument, empty for what is none."""
    if isinstance(tree, expr.Name):
        return tree.name
    return f"{tree.kind}({tree.name})" if isinstance(tree, expr.Stored) and tree.kind in ("r", "e") else ""


def _kinds(left: Values, right: Values) -> str:
    words = ["text" if values.dtype == object else "a number" for values in (left, right)]
    return " and ".join(words)


def _text(text: str) -> Values:
    result = np.empty((), dtype=object)
    result[()] = text
    return result


def _constant(value: float | str | Values) -> Values:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, np.ndarray):
        kept = value.view()
        kept.flags.writeable = False  # it belongs to others
        return kept
    return np.asarray(value if np.isfinite(value) else MISSING, dtype=np.float64)
