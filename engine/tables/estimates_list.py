"""The list of ``estimates dir``."""

from __future__ import annotations

from collections.abc import Sequence

from engine.frame.columns import ColumnState
from engine.results.estimates import Estimates
from engine.tables.document import Block, Cell, Column, Lines, Row, Table, TextLayout
from engine.tables.labels import abbreviate

STUB = 12
_NAME_WIDTH = 12


def directory_blocks(found: Sequence[Estimates]) -> tuple[Block, ...]:
    """Return a row per stored result: its command, response, number of parameters and title."""
    longest = max(len("Title"), *(len(each.title) for each in found))
    columns = (
        Column("command", "Command", STUB + 3 + 10, left=True),
        Column("depvar", "Dependent variable", STUB + 3 + 10 + 13, left=True),
        Column("k", "Number of param.", STUB + 3 + 10 + 13 + 9),
        Column("title", "Title", STUB + 3 + 10 + 13 + 9 + 3 + longest, left=True),
    )
    rows = []
    for each in found:
        k = n_parameters(each)
        cells = (
            Cell(f" {abbreviate(each.command, 9)}", each.command),
            Cell(f" {abbreviate(each.result.depvar, _NAME_WIDTH)}", each.result.depvar),
            Cell(str(k), k),
            *((Cell(f"  {each.title}", each.title),) if each.title else ()),
        )
        rows.append(Row(abbreviate(each.name, STUB), cells, name=each.name))
    head = (
        f"{'':{STUB}} |            Dependent   Number of",
        f"{'Name':>{STUB}} | Command    variable       param.  Title",
    )
    width = columns[-1].end
    table = Table(
        id="estimates",
        stub="Name",
        columns=columns,
        rows=tuple(rows),
        layout=TextLayout(width=width, stub=STUB, head=head),
        title="Estimation results",
    )
    return (Lines(("",)), table)


def n_parameters(estimates: Estimates) -> int:
    """Return how many elements of e(b) are estimated."""
    result = estimates.result
    own = sum(column.state is ColumnState.ESTIMATED for column in result.columns)
    return own + len(result.theta_names)
