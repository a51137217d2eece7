"""``codebook``: type, range, missing values and contents of each variable ([D] codebook)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context, Effects
from engine.data.dataset import Dataset, Variable
from engine.data.formats import format_value
from engine.data.missing import MISSING, is_missing
from engine.frame.resolve import resolve_names
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule
from engine.results.stored import DataRow, DataTable
from engine.tables.document import Cell, Column, Row, Table, TextLayout

DECLARATION = CommandDecl(
    name="codebook",
    minimum=4,
    title="Describe data contents",
    help="Shows type, range, distinct and missing values, and the contents of each variable.",
    menu=("Data", "Describe data", "Describe data contents (codebook)"),
    varlist=VarlistRule.OPTIONAL,
    allow_if=True,
    allow_in=True,
    options=(
        OptionDecl(
            name="compact", minimum=1, label="One line per variable", help="Show one line per variable.", page="model"
        ),
        OptionDecl(
            name="tabulate",
            minimum=1,
            kind=OptionKind.INTEGER,
            label="Tabulate up to",
            help="Show frequencies of variables with at most this many values.",
            default=9,
            low=0,
            page="model",
        ),
    ),
    examples=("codebook ses sector", "codebook, compact"),
)

COLUMNS = ("N", "unique", "mean", "min", "max")
_MARGIN = 23
_PERCENTS = (10, 25, 50, 75, 90)


def run(command: Command, context: Context) -> Effects:
    """Show each variable; the table holds number, distinct values, mean and extremes."""
    part, dataset = command.main, context.dataset
    names = resolve_names(part.body, dataset, span=part.body_span) if part.body else dataset.names
    mask = context.selected(part)
    use = part.option("tabulate")
    most = int(use.argument) if use is not None and use.argument else 9
    numbers: dict[str, tuple[float, ...]] = {}
    for name in names:
        context.cancel.check()
        values, present = _values(dataset, name, mask)
        numbers[name] = _facts(values[present], text=dataset.variable(name).is_string)
        if not part.has("compact"):
            shown = _number_entry if not dataset.variable(name).is_string else _text_entry
            heading = _heading(dataset.variable(name), context.settings.linesize)
            context.say(*heading, *shown(dataset, dataset.variable(name), values, present, most))
    data = DataTable("codebook", COLUMNS, tuple(DataRow("", name, facts) for name, facts in numbers.items()))
    if part.has("compact"):
        context.emit(_compact(dataset, data, context.settings.linesize))
    return Effects(tables=(data,))


def _values(
    dataset: Dataset, name: str, mask: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Return the selected values and which of them are there."""
    if dataset.variable(name).is_string:
        texts = dataset.texts(name)[mask]
        return texts, np.asarray(texts != "", dtype=bool)
    values = dataset.numeric(name)[mask]
    return values, ~is_missing(values)


def _facts(values: npt.NDArray[np.float64], *, text: bool) -> tuple[float, ...]:
    """Return number, distinct values, mean, minimum and maximum; missing for text and where there are no values."""
    if text:
        return (float(len(values)), float(len(set(values.tolist()))), MISSING, MISSING, MISSING)
    found = (values.mean(), values.min(), values.max()) if len(values) else (MISSING,) * 3
    return (float(len(values)), float(len(np.unique(values))), *map(float, found))


def _heading(variable: Variable, linesize: int) -> list[str]:
    """Return name and label between rules."""
    width = min(linesize, 80) - 1
    rule = "-" * width
    title = variable.label or "(unlabeled)"
    head = variable.name + title.rjust(max(width - len(variable.name), len(title) + 1))
    return ["", rule, head, rule, ""]


def _line(label: str, value: str, other: str = "", figure: str = "") -> str:
    left = f"{label + ':':>{_MARGIN - 1}} {value}"
    return f"{left:<47}{other + ':':>14} {figure}" if other else left.rstrip()


def _number_entry(
    dataset: Dataset,
    variable: Variable,
    values: npt.NDArray[np.float64],
    present: npt.NDArray[np.bool_],
    most: int,
) -> list[str]:
    from engine.data.summary import percentile, summarize_values

    numbers = values[present]
    lines = [_line("Type", f"Numeric ({variable.storage})")]
    labelled = dataset.labels_of(variable.name)
    if variable.value_label:
        lines.append(_line("Label", variable.value_label + ("" if labelled else ", but label does not exist")))
    lines.append("")
    n = len(values)
    system = int((~present & (values <= MISSING)).sum())
    unique = np.unique(numbers)
    if len(numbers):
        ends = f"[{format_value(numbers.min(), '%9.0g')},{format_value(numbers.max(), '%9.0g')}]"
        lines.append(_line("Range", ends, "Units", _units(numbers)))
    lines.append(_line("Unique values", f"{len(unique):,}", "Missing .", f"{system:,}/{n:,}"))
    extended = values[~present & (values > MISSING)]
    if len(extended):
        codes = f"{len(np.unique(extended)):,}"
        lines.append(_line("Unique mv codes", codes, "Missing .*", f"{len(extended):,}/{n:,}"))
    lines.append("")
    if len(unique) <= most:
        return lines + _tabulated(values, labelled, lambda value: format_value(value, variable.format))
    if labelled:
        return lines + _examples([labelled.get(v) or format_value(v, variable.format) for v in _spread(unique)])
    summary = summarize_values(numbers, name=variable.name)
    lines.append(_line("Mean", f"{format_value(summary.mean, '%8.0g'):>8}"))
    lines.append(_line("Std. dev.", f"{format_value(summary.sd, '%8.0g'):>8}"))
    ordered = np.sort(numbers)
    lines += ["", _line("Percentiles", "".join(f"{f'{p}%':>{8 if p == 10 else 10}}" for p in _PERCENTS))]
    texts = [format_value(percentile(ordered, p), "%9.0g") for p in _PERCENTS]
    return [*lines, " " * _MARGIN + "".join(f"{text:>{8 if k == 0 else 10}}" for k, text in enumerate(texts))]


def _units(numbers: npt.NDArray[np.float64]) -> str:
    """Return the largest power of ten of which all values are multiples."""
    for exponent in range(6, 0, -1):
        if (numbers % 10.0**exponent == 0).all() and numbers.any():
            return format_value(10.0**exponent, "%9.0g")
    for exponent in range(9):
        scaled = numbers * 10.0**exponent
        if (np.abs(scaled - np.rint(scaled)) <= 1e-6 * np.maximum(1.0, np.abs(scaled)) * 1e-3).all():
            return format_value(10.0**-exponent, "%9.0g")
    return "1.000e-09"


def _tabulated(values: npt.NDArray[np.float64], labels: object, shown: Callable[[float], str]) -> list[str]:
    """Return the frequencies of all values, missing ones included."""
    words = dict(labels) if isinstance(labels, dict) else {}
    distinct, counts = np.unique(values, return_counts=True)
    head = "Freq.   Numeric  Label" if words else "Freq.  Value"
    lines = [_line("Tabulation", head)]
    for value, count in zip(distinct.tolist(), counts.tolist(), strict=True):
        text = shown(value)
        cells = f"{text:>10}  {words.get(value, '')}" if words else f"  {text}"
        lines.append(f"{f'{count:,}':>{_MARGIN + 5}}{cells}".rstrip())
    return lines


def _spread(distinct: npt.NDArray[np.float64]) -> list[float]:
    """Return four values, a fifth of the way apart."""
    return [distinct[int(len(distinct) * k / 5)] for k in range(1, 5)]


def _examples(texts: list[str]) -> list[str]:
    first, *others = texts
    return [_line("Examples", first), *(" " * _MARGIN + text for text in others)]


def _text_entry(
    dataset: Dataset,
    variable: Variable,
    values: npt.NDArray[np.float64],
    present: npt.NDArray[np.bool_],
    most: int,
) -> list[str]:
    texts = [str(text) for text in values[present].tolist()]
    longest = max((len(text.encode()) for text in texts), default=0)
    shorter = (
        variable.storage.startswith("str") and variable.storage[3:].isdigit() and longest < int(variable.storage[3:])
    )
    kind = f"String ({variable.storage})" + (f", but longest is str{max(longest, 1)}" if shorter else "")
    distinct = sorted(set(texts))
    missing = f"{len(values) - len(texts):,}/{len(values):,}"
    lines = [_line("Type", kind), "", _line("Unique values", f"{len(distinct):,}", 'Missing ""', missing), ""]
    if len(distinct) <= most:
        found, counts = np.unique(np.array([str(text) for text in values.tolist()], dtype=object), return_counts=True)
        lines.append(_line("Tabulation", "Freq.  Value"))
        pairs = zip(found.tolist(), counts.tolist(), strict=True)
        lines += [f'{f"{count:,}":>{_MARGIN + 5}}  "{text}"' for text, count in pairs]
    else:
        lines += _examples([f'"{distinct[int(len(distinct) * k / 5)]}"' for k in range(1, 5)])
    blanks = [
        word
        for word, test in (
            ("leading", lambda t: t[:1] == " "),
            ("trailing", lambda t: t[-1:] == " "),
            ("embedded", lambda t: " " in t.strip()),
        )
        if any(test(text) for text in distinct)
    ]
    if blanks:
        lines += ["", _line("Warning", f"Variable has {' and '.join(blanks)} blanks.")]
    return lines


def _compact(dataset: Dataset, data: DataTable, linesize: int) -> Table:
    """Return one line per variable."""
    width = max([8, *(len(row.name) for row in data.rows)])
    drawn = [f"{'Variable':<{width}}{'Obs':>8}{'Unique':>8}{'Mean':>10}{'Min':>10}{'Max':>10}  Label"]
    rows: list[Row] = []
    for row in data.rows:
        texts = [*(f"{value:,.0f}" for value in row.values[:2]), *(format_value(v, "%8.0g") for v in row.values[2:])]
        line = f"{row.name:<{width}}{texts[0]:>8}{texts[1]:>8}" + "".join(f"{text:>10}" for text in texts[2:])
        drawn.append(f"{line}  {dataset.variable(row.name).label}"[:linesize].rstrip())
        cells = tuple(Cell(t, v) for t, v in zip(texts, row.values, strict=True))
        rows.append(Row(row.name, cells, name=row.name))
    heads = ("Obs", "Unique", "Mean", "Min", "Max")
    columns = tuple(Column(key, head) for key, head in zip(COLUMNS, heads, strict=True))
    rule = "-" * linesize
    layout = TextLayout(width=linesize, stub=width, drawn=("", drawn[0], rule, *drawn[1:], rule))
    return Table("codebook", "Variable", columns, tuple(rows), layout, data=data)
