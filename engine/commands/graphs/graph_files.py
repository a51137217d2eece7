"""``graph save``, ``use``, ``display``, ``dir``, ``drop``, ``rename``: graphs in memory and in files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.graphs.graph_options import NAME, WHOLE
from engine.data.files import local_path
from engine.errors import StataError
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, OptionDecl, Picks, VarlistRule
from engine.results.stored import Stored

if TYPE_CHECKING:
    from engine.graphs.graphspec import GraphSpec

STANDARD_NAME = "Graph"

_REPLACE = OptionDecl(
    name="replace",
    minimum=3,
    label="Replace an existing file",
    help="Overwrites the file when there is one of that name.",
    page="model",
)
_SCHEME = next(option for option in WHOLE if option.name == "scheme")


def _declare(
    name: str, minimum: int, title: str, help_: str, *, options: tuple[OptionDecl, ...], example: str
) -> CommandDecl:
    return CommandDecl(
        name=f"graph {name}",
        minimum=minimum,
        title=title,
        help=help_,
        varlist=VarlistRule.TEXT,
        picks=Picks.GRAPHS,
        options=options,
        examples=(example,),
    )


SAVE = _declare(
    "save",
    4,
    "Save a graph in a file",
    "Keeps the graph drawn last, or the one named, in a file (.gph) from which graph use shows it again.",
    options=(_REPLACE,),
    example="graph save residuals, replace",
)
USE = _declare(
    "use",
    3,
    "Show a graph from a file",
    "Shows a graph that graph save has kept; name() keeps it under a name.",
    options=(NAME, _SCHEME),
    example="graph use residuals",
)
DISPLAY = _declare(
    "display",
    2,
    "Show a graph again",
    "Shows the graph drawn last, or the one named; scheme() shows it in other colours.",
    options=(_SCHEME,),
    example="graph display g1",
)
DIR = _declare(
    "dir", 3, "List the graphs in memory", "Lists the names of the graphs in memory.", options=(), example="graph dir"
)
DROP = _declare(
    "drop", 4, "Forget graphs", "Forgets the graphs named, or _all of them.", options=(), example="graph drop g1"
)
RENAME = _declare(
    "rename",
    3,
    "Rename a graph",
    "Gives a graph in memory another name.",
    options=(_REPLACE,),
    example="graph rename g1 figure1",
)


def graph_named(name: str, context: Context) -> GraphSpec:
    """Return a graph in memory, the one drawn last for an empty name; r(693) or r(111) when there is none."""
    if not name:
        if context.graph is None:
            raise StataError(693, "there is no graph yet; draw one first, for example with scatter or qnorm")
        return context.graph
    if name not in context.graphs:
        known = ", ".join(context.graphs) or "none"
        raise StataError(111, f"graph {name} not found; graphs in memory: {known}")
    return context.graphs[name]


def run_save(command: Command, context: Context) -> Effects:
    """Write a graph: ``graph save [name] file``."""
    from engine.commands.files.file_names import read_file_name
    from engine.graphs.files import save_graph, with_ending

    part = command.main
    first, _, rest = part.body.partition(" ")
    named = bool(rest.strip()) and not first.startswith(('"', "`"))
    graph = graph_named(first if named else "", context)
    target = with_ending(local_path(read_file_name(rest if named else part.body, part.body_span)))
    save_graph(graph, target, overwrite=part.has("replace"), span=part.body_span)
    context.say(f"file {target} saved")
    return Effects()


def run_use(command: Command, context: Context) -> Effects:
    """Read a graph and show it."""
    from engine.commands.files.file_names import read_file_name
    from engine.commands.graphs.graph_dress import dressed
    from engine.graphs.files import read_graph, with_ending

    part = command.main
    path = with_ending(local_path(read_file_name(part.body, part.body_span)))
    return Effects(graph=dressed(replace(read_graph(path, part.body_span), name=""), (part,), context))


def run_display(command: Command, context: Context) -> Effects:
    """Show a graph in memory again."""
    from engine.commands.graphs.graph_dress import dressed

    part = command.main
    return Effects(graph=dressed(graph_named(part.body, context), (part,), context))


def run_dir(command: Command, context: Context) -> Effects:
    """List names in memory."""
    pattern = command.main.body or "*"
    names = [name for name in context.graphs if _fits(name, pattern)]
    if names:
        width = max(len(name) for name in names) + 2
        each = max(1, (context.settings.linesize - 4) // width)
        for start in range(0, len(names), each):
            context.say("    " + "".join(f"{name:<{width}}" for name in names[start : start + each]).rstrip())
    return Effects(r=Stored(macros={"list": " ".join(names)}))


def run_drop(command: Command, context: Context) -> Effects:
    """Forget graphs."""
    part = command.main
    words = part.body.split()
    if not words:
        raise StataError(100, "graph drop needs names of graphs, or _all", part.body_span)
    dropped: list[str] = []
    for word in words:
        found = [name for name in context.graphs if word == "_all" or _fits(name, word)]
        if not found and word != "_all":
            raise StataError(111, f"graph {word} not found", part.body_span)
        dropped += found
    return Effects(graphs=dict.fromkeys(dropped))


def run_rename(command: Command, context: Context) -> Effects:
    """Give a graph another name: ``graph rename [old] new``."""
    part = command.main
    words = part.body.split()
    if len(words) not in (1, 2) or not words[-1].isidentifier():
        raise StataError(198, "write graph rename OLD NEW", part.body_span)
    new = words[-1]
    old = words[0] if len(words) == 2 else STANDARD_NAME
    graph = graph_named(old, context)
    if new in context.graphs and not part.has("replace"):
        raise StataError(110, f"graph {new} already exists; add replace to take its name", part.body_span)
    return Effects(graphs={old: None, new: replace(graph, name=new)})


def _fits(name: str, pattern: str) -> bool:
    from fnmatch import fnmatchcase

    return fnmatchcase(name, pattern.replace("[", "[[]"))


COMMANDS = (
    (SAVE, run_save),
    (USE, run_use),
    (DISPLAY, run_display),
    (DIR, run_dir),
    (DROP, run_drop),
    (RENAME, run_rename),
)
