"""``order``, ``expand``, ``preserve`` and ``restore``: the arrangement of the data ([D])."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.commands.base import Context, Effects, Preserving, Run
from engine.data.dataset import Variable
from engine.data.missing import from_doubles, is_missing
from engine.data.rows import with_copies
from engine.errors import StataError
from engine.frame.resolve import check_new_name, resolve_name, resolve_names
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule
from engine.lang.parse_expr import parse_expression

ORDER = CommandDecl(
    name="order",
    minimum=5,
    title="Reorder variables",
    help="Puts variables at the front of the data, or at another place.",
    menu=("Data", "Data utilities", "Reorder variables"),
    varlist=VarlistRule.REQUIRED,
    options=(
        OptionDecl(name="first", minimum=1, label="At the front", help="Put them first, the default.", page="model"),
        OptionDecl(name="last", minimum=1, label="At the end", help="Put them last.", page="model"),
        OptionDecl(
            name="before",
            minimum=1,
            kind=OptionKind.VARIABLE,
            label="Before",
            help="Put them before this variable.",
            page="model",
        ),
        OptionDecl(
            name="after",
            minimum=1,
            kind=OptionKind.VARIABLE,
            label="After",
            help="Put them after this variable.",
            page="model",
        ),
        OptionDecl(
            name="alphabetic", minimum=1, label="Alphabetically", help="Order them by their names.", page="model"
        ),
        OptionDecl(
            name="sequential",
            minimum=3,
            label="By numbers at the end",
            help="Order x1, x2, …, x10 by their numbers.",
            page="model",
        ),
    ),
    examples=("order id mathach", "order ses, after(id)"),
)
EXPAND = CommandDecl(
    name="expand",
    minimum=6,
    title="Duplicate observations",
    help="expand exp replaces each observation with as many copies as the expression says.",
    menu=("Data", "Create or change data", "Duplicate observations"),
    varlist=VarlistRule.TEXT,
    allow_if=True,
    allow_in=True,
    options=(
        OptionDecl(
            name="generate",
            minimum=3,
            kind=OptionKind.NEW_VARIABLES,
            label="Mark the copies",
            help="Name of a variable that is 1 for the added observations.",
            page="model",
        ),
    ),
    examples=("expand 2", "expand n if female"),
)
PRESERVE = CommandDecl(
    name="preserve",
    minimum=8,
    title="Keep a copy of the data",
    help="preserve keeps a copy of the data, which restore, or the end of the do-file, brings back.",
)
RESTORE = CommandDecl(
    name="restore",
    minimum=7,
    title="Bring the preserved data back",
    help="restore brings back the data as they were at preserve.",
    options=(
        OptionDecl(name="not", minimum=3, label="Forget the copy", help="Keep the data as they are now."),
        OptionDecl(name="preserve", minimum=8, label="Keep the copy", help="Bring the data back and keep the copy."),
    ),
)


def _by_number(name: str) -> tuple[str, int]:
    stub = name.rstrip("0123456789")
    return stub, int(name[len(stub) :] or -1)


def run_order(command: Command, context: Context) -> Effects:
    """Reorder the variables."""
    part, dataset = command.main, context.dataset
    names = list(resolve_names(part.body, dataset, span=part.body_span))
    places = [word for word in ("first", "last", "before", "after") if part.has(word)]
    if len(places) > 1:
        raise StataError(184, f"options {places[0]} and {places[1]} may not be combined")
    if part.has("alphabetic"):
        names.sort()
    if part.has("sequential"):
        names.sort(key=_by_number)
    others = [name for name in dataset.names if name not in names]
    at = 0
    if places == ["last"]:
        at = len(others)
    elif places and places[0] in ("before", "after"):
        use = part.option(places[0])
        argument = use.argument or "" if use is not None else ""
        anchor = resolve_name(argument.strip(), dataset, use.argument_span if use is not None else None)
        if anchor in names:
            raise StataError(198, f"{anchor} is one of the variables to be moved", part.body_span)
        at = others.index(anchor) + (places[0] == "after")
    ordered = [*others[:at], *names, *others[at:]]
    return Effects(dataset=replace(dataset, variables=tuple(map(dataset.variable, ordered)), changed=True))


def run_expand(command: Command, context: Context) -> Effects:
    """Add the copies at the end; counts below 1 and missing ones leave an observation as it is."""
    part, dataset = command.main, context.dataset
    text = part.body.removeprefix("=")
    start = part.body_span[0] + len(part.body) - len(text)
    counts = context.values(parse_expression(text, start))
    if counts.dtype == object:
        raise StataError(109, "type mismatch: expand needs a number of copies", part.body_span)
    wanted = np.where(is_missing(counts) | ~context.selected(part), 1.0, np.floor(counts))
    extra = np.maximum(wanted, 1.0) - 1.0
    if extra.sum() > 1e9:
        raise StataError(901, "that would be more than 1,000,000,000 observations", part.body_span)
    rows = np.repeat(np.arange(dataset.n_obs), extra.astype(np.int64))
    use = part.option("generate")
    marked = ""
    if use is not None:
        marked = check_new_name((use.argument or "").strip(), dataset, use.argument_span)
    context.say(f"({len(rows):,} observation{'' if len(rows) == 1 else 's'} created)")
    new = with_copies(dataset, rows) if len(rows) else dataset
    if marked:
        added = (np.arange(new.n_obs) >= dataset.n_obs).astype(np.float64)
        new = new.with_variable(Variable(marked, "byte", "%8.0g"), from_doubles(added, "byte"))
    return Effects(dataset=new)


def run_preserve(command: Command, context: Context) -> Effects:
    """Keep the data; r(621) when a copy is kept already."""
    if context.preserved is not None:
        raise StataError(621, "already preserved")
    return Effects(preserving=Preserving.KEEP)


def run_restore(command: Command, context: Context) -> Effects:
    """Bring the data back; r(622) without a copy."""
    part = command.main
    if context.preserved is None:
        raise StataError(622, "nothing to restore")
    if part.has("not"):
        return Effects(preserving=Preserving.FORGET)
    return Effects(
        dataset=context.preserved, preserving=Preserving.NOTHING if part.has("preserve") else Preserving.FORGET
    )


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = (
    (ORDER, run_order),
    (EXPAND, run_expand),
    (PRESERVE, run_preserve),
    (RESTORE, run_restore),
)
