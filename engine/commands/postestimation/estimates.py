"""``estimates``: keep results under a name, bring them back, list, describe and drop them ([R] estimates)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.postestimation.estimate_names import by_name, check_name, listed
from engine.errors import StataError
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, Picks, VarlistRule

if TYPE_CHECKING:
    from engine.data.dataset import Dataset
    from engine.lang.command import Command
    from engine.results.estimates import Estimates

_MENU = ("Statistics", "Postestimation", "Manage estimation results")
_NOTES = re.compile(r"l(?:i|is|ist)?|(?P<drop>drop)\s+in\s+(?P<first>\d+)(?:/(?P<last>\d+|l))?")
MARK = "_est_"
"""Beginning of the variable that marks the sample of stored estimates."""

ESTIMATES = CommandDecl(
    name="estimates",
    minimum=3,
    title="Estimation results",
    help="Keeps, shows and compares estimation results: estimates store, restore, dir, query, replay, table, stats, "
    "title, notes, describe, drop, clear, save and use.",
    varlist=VarlistRule.TEXT,
    examples=("estimates dir", "estimates query"),
    family=True,
)
STORE = CommandDecl(
    name="estimates store",
    minimum=3,
    title="Store estimation results",
    help="Keeps the active estimation results in memory under a name.",
    menu=(*_MENU, "Store in memory"),
    varlist=VarlistRule.TEXT,
    text_label="Name",
    options=(
        OptionDecl(
            name="title", minimum=1, kind=OptionKind.STRING, label="Title", page="model",
            help="Words that describe the results, shown by estimates dir.",
        ),
        OptionDecl(
            name="nocopy", minimum=3, label="Move instead of copy", page="model",
            help="The results are no longer the active ones afterwards.",
        ),
    ),
    examples=("estimates store m1", "estimates store m2, title(Random slope)"),
)  # fmt: skip
RESTORE = CommandDecl(
    name="estimates restore",
    minimum=3,
    title="Restore estimation results",
    help="Makes stored estimation results the active ones again.",
    menu=(*_MENU, "Restore from memory"),
    varlist=VarlistRule.TEXT,
    text_label="Name",
    picks=Picks.FIT,
    examples=("estimates restore m1",),
)
DIR = CommandDecl(
    name="estimates dir",
    minimum=3,
    title="List estimation results",
    help="Lists the estimation results in memory.",
    menu=(*_MENU, "List results stored in memory"),
    varlist=VarlistRule.TEXT,
    examples=("estimates dir",),
)
QUERY = CommandDecl(
    name="estimates query",
    minimum=1,
    title="Name of the active results",
    help="Tells which command made the active estimation results and the name they are stored under.",
    varlist=VarlistRule.NONE,
    examples=("estimates query",),
)
DROP = CommandDecl(
    name="estimates drop",
    minimum=4,
    title="Drop estimation results",
    help="Removes stored estimation results from memory.",
    menu=(*_MENU, "Drop from memory"),
    varlist=VarlistRule.TEXT,
    text_label="Names",
    picks=Picks.FITS,
    examples=("estimates drop m1", "estimates drop _all"),
)
CLEAR = CommandDecl(
    name="estimates clear",
    minimum=5,
    title="Drop all estimation results",
    help="Removes all stored estimation results from memory; the active ones stay.",
    varlist=VarlistRule.NONE,
    examples=("estimates clear",),
)
TITLE = CommandDecl(
    name="estimates title",
    minimum=3,
    title="Title of estimation results",
    help="estimates title: text gives the active results a title; without text it is shown.",
    varlist=VarlistRule.TEXT,
    verbatim=True,
    examples=("estimates title: Random slope of week",),
)
NOTES = CommandDecl(
    name="estimates notes",
    minimum=4,
    title="Notes on estimation results",
    help="estimates notes: text adds a note to the active results; estimates notes, or with the word list, shows them; "
    "estimates notes drop in 2 removes the second.",
    varlist=VarlistRule.TEXT,
    verbatim=True,
    examples=("estimates notes: sensitivity analysis without pig 7",),
)
DESCRIBE = CommandDecl(
    name="estimates describe",
    minimum=3,
    title="Describe estimation results",
    help="Shows the command, title and notes of estimation results.",
    menu=(*_MENU, "Describe results"),
    varlist=VarlistRule.TEXT,
    text_label="Name",
    picks=Picks.FIT,
    examples=("estimates describe", "estimates describe m1"),
)


def run_store(command: Command, context: Context) -> Effects:
    """Store the active results; r(301) without any, r(198) for what is no name."""
    from engine.results.estimates import needs_estimates

    part = command.main
    name = check_name(part.body, part.body_span)
    active = needs_estimates(context.estimates)
    use = part.option("title")
    title = active.title if use is None or use.argument is None else use.argument.strip('"')
    kept = replace(active, name=name, title=title)
    stored = {**context.stored, name: kept}
    dataset = _marked(context.dataset, kept)
    if part.has("nocopy"):
        return Effects(stored=stored, dataset=dataset, clear_estimates=True)
    return Effects(stored=stored, estimates=kept, dataset=dataset)


def run_restore(command: Command, context: Context) -> Effects:
    """Make stored results active; r(111) where there are none of that name."""
    part = command.main
    check_name(part.body, part.body_span)
    found = by_name(context, part.body, part.body_span)
    context.say(f"(results {found.name} are active now)")
    return Effects(estimates=found, e=found.e)


def run_dir(command: Command, context: Context) -> Effects:
    """List what is stored."""
    from engine.tables.estimates_list import directory_blocks

    part = command.main
    found = listed(context, part.body, part.body_span, usual="_all")
    if found:
        context.emit(*directory_blocks(found))
    return Effects()


def run_query(command: Command, context: Context) -> Effects:
    """Tell what is active."""
    active = context.estimates
    if active is None:
        context.say("(no active results)")
    elif active.name:
        context.say(f"(active results produced by {active.command}; also stored as {active.name})")
    else:
        context.say(f"(active results produced by {active.command}; not yet stored)")
    return Effects()


def run_drop(command: Command, context: Context) -> Effects:
    """Drop stored results; r(198) without a name, r(111) where there are none of that name."""
    part = command.main
    if not part.body:
        raise StataError(198, "estimates drop needs names, or _all", part.body_span)
    return _without({each.name for each in listed(context, part.body, part.body_span)}, context)


def run_clear(command: Command, context: Context) -> Effects:
    """Drop all stored results."""
    return _without(set(context.stored), context)


def run_title(command: Command, context: Context) -> Effects:
    """Set or show the title of the active results."""
    from engine.results.estimates import needs_estimates

    active = needs_estimates(context.estimates)
    text = _after_colon(command)
    if text is None:
        context.say(active.title or "(no title)")
        return Effects()
    return _changed(replace(active, title=text), context)


def run_notes(command: Command, context: Context) -> Effects:
    """Add a note to the active results, or list the notes."""
    from engine.results.estimates import needs_estimates

    active = needs_estimates(context.estimates)
    match = _NOTES.fullmatch(command.main.body.strip())
    if match is not None and match["drop"]:
        return _changed(replace(active, notes=_kept_notes(active.notes, match, command)), context)
    text = None if match is not None else _after_colon(command)
    if text:
        return _changed(replace(active, notes=(*active.notes, text)), context)
    if text is not None:
        raise StataError(198, "the text of the note is missing", command.main.body_span)
    context.say(*(f"  {number}. {note}" for number, note in enumerate(active.notes, start=1)))
    return Effects()


def _kept_notes(notes: tuple[str, ...], match: re.Match[str], command: Command) -> tuple[str, ...]:
    """Return the notes but those in ``in #/#``; r(198) for numbers that there are none of."""
    first = int(match["first"])
    last = first if not match["last"] else len(notes) if match["last"] == "l" else int(match["last"])
    if not 1 <= first <= last <= len(notes):
        raise StataError(198, f"there are {len(notes)} notes", command.main.body_span)
    return notes[: first - 1] + notes[last:]


def run_describe(command: Command, context: Context) -> Effects:
    """Show where results come from."""
    part = command.main
    for each in listed(context, part.body, part.body_span):
        lines = ["", "  Estimation results produced by", "", f"     . {each.cmdline or each.command}", ""]
        lines += [f"  Title: {each.title}", ""] if each.title else []
        if each.notes:
            lines += ["  Notes:", *(f"    {number}. {note}" for number, note in enumerate(each.notes, 1)), ""]
        context.say(*lines)
    return Effects()


def run_other(command: Command, context: Context) -> Effects:
    """Show the active results again; r(198) for a word that is no subcommand."""
    part = command.main
    if not part.body:
        from engine.commands.postestimation.estimates_show import replay

        return replay((), context)
    names = "store, restore, dir, query, replay, table, stats, title, notes, describe, esample, drop, clear, save, use"
    word = part.body.split()[0]
    raise StataError(198, f"estimates {word} is not available; there are {names}", part.body_span)


def _after_colon(command: Command) -> str | None:
    """Return the text after the colon, None where nothing was typed."""
    part = command.main
    if not part.body:
        return None
    if not part.body.startswith(":"):
        raise StataError(198, f"{command.decl.name} is followed by a colon and the text", part.body_span)
    return part.body.removeprefix(":").strip().strip('"')


def _changed(estimates: Estimates, context: Context) -> Effects:
    """Replace the active results and, where they are stored, those under their name."""
    if estimates.name in context.stored:
        return Effects(estimates=estimates, stored={**context.stored, estimates.name: estimates})
    return Effects(estimates=estimates)


def _without(names: set[str], context: Context) -> Effects:
    stored = {name: each for name, each in context.stored.items() if name not in names}
    dataset = context.dataset
    kept = [name for name in dataset.names if not (name.startswith(MARK) and name.removeprefix(MARK) in names)]
    active = context.estimates
    renamed = replace(active, name="") if active is not None and active.name in names else None
    if len(kept) == len(dataset.names):
        return Effects(stored=stored, estimates=renamed)
    shrunk = replace(dataset.keep_variables(kept), changed=dataset.changed)
    return Effects(stored=stored, estimates=renamed, dataset=shrunk)


def _marked(dataset: Dataset, estimates: Estimates) -> Dataset | None:
    """Return the data with a variable that is 1 in the estimation sample; None where there are no observations."""
    import numpy as np

    from engine.data.dataset import Variable
    from engine.data.formats import default_format

    if not dataset.n_obs:
        return None
    inside = np.isin(dataset.row_ids, estimates.result.sample_rows).astype(np.int8)
    variable = Variable(f"{MARK}{estimates.name}", "byte", default_format("byte"), "esample() from estimates store")
    return replace(dataset.with_variable(variable, inside), changed=dataset.changed)


COMMANDS = (
    (ESTIMATES, run_other),
    (STORE, run_store),
    (RESTORE, run_restore),
    (DIR, run_dir),
    (QUERY, run_query),
    (DROP, run_drop),
    (CLEAR, run_clear),
    (TITLE, run_title),
    (NOTES, run_notes),
    (DESCRIBE, run_describe),
)
