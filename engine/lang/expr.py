"""The tree of a Stata expression; text comes from `engine.lang.printer`, values from `engine.frame.evaluate`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from engine.errors import Span


@dataclass(frozen=True, slots=True)
class Number:
    """A numeric literal; `text` is how it was written."""

    value: float
    text: str
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Missing:
    """``.`` (letter ``""``) or ``.a`` to ``.z``."""

    letter: str = ""
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class String:
    """A string literal without its quotes."""

    value: str
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A variable (possibly abbreviated), a scalar, or one of ``_n _N _pi``."""

    name: str
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Subscript:
    """``x[exp]``: the value of variable `name` at another observation."""

    name: str
    index: Expr
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Element:
    """``b[row, column]``: one number of a matrix, which may be ``e(b)``; names in quotes serve as places."""

    matrix: str
    row: Expr
    column: Expr
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class TimeSeries:
    """``L2.x`` and the like; `operator` is in canonical form (``L2D``)."""

    operator: str
    name: str
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Stored:
    """``r(name)``, ``e(name)``, ``c(name)``, ``_b[name]``, ``_se[name]``; `kind` stands before the bracket.

    Of kind ``matrix`` it is a matrix under its name, such as ``b`` or ``e(b)``.
    """

    kind: str
    name: str
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """``-x``, ``+x`` or ``!x`` (``~x`` is read as ``!x``)."""

    operator: str
    operand: Expr
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """``left operator right`` with ``^ / * - + != > < <= >= == & |`` (``~=`` is read as ``!=``)."""

    operator: str
    left: Expr
    right: Expr
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """``function(argument, …)``."""

    function: str
    arguments: tuple[Expr, ...]
    span: Span | None = field(default=None, compare=False)


Expr: TypeAlias = "Number | Missing | String | Name | Subscript | Element | TimeSeries | Stored | Unary | Binary | Call"
