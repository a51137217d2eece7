"""``undo`` and ``redo``: changes of the data taken back, and done again.

Not in Stata. A history with ``undo`` in it can be run again like any other and ends in the same data.
"""

from __future__ import annotations

from engine.commands.base import Context, Effects, Run
from engine.errors import StataError
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, VarlistRule

UNDO = CommandDecl(
    name="undo",
    minimum=4,
    title="Take back changes of the data",
    help="Takes back the last change of the data, or the last # of them. Not in Stata.",
    varlist=VarlistRule.TEXT,
    examples=("undo", "undo 2"),
)

REDO = CommandDecl(
    name="redo",
    minimum=4,
    title="Do changes of the data again",
    help="Does the change of the data again that undo took back, or # of them. Not in Stata.",
    varlist=VarlistRule.TEXT,
    examples=("redo",),
)


def run_undo(command: Command, context: Context) -> Effects:
    """Go back; r(622) when there are not as many changes."""
    steps = context.steps
    count = _count(command, len(steps.done))
    for step in steps.done[: -count - 1 : -1]:
        context.say(f"(taken back: {_one_line(step.command)})")
    dataset, steps = steps.back(context.dataset, count)
    return Effects(dataset=dataset, steps=steps)


def run_redo(command: Command, context: Context) -> Effects:
    """Go forward; r(622) when there is nothing to do again."""
    steps = context.steps
    count = _count(command, len(steps.undone))
    for step in steps.undone[: -count - 1 : -1]:
        context.say(f"(done again: {_one_line(step.command)})")
    dataset, steps = steps.forward(context.dataset, count)
    return Effects(dataset=dataset, steps=steps)


def _one_line(command: str) -> str:
    first, _, rest = command.strip().partition("\n")
    return f"{first} …" if rest else first


def _count(command: Command, available: int) -> int:
    word = command.main.body.strip() or "1"
    verb = command.decl.name
    if not word.isascii() or not word.isdigit() or int(word) < 1:
        raise StataError(198, f"{verb} takes a number of changes, 1 without one", command.main.body_span)
    count = int(word)
    if not available:
        raise StataError(622, f"nothing to {verb}")
    if count > available:
        changes = "1 change" if available == 1 else f"{available} changes"
        raise StataError(622, f"there {'is' if available == 1 else 'are'} only {changes} to {verb}")
    return count


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = ((UNDO, run_undo), (REDO, run_redo))
