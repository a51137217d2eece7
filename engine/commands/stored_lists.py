"""``return list``, ``ereturn list`` and ``matrix list``: what r() and e() hold ([P] return, matrix utility)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from engine.commands.base import Context, Effects, Run
from engine.commands.macro_text import NUMBER_FORMAT
from engine.data.formats import check_format, format_value
from engine.data.missing import MISSING
from engine.errors import StataError
from engine.lang.abbrev import matches
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule
from engine.results.stored import Matrix, Stored

RETURN = CommandDecl(
    name="return",
    minimum=3,
    title="List r() results",
    help="return list shows what the last command left in r().",
    varlist=VarlistRule.TEXT,
    examples=("return list",),
)
ERETURN = CommandDecl(
    name="ereturn",
    minimum=3,
    title="List e() results",
    help="ereturn list shows what the last estimation left in e().",
    varlist=VarlistRule.TEXT,
    examples=("ereturn list",),
)
MATRIX = CommandDecl(
    name="matrix",
    minimum=3,
    title="List a matrix",
    help="matrix list e(b) shows a matrix of r() or e(), matrix dir names those there are.",
    varlist=VarlistRule.TEXT,
    options=(
        OptionDecl(
            name="format",
            minimum=1,
            kind=OptionKind.FORMAT,
            label="Format",
            help="Display format of the numbers.",
            page="model",
        ),
        OptionDecl(name="noheader", minimum=3, label="No header", help="Leave out name and size.", page="model"),
        OptionDecl(name="nohalf", minimum=6, label="Both halves", help="Show symmetric matrices whole.", page="model"),
    ),
    examples=("matrix list e(b)", "matrix list e(V), format(%9.4f)"),
)

_PLACE = 22
_COLUMN = 12


def run_return(command: Command, context: Context) -> Effects:
    """Show r()."""
    return _list(command, context, "r", context.r)


def run_ereturn(command: Command, context: Context) -> Effects:
    """Show e()."""
    return _list(command, context, "e", context.e)


def _list(command: Command, context: Context, kind: str, stored: Stored) -> Effects:
    body = command.main.body
    if not body or not matches(body, "list", 1):
        raise StataError(198, f"{command.decl.name} is followed by list", command.main.body_span)
    sections = (
        ("scalars", [(name, f"=  {_number(value)}") for name, value in stored.scalars.items()]),
        ("macros", [(name, f': "{text}"') for name, text in stored.macros.items()]),
        ("matrices", [(name, ":  {} x {}".format(*m.values.shape)) for name, m in stored.matrices.items()]),
        ("functions", [("sample", "")] if kind == "e" and context.estimates is not None else []),
    )
    for title, entries in sections:
        if entries:
            lines = [f"{f'{kind}({name})':>{_PLACE}} {text}".rstrip() for name, text in entries]
            context.say("", f"{title}:", *lines)
    return Effects()


def _number(value: float) -> str:
    return format_value(value if np.isfinite(value) else MISSING, NUMBER_FORMAT)


def run_matrix(command: Command, context: Context) -> Effects:
    """Show a matrix, or the names of those there are."""
    part = command.main
    word, _, name = part.body.partition(" ")
    found = {f"r({key})": value for key, value in context.r.matrices.items()}
    found |= {f"e({key})": value for key, value in context.e.matrices.items()}
    if matches(word, "dir", 1) and word and not name:
        context.say(*("{:>12}[{},{}]".format(key, *value.values.shape) for key, value in found.items()))
        return Effects()
    if not word or not matches(word, "list", 1):
        raise StataError(198, "there are matrix list NAME and matrix dir", part.body_span)
    key = "".join(name.split())
    if key not in found:
        why = f"matrix {key} not found" if key else "the name of a matrix is missing, such as e(b)"
        raise StataError(111 if key else 198, why, part.body_span)
    use = part.option("format")
    fmt = use.argument if use is not None and use.argument else "%10.0g"
    check_format(fmt, text=False)
    lines = _drawn(key, found[key], fmt, part.has("nohalf"), context.settings.linesize)
    context.say(*(lines[2:] if part.has("noheader") else lines))
    return Effects()


def _drawn(name: str, matrix: Matrix, fmt: str, whole: bool, linesize: int) -> list[str]:
    """Return the lines of a matrix: its columns in as many panels as the width of the log needs."""
    values = matrix.values
    rows, columns = values.shape
    symmetric = rows == columns and rows > 1 and np.allclose(values, values.T, rtol=1e-8, atol=0.0) and not whole
    lines = ["", f"{'symmetric ' if symmetric else ''}{name}[{rows},{columns}]"]
    width = max(_COLUMN, check_format(fmt).width + 2)
    row_names = [name.split(":") for name in matrix.rows]
    column_names = [name.split(":") for name in matrix.cols]
    equations = any(len(names) > 1 for names in column_names)
    stub_names = [":".join(names) for names in row_names]
    stub = max((len(text) for text in stub_names), default=0)
    per_panel = max(1, (linesize - stub) // width)
    for first in range(0, columns, per_panel):
        chosen = range(first, min(first + per_panel, columns))
        if first:
            lines.append("")
        if equations:
            heads = (f"{names[0]}:" if len(names) > 1 else "" for names in (column_names[j] for j in chosen))
            lines.append(_line("", stub, heads, width))
        lines.append(_line("", stub, (column_names[j][-1] for j in chosen), width))
        for i in range(rows):
            shown = [j for j in chosen if not symmetric or j <= i]
            if shown:
                cells = (format_value(values[i, j] if np.isfinite(values[i, j]) else MISSING, fmt) for j in shown)
                lines.append(_line(stub_names[i], stub, cells, width))
    return lines


def _line(label: str, stub: int, cells: Iterable[str], width: int) -> str:
    return (f"{label:>{stub}}" + "".join(f"{_short(cell, width):>{width}}" for cell in cells)).rstrip()


def _short(text: str, width: int) -> str:
    """Return a name that fits its column with a blank before it."""
    return text if len(text) < width else f"{text[: width - 3]}~{text[-1]}"


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = (
    (RETURN, run_return),
    (ERETURN, run_ereturn),
    (MATRIX, run_matrix),
)
