"""``clear``: no data in memory."""

from __future__ import annotations

from engine.commands.base import Context, Effects
from engine.data.dataset import Dataset
from engine.errors import StataError
from engine.lang.abbrev import matches
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, VarlistRule
from engine.results.stored import Stored

DECLARATION = CommandDecl(
    name="clear",
    minimum=5,
    title="Clear data",
    help="Removes the data and value labels from memory; clear all removes estimation results, matrices, programs and "
    "scalars too, clear matrix, clear programs and clear results one of them alone.",
    menu=("Data", "Clear data"),
    varlist=VarlistRule.TEXT,
    examples=("clear", "clear all"),
)

_KINDS = (("all", 3), ("matrix", 3), ("programs", 7), ("results", 7), ("mata", 4), ("ado", 3))
_DONE = ("", "all", "*", "matrix", "programs", "results", "mata", "ado")
"""What may follow; mata and ado have nothing to clear here."""


def run(command: Command, context: Context) -> Effects:
    """Empty the memory."""
    what = command.main.body
    kept = next((word for word, least in _KINDS if what and matches(what, word, least)), what)
    if kept not in _DONE:
        words = ", ".join(f"clear {word}" for word in _DONE if word)
        raise StataError(198, f"clear {what} is not available; there are clear and {words}", command.main.body_span)
    everything = kept == "all" or what == "*"
    return Effects(
        dataset=Dataset() if everything or not kept else None,
        clear_estimates=everything or kept == "results",
        r=Stored() if everything or kept == "results" else None,
        matrices=dict.fromkeys(context.matrices) if everything or kept == "matrix" else {},
        programs=dict.fromkeys(context.programs) if everything or kept == "programs" else {},
        scalars=dict.fromkeys(context.scalars) if everything else {},
        constraints={} if everything else None,
    )
