"""``qnorm``, ``pnorm`` and ``quantile``: a variable's distribution beside another ([R] Diagnostic plots)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.graphs.graph_options import GRAPH_OPTIONS, MARKERS
from engine.commands.graphs.plot_options import PER
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, OptionDecl, VarlistRule

if TYPE_CHECKING:
    from engine.commands.graphs.plot_data import PlotData
    from engine.graphs.graphspec import GraphSpec

_GRID = OptionDecl(
    name="grid",
    minimum=2,
    label="Lines at percentiles",
    help="Adds lines at the 5, 10, 25, 50, 75, 90 and 95 percentiles.",
    page="model",
)


def _declare(name: str, minimum: int, title: str, help_: str, *, grid: bool, examples: tuple[str, ...]) -> CommandDecl:
    return CommandDecl(
        name=name,
        minimum=minimum,
        title=title,
        help=help_,
        menu=("Graphics", "Distributional graphs", title),
        varlist=VarlistRule.REQUIRED,
        allow_if=True,
        allow_in=True,
        options=(*((_GRID,) if grid else ()), PER, *MARKERS[:3], *GRAPH_OPTIONS),
        examples=examples,
    )


QNORM = _declare(
    "qnorm",
    5,
    "Normal quantile plot",
    "Draws the sorted values of a variable against the quantiles of a normal distribution with the same mean and "
    "standard deviation. Points on the line mean a normal distribution.",
    grid=True,
    examples=("qnorm resid", "qnorm u_id_cons, per(id)"),
)
PNORM = _declare(
    "pnorm",
    5,
    "Normal probability plot",
    "Draws the normal distribution function of the standardised values against their empirical one. It shows the "
    "middle of a distribution more closely than qnorm.",
    grid=True,
    examples=("pnorm resid",),
)
QUANTILE = _declare(
    "quantile",
    8,
    "Quantile plot",
    "Draws the sorted values of a variable against the fraction of the data below them.",
    grid=False,
    examples=("quantile mathach",),
)


def _run(command: Command, context: Context, draw: Callable[[PlotData, Context], GraphSpec]) -> Effects:
    from dataclasses import replace

    from engine.commands.graphs.graph_dress import dressed
    from engine.commands.graphs.graph_looks import series_looks
    from engine.commands.graphs.plot_data import plot_data, plotted_names
    from engine.graphs.qq import with_percentile_grid
    from engine.graphs.styles import Connect

    part = command.main
    data = plot_data(plotted_names(part, context.dataset, least=1, most=1), part, context)
    graph = draw(data, context)
    look = series_looks(part, 1, connect=Connect.NONE, symbols=True)[0].marker
    graph = replace(graph, layers=(replace(graph.layers[0], look=look), *graph.layers[1:]))
    if part.has("grid"):
        graph = with_percentile_grid(graph, data.series[0].values)
    return Effects(graph=dressed(graph, command.parts, context))


def run_qnorm(command: Command, context: Context) -> Effects:
    """Draw ``qnorm``."""

    def draw(data: PlotData, context: Context) -> GraphSpec:
        from engine.graphs.qq import normal_quantiles

        return normal_quantiles(data.series[0], data.units, command=context.cmdline)

    return _run(command, context, draw)


def run_pnorm(command: Command, context: Context) -> Effects:
    """Draw ``pnorm``."""

    def draw(data: PlotData, context: Context) -> GraphSpec:
        from engine.graphs.qq import normal_probabilities

        return normal_probabilities(data.series[0], data.units, name=data.names[0], command=context.cmdline)

    return _run(command, context, draw)


def run_quantile(command: Command, context: Context) -> Effects:
    """Draw ``quantile``."""

    def draw(data: PlotData, context: Context) -> GraphSpec:
        from engine.graphs.qq import uniform_quantiles

        return uniform_quantiles(data.series[0], data.units, command=context.cmdline)

    return _run(command, context, draw)


COMMANDS = ((QNORM, run_qnorm), (PNORM, run_pnorm), (QUANTILE, run_quantile))
