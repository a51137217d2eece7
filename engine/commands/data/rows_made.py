"""``clonevar``, ``sample``, ``fillin``: variables and observations made from those there are ([D])."""

from __future__ import annotations

from dataclasses import replace

from engine.commands.base import Context, Effects, Run
from engine.errors import StataError
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule

CLONEVAR = CommandDecl(
    name="clonevar",
    minimum=8,
    title="Clone existing variable",
    help="clonevar new = old copies a variable with its type, format, labels and notes.",
    menu=("Data", "Create or change data", "Other variable-creation commands", "Clone existing variable"),
    varlist=VarlistRule.NEW,
    assign=True,
    allow_if=True,
    allow_in=True,
    examples=("clonevar copy = ses",),
)
SAMPLE = CommandDecl(
    name="sample",
    minimum=6,
    title="Draw random sample",
    help="Keeps a random # percent of the observations, or # of them with count, and drops the others.",
    menu=("Statistics", "Resampling", "Draw random sample"),
    varlist=VarlistRule.TEXT,
    text_label="Size of the sample",
    allow_if=True,
    allow_in=True,
    options=(
        OptionDecl(name="count", minimum=1, label="Number", help="The size is a number, not percent.", page="model"),
        OptionDecl(name="by", minimum=2, kind=OptionKind.VARIABLES, label="Within groups of", page="model",
                   help="Draw as much from each group of these variables."),
    ),
    examples=("sample 10", "sample 5, count by(id)"),
)  # fmt: skip
FILLIN = CommandDecl(
    name="fillin",
    minimum=6,
    title="Rectangularize dataset",
    help="Adds observations for the combinations of values that are not there; _fillin marks them.",
    menu=("Data", "Create or change data", "Other variable-transformation commands", "Rectangularize dataset"),
    varlist=VarlistRule.REQUIRED,
    examples=("fillin id week",),
)

_MOST = 50_000_000


def run_clonevar(command: Command, context: Context) -> Effects:
    """Copy a variable."""
    import numpy as np

    from engine.data.missing import MISSING, from_doubles
    from engine.frame.resolve import check_new_name, resolve_name
    from engine.lang.expr import Name

    part, dataset = command.main, context.dataset
    source = part.expression
    if not isinstance(source, Name):
        raise StataError(198, "clonevar takes the name of a variable: clonevar new = old", part.body_span)
    old = dataset.variable(resolve_name(source.name, dataset, source.span))
    new = check_new_name(part.body.strip(), dataset, part.body_span)
    mask = context.selected(part)
    column = dataset.columns[old.name]
    if not mask.all() and old.is_string:
        column = np.where(mask, column, "").astype(object)
    elif not mask.all():
        column = from_doubles(np.where(mask, dataset.numeric(old.name), MISSING), old.storage)
    return Effects(dataset=dataset.with_variable(replace(old, name=new), column))


def run_sample(command: Command, context: Context) -> Effects:
    """Keep a random sample; observations outside if and in stay."""
    import numpy as np

    from engine.frame.groups import code_paths, code_variable
    from engine.frame.resolve import resolve_names

    part, dataset = command.main, context.dataset
    try:
        size = float(part.body)
    except ValueError:
        size = -1.0
    counted = part.has("count")
    if not 0 <= size < 1e12 or (not counted and size > 100) or (counted and size != int(size)):
        what = "a whole number of observations" if counted else "a percentage from 0 to 100"
        raise StataError(198, f"sample takes {what}", part.body_span)
    mask = context.selected(part)
    use = part.option("by")
    codes = np.zeros(dataset.n_obs, dtype=np.int64)
    if use is not None:
        names = resolve_names(use.argument or "", dataset, span=use.argument_span)
        codes = code_paths([code_variable(dataset, name) for name in names])[-1].values.astype(np.int64)
    rows = np.flatnonzero(mask)
    assert context.rng is not None
    order = rows[np.lexsort((context.rng.random(len(rows)), codes[rows]))]
    own = codes[order]
    totals = np.bincount(own) if len(own) else np.zeros(1, dtype=np.int64)
    place = np.arange(len(order)) - (np.cumsum(totals) - totals)[own]
    wanted = np.full(len(totals), size) if counted else np.floor(totals * size / 100.0 + 0.5)
    kept = ~mask
    kept[order[place < wanted[own]]] = True
    dropped = int(np.count_nonzero(~kept))
    context.say(f"({dropped:,} observation{'' if dropped == 1 else 's'} deleted)")
    return Effects(dataset=dataset.take(np.flatnonzero(kept))) if dropped else Effects()


def run_fillin(command: Command, context: Context) -> Effects:
    """Add the combinations that are missing."""
    import numpy as np

    from engine.commands.data.sort import order_of
    from engine.data.dataset import Variable
    from engine.data.missing import from_doubles
    from engine.data.rows import check_room, with_observations
    from engine.frame.groups import code_variable
    from engine.frame.resolve import check_new_name, resolve_names

    part, dataset = command.main, context.dataset
    names = resolve_names(part.body, dataset, span=part.body_span)
    if len(names) < 2:
        raise StataError(102, "too few variables specified: fillin takes at least two", part.body_span)
    mark = check_new_name("_fillin", dataset, part.body_span)
    coded = [code_variable(dataset, name) for name in names]
    if any((codes.values < 0).any() for codes in coded):
        raise StataError(416, "missing values encountered: fillin needs a value of each variable", part.body_span)
    sizes = tuple(codes.n_groups for codes in coded)
    if float(np.prod([float(size) for size in sizes])) > _MOST:
        raise StataError(901, "that would be too many combinations of values", part.body_span)
    there = np.zeros(int(np.prod(sizes)), dtype=bool)
    if dataset.n_obs:
        there[np.ravel_multi_index([codes.values for codes in coded], sizes)] = True
    absent = np.flatnonzero(~there)
    before = dataset.n_obs
    check_room(dataset, before + len(absent))
    wide = with_observations(dataset, before + len(absent)) if len(absent) else dataset
    for name, codes, place in zip(names, coded, np.unravel_index(absent, sizes), strict=True):
        column = wide.columns[name].copy()
        column[before:] = dataset.columns[name][codes.first_rows()][place]
        wide = wide.with_variable(dataset.variable(name), column)
    added = (np.arange(wide.n_obs) >= before).astype(np.float64)
    wide = wide.with_variable(Variable(mark, "byte", "%8.0g"), from_doubles(added, "byte"))
    order = order_of(wide, [(name, False) for name in names])
    return Effects(dataset=wide.take(order, sorted_by=names))


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = (
    (CLONEVAR, run_clonevar),
    (SAMPLE, run_sample),
    (FILLIN, run_fillin),
)
