"""``rename``: other names for variables."""

from __future__ import annotations

from dataclasses import replace

from engine.commands.base import Context, Effects
from engine.commands.data.rename_groups import read_renames
from engine.data.dataset import Dataset
from engine.data.names import why_illegal
from engine.data.panel import renamed_settings
from engine.errors import StataError
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, OptionDecl, Picks, VarlistRule

DECLARATION = CommandDecl(
    name="rename",
    minimum=3,
    title="Rename groups of variables",
    help="Gives variables other names: rename old new, rename (a b) (c d), rename x* y*, or letters in another case.",
    menu=("Data", "Data utilities", "Rename groups of variables"),
    varlist=VarlistRule.TEXT,
    picks=Picks.VARIABLES,
    text_label="Old names and new names",
    options=(
        OptionDecl(name="upper", minimum=1, label="In capitals", help="Write the names in capitals.", page="model"),
        OptionDecl(
            name="lower", minimum=1, label="In small letters", help="Write them in small letters.", page="model"
        ),
        OptionDecl(
            name="proper", minimum=1, label="Capital first", help="Write them with a capital first.", page="model"
        ),
    ),
    examples=("rename ses status", "rename (ses female) (status girl)", "rename m* new_*", "rename *, lower"),
)


def run(command: Command, context: Context) -> Effects:
    """Rename variables; r(110) when a new name is taken."""
    part, dataset = command.main, context.dataset
    pairs = [(old, new) for old, new in read_renames(part, dataset) if old != new]
    olds = [old for old, _ in pairs]
    taken = {name for name in dataset.names if name not in olds}
    for old, new in pairs:
        reason = why_illegal(new)
        if reason:
            raise StataError(198, f"{new} invalid name: {reason}", part.body_span)
        if new in taken:
            raise StataError(110, f"variable {new} already defined", part.body_span)
        if olds.count(old) > 1:
            raise StataError(198, f"{old} would have two new names", part.body_span)
        taken.add(new)
    return Effects(dataset=renamed(dataset, dict(pairs))) if pairs else Effects()


def renamed(dataset: Dataset, names: dict[str, str]) -> Dataset:
    """Return the data with variables under the names they have in `names`."""
    variables = tuple(replace(v, name=names.get(v.name, v.name)) for v in dataset.variables)
    columns = {names.get(name, name): column for name, column in dataset.columns.items()}
    characteristics = tuple((names.get(owner, owner), name, text) for owner, name, text in dataset.characteristics)
    passing = {old: f"{old} " for old in names}  # first to names that no variable can have: two may change places
    for old, between in passing.items():
        characteristics = renamed_settings(characteristics, old, between)
    for old, between in passing.items():
        characteristics = renamed_settings(characteristics, between, names[old])
    return replace(
        dataset,
        variables=variables,
        columns={variable.name: columns[variable.name] for variable in variables},
        sorted_by=tuple(names.get(name, name) for name in dataset.sorted_by),
        characteristics=characteristics,
        changed=True,
    )
