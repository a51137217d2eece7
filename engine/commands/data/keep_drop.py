"""``keep`` and ``drop``: variables or observations out of the data."""

from __future__ import annotations

from engine.commands.base import Context, Effects, Run
from engine.data.dataset import Dataset
from engine.errors import StataError
from engine.frame.resolve import resolve_names
from engine.lang.command import Command
from engine.lang.declaration import ByRule, CommandDecl, VarlistRule

KEEP = CommandDecl(
    name="keep",
    minimum=4,
    title="Keep variables or observations",
    help="Keeps the variables named, or the observations selected by if or in, and removes the others.",
    menu=("Data", "Create or change data", "Keep variables or observations"),
    varlist=VarlistRule.OPTIONAL,
    by=ByRule.WITHIN,
    allow_if=True,
    allow_in=True,
    examples=("keep id mathach ses", "keep if female == 1", "keep in 1/100"),
)

DROP = CommandDecl(
    name="drop",
    minimum=4,
    title="Drop variables or observations",
    help="Removes the variables named, or the observations selected by if or in.",
    menu=("Data", "Create or change data", "Drop variables or observations"),
    varlist=VarlistRule.OPTIONAL,
    by=ByRule.WITHIN,
    allow_if=True,
    allow_in=True,
    examples=("drop minority", "drop if missing(ses)", "drop in 1/10"),
)


def _run(command: Command, context: Context, *, keep: bool) -> Effects:
    part, dataset = command.main, context.dataset
    conditions = part.if_ is not None or part.in_ is not None
    word = command.decl.name
    if part.body and conditions:
        message = f"{word} takes variables, or observations (if, in), not both at once"
        raise StataError(198, message, part.body_span)
    if not part.body and not conditions:
        raise StataError(198, f"{word} needs variables, or if or in")
    if part.body:
        named = set(resolve_names(part.body, dataset, span=part.body_span))
        kept = [name for name in dataset.names if (name in named) == keep]
        return Effects(dataset=dataset.keep_variables(kept) if kept else Dataset())
    mask = context.selected(part)
    mask = mask if keep else ~mask
    deleted = dataset.n_obs - int(mask.sum())
    context.say(f"({deleted:,} observation{'' if deleted == 1 else 's'} deleted)")
    return Effects(dataset=dataset.take(mask)) if deleted else Effects()


def run_keep(command: Command, context: Context) -> Effects:
    """Keep variables or observations."""
    return _run(command, context, keep=True)


def run_drop(command: Command, context: Context) -> Effects:
    """Drop variables or observations."""
    return _run(command, context, keep=False)


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = ((KEEP, run_keep), (DROP, run_drop))
