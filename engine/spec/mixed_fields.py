"""Which options of ``mixed`` are fields of the spec, and where: read and printed by the same table."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
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
    homes |= {"nostderr": Home.SPEC, "constraints": Home.SPEC}
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


def given(spec: MixedSpec | MixedReplay, name: str) -> bool:
    """Tell whether option `name` was given, whether the spec keeps it as a field or as text."""
    if any(option == name for option, _ in spec.others):
        return True
    field = FIELD_OF.get(name)
    if field is None:
        return False
    value = field.value(spec)
    return value is not None if field.argument else value is field.on


def without(spec: MixedSpec, names: Collection[str]) -> MixedSpec:
    """Return `spec` less the options named; ``weight``, ``residuals`` and weights of levels count as options."""
    spec = replace(spec, others=tuple(item for item in spec.others if item[0] not in names))
    for name in names:
        field = FIELD_OF.get(name)
        if field is not None and given(spec, name):
            spec = _cleared(spec, field)
    if "weight" in names:
        spec = replace(spec, weight=None)
    if "fweight" in names:
        spec = replace(spec, equations=tuple(replace(equation, fweight=None) for equation in spec.equations))
    if "pweight" in names:
        spec = replace(spec, equations=tuple(replace(equation, pweight=None) for equation in spec.equations))
    return replace(spec, residuals=None) if "residuals" in names else spec


def _cleared(spec: MixedSpec, field: OptionField) -> MixedSpec:
    holder: Any = spec if field.home is Home.SPEC else getattr(spec, field.home.value)
    default = next(each.default for each in fields(holder) if each.name == field.field)
    changed = replace(holder, **{field.field: default})
    return changed if field.home is Home.SPEC else replace(spec, **{field.home.value: changed})
