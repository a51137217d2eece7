"""What is printed under ``set dp comma``: the numbers in it with a comma where the decimals begin.

Only texts change. Values of cells and figures, and the tables behind them, are numbers and stay what they are.
"""

from __future__ import annotations

from dataclasses import replace

from engine.data.formats import with_decimal_commas
from engine.tables.document import Block, Cell, Figure, Header, Lines, Role, Row, Table


def with_commas(block: Block) -> Block:
    """Return a block as it is shown with decimal commas; error messages quote commands and keep their points."""
    if isinstance(block, Lines):
        return block if block.role is Role.ERROR else replace(block, lines=_all(block.lines))
    if isinstance(block, Header):
        right = tuple(None if figure is None else _figure(figure) for figure in block.right)
        return replace(block, left=_all(block.left), right=right)
    return _table(block)


def _all(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(with_decimal_commas(line) for line in lines)


def _figure(figure: Figure) -> Figure:
    return replace(figure, label=with_decimal_commas(figure.label), text=with_decimal_commas(figure.text))


def _table(table: Table) -> Table:
    layout = replace(table.layout, head=_all(table.layout.head), drawn=_all(table.layout.drawn))
    return replace(table, rows=tuple(_row(row) for row in table.rows), layout=layout)


def _row(row: Row) -> Row:
    return replace(row, cells=tuple(_cell(cell) for cell in row.cells), note=with_decimal_commas(row.note))


def _cell(cell: Cell) -> Cell:
    if isinstance(cell.value, str):
        return cell
    return replace(cell, text=with_decimal_commas(cell.text))
