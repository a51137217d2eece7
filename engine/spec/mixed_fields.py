"""Which options of ``mixed`` are fields of the spec, and where: read and printed by the same table."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import Enum
from typing import Any

from engine.lang.declaration import OptionKind
from engine.spec.mixed import DisplayOptions, Maximization, Metric, MixedReplay, MixedSpec
from engine.spec.mixed_declaration import MIXED


class Home(Enum):
    """The part of a spec that holds an option."""

    SPEC = "spec"
    DISPLAY = "display"
    MAXIMIZATION = "maximization"


@dataclass(frozen=True, slots=True)
class OptionField:
    """An option that is a field.

    Attributes
    ----------
    on
        The value that the bare option stands for.
    argument
        True when the option has an argument, which is then the value.
    """

    option: str
    home: Home
    field: str
    on: Any = True
    argument: bool = False

    def value(self, spec: MixedSpec | MixedReplay) -> Any:
        """Return the field's value; None where a replay has no such part."""
        if self.home is Home.DISPLAY:
            return getattr(spec.display, self.field)
        if isinstance(spec, MixedReplay):
            return None
        return getattr(spec if self.home is Home.SPEC else spec.maximization, self.field)


def _table() -> tuple[OptionField, ...]:
    homes = {field.name: Home.DISPLAY for field in fields(DisplayOptions)}
    homes |= {field.name: Home.MAXIMIZATION for field in fields(Maximization)}
    homes["nostderr"] = Home.SPEC
    table: list[OptionField] = []
    for decl in MIXED.options:
        if decl.name in ("variance", "stddeviations"):
            table.append(OptionField(decl.name, Home.DISPLAY, "metric", Metric(decl.name)))
        elif decl.name in homes:
            argument = decl.kind is not OptionKind.FLAG
            table.append(OptionField(decl.name, homes[decl.name], decl.name, True, argument))
    return tuple(table)


OPTION_FIELDS = _table()
"""In the order of the declaration."""

FIELD_OF = {field.option: field for field in OPTION_FIELDS}
