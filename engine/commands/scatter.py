"""``scatter``: one or more variables against another."""

from __future__ import annotations

from engine.commands.base import Context, Effects
from engine.commands.plot_data import PER, plot_data, plotted_names
from engine.graphs.scatter import scatter_graph
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule
from engine.lang.numlist import parse_numlist

_MOST_VARIABLES = 9

YLINE = OptionDecl(
    name="yline",
    minimum=5,
    kind=OptionKind.NUMBERS,
    label="Horizontal lines at",
    help="Draws horizontal reference lines at these values.",
    page="model",
)

XLINE = OptionDecl(
    name="xline",
    minimum=5,
    kind=OptionKind.NUMBERS,
    label="Vertical lines at",
    help="Draws vertical reference lines at these values.",
    page="model",
)

DECLARATION = CommandDecl(
    name="scatter",
    minimum=2,
    title="Scatter plot",
    help="Draws one or more variables against the last one listed.",
    menu=("Graphics", "Scatterplot"),
    varlist=VarlistRule.REQUIRED,
    allow_if=True,
    allow_in=True,
    options=(YLINE, XLINE, PER),
    examples=("scatter mathach ses", "scatter resid fitted, yline(0)"),
)


def lines_at(part: Part, option: OptionDecl) -> tuple[float, ...]:
    """Return the places of the reference lines that an option asks for."""
    use = part.option(option.name)
    return parse_numlist(use.argument, use.argument_span[0] if use.argument_span else 0) if use and use.argument else ()


def run(command: Command, context: Context) -> Effects:
    """Draw the plot."""
    part = command.main
    names = plotted_names(part, context.dataset, least=2, most=_MOST_VARIABLES)
    pairs = [plot_data((y, names[-1]), part, context) for y in names[:-1]]
    graph = scatter_graph(
        [(pair.names[0], pair.series[0], pair.units) for pair in pairs],
        [pair.series[1] for pair in pairs],
        yline=lines_at(part, YLINE),
        xline=lines_at(part, XLINE),
        command=context.cmdline,
    )
    return Effects(graph=graph)
