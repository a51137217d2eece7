"""``webuse``: example data by name."""

from __future__ import annotations

from engine.commands.base import Context, Effects
from engine.commands.files.arriving import CLEAR, refuse_loss
from engine.commands.files.file_names import naming_a_file, read_file_name
from engine.commands.files.use import load
from engine.data.sources import example_address, find
from engine.errors import StataError
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, Picks, VarlistRule

DECLARATION = CommandDecl(
    name="webuse",
    minimum=6,
    title="Example data",
    help="Loads an example data set of the manuals; it is downloaded once, when it is not on this computer.",
    menu=("File", "Example data..."),
    varlist=VarlistRule.TEXT,
    picks=Picks.DATA_SETS,
    options=(CLEAR,),
    examples=("webuse pig", "webuse productivity, clear"),
)


def run(command: Command, context: Context) -> Effects:
    """Load the example; r(4) when data in memory would be lost, r(601) when there is no such example."""
    part = command.main
    with naming_a_file(part.body_span):
        name = read_file_name(part.body)
        if name.split()[0] in {"set", "query"}:
            message = f"webuse {name.split()[0]} is not available; examples come from the publisher's site"
            raise StataError(198, message)
        if any(mark in name for mark in "/\\: "):
            raise StataError(198, f"webuse takes the name of an example; for a file or an address write use {name}")
        refuse_loss(context, clear=part.has("clear"))
        source = find(example_address(name), sink=context.sink, cancel=context.cancel)
        return Effects(dataset=load(source, context))
