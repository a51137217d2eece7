"""The operators of expressions on whole columns: arithmetic that keeps missing values missing, comparison, text.

Operands are float64 arrays with Stata's missing codes or object arrays of str, of shape (n_obs,) or ().
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from engine.data.missing import BLOCK, MISSING, all_numbers, is_missing, none_missing
from engine.frame.function import Values, room_for

Operation: TypeAlias = Callable[[Values, Values], Values]


def arithmetic(operation: Operation, left: Values, right: Values) -> Values:
    """Return a numeric operation; ``.`` where an operand is missing or the result is not a number."""
    n = max(len(values) if values.ndim else 0 for values in (left, right))
    with np.errstate(all="ignore"):
        if n <= BLOCK:
            return _checked(operation, left, right)
        result = room_for(n, left, right)
        for start in range(0, n, BLOCK):
            block = slice(start, start + BLOCK)
            a, b = (values[block] if values.ndim else values for values in (left, right))
            result[block] = _checked(operation, a, b)
    return result


def _checked(operation: Operation, left: Values, right: Values) -> Values:
    """Return an operation on values that are few enough to stay at hand for the checks."""
    result = np.asarray(operation(left, right))
    if all_numbers(result) and none_missing(left) and none_missing(right):
        return result
    absent = is_missing(left) | is_missing(right)
    return np.asarray(np.where(absent | ~(np.abs(result) < MISSING), MISSING, result))


def _power(left: Values, right: Values) -> Values:
    if right.ndim == 0 and right == 2.0:  # the same number, and much faster
        return np.asarray(left * left)
    return np.asarray(np.power(left, right))


ARITHMETIC: dict[str, Operation] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "^": _power,
}  # fmt: skip

COMPARISONS: dict[str, Operation] = {
    "==": np.equal, "!=": np.not_equal, "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip


def _text_comparison(compare: np.ufunc) -> Operation:
    def run(left: Values, right: Values) -> Values:
        return np.asarray(compare(left, right), dtype=np.float64)

    return run


def _joined(left: Values, right: Values) -> Values:
    return np.asarray(np.frompyfunc(lambda a, b: a + b, 2, 1)(left, right), dtype=object)


TEXT_OPERATORS: dict[str, Operation] = {
    "+": _joined,
    "==": _text_comparison(np.equal),
    "!=": _text_comparison(np.not_equal),
    "<": _text_comparison(np.less),
    "<=": _text_comparison(np.less_equal),
    ">": _text_comparison(np.greater),
    ">=": _text_comparison(np.greater_equal),
}
