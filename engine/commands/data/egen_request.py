"""One call of an ``egen`` function, and what a function is ([D] egen)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context
from engine.data.missing import is_missing
from engine.errors import Span, StataError
from engine.frame.groups import Codes
from engine.frame.resolve import resolve_names
from engine.lang.command import Part
from engine.lang.expr import Expr
from engine.lang.parse_expr import parse_expression

FloatArray = npt.NDArray[np.float64]
StringArray: TypeAlias = npt.NDArray[Any]
"""An object array of str."""


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """One call: the text in the brackets, where it stands, the sample, and the group of each observation."""

    argument: str
    span: Span
    part: Part
    context: Context
    sample: npt.NDArray[np.bool_]
    codes: Codes

    def expression(self) -> Expr:
        """Return the argument as an expression."""
        return parse_expression(self.argument, self.span[0])

    def numbers(self) -> FloatArray:
        """Return the values of the argument as an expression; r(109) for text."""
        values = self.context.values(self.expression())
        if values.dtype == object:
            raise StataError(109, "type mismatch: a number is needed here, not text", self.span)
        return values

    def names(self) -> tuple[str, ...]:
        """Return the argument as variables."""
        found = resolve_names(self.argument, self.context.dataset, span=self.span)
        if not found:
            raise StataError(100, "varlist required", self.span)
        return found

    def columns(self) -> FloatArray:
        """Return the argument's variables, shape (n_obs, k), NaN where missing."""
        data = self.context.dataset
        for name in self.names():
            if data.variable(name).is_string:
                raise StataError(109, f"type mismatch: {name} holds text", self.span)
        stacked = np.column_stack([data.numeric(name) for name in self.names()])
        return np.where(is_missing(stacked), np.nan, stacked)

    def number(self, option: str, default: float) -> float:
        """Return the argument of a numeric option."""
        use = self.part.option(option)
        return default if use is None or use.argument is None else float(use.argument)


@dataclass(frozen=True, slots=True)
class EgenFunction:
    """One function; `options` are those it takes besides by(), `bare` says that it needs no argument.

    The result is numbers, NaN where missing, or text.
    """

    run: Callable[[Request], FloatArray | StringArray]
    byable: bool = True
    options: frozenset[str] = field(default_factory=frozenset)
    storage: str = "float"
    bare: bool = False
