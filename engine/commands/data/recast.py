"""``recast``: another storage type for variables ([D] recast)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.commands.base import Context, Effects
from engine.errors import StataError
from engine.lang.declaration import CommandDecl, OptionDecl, Picks, VarlistRule

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from engine.lang.command import Command

_FORCE = OptionDecl(
    name="force", minimum=5, label="Even where values change", page="model",
    help="Rounds or cuts values that the new type cannot hold, and makes those too large for it missing.",
)  # fmt: skip
DECLARATION = CommandDecl(
    name="recast",
    minimum=6,
    title="Recast the storage type of variables",
    help="Changes how values are stored; a variable whose values would change stays as it is, unless force is given.",
    menu=("Data", "Data utilities", "Change storage type"),
    varlist=VarlistRule.TEXT,
    picks=Picks.VARIABLES,
    text_label="Type and variables",
    options=(_FORCE,),
    examples=("recast double mathach", "recast byte size, force"),
)


def run(command: Command, context: Context) -> Effects:
    """Change the types that can be changed and say which values would not survive; r(109) between text and numbers."""
    from engine.commands.data.storage import SHORTEST_STRINGS, read_storage
    from engine.frame.resolve import resolve_names

    part, dataset = command.main, context.dataset
    word, _, rest = part.body.partition(" ")
    if not rest.strip():
        raise StataError(100, "recast takes a storage type and variables: recast double x", part.body_span)
    storage = read_storage(word, part.body_span)
    if storage in SHORTEST_STRINGS:
        raise StataError(198, "recast wants the width of a string: str20", part.body_span)
    names = resolve_names(rest, dataset, span=part.body_span)
    text = storage.startswith("str")
    for name in names:
        if dataset.variable(name).is_string is not text:
            kind, other = ("numeric", "string") if text else ("string", "numeric")
            raise StataError(109, f"type mismatch: {name} is {kind}, and {word} a {other} type", part.body_span)
    changed = dataset
    for name in names:
        variable = dataset.variable(name)
        if variable.storage == storage:
            continue
        column, altered = _recast(dataset.texts(name) if text else dataset.numeric(name), storage, text=text)
        words = f"{altered:,} value{'' if altered == 1 else 's'}"
        if altered and not part.has("force"):
            context.say(f"{name}:  {words} would be changed; not changed")
            continue
        if altered:
            context.say(f"{name}:  {words} changed")
        changed = changed.with_variable(replace(variable, storage=storage), column)
    return Effects(dataset=changed) if changed is not dataset else Effects()


def _recast(values: npt.NDArray[Any], storage: str, *, text: bool) -> tuple[npt.NDArray[Any], int]:
    """Return values as a column of another type, and how many of them are not what they were."""
    import numpy as np

    from engine.commands.data.storage import fit
    from engine.data.missing import from_doubles

    kept = fit(values, storage)
    if text:
        return kept, sum(one != other for one, other in zip(kept, values, strict=True))
    return from_doubles(kept, storage), int(np.count_nonzero(~_same(kept, values)))


def _same(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Tell which numbers are equal; a missing value is equal to the same one."""
    import numpy as np

    same: npt.NDArray[np.bool_] = (one == other) | (np.isnan(one) & np.isnan(other))
    return same
