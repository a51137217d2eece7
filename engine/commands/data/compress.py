"""``compress``: the smallest storage types that hold the values ([D] compress)."""

from __future__ import annotations

from dataclasses import replace

from engine.commands.base import Context, Effects
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, OptionDecl, VarlistRule

DECLARATION = CommandDecl(
    name="compress",
    minimum=8,
    title="Optimize variable storage",
    help="Gives each variable the smallest storage type that loses nothing.",
    menu=("Data", "Data utilities", "Optimize variable storage"),
    varlist=VarlistRule.OPTIONAL,
    options=(
        OptionDecl(name="nocoalesce", minimum=10, label="Leave strLs apart", help="Does nothing here.", page="model"),
    ),
    examples=("compress", "compress female sector"),
)

_WHOLE = (("byte", -127.0, 100.0), ("int", -32767.0, 32740.0), ("long", -2147483647.0, 2147483620.0))
_SIZES = {"byte": 1, "int": 2, "long": 4, "float": 4, "double": 8}


def run(command: Command, context: Context) -> Effects:
    """Change storage types, and say which."""
    from engine.data.missing import from_doubles
    from engine.frame.resolve import resolve_names

    part, dataset = command.main, context.dataset
    names = resolve_names(part.body, dataset, span=part.body_span) if part.body else dataset.names
    changed, saved = dataset, 0
    for name in names:
        variable = dataset.variable(name)
        storage = _smallest_text(name, context) if variable.is_string else _smallest(name, context)
        gain = _size(variable.storage) - _size(storage)
        if gain <= 0:
            continue
        saved += gain * dataset.n_obs
        context.say(f"  variable {name} was {variable.storage} now {storage}")
        column = dataset.columns[name] if variable.is_string else from_doubles(dataset.numeric(name), storage)
        format_ = (
            f"%{max(int(storage[3:]), 9)}s"
            if variable.is_string and variable.format == _usual(variable.storage)
            else None
        )
        changed = changed.with_variable(replace(variable, storage=storage, format=format_ or variable.format), column)
    context.say(f"  ({saved:,} bytes saved)")
    return Effects(dataset=changed) if changed is not dataset else Effects()


def _usual(storage: str) -> str:
    return f"%{storage[3:]}s"


def _size(storage: str) -> int:
    return _SIZES.get(storage) or (int(storage[3:]) if storage[3:].isdecimal() else 1 << 20)


def _smallest_text(name: str, context: Context) -> str:
    """Return the type that holds the longest text; a strL stays what it is."""
    variable = context.dataset.variable(name)
    if not variable.storage[3:].isdecimal():
        return variable.storage
    longest = max((len(str(text).encode()) for text in context.dataset.texts(name)), default=1)
    return f"str{max(longest, 1)}"


def _smallest(name: str, context: Context) -> str:
    """Return the smallest type for the values of a numeric variable."""
    import numpy as np

    from engine.data.missing import is_missing

    storage = context.dataset.variable(name).storage
    values = context.dataset.numeric(name)
    values = values[~is_missing(values)]
    if not len(values):
        return "byte"
    low, high = float(values.min()), float(values.max())
    if np.array_equal(values, np.trunc(values)):
        for kind, least, most in _WHOLE:
            if least <= low and high <= most:
                return kind if _size(kind) < _size(storage) else storage
    if (
        storage == "double"
        and max(abs(low), abs(high)) < 2.0**127
        and np.array_equal(values.astype(np.float32), values)
    ):
        return "float"
    return storage
