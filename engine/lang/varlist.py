"""The tree of a varlist with factor-variable and time-series operators; names stay as typed until bound to data."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from engine.errors import Span


class FactorKind(Enum):
    """What an operator prefix says about a variable."""

    PLAIN = ""
    CATEGORICAL = "i"
    CONTINUOUS = "c"


class BaseKind(Enum):
    """How the base level of a factor is chosen (``ib#.``, ``ib(#k).``, ``ib(first).``, ``ibn.`` …)."""

    DEFAULT = "default"
    VALUE = "value"
    ORDER = "order"
    FIRST = "first"
    LAST = "last"
    FREQUENT = "freq"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Operator:
    """Everything before the dot.

    Attributes
    ----------
    levels
        Levels selected by ``i(2/4).`` or ``2.``; None for all.
    omit
        Levels omitted by ``o2.``; with `omit_all` the whole variable (``o.x``).
    time
        Canonical time-series operator (``"L2D"``), empty when there is none.
    """

    kind: FactorKind = FactorKind.PLAIN
    base: BaseKind = BaseKind.DEFAULT
    base_value: int | None = None
    levels: tuple[int, ...] | None = None
    omit: tuple[int, ...] = ()
    omit_all: bool = False
    time: str = ""


PLAIN = Operator()


@dataclass(frozen=True, slots=True)
class VarRef:
    """One name, possibly abbreviated or with the wildcards ``* ? ~``; ``_all`` stands for every variable."""

    name: str
    operator: Operator = PLAIN
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class VarRange:
    """``first-last`` in data set order."""

    first: str
    last: str
    operator: Operator = PLAIN
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Group:
    """``i.(a b)``: the operator and any interaction distribute over the items."""

    items: tuple[VarListItem, ...]
    operator: Operator = PLAIN
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Interaction:
    """``a#b##c``: factors and, between each two, whether ``##`` (full) or ``#``."""

    factors: tuple[VarRef | VarRange | Group, ...]
    full: tuple[bool, ...]
    span: Span | None = field(default=None, compare=False)


VarListItem: TypeAlias = "VarRef | VarRange | Group | Interaction"


@dataclass(frozen=True, slots=True)
class VarList:
    """Items in the order typed."""

    items: tuple[VarListItem, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.items)
