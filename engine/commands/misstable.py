"""``misstable summarize`` and ``codebook, compact``: which values there are, and which are missing ([R] misstable)."""

from __future__ import annotations

import numpy as np

from engine.commands.base import Context, Effects, Run
from engine.data.formats import format_value
from engine.data.missing import MISSING, is_missing
from engine.errors import StataError
from engine.frame.resolve import resolve_names
from engine.lang.abbrev import matches
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, OptionDecl, VarlistRule
from engine.results.stored import DataRow, DataTable, Stored
from engine.tables.data import shortened
from engine.tables.document import Cell, Column, Row, Table, TextLayout

MISSTABLE = CommandDecl(
    name="misstable",
    minimum=4,
    title="Missing values",
    help="misstable summarize shows how many values of each variable are missing.",
    menu=("Statistics", "Summaries, tables, and tests", "Tables of missing values"),
    varlist=VarlistRule.TEXT,
    allow_if=True,
    allow_in=True,
    options=(
        OptionDecl(
            name="all", minimum=3, label="All variables", help="Show those without missing values too.", page="model"
        ),
    ),
    examples=("misstable summarize", "misstable summarize ses mathach, all"),
)
CODEBOOK = CommandDecl(
    name="codebook",
    minimum=4,
    title="Describe data contents",
    help="Shows numbers of observations and distinct values, mean, extremes and label of each variable.",
    menu=("Data", "Describe data", "Describe data contents (codebook)"),
    varlist=VarlistRule.OPTIONAL,
    allow_if=True,
    allow_in=True,
    options=(
        OptionDecl(
            name="compact",
            minimum=1,
            label="One line per variable",
            help="Show one line per variable (as always here).",
            page="model",
        ),
    ),
    examples=("codebook, compact", "codebook ses mathach, compact"),
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


def run_misstable(command: Command, context: Context) -> Effects:
    """Show the table of the variables that have missing values."""
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


def run_codebook(command: Command, context: Context) -> Effects:
    """Show one line per variable."""
    part, dataset = command.main, context.dataset
    names = resolve_names(part.body, dataset, span=part.body_span) if part.body else dataset.names
    mask = context.selected(part)
    width = max([8, *map(len, names)])
    drawn = [f"{'Variable':<{width}}{'Obs':>8}{'Unique':>8}{'Mean':>10}{'Min':>10}{'Max':>10}  Label"]
    rows: list[Row] = []
    data: list[DataRow] = []
    for name in names:
        context.cancel.check()
        variable = dataset.variable(name)
        numbers: tuple[float, ...]
        if variable.is_string:
            words = dataset.texts(name)[mask]
            words = words[np.asarray(words != "", dtype=bool)]
            numbers = (float(len(words)), float(len(set(words.tolist()))), MISSING, MISSING, MISSING)
        else:
            values = dataset.numeric(name)[mask]
            values = values[~is_missing(values)]
            found = (values.mean(), values.min(), values.max()) if len(values) else (MISSING,) * 3
            numbers = (float(len(values)), float(len(np.unique(values))), *map(float, found))
        texts = [f"{numbers[0]:,.0f}", f"{numbers[1]:,.0f}", *(format_value(v, "%8.0g") for v in numbers[2:])]
        line = f"{name:<{width}}{texts[0]:>8}{texts[1]:>8}" + "".join(f"{text:>10}" for text in texts[2:])
        drawn.append(f"{line}  {variable.label}"[: context.settings.linesize].rstrip())
        rows.append(Row(name, tuple(Cell(t, v) for t, v in zip(texts, numbers, strict=True)), name=name))
        data.append(DataRow("", name, numbers))
    rule = "-" * context.settings.linesize
    table_data = DataTable("codebook", ("N", "unique", "mean", "min", "max"), tuple(data))
    heads = ("Obs", "Unique", "Mean", "Min", "Max")
    columns = tuple(Column(key, head) for key, head in zip(table_data.columns, heads, strict=True))
    lines = ("", drawn[0], rule, *drawn[1:], rule)
    layout = TextLayout(width=context.settings.linesize, stub=width, drawn=lines)
    context.emit(Table("codebook", "Variable", columns, tuple(rows), layout, data=table_data))
    return Effects(tables=(table_data,))


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = ((MISSTABLE, run_misstable), (CODEBOOK, run_codebook))
