"""One table in every form a clipboard can carry at once."""

from __future__ import annotations

from engine.render.delimited import render_tsv
from engine.render.html import render_block_html
from engine.render.text import render_block
from engine.tables.document import Block, Figure, Header, Lines, Table


def clipboard_forms(block: Block, linesize: int = 80) -> tuple[str, str, str]:
    """Return plain text, tab-separated text and HTML of a block; all three show the same numbers."""
    text = "".join(f"{line}\n" for line in render_block(block, linesize))
    return text, _tsv(block), render_block_html(block)


def _tsv(block: Block) -> str:
    if isinstance(block, Table):
        return render_tsv(block)
    if isinstance(block, Lines):
        return "".join(f"{line}\n" for line in block.lines)
    return _header_tsv(block)


def _header_tsv(block: Header) -> str:
    left = [" ".join(line.split()) for line in block.left if line]
    return "".join(f"{line}\n" for line in (*left, *(_figure(f) for f in block.right if f is not None)))


def _figure(figure: Figure) -> str:
    return f"{figure.label}\t{figure.value if isinstance(figure.value, int) else figure.text}"
