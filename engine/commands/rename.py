"""``rename``: another name for a variable."""

from __future__ import annotations

from dataclasses import replace

from engine.commands.base import Context, Effects
from engine.data.panel import renamed_settings
from engine.errors import StataError
from engine.frame.resolve import check_new_name, resolve_name
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, VarlistRule

DECLARATION = CommandDecl(
    name="rename",
    minimum=3,
    title="Rename variable",
    help="Gives a variable another name.",
    menu=("Data", "Data utilities", "Rename groups of variables"),
    varlist=VarlistRule.TEXT,
    examples=("rename ses status",),
)


def run(command: Command, context: Context) -> Effects:
    """Rename one variable; r(110) when the new name is taken."""
    part, dataset = command.main, context.dataset
    words = part.body.split()
    if len(words) != 2:
        raise StataError(198, "rename takes the name of a variable and its new name", part.body_span)
    old = resolve_name(words[0], dataset, part.body_span)
    if old == words[1]:
        return Effects()
    new = check_new_name(words[1], dataset, part.body_span)
    variables = tuple(replace(v, name=new) if v.name == old else v for v in dataset.variables)
    columns = {variable.name: dataset.columns[old if variable.name == new else variable.name] for variable in variables}
    sorted_by = tuple(new if name == old else name for name in dataset.sorted_by)
    characteristics = renamed_settings(
        tuple((new if owner == old else owner, name, text) for owner, name, text in dataset.characteristics), old, new
    )
    return Effects(
        dataset=replace(
            dataset,
            variables=variables,
            columns=columns,
            sorted_by=sorted_by,
            characteristics=characteristics,
            changed=True,
        )
    )
