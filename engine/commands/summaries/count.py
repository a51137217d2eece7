"""``count``: how many observations satisfy a condition."""

from __future__ import annotations

from engine.commands.base import Context, Effects
from engine.lang.command import Command
from engine.lang.declaration import ByRule, CommandDecl
from engine.results.stored import Stored

DECLARATION = CommandDecl(
    name="count",
    minimum=3,
    title="Count observations satisfying condition",
    help="Counts observations.",
    menu=("Data", "Data utilities", "Count observations satisfying condition"),
    by=ByRule.EACH,
    allow_if=True,
    allow_in=True,
    examples=("count", "count if mathach > 20"),
    results=(("r(N)", "number of observations"),),
)


def run(command: Command, context: Context) -> Effects:
    """Print the count and store it in r(N)."""
    from engine.tables.data import count_lines

    part = command.main
    count = int(context.selected(part).sum())
    context.emit(count_lines(count))
    return Effects(r=Stored({"N": float(count)}))
