"""The tree of a matrix expression ([P] matrix define)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from engine.errors import Span
from engine.lang.expr import Expr


@dataclass(frozen=True, slots=True)
class Scalar:
    """A number: any expression of the language."""

    expression: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Named:
    """A matrix, or a scalar, under its name: ``A``, ``e(V)``."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Signed:
    """``-A`` or ``A'``; `operator` is ``-`` or ``'``."""

    operator: str
    operand: MatrixExpr
    span: Span


@dataclass(frozen=True, slots=True)
class Combined:
    r"""Two operands with ``# / * - + , \`` between them, and ``^`` between numbers."""

    operator: str
    left: MatrixExpr
    right: MatrixExpr
    span: Span


@dataclass(frozen=True, slots=True)
class Applied:
    """``function(argument, …)``."""

    function: str
    arguments: tuple[MatrixExpr, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows or columns of a part: ``3``, ``2..4``, ``2...`` (`open`), ``"name"`` or a text that is one."""

    first: MatrixExpr | str
    last: MatrixExpr | str | None
    open: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """``A[rows, columns]``: a part of a matrix."""

    operand: MatrixExpr
    rows: Stretch
    columns: Stretch
    span: Span


MatrixExpr: TypeAlias = "Scalar | Named | Signed | Combined | Applied | Cut"
