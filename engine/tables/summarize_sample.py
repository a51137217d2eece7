"""The table of ``estat summarize``."""

from __future__ import annotations

from collections.abc import Sequence

from engine.tables.document import Block, Cell, Column, Lines, Role, Row, Table, TextLayout
from engine.tables.labels import abbreviate
from engine.tables.numbers import GENERAL, number_text

STUB = 12
_ENDS = (27, 40, 53, 65)
_HEADINGS = ("Mean", "Std. dev.", "Min", "Max")
_LABEL_WIDTH = 30


def sample_blocks(
    names: Sequence[str], rows: Sequence[Sequence[float]], labels: Sequence[str], *, command: str, n_obs: int
) -> tuple[Block, ...]:
    """Return header and table; `rows` hold number, mean, standard deviation, minimum and maximum."""
    width = _ENDS[-1] + (_LABEL_WIDTH + 2 if labels else 0)
    columns = [Column(key.lower(), key, end) for key, end in zip(_HEADINGS, _ENDS, strict=True)]
    head = f"{'Variable':>{STUB}} |"
    for key, end in zip(_HEADINGS, _ENDS, strict=True):
        head += key.rjust(end - len(head))
    if labels:
        columns.append(Column("label", "Label", width, left=True))
        head += "  Label"
    table_rows = []
    for i, (name, row) in enumerate(zip(names, rows, strict=True)):
        cells = [Cell(number_text(value, GENERAL), value) for value in row[1:]]
        cells += [Cell(f"  {abbreviate(labels[i], _LABEL_WIDTH)}", labels[i])] if labels else []
        table_rows.append(Row(abbreviate(name, STUB), tuple(cells), name=name))
    table = Table(
        id="summarize",
        stub="Variable",
        columns=tuple(columns),
        rows=tuple(table_rows),
        layout=TextLayout(width=width, stub=STUB, head=(head,), indent=2),
        title=f"Estimation sample {command}",
    )
    count = f"Number of obs = {n_obs:>10,}"
    title = f"  Estimation sample {command}"
    lines = ("", f"{title}{count:>{max(width + 2 - len(title), len(count) + 1)}}", "") if command else ("",)
    return (Lines(lines, Role.TITLE), table)
