"""``browse``, ``edit`` and ``varmanage``: the data and what is known about the variables, shown in the window."""

from __future__ import annotations

from engine.commands.base import Context, Effects, Run
from engine.commands.programming.window_ import asked_of_window
from engine.frame.resolve import resolve_names
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, OptionDecl, VarlistRule
from engine.lang.printer import print_expression

_NOLABEL = OptionDecl(
    name="nolabel",
    minimum=5,
    label="Codes instead of labels",
    help="Show the numbers behind value labels.",
    page="model",
)

BROWSE = CommandDecl(
    name="browse",
    minimum=2,
    title="Browse data",
    help="Shows the data in the Data Editor, where they can be looked at and not be changed.",
    varlist=VarlistRule.OPTIONAL,
    allow_if=True,
    allow_in=True,
    options=(_NOLABEL,),
    examples=("browse", "browse id mathach ses if female == 1"),
)

EDIT = CommandDecl(
    name="edit",
    minimum=2,
    title="Edit data",
    help="Shows the data in the Data Editor; each change made there is a command.",
    varlist=VarlistRule.OPTIONAL,
    allow_if=True,
    allow_in=True,
    options=(_NOLABEL,),
    examples=("edit", "edit ses in 1/100"),
)

VARMANAGE = CommandDecl(
    name="varmanage",
    minimum=9,
    title="Manage variable labels, formats and other properties",
    help="Shows the Variables Manager: names, labels, formats, value labels and notes of all variables.",
    examples=("varmanage",),
)


def run_browse(command: Command, context: Context) -> Effects:
    """Show the data."""
    return _shown(command, context)


def run_edit(command: Command, context: Context) -> Effects:
    """Show the data for editing."""
    return _shown(command, context)


def run_varmanage(command: Command, context: Context) -> Effects:
    """Show the variables."""
    return _shown(command, context)


def _shown(command: Command, context: Context) -> Effects:
    """Ask the window for it; what is asked travels as the rest of a command with full names and one condition."""
    part, dataset = command.main, context.dataset
    names = resolve_names(part.body, dataset, span=part.body_span) if part.body else ()
    condition = _condition(part, context)
    rest = " ".join([*names, *(["if", condition] if condition else [])])
    return asked_of_window(
        command, context, what=command.decl.name, argument=f"{rest}, nolabel" if part.has("nolabel") else rest
    )


def _condition(part: Part, context: Context) -> str:
    """Return ``if`` and ``in`` as one expression; what cannot be evaluated raises its error here."""
    from engine.frame.sample import range_of

    if part.if_ is None and part.in_ is None:
        return ""
    context.selected(part)
    pieces: list[str] = []
    if part.if_ is not None:
        text = print_expression(part.if_)
        pieces.append(f"({text})" if part.in_ is not None else text)
    if part.in_ is not None:
        first, last = range_of(part.in_, context.dataset.n_obs)
        pieces.append(f"_n == {first}" if first == last else f"inrange(_n, {first}, {last})")
    return " & ".join(pieces)


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = ((BROWSE, run_browse), (EDIT, run_edit), (VARMANAGE, run_varmanage))
