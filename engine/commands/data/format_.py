"""``format``: how a variable's values are shown."""

from __future__ import annotations

from dataclasses import replace

from engine.commands.base import Context, Effects
from engine.data.formats import check_format
from engine.errors import StataError
from engine.frame.resolve import resolve_names
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, Picks, VarlistRule

DECLARATION = CommandDecl(
    name="format",
    minimum=4,
    title="Set variables' display format",
    help="Sets how the values of variables are shown; the values themselves stay as they are.",
    menu=("Data", "Data utilities", "Set display format"),
    varlist=VarlistRule.TEXT,
    picks=Picks.VARIABLES,
    examples=("format mathach %9.2f",),
)


def run(command: Command, context: Context) -> Effects:
    """Set the format of some variables; r(120) when it is none, or none for their kind."""
    part, dataset = command.main, context.dataset
    words = part.body.split()
    formats = [word for word in words if word.startswith("%")]
    if len(formats) != 1 or words.index(formats[0]) not in {0, len(words) - 1} or len(words) < 2:
        raise StataError(
            198, "format takes variables and one display format, for example: format x %9.2f", part.body_span
        )
    fmt = formats[0]
    names = resolve_names(" ".join(word for word in words if word != fmt), dataset, span=part.body_span)
    for name in names:
        check_format(fmt, text=dataset.variable(name).is_string)
    variables = tuple(replace(v, format=fmt) if v.name in names else v for v in dataset.variables)
    return Effects(dataset=replace(dataset, variables=variables, changed=True))
