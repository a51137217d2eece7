"""Tables of ``tabulate`` and ``correlate``, drawn as Stata draws them ([R] tabulate, [R] correlate)."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.data.formats import format_value
from engine.results.stored import DataRow, DataTable
from engine.tables.data import shortened
from engine.tables.document import Cell, Column, Row, Table, TextLayout

ONE_WAY = ("freq", "percent", "cum")
_STUB = 11
_WIDEST_STUB = 37
_STUB2 = 10
_CELL = 11
_DECIMALS = {"expected frequency": ",.1f"}
_CORRELATION_STUB = 12


def one_way(title: str, labels: Sequence[str], names: Sequence[str], counts: npt.NDArray[np.int64]) -> Table:
    """Return frequencies, percentages and cumulated percentages of one variable."""
    total = int(counts.sum())
    percent = 100.0 * counts / total
    cumulated = np.cumsum(percent)
    stub = min(max([_STUB, *map(len, labels)]), _WIDEST_STUB)
    heading = textwrap.wrap(title, stub) or [""]
    lines = [f"{text:>{stub}} |" for text in heading]
    lines[-1] += f"{'Freq.':>11}{'Percent':>12}{'Cum.':>12}"
    rule = "-" * (stub + 1) + "+" + "-" * 35
    lines.append(rule)
    rows = []
    for k, label in enumerate(labels):
        cells = (f"{counts[k]:,}", f"{percent[k]:.2f}", f"{cumulated[k]:.2f}")
        lines.append(f"{label[:stub]:>{stub}} |{cells[0]:>11}{cells[1]:>12}{cells[2]:>12}")
        values = (float(counts[k]), float(percent[k]), float(cumulated[k]))
        rows.append(Row(label, tuple(Cell(t, v) for t, v in zip(cells, values, strict=True)), name=names[k]))
    lines += [rule, f"{'Total':>{stub}} |{total:>11,}{'100.00':>12}"]
    columns = (Column("freq", "Freq."), Column("percent", "Percent"), Column("cum", "Cum."))
    data = DataTable(
        "tabulate",
        ONE_WAY,
        tuple(
            DataRow("", name, (float(counts[k]), float(percent[k]), float(cumulated[k])))
            for k, name in enumerate(names)
        ),
    )
    layout = TextLayout(width=len(rule), stub=stub, drawn=tuple(lines))
    return Table("tabulate", title, columns, tuple(rows), layout, data=data)


def two_way(
    titles: tuple[str, str],
    labels: tuple[Sequence[str], Sequence[str]],
    counts: npt.NDArray[np.int64],
    shown: Sequence[str],
    *,
    key: bool = True,
) -> Table:
    """Return the frequencies of two variables; `shown` names what stands in each cell, as the `key` says.

    The words are ``frequency``, ``expected frequency`` and the percentages ``row percentage``, ``column percentage``
    and ``cell percentage``.
    """
    whole = np.vstack([np.column_stack([counts, counts.sum(axis=1)]), np.append(counts.sum(axis=0), counts.sum())])
    with np.errstate(invalid="ignore", divide="ignore"):
        percentages = {
            "expected frequency": whole[:, -1:] * (whole[-1:, :] / whole[-1, -1]),
            "row percentage": 100.0 * whole / whole[:, -1:],
            "column percentage": 100.0 * whole / whole[-1:, :],
            "cell percentage": 100.0 * whole / whole[-1, -1],
        }
    n_columns = counts.shape[1]
    inner = _CELL * n_columns
    lines = [] if len(shown) < 2 or not key else _key(shown)
    head = [f"{text:>{_STUB2}}" for text in textwrap.wrap(titles[0], _STUB2) or [""]]
    head = [" " * _STUB2, *head] if len(head) < 2 else head
    lines += [f"{text} |" for text in head[:-2]]
    lines.append(f"{head[-2]} |{titles[1][:inner].center(inner).rstrip()}")
    cells = "".join(f"{_cut(label, _CELL - 1):>{_CELL}}" for label in labels[1])[1:]
    lines.append(f"{head[-1]} |{cells} |{'Total':>10}")
    rule = "-" * (_STUB2 + 1) + "+" + "-" * inner + "+" + "-" * 10
    lines.append(rule)
    rows: list[Row] = []
    for i, label in enumerate([*labels[0], "Total"]):
        if label == "Total" and i == len(labels[0]) and len(shown) < 2:
            lines.append(rule)
        for k, word in enumerate(shown):
            texts = [
                f"{value:,}" if word == "frequency" else f"{percentages[word][i, j]:{_DECIMALS.get(word, ',.2f')}}"
                for j, value in enumerate(whole[i].tolist())
            ]
            body = f"{texts[0]:>{_CELL - 1}}" + "".join(f"{text:>{_CELL}}" for text in texts[1:-1])
            lines.append(f"{_cut(label, _STUB2) if k == 0 else '':>{_STUB2}} |{body} |{texts[-1]:>10} ".rstrip())
            rows.append(Row(label if k == 0 else "", tuple(Cell(t, t) for t in texts), name=label))
        if len(shown) > 1 and i < len(labels[0]):
            lines.append(rule)
    columns = tuple(Column(f"c{k + 1}", label) for k, label in enumerate([*labels[1], "Total"]))
    data = DataTable(
        "tabulate",
        tuple(labels[1]),
        tuple(DataRow("", label, tuple(map(float, counts[i]))) for i, label in enumerate(labels[0])),
    )
    layout = TextLayout(width=len(rule), stub=_STUB2, drawn=tuple(lines))
    return Table("tabulate", titles[0], columns, tuple(rows), layout, data=data)


def _key(shown: Sequence[str]) -> list[str]:
    """Return the box that says what stands in a cell."""
    width = max(map(len, shown)) + 2
    lines = ["+" + "-" * width + "+", f"|{'Key':^{width}}|", "|" + "-" * width + "|"]
    return [*lines, *(f"|{word:^{width}}|" for word in shown), "+" + "-" * width + "+", ""]


def _cut(text: str, width: int) -> str:
    return text[:width]


def correlations(
    names: Sequence[str],
    matrix: npt.NDArray[np.float64],
    *,
    fmt: str = "%9.4f",
    below: Sequence[tuple[npt.NDArray[np.float64], str]] = (),
    starred: npt.NDArray[np.bool_] | None = None,
    hidden: npt.NDArray[np.bool_] | None = None,
) -> Table:
    """Return the lower triangle of a matrix; `below` are further lines of each row with their formats.

    `starred` numbers have a star; what is `hidden` is left blank in the printed table.
    """
    blank = np.zeros(matrix.shape, dtype=bool) if hidden is None else hidden
    per_panel = 7
    lines: list[str] = []
    for first in range(0, len(names), per_panel):
        chosen = range(first, min(first + per_panel, len(names)))
        if first:
            lines.append("")
        lines.append(" " * _CORRELATION_STUB + " |" + "".join(f"{shortened(names[j], 8):>9}" for j in chosen))
        lines.append("-" * (_CORRELATION_STUB + 1) + "+" + "-" * (9 * len(chosen)))
        for i in range(first, len(names)):
            own = [j for j in chosen if j <= i]
            label = f"{shortened(names[i], _CORRELATION_STUB):>{_CORRELATION_STUB}} |"
            seen = [(j, not blank[i, j]) for j in own]
            lines.append(label + _numbers(matrix[i], seen, fmt, None if starred is None else starred[i]))
            for values, form in below:
                lines.append(" " * _CORRELATION_STUB + " |" + _numbers(values[i], seen, form, None, absent=""))
            if below:
                lines.append(" " * _CORRELATION_STUB + " |")
    columns = tuple(Column(name, name) for name in names)
    rows = tuple(
        Row(name, tuple(Cell(_shown(matrix[i, j], fmt), float(matrix[i, j])) for j in range(i + 1)), name=name)
        for i, name in enumerate(names)
    )
    data = DataTable(
        "correlate",
        tuple(names),
        tuple(DataRow("", name, tuple(map(float, matrix[i]))) for i, name in enumerate(names)),
    )
    layout = TextLayout(width=80, stub=_CORRELATION_STUB, drawn=tuple(lines))
    return Table("correlate", "", columns, rows, layout, data=data)


def _shown(value: float, fmt: str) -> str:
    """Return a number in a format of Stata."""
    return format_value(float(value), fmt).strip()


def _numbers(
    values: npt.NDArray[np.float64],
    chosen: Sequence[tuple[int, bool]],
    fmt: str,
    starred: npt.NDArray[np.bool_] | None,
    absent: str = ".",
) -> str:
    """Return the numbers of one line; a star stands in the blank before the next number."""
    text = ""
    for j, visible in chosen:
        number = f"{_shown(values[j], fmt) if np.isfinite(values[j]) else absent:>9}" if visible else " " * 9
        text = text + number[1:] if text.endswith("*") else text + number
        if starred is not None and starred[j] and visible:
            text += "*"
    return text.rstrip()
