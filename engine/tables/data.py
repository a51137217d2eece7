"""Tables of ``describe``, ``summarize`` and ``count``."""

from __future__ import annotations

import math
from collections.abc import Sequence

from engine.data.dataset import Dataset, Variable
from engine.data.formats import format_value
from engine.data.summary import Summary
from engine.results.stored import DataRow, DataTable
from engine.tables.document import Block, Cell, Column, Lines, Row, RowKind, Table, TextLayout

SUMMARIZE_COLUMNS = ("N", "mean", "sd", "min", "max")

_LABEL_COLUMN = 46
_DESCRIBE_WIDTH = 79
_DESCRIBE_HEAD = (
    "Variable      Storage   Display    Value",
    "    name         type    format    label      Variable label",
)
_SUMMARIZE_HEAD = "    Variable |        Obs        Mean    Std. dev.       Min        Max"
_WEIGHTED_HEAD = "    Variable |     Obs      Weight        Mean   Std. dev.       Min        Max"
_DETAIL_WIDTH = 61


def shortened(name: str, width: int) -> str:
    """Return a name in at most `width` characters, with ``~`` where some are left out."""
    return name if len(name) <= width else f"{name[: width - 2]}~{name[-1]}"


def describe_heading(dataset: Dataset, linesize: int) -> Lines:
    """Return the block above the variables: file, size, label and date."""
    source = f"Contains data from {dataset.path}" if dataset.path else "Contains data"
    label, *more = _cut(dataset.label, _label_room(linesize))
    rows = [
        (f" Observations:{dataset.n_obs:>14,}", label),
        *(("", piece) for piece in more),
        (f"    Variables:{len(dataset.variables):>14,}", dataset.timestamp),
    ]
    if dataset.notes:
        rows.append(("", "(_dta has notes)"))
    return Lines((source, *(f"{left:<{_LABEL_COLUMN}}{right}".rstrip() for left, right in rows)))


def describe_closing(dataset: Dataset) -> Lines:
    """Return the line below the variables: the sort order, and whether the data have changed."""
    lines = [("Sorted by: " + "  ".join(dataset.sorted_by)).rstrip()]
    if dataset.changed and dataset.variables:
        lines.append("     Note: Dataset has changed since last saved.")
    return Lines(tuple(lines))


def describe_table(variables: Sequence[Variable], linesize: int, *, whole: bool) -> Table:
    """Return the variables with storage type, display format, value label and label.

    The rules above and below stand only where all variables (`whole`) are described.
    """
    rule = "-" * min(_DESCRIBE_WIDTH, linesize)
    outer = [rule] if whole else []
    drawn = [*outer, *_DESCRIBE_HEAD, rule]
    rows = []
    for variable in variables:
        marked = ("* " if variable.notes else "") + variable.label
        cells = (variable.storage, variable.format, variable.value_label, marked)
        drawn += _described(variable.name, cells, linesize)
        rows.append(Row(variable.name, tuple(Cell(text, text) for text in cells), name=variable.name, left=True))
    drawn += outer
    if any(variable.notes for variable in variables):
        drawn.append(" " * 44 + "* indicated variables have notes")
    columns = (
        Column("storage", "Storage type", left=True),
        Column("format", "Display format", left=True),
        Column("value_label", "Value label", left=True),
        Column("label", "Variable label", left=True),
    )
    layout = TextLayout(width=_DESCRIBE_WIDTH, stub=16, bar=False, drawn=tuple(drawn))
    return Table("describe", "Variable", columns, tuple(rows), layout)


def _described(name: str, cells: Sequence[str], linesize: int) -> list[str]:
    """Return the lines of one variable; a long label goes on below itself."""
    storage, fmt, value_label, label = cells
    head = f"{shortened(name, 15):<16}{storage:<8}{fmt:<11}{shortened(value_label, 10):<11}"
    first, *more = _cut(label, _label_room(linesize))
    return [(head + first).rstrip(), *(" " * (_LABEL_COLUMN + 2) + piece for piece in more)]


def _label_room(linesize: int) -> int:
    return max(linesize - _LABEL_COLUMN - 1, 20)


def _cut(label: str, room: int) -> list[str]:
    """Cut a label between words into pieces of at most `room` characters."""
    pieces: list[str] = []
    while len(label) > room:
        cut = label.rfind(" ", 0, room + 1)
        cut = cut if cut > 0 else room
        pieces.append(label[:cut])
        label = label[cut:].lstrip()
    return [*pieces, label]


def simple_names(names: Sequence[str], linesize: int) -> Lines:
    """Return names in columns, read downwards, as ``describe, simple`` shows them."""
    if not names:
        return Lines(())
    width = max(len(name) for name in names) + 2
    per_line = max(1, linesize // width)
    height = math.ceil(len(names) / per_line)
    lines = ["".join(name.ljust(width) for name in names[start::height]).rstrip() for start in range(height)]
    return Lines(tuple(lines))


def summarize_table(summaries: Sequence[Summary], *, formatted: bool, separator: int, weighted: bool = False) -> Table:
    """Return the table of ``summarize``; with `formatted` numbers are shown in the variables' own formats.

    Weights that do not count observations have a column of their own (`weighted`).
    """
    rows: list[Row] = []
    for position, summary in enumerate(summaries):
        if separator and position and position % separator == 0:
            rows.append(Row(kind=RowKind.RULE))
        cells = [Cell(format_value(summary.n, "%10.0fc"), summary.n)]
        if summary.n:
            fmt = summary.format if formatted else "%9.0g"
            if weighted:
                cells.append(Cell(format_value(summary.weight, "%10.0g"), summary.weight))
            cells += [Cell(format_value(value, fmt), value) for value in summary.values[1:]]
        rows.append(Row(shortened(summary.name, 12), tuple(cells), name=summary.name))
    columns: tuple[Column, ...] = (
        Column("N", "Obs", 25),
        Column("mean", "Mean", 37),
        Column("sd", "Std. dev.", 49),
        Column("min", "Min", 60),
        Column("max", "Max", 71),
    )
    layout = TextLayout(width=71, stub=12, head=(_SUMMARIZE_HEAD,), top=False, bottom=False)
    if weighted:
        ends = zip(("N", "weight", "mean", "sd", "min", "max"), (22, 34, 46, 58, 68, 79), strict=True)
        heads = {column.key: column.heading for column in columns} | {"weight": "Weight"}
        columns = tuple(Column(key, heads[key], end) for key, end in ends)
        layout = TextLayout(width=79, stub=12, head=(_WEIGHTED_HEAD,), top=False, bottom=False)
    return Table("summarize", "Variable", columns, tuple(rows), layout, data=summarize_data(summaries))


def summarize_data(summaries: Sequence[Summary]) -> DataTable:
    """Return the whole table at full precision."""
    rows = tuple(DataRow("", summary.name, summary.values) for summary in summaries)
    return DataTable("summarize", SUMMARIZE_COLUMNS, rows)


def detail_blocks(summary: Summary, *, formatted: bool) -> tuple[Block, ...]:
    """Return what ``summarize, detail`` prints for one variable, its title first."""
    title = (summary.label or summary.name).center(_DETAIL_WIDTH).rstrip()
    if not summary.n:
        return (Lines((title, "-" * _DETAIL_WIDTH, "no observations")),)
    fmt = summary.format if formatted else "%9.0g"
    smallest = [format_value(value, fmt) for value in summary.smallest] + [""] * (4 - len(summary.smallest))
    largest = [""] * (4 - len(summary.largest)) + [format_value(value, fmt) for value in summary.largest]
    percentiles = {p: format_value(value, fmt) for p, value in summary.percentiles.items()}
    facts = [
        ("Obs", f"{summary.n:,.0f}"),
        ("Sum of wgt.", format_value(summary.weight, "%10.0gc")),
        ("Mean", format_value(summary.mean, fmt)),
        ("Std. dev.", format_value(summary.sd, fmt)),
        ("Variance", format_value(summary.sd**2, "%9.0g")),
        ("Skewness", format_value(summary.skewness, "%9.0g")),
        ("Kurtosis", format_value(summary.kurtosis, "%9.0g")),
    ]
    right = [f"{label:<11}{value:>12}" for label, value in facts]
    lines = ["      Percentiles      Smallest"]
    column = [(1, 0, ""), (5, 1, ""), (10, 2, right[0]), (25, 3, right[1])]
    lines += [_detail_line(p, percentiles[p], smallest[k], text) for p, k, text in column]
    lines += ["", _detail_line(50, percentiles[50], "", right[2]), f"{'Largest':>31}{'':7}{right[3]}"]
    column = [(75, 0, ""), (90, 1, right[4]), (95, 2, right[5]), (99, 3, right[6])]
    lines += [_detail_line(p, percentiles[p], largest[k], text) for p, k, text in column]
    cells = [(f"p{p}", value) for p, value in summary.percentiles.items()]
    cells += [("N", float(summary.n)), ("mean", summary.mean), ("sd", summary.sd)]
    cells += [("skewness", summary.skewness), ("kurtosis", summary.kurtosis)]
    rows = tuple(Row(label, (Cell(format_value(value, fmt), value),), name=label) for label, value in cells)
    rule = "-" * _DETAIL_WIDTH
    layout = TextLayout(width=_DETAIL_WIDTH, stub=12, drawn=(title, rule, *lines))
    table = Table(
        "detail", "Statistic", (Column("value", summary.name),), rows, layout, title=summary.label or summary.name
    )
    return (table,)


def _detail_line(percent: int, value: str, extreme: str, fact: str) -> str:
    return f"{percent:>2}%{value:>13}{extreme:>15}{'':7}{fact}".rstrip()


def count_lines(count: int) -> Lines:
    """Return what ``count`` prints."""
    return Lines((f"  {count:,}",))
