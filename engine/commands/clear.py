"""``clear``: no data in memory."""

from __future__ import annotations

from engine.commands.base import Context, Effects
from engine.data.dataset import Dataset
from engine.errors import StataError
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, VarlistRule

DECLARATION = CommandDecl(
    name="clear",
    minimum=5,
    title="Clear data",
    help="Removes the data and value labels from memory; clear all removes the estimation results too.",
    menu=("Data", "Clear data"),
    varlist=VarlistRule.TEXT,
    examples=("clear", "clear all"),
)


def run(command: Command, context: Context) -> Effects:
    """Empty the memory."""
    what = command.main.body
    if what not in {"", "all"}:
        raise StataError(198, f"clear {what} is not available; there are clear and clear all", command.main.body_span)
    return Effects(dataset=Dataset(), clear_estimates=what == "all")
