"""``inspect``: the kinds of values of each variable, with a small histogram ([D] inspect)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context, Effects
from engine.data.dataset import Variable
from engine.data.formats import format_value
from engine.data.missing import is_missing
from engine.errors import StataError
from engine.frame.resolve import resolve_names
from engine.lang.command import Command
from engine.lang.declaration import ByRule, CommandDecl, VarlistRule
from engine.results.stored import DataRow, DataTable, Stored
from engine.tables.document import Cell, Column, Row, Table, TextLayout

DECLARATION = CommandDecl(
    name="inspect",
    minimum=3,
    title="Inspect variables",
    help="Shows how many values are negative, zero, positive, whole numbers and missing, and a small histogram.",
    menu=("Data", "Describe data", "Inspect variables"),
    varlist=VarlistRule.OPTIONAL,
    by=ByRule.EACH,
    allow_if=True,
    allow_in=True,
    examples=("inspect ses", "inspect mathach if female"),
)

COLUMNS = ("negative", "zero", "positive", "total", "missing", "unique")
_BARS = 5
_HEIGHT = 5
_MOST_UNIQUE = 99
_WIDTH = 80


def run(command: Command, context: Context) -> Effects:
    """Show one box per numeric variable; r() holds the counts of the last."""
    part, dataset = command.main, context.dataset
    names = resolve_names(part.body, dataset, span=part.body_span) if part.body else dataset.names
    mask = context.selected(part)
    n = int(mask.sum())
    rows: list[DataRow] = []
    scalars: dict[str, float] = {}
    for name in names:
        variable = dataset.variable(name)
        if variable.is_string:
            if part.body:
                raise StataError(109, f"type mismatch: {name} holds text", part.body_span)
            continue
        context.cancel.check()
        values = dataset.numeric(name)[mask]
        values = values[~is_missing(values)]
        counts = _kinds(values)
        drawn = _box(variable, values, counts, n)
        unique, total = len(np.unique(values)), float(len(values))
        numbers = (*(float(c[1]) for c in counts), total, float(n - len(values)), float(unique))
        rows.append(DataRow("", name, numbers))
        table_data = DataTable("inspect", COLUMNS, (rows[-1],))
        cells = tuple(Cell(f"{value:,.0f}", value) for value in numbers)
        heads = tuple(Column(key, key.capitalize()) for key in COLUMNS)
        layout = TextLayout(width=_WIDTH, stub=12, drawn=tuple(drawn))
        context.emit(Table("inspect", "Variable", heads, (Row(name, cells, name=name),), layout, data=table_data))
        integers = {f"N_{word}int": float(c[2]) for word, c in zip(("neg", "0", "pos"), counts, strict=True)}
        scalars = {
            "N": total, "N_neg": numbers[0], "N_0": numbers[1], "N_pos": numbers[2],
            "N_negint": integers["N_negint"], "N_posint": integers["N_posint"],
            "N_unique": float(unique) if unique <= _MOST_UNIQUE else float("inf"), "N_undoc": 0.0,
        }  # fmt: skip
    if not rows:
        return Effects()
    scalars = {key: value for key, value in scalars.items() if np.isfinite(value)}
    return Effects(tables=(DataTable("inspect", COLUMNS, tuple(rows)),), r=Stored(scalars))


def _kinds(values: npt.NDArray[np.float64]) -> list[tuple[str, int, int]]:
    """Return how many values are negative, zero, positive, and how many of each are whole numbers."""
    whole = values == np.floor(values)
    kinds = {"Negative": values < 0, "Zero": values == 0, "Positive": values > 0}
    return [(word, int(kind.sum()), int((kind & whole).sum())) for word, kind in kinds.items()]


def _box(variable: Variable, values: npt.NDArray[np.float64], counts: list[tuple[str, int, int]], n: int) -> list[str]:
    """Return the lines of one variable: histogram left, counts right."""
    plot = _histogram(values)
    title = f"{variable.name}:  {variable.label}".rstrip()
    missing, unique = n - len(values), len(np.unique(values))
    lines = ["", f"{title[:46]:<49}Number of observations", f"{'-' * 23:<45}{'-' * 30}"]
    lines.append(f"{'':<47}{'Total':>5}{'Integers':>12}{'Nonintegers':>14}")

    def figures(whole: int, integers: int) -> str:
        cells = (whole, integers, whole - integers)
        texts = [f"{cell:,}" if cell else "-" for cell in cells]
        return f"{texts[0]:>14}{texts[1]:>12}{texts[2]:>14}"

    rows = [f"{word:<15}{figures(whole, integers)}" for word, whole, integers in counts]
    rows.append(f"{'':<19}{'-' * 36}")
    rows.append(f"{'Total':<15}{figures(len(values), sum(c[2] for c in counts))}")
    rows.append(f"{'Missing':<15}{(f'{missing:,}' if missing else '-'):>14}")
    lines += [f"{left:<23}{right}".rstrip() for left, right in zip(plot, rows, strict=True)]
    lines.append(f"{'+' + '-' * 22:<23}{'':<19}{'-' * 10}")
    ends = (
        ("", "")
        if not len(values)
        else (format_value(values.min(), variable.format), format_value(values.max(), variable.format))
    )
    lines.append(f"{ends[0]:<11}{ends[1]:>12}{f'{n:,}':>29}")
    lines.append(
        "(More than 99 unique values)" if unique > _MOST_UNIQUE else f"({unique} unique value{'s' * (unique != 1)})"
    )
    return lines


def _histogram(values: npt.NDArray[np.float64]) -> list[str]:
    """Return six lines with up to five bars, one per value where there are few."""
    if not len(values):
        return ["|"] * (_HEIGHT + 1)
    distinct = np.unique(values)
    if len(distinct) <= _BARS:
        counts = np.array([(values == value).sum() for value in distinct])
    else:
        counts = np.histogram(values, bins=_BARS)[0]
    heights = np.ceil(_HEIGHT * counts / counts.max()).astype(int)
    small = counts * 2 * _HEIGHT < counts.max()
    lines = []
    for level in range(_HEIGHT, 0, -1):
        marks = [
            " " if height < level else "." if level == 1 and low else "#"
            for height, low in zip(heights.tolist(), small.tolist(), strict=True)
        ]
        lines.append(("|  " + "   ".join(marks)).rstrip())
    return ["|", *lines]
