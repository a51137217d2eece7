"""``levelsof``: the values of a variable, as a list that a loop can run through ([P] levelsof)."""

from __future__ import annotations

import numpy as np

from engine.commands.base import Context, Effects
from engine.commands.programming.macro_text import as_text
from engine.data.missing import is_missing
from engine.errors import StataError
from engine.frame.resolve import resolve_names
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule
from engine.lang.tokens import string_value
from engine.results.stored import Stored

DECLARATION = CommandDecl(
    name="levelsof",
    minimum=5,
    title="Distinct levels of a variable",
    help="Lists the distinct values of a variable, in order, and keeps the list in r(levels) or a local macro.",
    varlist=VarlistRule.REQUIRED,
    allow_if=True,
    allow_in=True,
    options=(
        OptionDecl(
            name="local",
            minimum=1,
            kind=OptionKind.NAME,
            label="Local macro",
            help="Name of a local macro for the list.",
            page="model",
        ),
        OptionDecl(
            name="clean", minimum=1, label="No quotes", help="Write text without compound quotes.", page="model"
        ),
        OptionDecl(name="missing", minimum=1, label="Missing values", help="List missing values too.", page="model"),
        OptionDecl(
            name="separate",
            minimum=1,
            kind=OptionKind.TEXT,
            label="Separator",
            help="What stands between the values; a blank by default.",
            page="model",
        ),
    ),
    examples=("levelsof sector, local(sectors)",),
    results=(("r(levels)", "the list"), ("r(r)", "number of distinct values"), ("r(N)", "number of observations")),
)


def run(command: Command, context: Context) -> Effects:
    """Show and keep the list."""
    part, dataset = command.main, context.dataset
    names = resolve_names(part.body, dataset, span=part.body_span)
    if len(names) != 1:
        raise StataError(103, "too many variables specified: levelsof takes one", part.body_span)
    mask = context.selected(part)
    if dataset.variable(names[0]).is_string:
        texts = dataset.texts(names[0])[mask]
        used = [text for text in texts.tolist() if text != "" or part.has("missing")]
        words = sorted(set(used))
        if not part.has("clean"):
            words = [f'`"{word}"\'' for word in words]
    else:
        values = dataset.numeric(names[0])[mask]
        kept = values if part.has("missing") else values[~is_missing(values)]
        used = kept.tolist()
        words = [as_text(value) for value in np.unique(kept).tolist()]
    use = part.option("separate")
    between = " "
    if use is not None and use.argument:
        between = string_value(use.argument) if use.argument[:1] in ('"', "`") else use.argument
    text = between.join(words)
    context.say(text)
    local = part.option("local")
    macros: dict[str, str | None] = {local.argument: text or None} if local is not None and local.argument else {}
    stored = Stored({"N": float(len(used)), "r": float(len(words))}, {"levels": text})
    return Effects(r=stored, locals=macros)
