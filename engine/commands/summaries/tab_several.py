"""``tab1`` and ``tab2``: tables of each variable, and of each pair ([R] tabulate)."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from engine.commands.base import Context, Effects, Run
from engine.commands.summaries import tabulate
from engine.errors import StataError
from engine.lang.command import Command
from engine.lang.declaration import ByRule, CommandDecl, VarlistRule

_TWO_WAY = ("row", "column", "cell", "expected", "nokey", "wrap", "nofreq", "all", *tabulate.MEASURES)
_EITHER = ("missing", "nolabel")


TAB1 = CommandDecl(
    name="tab1",
    minimum=4,
    title="Multiple one-way tables",
    help="Shows a table of frequencies for each of several variables.",
    menu=("Statistics", "Summaries, tables, and tests", "Frequency tables", "Multiple one-way tables"),
    varlist=VarlistRule.REQUIRED,
    by=ByRule.EACH,
    allow_if=True,
    allow_in=True,
    weights=("fweight",),
    options=tuple(o for o in tabulate.DECLARATION.options if o.name in (*_EITHER, "sort")),
    examples=("tab1 sector female",),
)
TAB2 = CommandDecl(
    name="tab2",
    minimum=4,
    title="All possible two-way tables",
    help="Shows a table of frequencies for each pair of several variables.",
    menu=("Statistics", "Summaries, tables, and tests", "Frequency tables", "All possible two-way tables"),
    varlist=VarlistRule.REQUIRED,
    by=ByRule.EACH,
    allow_if=True,
    allow_in=True,
    weights=("fweight",),
    options=tuple(o for o in tabulate.DECLARATION.options if o.name in (*_EITHER, *_TWO_WAY)),
    examples=("tab2 sector female minority, chi2",),
)


def _run(command: Command, context: Context) -> Effects:
    """Show one table after the other."""
    from engine.frame.resolve import resolve_names

    part = command.main
    names = resolve_names(part.body, context.dataset, span=part.body_span)
    if command.decl.name == "tab2" and len(names) < 2:
        raise StataError(102, "too few variables specified: tab2 takes at least two", part.body_span)
    chosen = [(name,) for name in names] if command.decl.name == "tab1" else list(combinations(names, 2))
    result = Effects()
    for group in chosen:
        context.cancel.check()
        body = " ".join(group)
        context.say("", f"-> tabulation of {' by '.join(group)}  ")
        one = replace(command, decl=tabulate.DECLARATION, parts=(replace(part, body=body),))
        effects = tabulate.run(one, context)
        result = replace(effects, tables=(*result.tables, *effects.tables))
    return result


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = ((TAB1, _run), (TAB2, _run))
