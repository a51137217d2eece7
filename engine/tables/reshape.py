"""The table that ``reshape`` prints: what the data were and what they are ([D] reshape)."""

from __future__ import annotations

from collections.abc import Sequence

from engine.results.stored import DataRow, DataTable
from engine.tables.document import Cell, Column, Row, Table, TextLayout

_LEFT = 39
_WIDTH = 77
_MOST_NAMES = 3


def reshape_report(
    counts: tuple[tuple[int, int], tuple[int, int]],
    j: str,
    values: Sequence[str],
    xij: Sequence[tuple[str, Sequence[str]]],
    *,
    long: bool,
) -> Table:
    """Return the table; `counts` are observations and variables before and after, `xij` long names with the wide."""
    (n_before, n_after), (k_before, k_after) = counts
    heads = ("Wide", "Long") if long else ("Long", "Wide")

    def line(label: str, left: str, right: str) -> str:
        return f"{label}{left:>{_LEFT - len(label)}}   ->   {right}".rstrip()

    count = f"j variable ({len(values)} value{'' if len(values) == 1 else 's'})"
    drawn = [
        line("Data", *heads),
        "-" * _WIDTH,
        line("Number of observations", f"{n_before:,}", f"{n_after:,}"),
        line("Number of variables", f"{k_before:,}", f"{k_after:,}"),
        line(count, "" if long else j, j if long else "(dropped)"),
        "xij variables:",
    ]
    for name, wide in xij:
        shown = " ".join(wide) if len(wide) <= _MOST_NAMES else f"{wide[0]} {wide[1]} ... {wide[-1]}"
        drawn.append(line("", shown, name) if long else line("", name, shown))
    drawn.append("-" * _WIDTH)
    numbers = (("N", n_before, n_after), ("k", k_before, k_after))
    data = DataTable("reshape", ("before", "after"), tuple(DataRow("", n, (float(a), float(b))) for n, a, b in numbers))
    rows = tuple(
        Row(words, (Cell(f"{a:,}", a), Cell(f"{b:,}", b)), name=name, left=True)
        for words, (name, a, b) in zip(("Number of observations", "Number of variables"), numbers, strict=True)
    )
    columns = (Column("before", heads[0]), Column("after", heads[1]))
    return Table("reshape", "Data", columns, rows, TextLayout(width=_WIDTH, stub=22, drawn=tuple(drawn)), data=data)
