"""``graph combine``: graphs in memory or in files side by side in one ([G-2] graph combine)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.graphs.graph_options import TITLES, WHOLE
from engine.errors import StataError
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, Picks, VarlistRule

if TYPE_CHECKING:
    from engine.graphs.axes import Grid
    from engine.graphs.graphspec import GraphSpec

_MOST = 100
_USED = frozenset({"title", "subtitle", "note", "caption", "scheme", "name", "nodraw", "saving", "scale", "fontface"})


def _count(name: str, minimum: int, label: str, help_: str) -> OptionDecl:
    return OptionDecl(
        name=name, minimum=minimum, kind=OptionKind.INTEGER, label=label, help=help_, low=1, high=_MOST, page="model"
    )


DECLARATION = CommandDecl(
    name="graph combine",
    minimum=3,
    title="Graphs side by side",
    help="graph combine NAME NAME … draws graphs that name() has kept, or files of graph save, side by side.",
    menu=("Graphics", "Combine graphs"),
    varlist=VarlistRule.TEXT,
    picks=Picks.GRAPHS,
    options=(
        _count("cols", 1, "Columns", "Number of columns."),
        _count("rows", 1, "Rows", "Number of rows."),
        OptionDecl(
            name="colfirst",
            minimum=3,
            label="Fill columns first",
            help="Fills a column before the next one, instead of a row.",
            page="model",
        ),
        OptionDecl(
            name="holes",
            minimum=1,
            kind=OptionKind.NUMBERS,
            label="Places left empty",
            help="Numbers of places, in the order of drawing, that stay empty.",
            page="model",
        ),
        OptionDecl(
            name="iscale",
            minimum=4,
            kind=OptionKind.TEXT,
            label="Size of text in the graphs",
            help="Factor on the size of their text, such as .6; *1.2 makes it a fifth larger than usual.",
            page="model",
        ),
        OptionDecl(
            name="xcommon",
            minimum=2,
            label="x axes with one range",
            help="Gives the x axes of all graphs the same range.",
            page="model",
        ),
        OptionDecl(
            name="ycommon",
            minimum=2,
            label="y axes with one range",
            help="Gives the y axes of all graphs the same range.",
            page="model",
        ),
        *(option for option in (*TITLES, *WHOLE) if option.name in _USED),
    ),
    examples=("graph combine g1 g2", "graph combine g1 g2 figure3.gph, cols(1) xcommon"),
)


def run(command: Command, context: Context) -> Effects:
    """Draw the graphs.

    Raises
    ------
    StataError
        100 without a name, 111 and 601 for graphs that are not there, 198 for an arrangement that does not go.
    """
    from engine.commands.graphs.graph_dress import dressed
    from engine.graphs.combined import combined, usual_scale

    part = command.main
    parts = _graphs(part, context)
    grid = _grid(part, len(parts))
    graph = combined(
        parts,
        grid,
        scale=_scale(part, usual_scale(*grid.shape(len(parts)))),
        common=(part.has("xcommon"), part.has("ycommon")),
        command=context.cmdline,
    )
    return Effects(graph=dressed(graph, command.parts, context))


def _graphs(part: Part, context: Context) -> list[GraphSpec]:
    """Return the graphs that are named, in order: a quoted name or one with an ending is a file."""
    from engine.commands.graphs.graph_files import graph_named
    from engine.commands.graphs.graph_words import items
    from engine.data.files import local_path
    from engine.graphs.files import read_graph, with_ending

    words = items(part.body)
    if not words:
        raise StataError(100, "graph combine needs names of graphs, as in graph combine g1 g2", part.body_span)
    if len(words) > _MOST:
        raise StataError(198, f"graph combine draws {_MOST} graphs at most", part.body_span)
    found = []
    for word in words:
        if word.endswith(".gph") or f'"{word}"' in part.body:
            found.append(read_graph(with_ending(local_path(word)), part.body_span))
        else:
            found.append(graph_named(word, context))
    return found


def _grid(part: Part, n: int) -> Grid:
    from dataclasses import replace

    from engine.graphs.axes import Grid
    from engine.lang.numlist import parse_numlist

    if part.has("cols") and part.has("rows"):
        raise StataError(198, "options cols() and rows() may not be combined", part.body_span)
    use = part.option("holes")
    holes: tuple[int, ...] = ()
    if use is not None:
        values = parse_numlist(use.argument or "", use.argument_span[0] if use.argument_span else 0)
        if any(value != int(value) or not 1 <= value <= _MOST for value in values):
            raise StataError(198, f"holes() lists places from 1 to {_MOST}", use.argument_span)
        holes = tuple(int(value) for value in values)
    columns, rows = (part.option(name) for name in ("cols", "rows"))
    grid = Grid(holes=holes, down=part.has("colfirst"))
    if columns is not None:
        return replace(grid, columns=int(columns.argument or 1))
    if rows is not None:
        return replace(grid, columns=-(-grid.n_places(n) // int(rows.argument or 1)))
    return grid


def _scale(part: Part, usual: float) -> float | None:
    """Return the factor of ``iscale()``, None where it is left out."""
    use = part.option("iscale")
    if use is None:
        return None
    text = (use.argument or "").strip()
    try:
        value = float(text.removeprefix("*"))
    except ValueError:
        raise StataError(198, "option iscale() incorrectly specified: write a factor", use.argument_span) from None
    value = value * usual if text.startswith("*") else value
    if not 0.1 <= value <= 5.0:
        raise StataError(198, "iscale() must be between .1 and 5", use.argument_span)
    return value


COMMANDS = ((DECLARATION, run),)
