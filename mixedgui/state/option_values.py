"""The options a dialog has switched on, as names and argument texts in a settled order."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from engine.api import OptionDecl


@dataclass(frozen=True, slots=True)
class OptionValues:
    """Options in force; an argument of None stands for a bare option."""

    items: tuple[tuple[str, str | None], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.items)

    def has(self, name: str) -> bool:
        """Tell whether option `name` is on."""
        return any(item == name for item, _ in self.items)

    def argument(self, name: str) -> str:
        """Return the argument of option `name`, empty when it is off or bare."""
        return next((argument or "" for item, argument in self.items if item == name), "")

    def without(self, names: Collection[str]) -> OptionValues:
        """Return these options less the ones named."""
        return OptionValues(tuple(item for item in self.items if item[0] not in names))

    def with_option(self, declared: tuple[OptionDecl, ...], name: str, argument: str | None = None) -> OptionValues:
        """Return these options with `name` set, in place where it is on, else where its declaration stands."""
        if self.has(name):
            return OptionValues(tuple((n, argument if n == name else a) for n, a in self.items))
        order = {decl.name: place for place, decl in enumerate(declared)}
        place = order.get(name, len(order))
        at = next((i for i, (n, _) in enumerate(self.items) if order.get(n, len(order)) > place), len(self.items))
        return OptionValues((*self.items[:at], (name, argument), *self.items[at:]))

    def texts(self) -> tuple[str, ...]:
        """Return each option as it is written in a command."""
        return tuple(name if argument is None else f"{name}({argument})" for name, argument in self.items)


NO_OPTIONS = OptionValues()
