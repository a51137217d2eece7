"""``list``: values of variables."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context, Effects
from engine.data.dataset import Dataset
from engine.data.formats import check_format, format_value
from engine.errors import StataError
from engine.events import CancelToken
from engine.frame.resolve import resolve_names
from engine.lang.command import Command, OptionUse, Part
from engine.lang.declaration import ByRule, CommandDecl, OptionDecl, OptionKind, VarlistRule
from engine.tables.document import Lines

DECLARATION = CommandDecl(
    name="list",
    minimum=1,
    title="List values",
    help="Shows the values of variables, observation by observation.",
    menu=("Data", "Describe data", "List data"),
    varlist=VarlistRule.OPTIONAL,
    by=ByRule.EACH,
    allow_if=True,
    allow_in=True,
    options=(
        OptionDecl(name="clean", minimum=5, label="No lines", help="Draw no lines between cells.", page="model"),
        OptionDecl(
            name="noobs",
            minimum=5,
            label="No observation numbers",
            help="Leave out the numbers of the observations.",
            page="model",
        ),
        OptionDecl(
            name="nolabel",
            minimum=5,
            label="Numbers instead of labels",
            help="Show the numbers behind value labels.",
            page="model",
        ),
        OptionDecl(
            name="abbreviate",
            minimum=2,
            kind=OptionKind.INTEGER,
            label="Characters of names",
            help="Shorten names in the heading to # characters, or to the width of their values.",
            low=5,
            high=32,
            default=8,
            page="model",
        ),
        OptionDecl(
            name="separator",
            minimum=3,
            kind=OptionKind.INTEGER,
            label="Lines after every",
            help="Draw a line after every # observations; 0 draws none.",
            low=0,
            default=5,
            page="model",
        ),
        OptionDecl(
            name="sepby",
            minimum=5,
            kind=OptionKind.VARIABLES,
            label="Lines between groups of",
            help="Draw a line wherever the value of one of these variables changes.",
            page="model",
        ),
    ),
    examples=("list in 1/10", "list id mathach if female, sepby(id)"),
)

_BREAKS = dict.fromkeys(map(ord, "\t\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029"), " ")
"""What would break the line or shift the columns of a table."""
_CHECK_EVERY = 1000


def run(command: Command, context: Context) -> Effects:
    """Print the values of the selected observations."""
    from engine.tables.listing import ListStyle, list_column, list_tables

    part, dataset = command.main, context.dataset
    names = resolve_names(part.body, dataset, span=part.body_span, time_series=True) if part.body else dataset.names
    rows = np.flatnonzero(context.selected(part))
    if not len(rows) or not names:
        return Effects()
    abbreviate = part.option("abbreviate")
    shortest = int(abbreviate.argument or 8) if abbreviate is not None else 8
    columns = [
        list_column(
            name,
            printed_values(dataset, name, rows, labels=not part.has("nolabel"), cancel=context.cancel),
            left=check_format(dataset.variable(name).format).left,
            shortest=shortest,
        )
        for name in names
    ]
    style = ListStyle(
        linesize=context.settings.linesize,
        clean=part.has("clean"),
        numbered=not part.has("noobs"),
        separated=_separated(part, dataset, rows),
    )
    context.emit(Lines(("",)))
    for table in list_tables(columns, (rows + 1).tolist(), style):
        context.cancel.check()
        context.emit(table)
    return Effects()


def printed_values(
    dataset: Dataset, name: str, rows: npt.NDArray[np.intp], *, labels: bool, cancel: CancelToken
) -> tuple[str, ...]:
    """Return the values of a variable as they are shown: in its format, or as its value labels, on one line."""
    variable = dataset.variable(name)
    values = (dataset.texts(name) if variable.is_string else dataset.numeric(name))[rows]
    words = dataset.labels_of(name) if labels else {}
    shown: list[str] = []
    for position, value in enumerate(values.tolist()):
        if position % _CHECK_EVERY == 0:
            cancel.check()
        text = words[value] if value in words else format_value(value, variable.format)
        shown.append(text if text.isprintable() else text.translate(_BREAKS))
    return tuple(shown)


def _separated(part: Part, dataset: Dataset, rows: npt.NDArray[np.intp]) -> frozenset[int]:
    """Return the positions after which a line is drawn."""
    every, by = part.option("separator"), part.option("sepby")
    if every is not None and by is not None:
        raise StataError(184, "options separator() and sepby() may not be combined", by.span)
    if by is not None:
        changes = np.zeros(max(len(rows) - 1, 0), dtype=bool)
        for name in _names(by, dataset):
            column = dataset.columns[name][rows]
            changes |= column[1:] != column[:-1]
        return frozenset(np.flatnonzero(changes).tolist())
    step = int(every.argument) if every is not None and every.argument else 5
    return frozenset(range(step - 1, len(rows), step)) if step else frozenset()


def _names(use: OptionUse, dataset: Dataset) -> tuple[str, ...]:
    return resolve_names(use.argument or "", dataset, span=use.argument_span)
