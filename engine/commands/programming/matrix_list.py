"""``matrix list``, ``matrix dir`` and ``matlist``: matrices shown ([P] matrix utility, matlist)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from engine.commands.base import Context, Effects, Run
from engine.data.formats import check_format, format_value
from engine.data.matrix import Matrix
from engine.data.missing import MISSING
from engine.errors import StataError
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, Picks, VarlistRule

FORMAT = OptionDecl(
    name="format", minimum=1, kind=OptionKind.FORMAT, label="Format", help="Display format of the numbers.",
    page="model",
)  # fmt: skip
LIST = CommandDecl(
    name="matrix list",
    minimum=1,
    title="List contents of matrix",
    help="matrix list b shows a matrix, which may be one of r() or e(): matrix list e(V).",
    menu=("Data", "Matrices, ado language", "List contents of matrix"),
    varlist=VarlistRule.TEXT,
    picks=Picks.MATRICES,
    text_label="Matrix",
    options=(
        FORMAT,
        OptionDecl(name="noheader", minimum=3, label="No header", help="Leave out name and size.", page="model"),
        OptionDecl(
            name="nonames", minimum=3, label="No names", help="Leave out names of rows and columns.", page="model"
        ),
        OptionDecl(name="nohalf", minimum=3, label="Both halves", help="Show symmetric matrices whole.", page="model"),
    ),
    examples=("matrix list e(b)", "matrix list e(V), format(%9.4f)"),
)
DIR = CommandDecl(
    name="matrix dir",
    minimum=2,
    title="List names of matrices",
    help="Shows the names and sizes of the matrices there are.",
    examples=("matrix dir",),
)
MATLIST = CommandDecl(
    name="matlist",
    minimum=7,
    title="Display a matrix and control its format",
    help="Shows a matrix with its names before a bar.",
    varlist=VarlistRule.TEXT,
    picks=Picks.MATRICES,
    text_label="Matrix",
    options=(
        FORMAT,
        OptionDecl(
            name="title", minimum=3, kind=OptionKind.STRING, label="Title", help="Text above the matrix.", page="model"
        ),
    ),
    examples=("matlist e(b)", 'matlist e(V), format(%9.4f) title("Covariances")'),
)

_COLUMN = 12


def run_dir(command: Command, context: Context) -> Effects:
    """Show the names of the matrices there are."""
    found = {
        **context.matrices,
        **{f"r({key})": value for key, value in context.r.matrices.items()},
        **{f"e({key})": value for key, value in context.e.matrices.items()},
    }
    context.say(*("{:>12}[{},{}]".format(key, *value.values.shape) for key, value in found.items()))
    return Effects()


def asked_matrix(part: Part, context: Context) -> tuple[str, Matrix]:
    """Return the matrix that a command names, or the value of its expression, and how it is called.

    Raises
    ------
    StataError
        r(198) without a name, r(111) for a matrix that is not there, and what matrix expressions raise.
    """
    if not part.body:
        raise StataError(198, "the name of a matrix is missing, such as e(b)", part.body_span)
    name = "".join(part.body.split())
    found = context.matrix(name)
    if found is None:
        from engine.frame.matrix_values import evaluate_matrix
        from engine.lang.parse_matrix import parse_matrix

        tree = parse_matrix(part.body, part.body_span[0])
        found = evaluate_matrix(tree, context.dataset, lookup=context.lookup, rng=context.rng)
    return name, found


def _format(part: Part, otherwise: str) -> str:
    use = part.option("format")
    fmt = use.argument if use is not None and use.argument else otherwise
    check_format(fmt, text=False)
    return fmt


def run_list(command: Command, context: Context) -> Effects:
    """Show a matrix."""
    part = command.main
    name, matrix = asked_matrix(part, context)
    if part.has("nonames"):
        matrix = Matrix(("",) * len(matrix.rows), ("",) * len(matrix.cols), matrix.values)
    lines = _drawn(name, matrix, _format(part, "%10.0g"), part.has("nohalf"), context.settings.linesize)
    context.say(*(lines[2:] if part.has("noheader") else lines))
    return Effects()


def run_matlist(command: Command, context: Context) -> Effects:
    """Show a matrix with a bar behind the names of its rows."""
    from engine.tables.matlist import matrix_blocks

    part = command.main
    _, matrix = asked_matrix(part, context)
    title = part.option("title")
    if title is not None and title.argument:
        context.say("", title.argument.strip('"'))
    own = [label.rpartition(":")[2] for label in matrix.rows]
    groups = [label.rpartition(":")[0] for label in matrix.rows]
    square = matrix.rows == matrix.cols
    blocks = matrix_blocks(
        matrix.values,
        own if square and any(groups) else matrix.rows,
        own if square and any(groups) else matrix.cols,
        fmt=_format(part, "%9.0g"),
        lower=square and matrix.symmetric,
        identity="matlist",
        groups=groups if square and any(groups) else (),
        linesize=context.settings.linesize,
    )
    context.say("")
    context.emit(*blocks)
    return Effects()


def _drawn(name: str, matrix: Matrix, fmt: str, whole: bool, linesize: int) -> list[str]:
    """Return the lines of a matrix: its columns in as many panels as the width of the log needs."""
    values = matrix.values
    rows, columns = values.shape
    symmetric = rows > 1 and matrix.symmetric and not whole
    lines = ["", f"{'symmetric ' if symmetric else ''}{name}[{rows},{columns}]"]
    width = max(_COLUMN, check_format(fmt).width + 2)
    column_names = [label.rpartition(":")[::2] for label in matrix.cols]
    equations = any(equation for equation, _ in column_names)
    stub = max((len(text) for text in matrix.rows), default=0)
    per_panel = max(1, (linesize - stub) // width)
    for first in range(0, columns, per_panel):
        chosen = range(first, min(first + per_panel, columns))
        if first:
            lines.append("")
        if equations:
            heads = (f"{equation}:" if equation else "" for equation, _ in (column_names[j] for j in chosen))
            lines.append(_line("", stub, heads, width))
        lines.append(_line("", stub, (column_names[j][1] for j in chosen), width))
        for i in range(rows):
            shown = [j for j in chosen if not symmetric or j <= i]
            if shown:
                cells = (format_value(values[i, j] if np.isfinite(values[i, j]) else MISSING, fmt) for j in shown)
                lines.append(_line(matrix.rows[i], stub, cells, width))
    return lines


def _line(label: str, stub: int, cells: Iterable[str], width: int) -> str:
    return (f"{label:>{stub}}" + "".join(f"{_short(cell, width):>{width}}" for cell in cells)).rstrip()


def _short(text: str, width: int) -> str:
    """Return a name that fits its column with a blank before it."""
    return text if len(text) < width else f"{text[: width - 3]}~{text[-1]}"


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = ((LIST, run_list), (DIR, run_dir), (MATLIST, run_matlist))
