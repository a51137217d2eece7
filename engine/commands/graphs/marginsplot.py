"""``marginsplot``: a graph of the margins computed last ([R] marginsplot)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.graphs.graph_options import GRAPH_OPTIONS
from engine.commands.graphs.marginsplot_looks import INTERVAL_OPTIONS, PLOT_OPTIONS, with_looks
from engine.errors import StataError
from engine.lang.declaration import Choice, CommandDecl, OptionDecl, OptionKind, VarlistRule

if TYPE_CHECKING:
    from engine.lang.command import Command, Part
    from engine.results.margins import MarginsResult


def _dimension(name: str, minimum: int, label: str, text: str) -> OptionDecl:
    return OptionDecl(name=name, minimum=minimum, kind=OptionKind.TEXT, label=label, help=text, page="model")


DECLARATION = CommandDecl(
    name="marginsplot",
    minimum=11,
    title="Margins plots and profile plots",
    help="Draws the margins that the last margins command computed, with confidence intervals; the first variable that "
    "tells them apart runs along the horizontal axis, every combination of the others is a line.",
    menu=("Statistics", "Postestimation", "Marginal analysis", "Margins plots and profile plots"),
    varlist=VarlistRule.NONE,
    options=(
        _dimension("xdimension", 1, "Horizontal axis", "Variable, or variables, along the horizontal axis."),
        _dimension("plotdimension", 4, "Lines", "Variables whose combinations are lines of their own."),
        _dimension("bydimension", 2, "Panels", "Variables whose combinations are panels of their own."),
        OptionDecl(
            name="graphdimension", minimum=5, kind=OptionKind.TEXT, label="Graphs", page="model",
            refused="graphdimension() is not available; bydimension() draws panels in one graph.",
            help="Variables whose combinations are graphs of their own.",
        ),
        OptionDecl(name="horizontal", minimum=5, label="Horizontal", page="model",
                   help="The margins run along the horizontal axis."),
        OptionDecl(name="noci", minimum=4, label="No confidence intervals", page="model",
                   help="Leaves out the confidence intervals."),
        OptionDecl(name="level", minimum=1, kind=OptionKind.REAL, low=10, high=99.99, label="Confidence level",
                   page="model", help="Confidence level of the intervals, in percent; that of margins otherwise."),
        OptionDecl(
            name="recast", minimum=6, kind=OptionKind.CHOICE, label="Plot type", page="model",
            choices=(
                Choice("connected", 7, "Points and lines"),
                Choice("line", 4, "Lines"),
                Choice("scatter", 2, "Points"),
                Choice("bar", 3, "Bars"),
            ),
            help="How the margins are drawn: connected, line, scatter or bar.",
        ),
        OptionDecl(
            name="recastci", minimum=8, kind=OptionKind.CHOICE, label="Plot type of the intervals", page="model",
            choices=(
                Choice("rcap", 4, "Capped spikes"),
                Choice("rspike", 4, "Spikes"),
                Choice("rarea", 5, "Areas"),
            ),
            help="How confidence intervals are drawn: rcap, rspike or rarea.",
        ),
        *PLOT_OPTIONS,
        *INTERVAL_OPTIONS,
        *GRAPH_OPTIONS,
    ),
    examples=("marginsplot", "marginsplot, xdimension(ses) noci", "marginsplot, bydimension(sector) recastci(rarea)"),
)  # fmt: skip


def run(command: Command, context: Context) -> Effects:
    """Draw the graph; r(301) when the last command was not margins, r(198) for dimensions that it has not."""
    from dataclasses import replace

    from engine.commands.graphs.graph_dress import ValueNames, dressed
    from engine.graphs.marginsplot import MarginsPlot, dimensions_of, margins_graph

    part = command.main
    result = _margins(context)
    dimensions = dimensions_of(result)
    labels = {name: dict(context.dataset.labels_of(name)) for name in dimensions if name in context.dataset}
    labels |= {name: dict(texts) for name, texts in result.texts.items()}
    labels |= {name: {} for name in _unlabelled(part)}
    titles = {name: context.dataset.variable(name).label for name in dimensions if name in context.dataset}
    level = part.option("level")
    asked = MarginsPlot(
        x=_names(part, "xdimension"),
        plot=_names(part, "plotdimension"),
        by=_names(part, "bydimension"),
        level=float(level.argument) if level is not None and level.argument else None,
        intervals=not part.has("noci"),
        marks=_choice(part, "recast", MarginsPlot().marks),
        limits=_choice(part, "recastci", MarginsPlot().limits),
        horizontal=part.has("horizontal"),
        labels=labels,
        titles=titles,
    )
    if dimensions:
        context.say("", f"Variables that uniquely identify margins: {' '.join(dimensions)}")
    graph = with_looks(margins_graph(result, asked, command=context.cmdline), part)
    first = (asked.x or dimensions)[:1]
    names = ValueNames(x=labels.get(first[0], {})) if first else ValueNames()
    return Effects(graph=dressed(replace(graph, command=context.cmdline), command.parts, context, names))


def _margins(context: Context) -> MarginsResult:
    from engine.results.margins import MarginsResult

    if not isinstance(context.r.origin, MarginsResult):
        raise StataError(301, "previous command was not margins: run margins right before marginsplot")
    return context.r.origin


def _names(part: Part, option: str) -> tuple[str, ...]:
    """Return the dimensions that an option names; r(198) for what may not follow them after a comma."""
    use = part.option(option)
    if use is None:
        return ()
    names, _, more = (use.argument or "").partition(",")
    wrong = next((word for word in more.split() if not _is_nolabels(word)), None)
    if wrong is not None:
        raise StataError(
            198, f"{option}(): {wrong} is not available after the comma; there is nolabels", use.argument_span
        )
    return tuple(names.split())


def _is_nolabels(word: str) -> bool:
    return "nolabels".startswith(word) and len(word) >= len("nolab")


def _unlabelled(part: Part) -> set[str]:
    """Return the dimensions that are shown by their values, ``plotdimension(female, nolabels)``."""
    found: set[str] = set()
    for option in ("xdimension", "plotdimension", "bydimension"):
        use = part.option(option)
        names, _, more = (use.argument or "").partition(",") if use is not None else ("", "", "")
        found |= set(names.split()) if any(_is_nolabels(word) for word in more.split()) else set()
    return found


def _choice(part: Part, option: str, usual: str) -> str:
    from engine.lang.options import find_choice

    use = part.option(option)
    if use is None or use.argument is None:
        return usual
    return find_choice(use.decl, use.argument) or usual


COMMANDS = ((DECLARATION, run),)
