"""Columns of a design matrix: what each one is, what it is called, and whether it is estimated."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class ColumnState(Enum):
    """Why a column takes part in estimation, or not; the value is the `status` of a result row."""

    ESTIMATED = ""
    BASE = "base"
    OMITTED = "omitted"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class ColumnPart:
    """One factor of a column.

    Attributes
    ----------
    variable
        Full variable name, with its canonical time-series operator if any (``L.x``).
    level
        Level of a categorical variable; None for a continuous one.
    base
        True when `level` is the variable's base level in this term (printed ``0b``; ``bn`` with `no_base`).
    no_base
        True for every level of an ``ibn.`` factor's first level mark (Stata marks the lowest level ``0bn``).
    """

    variable: str
    level: int | None = None
    base: bool = False
    no_base: bool = False

    @property
    def name(self) -> str:
        """``1.sector`` or ``ses``; inside an interaction a continuous part is written with ``c.`` by the column."""
        return self.variable if self.level is None else f"{self.level}.{self.variable}"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; without parts it is the constant."""

    parts: tuple[ColumnPart, ...]
    state: ColumnState = ColumnState.ESTIMATED

    @property
    def is_constant(self) -> bool:
        """Whether this is ``_cons``."""
        return not self.parts

    @property
    def is_interaction(self) -> bool:
        """Whether two or more factors are multiplied."""
        return len(self.parts) > 1

    @property
    def name(self) -> str:
        """Full coefficient name without base and omission marks: ``1.sector#c.ses``, ``c.age#c.age``, ``_cons``."""
        if self.is_constant:
            return "_cons"
        if not self.is_interaction:
            return self.parts[0].name
        return "#".join(part.name if part.level is not None else f"c.{part.name}" for part in self.parts)

    @property
    def marked_name(self) -> str:
        """Column name of ``e(b)`` with Stata's marks: ``1b.program``, ``0b.sector#co.ses``, ``o.ses``."""
        if self.is_constant:
            return "o._cons" if self.state is ColumnState.OMITTED else "_cons"
        inactive = self.state is not ColumnState.ESTIMATED
        if not self.is_interaction and self.parts[0].level is None:
            return f"o.{self.parts[0].variable}" if inactive else self.parts[0].variable
        return "#".join(_marked(part, inactive=inactive) for part in self.parts)


def _marked(part: ColumnPart, *, inactive: bool) -> str:
    """Mark a part; in a base cell the levels that are not base carry ``o`` (``0b.foreign#2o.rep78``)."""
    if part.level is None:
        return f"co.{part.variable}" if inactive else f"c.{part.variable}"
    if part.no_base:
        mark = "bn"
    elif part.base:
        mark = "b"
    else:
        mark = "o" if inactive else ""
    return f"{part.level}{mark}.{part.variable}"
