"""Documents as HTML with inline style that suits a window, a word processor and either colour scheme."""

from __future__ import annotations

from html import escape

from engine.tables.document import Block, Cell, Document, Figure, Header, Lines, Role, Row, RowKind, Table

_RULE = "1px solid #808080"
"""A grey that shows on light and dark."""
_TABLE = "border-collapse:collapse;margin:0.4em 0"
_NUMBER = "text-align:right;padding:1px 8px;font-variant-numeric:tabular-nums;white-space:nowrap"
_HEADING = "text-align:left;padding:1px 8px;white-space:nowrap"
_LABEL = "text-align:left;padding:1px 8px;font-weight:normal;white-space:nowrap"
_INDENTED = "text-align:left;padding:1px 8px 1px 20px;font-weight:normal;white-space:nowrap"
_PLAIN_ROLES = frozenset({Role.NOTE, Role.WARNING, Role.ERROR, Role.TITLE})


def render_html(document: Document, *, minus: str = "-") -> str:
    """Return the document as a fragment of HTML (no ``html`` element, no scripts, no colours of text).

    `minus` is the sign before negative numbers of tables: ASCII for what other programs read, U+2212 for the screen.
    """
    parts = (render_block_html(block, minus=minus) for block in document.blocks)
    return "\n".join(part for part in parts if part)


def render_block_html(block: Block, *, minus: str = "-") -> str:
    """Return one block as HTML; empty for blank lines."""
    if isinstance(block, Lines):
        return _lines(block)
    if isinstance(block, Header):
        return _header(block)
    return _table(block, minus)


def _lines(block: Lines) -> str:
    if not any(line.strip() for line in block.lines):
        return ""
    if block.role in _PLAIN_ROLES:
        return "\n".join(
            f'<p class="{block.role.value}" style="margin:0.3em 0">{escape(line.strip())}</p>'
            for line in block.lines
            if line.strip()
        )
    text = escape("\n".join(block.lines).strip("\n"))
    return f'<pre class="{block.role.value}" style="margin:0.3em 0">{text}</pre>'


def _header(block: Header) -> str:
    left = [line for line in block.left if line]
    title = "".join(f'<p style="margin:0.2em 0">{escape(" ".join(line.split()))}</p>' for line in left)
    figures = "".join(_figure(figure) for figure in block.right if figure is not None)
    if not figures:
        return title
    return f'{title}\n<table style="{_TABLE}"><tbody>{figures}</tbody></table>'


def _figure(figure: Figure) -> str:
    style = _INDENTED if figure.inner else _LABEL
    label = f'<th scope="row" style="{style}">{escape(figure.label)}</th>'
    return f'<tr>{label}<td style="{_NUMBER}">{escape(figure.text)}</td></tr>'


def _table(table: Table, minus: str) -> str:
    caption = f"<caption>{escape(table.title)}</caption>" if table.title else ""
    body = "\n".join(text for text in _body(table, minus) if text)
    return f'<table style="{_TABLE}">{caption}\n{_head(table)}\n<tbody>\n{body}\n</tbody>\n</table>'


def _head(table: Table) -> str:
    edge = f"border-top:{_RULE};border-bottom:{_RULE};"
    cells = [f'<th scope="col" style="{edge}{_HEADING}">{escape(table.stub)}</th>']
    headings = [column.heading for column in table.columns]
    index = 0
    while index < len(headings):
        # an empty heading continues the one before it: the two limits of an interval
        span = 1
        while index + span < len(headings) and not headings[index + span]:
            span += 1
        across = f' colspan="{span}"' if span > 1 else ""
        cells.append(f'<th scope="col"{across} style="{edge}{_NUMBER}">{escape(headings[index])}</th>')
        index += span
    return f"<thead><tr>{''.join(cells)}</tr></thead>"


def _body(table: Table, minus: str) -> list[str]:
    shown = [row for row in table.rows if row.kind is not RowKind.BLANK]
    # group rows head sections that end with a rule, or factors that end with their levels
    sections = any(row.kind is RowKind.RULE for row in shown)
    result = []
    ruled = in_group = False
    for position, row in enumerate(shown):
        if row.kind is RowKind.RULE:
            ruled, in_group = True, False
            continue
        last = position == len(shown) - 1
        edge = (f"border-top:{_RULE};" if ruled else "") + (f"border-bottom:{_RULE};" if last else "")
        heading = row.kind is RowKind.GROUP
        in_group = heading or (in_group and (row.pad > 0 or sections))
        if heading:
            result.append(_group_row(row, len(table.columns), edge))
        else:
            result.append(_data_row(row, len(table.columns), edge, indented=in_group, minus=minus))
        ruled = False
    return result


def _group_row(row: Row, n_columns: int, edge: str) -> str:
    across = f'colspan="{n_columns + 1}"'
    return f'<tr><th scope="rowgroup" {across} style="{edge}{_LABEL}">{escape(row.caption)}</th></tr>'


def _data_row(row: Row, n_columns: int, edge: str, *, indented: bool, minus: str) -> str:
    label = f'<th scope="row" style="{edge}{_INDENTED if indented else _LABEL}">{escape(row.caption)}</th>'
    cells = [f'<td style="{edge}{_NUMBER}">{escape(_shown(cell, minus))}</td>' for cell in row.cells]
    rest = n_columns - len(row.cells)
    if rest > 0:
        cells.append(f'<td colspan="{rest}" style="{edge}{_LABEL}">{escape(row.note)}</td>')
    return f"<tr>{label}{''.join(cells)}</tr>"


def _shown(cell: Cell, minus: str) -> str:
    return cell.text.replace("-", minus) if isinstance(cell.value, (int, float)) else cell.text
