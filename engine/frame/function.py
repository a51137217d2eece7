"""What a function of the expression language is: how many arguments of which kind, and how its values are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.data.missing import BLOCK, MISSING, all_numbers, is_missing, none_missing
from engine.frame.bygroups import ByGroups

Values: TypeAlias = npt.NDArray[Any]
"""float64 with missing codes, or an object array of str."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """Evaluated arguments: each of shape (n_obs,) or 0-dimensional; `rng` serves the random functions.

    `groups` are those of ``by``, within which running functions begin anew.
    """

    values: tuple[Values, ...]
    n_obs: int
    rng: np.random.Generator | None = None
    groups: ByGroups | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """One function.

    Attributes
    ----------
    kinds
        Per argument ``n`` number, ``s`` text, ``a`` either; the last letter holds for all that follow.
    least, most
        How many arguments; `most` is None when there is no limit.
    same_kind
        1-based position from which on all arguments have to be of one kind; 0 when it does not matter.
    """

    run: Callable[[Arguments], Values]
    kinds: str
    least: int
    most: int | None
    same_kind: int = 0

    @property
    def takes(self) -> str:
        """The number of arguments in words."""
        if self.most is None:
            return f"{self.least} or more arguments"
        if self.least == self.most:
            return f"{self.least} argument{'' if self.least == 1 else 's'}"
        return f"{self.least} to {self.most} arguments"


def tidy(result: Values, absent: Values | bool = False) -> Values:
    """Return doubles with ``.`` where `absent`, and where a computation gave no number."""
    if absent is False and result.dtype == np.float64 and all_numbers(result):
        return np.asarray(result)
    return np.asarray(np.where(absent | ~(np.abs(result) < MISSING), MISSING, result), dtype=np.float64)


def room_for(n: int, *operands: Values) -> Values:
    """Return memory for `n` results: that of an operand nobody else holds, which saves the time that new memory takes.

    Within an evaluation that is every operand that can be written to; the columns of the data cannot.
    """
    for values in operands:
        if values.shape == (n,) and values.dtype == np.float64 and values.flags.writeable:
            return values
    return np.empty(n)


def numeric(compute: Callable[..., Values], least: int, most: int | None = None) -> Function:
    """Return a function of numbers that is ``.`` where any argument is missing."""

    def run(arguments: Arguments) -> Values:
        n = max((len(values) for values in arguments.values if values.ndim), default=0)
        if n <= BLOCK:
            return on_numbers(*arguments.values)
        result = room_for(n, *arguments.values)
        for start in range(0, n, BLOCK):
            block = slice(start, start + BLOCK)
            result[block] = on_numbers(*(values[block] if values.ndim else values for values in arguments.values))
        return result

    def on_numbers(*given: Values) -> Values:
        with np.errstate(all="ignore"):
            if all(none_missing(values) for values in given):
                return tidy(compute(*given))
            absent: Values = np.zeros((), dtype=bool)
            for values in given:
                absent = absent | is_missing(values)
            return tidy(compute(*(np.where(is_missing(values), np.nan, values) for values in given)), absent)

    return Function(run, "n", least, least if most is None else most)


def special(name: str, *order: int) -> Callable[..., Values]:
    """Return `scipy.special.name`, imported at its first use, with its arguments taken in `order`."""

    def compute(*values: Values) -> Values:
        import scipy.special

        function = getattr(scipy.special, name)
        chosen = [values[i] for i in order] if order else values
        result: Values = np.asarray(function(*chosen), dtype=np.float64)
        return result

    return compute


def textual(compute: Callable[..., str], kinds: str, least: int | None = None) -> Function:
    """Return a function that gives text, computed cell by cell."""

    def run(arguments: Arguments) -> Values:
        return _cells(compute, arguments)

    return Function(run, kinds, len(kinds) if least is None else least, len(kinds))


def counting(compute: Callable[..., float | None], kinds: str, least: int | None = None) -> Function:
    """Return a function that gives a number (None for ``.``), computed cell by cell."""

    def run(arguments: Arguments) -> Values:
        cells = _cells(compute, arguments)
        numbers = [MISSING if cell is None else float(cell) for cell in cells.flat]
        return np.array(numbers, dtype=np.float64).reshape(cells.shape)

    return Function(run, kinds, len(kinds) if least is None else least, len(kinds))


def _cells(compute: Callable[..., Any], arguments: Arguments) -> Values:
    """Return the results as an object array of the arguments' common shape."""
    result = np.frompyfunc(compute, len(arguments.values), 1)(*arguments.values)
    if isinstance(result, np.ndarray):
        return result
    single = np.empty((), dtype=object)
    single[()] = result
    return single
