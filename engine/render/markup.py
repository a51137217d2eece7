"""Tables as LaTeX (booktabs) and as Markdown."""

from __future__ import annotations

import re

from engine.render.plain_grid import GridRow, grid_head, grid_rows
from engine.tables.document import Table

_SPECIAL = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "|": r"$|$", "<": r"$<$", ">": r"$>$",
}  # fmt: skip
_NUMBER = re.compile(r"-?[\d,]*\.?\d+(e[-+]?\d+)?")


def latex_table(table: Table) -> str:
    """Return a ``tabular`` for the package booktabs, with the numbers as printed."""
    head = grid_head(table)
    columns = sum(span for _, span in head)
    cells = [
        f"\\multicolumn{{{span}}}{{c}}{{{_tex(text)}}}" if span > 1 else _tex(text) for text, span in head
    ]  # fmt: skip
    lines = [f"\\begin{{tabular}}{{l{'r' * columns}}}", r"\toprule"]
    lines += [" & ".join([_tex(table.stub), *cells]) + r" \\", r"\midrule"]
    for row in grid_rows(table):
        lines += [r"\midrule"] if row.rule else []
        lines.append(_tex_row(row, columns))
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}", ""])


def _tex_row(row: GridRow, columns: int) -> str:
    if row.heading:
        return f"\\multicolumn{{{columns + 1}}}{{l}}{{{_tex(row.label)}}} \\\\"
    label = (r"\quad " if row.indented else "") + _tex(row.label)
    return " & ".join([label, *(_tex_number(text) for text in row.texts)]) + r" \\"


def _tex(text: str) -> str:
    return "".join(_SPECIAL.get(letter, letter) for letter in text)


def _tex_number(text: str) -> str:
    """Set a negative number with a true minus."""
    return f"${text}$" if text.startswith("-") and _NUMBER.fullmatch(text) else _tex(text)


def markdown_table(table: Table) -> str:
    """Return a pipe table."""
    head = [text for text, span in grid_head(table) for text in (text, *[""] * (span - 1))]
    lines = [_pipes([table.stub, *head]), "|:---|" + "---:|" * len(head)]
    for row in grid_rows(table):
        label = f"**{row.label}**" if row.heading and row.label else row.label
        lines.append(_pipes([label, *(row.texts or [""] * len(head))]))
    return "\n".join(lines) + "\n"


def _pipes(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"
