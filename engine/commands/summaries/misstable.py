"""``misstable summarize``: which values there are, and which are missing ([R] misstable)."""

from __future__ import annotations

import numpy as np

from engine.commands.base import Context, Effects
from engine.data.formats import format_value
from engine.data.missing import MISSING, is_missing
from engine.errors import StataError
from engine.frame.resolve import resolve_names
from engine.lang.abbrev import matches
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, OptionDecl, Picks, VarlistRule
from engine.results.stored import DataRow, DataTable, Stored
from engine.tables.document import Cell, Column, Row, Table, TextLayout

DECLARATION = CommandDecl(
    name="misstable",
    minimum=4,
    title="Missing values",
    help="misstable summarize shows how many values of each variable are missing.",
    menu=("Statistics", "Summaries, tables, and tests", "Tables of missing values"),
    varlist=VarlistRule.TEXT,
    picks=Picks.VARIABLES,
    allow_if=True,
    allow_in=True,
    options=(
        OptionDecl(
            name="all", minimum=3, label="All variables", help="Show those without missing values too.", page="model"
        ),
    ),
    examples=("misstable summarize", "misstable summarize ses mathach, all"),
)
_COUNTS = ("missing", "extended", "observed", "unique", "min", "max")
_MOST_UNIQUE = 500
_HEAD = (
    " " * 63 + "Obs<.",
    " " * 48 + "+" + "-" * 30,
    " " * 15 + "|" + " " * 32 + "| Unique",
    "      Variable |     Obs=.     Obs>.     Obs<.  | values        Min         Max",
    "  " + "-" * 13 + "+" + "-" * 32 + "+" + "-" * 30,
)


def run(command: Command, context: Context) -> Effects:
    """Show the table of the variables that have missing values."""
    from engine.tables.data import shortened

    part, dataset = command.main, context.dataset
    word, _, rest = part.body.partition(" ")
    if not word or not matches(word, "summarize", 3):
        raise StataError(198, "there is misstable summarize", part.body_span)
    start = part.body_span[0] + len(word)
    names = resolve_names(rest, dataset, span=(start, start + len(rest) + 1)) if rest.strip() else dataset.names
    mask = context.selected(part)
    drawn = list(_HEAD)
    rows: list[Row] = []
    data: list[DataRow] = []
    for name in names:
        if dataset.variable(name).is_string:
            continue
        context.cancel.check()
        values = dataset.numeric(name)[mask]
        absent = is_missing(values)
        system = int((values[absent] <= MISSING).sum())
        counts = (system, int(absent.sum()) - system, int((~absent).sum()))
        if not absent.any() and not part.has("all"):
            continue
        numbers = values[~absent]
        unique = len(np.unique(numbers))
        low, high = (float(numbers.min()), float(numbers.max())) if len(numbers) else (MISSING, MISSING)
        texts = [f"{count:,}" if count else "" for count in counts]
        texts += [f">{_MOST_UNIQUE}" if unique > _MOST_UNIQUE else str(unique)]
        texts += [format_value(low, "%9.0g"), format_value(high, "%9.0g")]
        drawn.append(
            f"  {shortened(name, 12):>12} |{texts[0]:>10}{texts[1]:>10}{texts[2]:>10}  |{texts[3]:>7}"
            f"{texts[4]:>11}{texts[5]:>12}"
        )
        whole = (*map(float, counts), float(unique), low, high)
        rows.append(Row(name, tuple(Cell(t, v) for t, v in zip(texts, whole, strict=True)), name=name))
        data.append(DataRow("", name, whole))
    if not rows:
        context.say("(variables nonmissing or string)")
        return Effects(r=Stored({"N": float(mask.sum())}))
    drawn.append("  " + "-" * 77)
    table_data = DataTable("misstable", _COUNTS, tuple(data))
    heads = ("Obs=.", "Obs>.", "Obs<.", "Unique values", "Min", "Max")
    columns = tuple(Column(key, head) for key, head in zip(_COUNTS, heads, strict=True))
    layout = TextLayout(width=79, stub=14, drawn=tuple(drawn))
    context.emit(Table("misstable", "Variable", columns, tuple(rows), layout, data=table_data))
    return Effects(tables=(table_data,), r=Stored({"N": float(mask.sum())}))
