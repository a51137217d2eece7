"""Matrices as ``matlist`` prints them: names before a bar, as many columns side by side as the line holds."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from engine.data.formats import format_value
from engine.frame.modelframe import FloatArray
from engine.tables.document import Block, Cell, Column, Lines, Row, RowKind, Table, TextLayout
from engine.tables.labels import abbreviate

STUB = 12
_WIDTH = re.compile(r"%-?0?(\d+)")


def matrix_blocks(
    values: FloatArray,
    rows: Sequence[str],
    cols: Sequence[str],
    *,
    fmt: str = "%9.0g",
    corner: str = "",
    lower: bool = False,
    identity: str = "matrix",
    groups: Sequence[str] = (),
    linesize: int = 80,
) -> tuple[Block, ...]:
    """Return the panels of a matrix.

    Parameters
    ----------
    values, rows, cols
        The numbers (len(rows), len(cols)) and what their rows and columns are called.
    fmt, corner
        Format of the numbers, and what stands above the names of the rows.
    lower
        Leaves out what stands above the diagonal of a symmetric matrix.
    identity
        Id of the tables.
    groups
        Equation of each row and column of a symmetric matrix, shown before its names; empty without.
    linesize
        Characters per line.
    """
    match = _WIDTH.match(fmt)
    each = (int(match[1]) if match else 9) + 2
    stub = max(STUB, min(20, max(len(name) for name in rows)))
    room = max(1, (linesize - stub - 2) // each)
    blocks: list[Block] = []
    for first in range(0, len(cols), room):
        shown = list(range(first, min(first + room, len(cols))))
        start = first if lower else 0
        blocks += [Lines(("",))] if blocks else []
        head = [f"{corner:>{stub}} |" + "".join(f"{abbreviate(cols[j], each - 2):>{each - 1}} " for j in shown)]
        if groups:
            changed = [k == 0 or groups[j] != groups[shown[k - 1]] for k, j in enumerate(shown)]
            words = (groups[j] if new else "" for j, new in zip(shown, changed, strict=True))
            head.insert(0, f"{'':>{stub}} |" + "".join(f" {abbreviate(word, each - 1):<{each - 1}}" for word in words))
        blocks.append(
            Table(
                id=identity,
                stub=corner,
                columns=tuple(Column(cols[j], cols[j], stub + 1 + each * (k + 1)) for k, j in enumerate(shown)),
                rows=tuple(
                    row
                    for i in range(start, len(rows))
                    for row in (
                        *_heading(groups, i, start, stub),
                        Row(
                            abbreviate(rows[i], stub),
                            tuple(_cell(float(values[i, j]), fmt) for j in shown if not lower or j <= i),
                            name=rows[i],
                        ),
                    )
                ),
                layout=TextLayout(
                    width=stub + 2 + each * len(shown),
                    stub=stub,
                    head=tuple(line.rstrip() for line in head),
                    top=False,
                    bottom=False,
                ),
            )
        )
    return tuple(blocks)


def _heading(groups: Sequence[str], i: int, start: int, stub: int) -> tuple[Row, ...]:
    """Return the row that names an equation, before its first row."""
    if not groups or (i > start and groups[i] == groups[i - 1]):
        return ()
    return (Row(abbreviate(groups[i], stub), kind=RowKind.GROUP, left=True, name=groups[i]),)


def _cell(value: float, fmt: str) -> Cell:
    text = format_value(value, fmt).strip() if np.isfinite(value) else "."
    return Cell(text, value)


def correlations(V: FloatArray) -> FloatArray:
    """Return the correlation matrix of a covariance matrix; NaN beside variances of zero."""
    sd = np.sqrt(np.diag(V))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(V / np.outer(sd, sd))
