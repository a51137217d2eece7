"""``duplicates``: observations that are alike in some variables ([D] duplicates)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context, Effects
from engine.commands.data.storage import promoted
from engine.commands.subcommand import only_options
from engine.data.dataset import Variable
from engine.data.formats import default_format, format_value
from engine.data.missing import from_doubles
from engine.errors import StataError
from engine.frame.groups import Codes, code_paths, code_variable
from engine.frame.resolve import check_new_name, resolve_names
from engine.lang.abbrev import matches
from engine.lang.command import Command, Part
from engine.lang.declaration import (
    Choice,
    CommandDecl,
    OptionDecl,
    OptionKind,
    Picks,
    PieceDecl,
    PieceKind,
    VarlistRule,
)
from engine.results.stored import DataRow, DataTable, Stored
from engine.tables.document import Cell, Column, Lines, Row, Table, TextLayout

DECLARATION = CommandDecl(
    name="duplicates",
    minimum=3,
    title="Report, tag, or drop duplicate observations",
    help="duplicates report, list, examples, tag and drop deal with observations that are alike in some variables.",
    menu=("Data", "Data utilities", "Report and list duplicated observations"),
    varlist=VarlistRule.TEXT,
    picks=Picks.VARIABLES,
    pieces=(
        PieceDecl(
            name="action",
            kind=PieceKind.CHOICE,
            label="Duplicates",
            help="What is done with observations that are alike.",
            choices=(
                Choice("report", 1, "Report", "Count them."),
                Choice("examples", 1, "List an example of each", "One of each group."),
                Choice("list", 1, "List all", "All of them, group by group."),
                Choice("tag", 1, "Tag", "Make a variable with the number of duplicates: Number of duplicates below."),
                Choice("drop", 4, "Drop", "Keep the first of each group."),
            ),
        ),
        PieceDecl(
            name="varlist",
            kind=PieceKind.VARIABLES,
            label="Variables",
            help="Variables in which observations have to be alike; empty for all.",
        ),
    ),
    allow_if=True,
    allow_in=True,
    options=(
        OptionDecl(
            name="generate",
            minimum=1,
            kind=OptionKind.NAME,
            label="Number of duplicates",
            help="Name of the variable that duplicates tag makes.",
            page="model",
        ),
        OptionDecl(
            name="force",
            minimum=5,
            label="Drop though others differ",
            help="Let duplicates drop compare the variables listed alone.",
            page="model",
        ),
    ),
    examples=("duplicates report id", "duplicates tag id week, generate(copies)", "duplicates drop"),
    results=(
        ("r(unique_value)", "number of groups of observations alike (report)"),
        ("r(N)", "number of observations (report)"),
        ("r(N_drop)", "number of observations dropped (drop)"),
    ),
)


class _Found(NamedTuple):
    """The observations compared: their rows, groups and the number of copies in each group."""

    names: tuple[str, ...]
    words: str
    rows: npt.NDArray[np.intp]
    codes: Codes

    @property
    def copies(self) -> npt.NDArray[np.int64]:
        """How many observations are like each."""
        return self.codes.sizes()[self.codes.values]

    @property
    def surplus(self) -> npt.NDArray[np.bool_]:
        """Which observations repeat an earlier one."""
        repeats = np.ones(len(self.rows), dtype=bool)
        repeats[self.codes.first_rows()] = False
        return repeats


def run(command: Command, context: Context) -> Effects:
    """Find the duplicates and do what the word says."""
    part = command.main
    word, _, rest = part.body.partition(" ")
    action = next((entry for entry in _ACTIONS if word and matches(word, entry[0], entry[1])), None)
    if action is None:
        choice = "there are duplicates report, examples, list, tag and drop"
        raise StataError(198, choice, part.body_span)
    only_options(part, {"tag": ("generate",), "drop": ("force",)}.get(action[0], ()), f"duplicates {action[0]}")
    start = part.body_span[0] + len(word)
    dataset = context.dataset
    listed = resolve_names(rest, dataset, span=(start, start + len(rest) + 1)) if rest.strip() else ()
    names = listed or dataset.names
    if not names:
        raise StataError(111, "no variables defined")
    if action[0] == "drop" and listed and not part.has("force"):
        message = "duplicates drop with variables needs the option force: the other variables are not compared"
        raise StataError(198, message, part.body_span)
    mask = context.selected(part)
    codes = code_paths([code_variable(dataset, name, mask) for name in names])[-1]
    words = f"Duplicates in terms of {' '.join(listed) if listed else 'all variables'}"
    return action[2](_Found(names, words, np.flatnonzero(mask), codes), part, context)


def _report(found: _Found, _: Part, context: Context) -> Effects:
    copies, groups = np.unique(found.codes.sizes(), return_counts=True)
    drawn = ["", found.words, "", "-" * 38, "   Copies | Observations       Surplus", "----------+" + "-" * 27]
    rows, data = [], []
    for size, number in zip(copies.tolist(), groups.tolist(), strict=True):
        observations, surplus = size * number, (size - 1) * number
        drawn.append(f"{size:>9,} | {observations:>12,} {surplus:>13,}")
        cells = (Cell(f"{observations:,}", observations), Cell(f"{surplus:,}", surplus))
        rows.append(Row(f"{size:,}", cells, name=str(size)))
        data.append(DataRow("", str(size), (float(observations), float(surplus))))
    drawn.append("-" * 38)
    columns = (Column("N", "Observations"), Column("surplus", "Surplus"))
    table_data = DataTable("duplicates", ("N", "surplus"), tuple(data))
    layout = TextLayout(width=38, stub=9, drawn=tuple(drawn))
    context.emit(Table("duplicates", "Copies", columns, tuple(rows), layout, data=table_data))
    scalars = {"N": float(len(found.rows)), "unique_value": float(found.codes.n_groups)}
    return Effects(tables=(table_data,), r=Stored(scalars))


def _repeated(found: _Found) -> npt.NDArray[np.intp]:
    """Return the places, among the rows compared, of all observations with copies, group by group."""
    order = np.argsort(found.codes.values, kind="stable")
    return order[found.copies[order] > 1]


def _shown(context: Context, name: str, rows: npt.NDArray[np.intp]) -> tuple[str, ...]:
    """Return values as they are listed."""
    variable = context.dataset.variable(name)
    if variable.is_string:
        return tuple(str(text) for text in context.dataset.texts(name)[rows])
    labels = context.dataset.labels_of(name)
    values = context.dataset.numeric(name)[rows].tolist()
    return tuple(labels.get(value) or format_value(value, variable.format) for value in values)


def _list(found: _Found, _: Part, context: Context) -> Effects:
    """List every observation that has copies."""
    from engine.tables.listing import ListStyle, list_column, list_tables

    places = _repeated(found)
    context.emit(Lines(("", found.words)))
    if not len(places):
        context.say("", "(0 observations are duplicates)")
        return Effects()
    groups = np.unique(found.codes.values[places], return_inverse=True)[1] + 1
    rows = found.rows[places]
    columns = [
        list_column("Group", tuple(str(group) for group in groups.tolist()), left=False),
        list_column("Obs", tuple(str(row + 1) for row in rows.tolist()), left=False),
    ]
    for name in found.names:
        columns.append(list_column(name, _shown(context, name, rows), left=False))
    ends = np.flatnonzero(groups[1:] != groups[:-1]).tolist()
    style = ListStyle(linesize=context.settings.linesize, numbered=False, separated=frozenset(ends))
    context.say("")
    for table in list_tables(columns, [int(row) + 1 for row in rows], style):
        context.cancel.check()
        context.emit(table)
    return Effects()


def _examples(found: _Found, _: Part, context: Context) -> Effects:
    """List one observation of each group of copies."""
    from engine.tables.listing import ListStyle, list_column, list_tables

    firsts = found.codes.first_rows()
    places = firsts[found.codes.sizes() > 1]
    context.emit(Lines(("", found.words)))
    if not len(places):
        context.say("", "(0 observations are duplicates)")
        return Effects()
    rows = found.rows[places]
    columns = [
        list_column("Group", tuple(str(k + 1) for k in range(len(places))), left=False),
        list_column("Copies", tuple(str(size) for size in found.copies[places].tolist()), left=False),
        list_column("Obs", tuple(str(row + 1) for row in rows.tolist()), left=False),
        *(list_column(name, _shown(context, name, rows), left=False) for name in found.names),
    ]
    context.say("")
    style = ListStyle(linesize=context.settings.linesize, numbered=False)
    for table in list_tables(columns, [int(row) + 1 for row in rows], style):
        context.emit(table)
    return Effects()


def _tag(found: _Found, part: Part, context: Context) -> Effects:
    """Make a variable that counts the other observations like each."""
    use = part.option("generate")
    if use is None or not use.argument:
        raise StataError(198, "option generate() required: the name of the new variable")
    dataset = context.dataset
    name = check_new_name(use.argument, dataset, use.argument_span)
    values = np.full(dataset.n_obs, np.inf)
    values[found.rows] = found.copies - 1.0
    storage = promoted("byte", values[found.rows])
    context.emit(Lines(("", found.words)))
    variable = Variable(name, storage, default_format(storage))
    return Effects(dataset=dataset.with_variable(variable, from_doubles(values, storage)))


def _drop(found: _Found, _: Part, context: Context) -> Effects:
    """Keep the first observation of each group."""
    gone = found.rows[found.surplus]
    context.emit(Lines(("", found.words, "")))
    word = "observation" if len(gone) == 1 else "observations"
    if not len(gone):
        context.say("(0 observations are duplicates)")
        return Effects(r=Stored({"N_drop": 0.0}))
    context.say(f"({len(gone):,} {word} deleted)")
    kept = np.ones(context.dataset.n_obs, dtype=bool)
    kept[gone] = False
    return Effects(dataset=context.dataset.take(kept), r=Stored({"N_drop": float(len(gone))}))


_ACTIONS: tuple[tuple[str, int, Callable[[_Found, Part, Context], Effects]], ...] = (
    ("report", 1, _report),
    ("examples", 1, _examples),
    ("list", 1, _list),
    ("tag", 1, _tag),
    ("drop", 4, _drop),
)
