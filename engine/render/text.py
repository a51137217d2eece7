"""Documents as plain text, to the column."""

from __future__ import annotations

import textwrap

from engine.tables.document import Block, Document, Figure, Header, Lines, Role, Row, RowKind, Table, TextLayout

HEADER_WIDTH = 78
"""Right edge of the header's figures."""
WRAP_MARGIN = 2
"""Notes keep this distance from the end of the line."""
HANGING = ("note: ", "warning: ")
"""Words that stand before a sentence; its further lines hang under its beginning."""

_WRAPPED = frozenset({Role.NOTE, Role.WARNING, Role.ERROR})


def render_text(document: Document, linesize: int = 80) -> str:
    """Return the document as text, every line ended by a line break."""
    lines = (line for block in document.blocks for line in render_block(block, linesize))
    return "".join(f"{line}\n" for line in lines)


def render_block(block: Block, linesize: int = 80) -> list[str]:
    """Return the lines of one block."""
    if isinstance(block, Lines):
        return _lines(block, linesize)
    if isinstance(block, Header):
        return _header(block)
    return _table(block)


def _lines(block: Lines, linesize: int) -> list[str]:
    if block.role not in _WRAPPED:
        return list(block.lines)
    width = min(linesize - WRAP_MARGIN, HEADER_WIDTH)
    result: list[str] = []
    for line in block.lines:
        result += _wrap(line, width) if len(line) > width else [line]
    return result


def _wrap(line: str, width: int) -> list[str]:
    """Break a long sentence between words."""
    indent = next((len(word) for word in HANGING if line.lower().startswith(word)), 0)
    return textwrap.wrap(line, width, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)


def _header(block: Header) -> list[str]:
    value_width = block.value_width or max((len(f.text) for f in block.right if f is not None), default=0)
    start = HEADER_WIDTH - (block.label_width + 3 + value_width)
    result = []
    for index in range(max(len(block.left), len(block.right))):
        left = block.left[index] if index < len(block.left) else ""
        figure = block.right[index] if index < len(block.right) else None
        if figure is None:
            result.append(left)
            continue
        gap = max(start, len(left) + 1 if left else 0)
        result.append(left.ljust(gap) + _figure(figure, block.label_width, value_width))
    return result


def _figure(figure: Figure, label_width: int, value_width: int) -> str:
    if not figure.text:
        return figure.label
    label = figure.label.rjust(label_width) if figure.inner else figure.label.ljust(label_width)
    return f"{label} = {figure.text:>{value_width}}"


def _table(table: Table) -> list[str]:
    layout = table.layout
    if layout.drawn:
        return list(layout.drawn)
    outer = "-" * layout.width
    result = [outer] if layout.top else []
    result += layout.head
    if layout.head and layout.head_rule:
        result.append(_rule(layout))
    for row in table.rows:
        result += _row(row, table)
    if layout.bottom:
        result.append(outer)
    indent = " " * layout.indent
    return [indent + line if line else line for line in result]


def _rule(layout: TextLayout) -> str:
    if not layout.bar:
        return "-" * layout.width
    return "-" * (layout.stub + 1) + "+" + "-" * (layout.width - layout.stub - 2)


def _row(row: Row, table: Table) -> list[str]:
    layout = table.layout
    if row.kind is RowKind.RULE:
        return [_rule(layout)]
    earlier = row.label.split("\n")[:-1]
    lines = [_stub(text, layout.stub - row.pad + 1, layout, left=row.left) for text in earlier]
    line, _ = row_line(row, table)
    return [*lines, f"{line}  {row.note}" if row.note else line]


def row_line(row: Row, table: Table) -> tuple[str, list[tuple[int, int]]]:
    """Return the line with a row's numbers, without its note, and where the text of each cell begins and ends."""
    layout = table.layout
    line = _stub(row.label.split("\n")[-1], layout.stub - row.pad, layout, left=row.left)
    spans: list[tuple[int, int]] = []
    for cell, column in zip(row.cells, table.columns, strict=False):
        before = len(line)
        room = column.end - before
        text = cell.text if room > len(cell.text) or not cell.text else f" {cell.text}"
        line += text.ljust(room) if column.left else text.rjust(room)
        end = before + len(text) if column.left else len(line)
        spans.append((end - len(cell.text), end))
    return line, spans


def _stub(text: str, end: int, layout: TextLayout, *, left: bool) -> str:
    label = text.ljust(end) if left else text.rjust(end)
    if not layout.bar:
        return label
    return label.ljust(layout.stub + 1) + "|"
