"""``gladder`` and ``qladder``: a variable's distribution under each transformation of the ladder of powers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.graphs.graph_options import GRAPH_OPTIONS
from engine.commands.graphs.plot_options import PER
from engine.errors import StataError
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule

if TYPE_CHECKING:
    from engine.graphs.graphspec import FloatArray

_SMALLEST = 1e-290
"""Least variance that can be drawn; the greatest is one over it."""

_BIN = OptionDecl(
    name="bin",
    minimum=3,
    kind=OptionKind.INTEGER,
    label="Number of bins",
    help="How many bars; left out, the smaller of the square root of n and 10 log10(n).",
    low=1,
    high=10_000,
    page="model",
)

GLADDER = CommandDecl(
    name="gladder",
    minimum=7,
    title="Ladder-of-powers histograms",
    help="Draws a histogram with the normal density for each transformation that the values allow.",
    menu=("Graphics", "Distributional graphs", "Ladder-of-powers histograms"),
    varlist=VarlistRule.REQUIRED,
    allow_if=True,
    allow_in=True,
    options=(_BIN, PER, *GRAPH_OPTIONS),
    examples=("gladder size",),
)
QLADDER = replace(
    GLADDER,
    name="qladder",
    title="Ladder-of-powers normal quantile plots",
    help="Draws a normal quantile plot for each transformation that the values allow.",
    menu=("Graphics", "Distributional graphs", "Ladder-of-powers normal quantile plots"),
    options=(PER, *GRAPH_OPTIONS),
    examples=("qladder size",),
)


def run(command: Command, context: Context) -> Effects:
    """Draw one panel for each transformation.

    Raises
    ------
    StataError
        2000 without observations, 459 when the values do not vary.
    """
    from engine.commands.graphs.graph_dress import dressed
    from engine.commands.graphs.plot_data import plot_data, plotted_names
    from engine.graphs.axes import Grid, Panel
    from engine.graphs.graphspec import GraphSpec, Layer
    from engine.graphs.histogram import Scale, bars, choose_bins, normal_curve
    from engine.graphs.qq import normal_quantiles
    from engine.graphs.series import Series, require_spread
    from engine.inference.ladder import POWERS

    part = command.main
    data = plot_data(plotted_names(part, context.dataset, least=1, most=1), part, context)
    series, units = data.series[0], data.units
    require_spread(series, "The ladder of powers needs at least two different values.")
    quantiles = command.decl.name == QLADDER.name
    use = part.option("bin")
    panels, layers, absent = [], [], []
    for power in POWERS:
        changed = power.of(series.values)
        if changed is None or not _has_spread(changed):
            absent.append(power.formula.format(data.names[0]))
            continue
        own: tuple[Layer, ...]
        if quantiles:
            own = normal_quantiles(Series(power.name, changed), units).layers
        else:
            bins = choose_bins(changed, count=int(use.argument) if use and use.argument else None)
            own = (bars(changed, bins, Scale.DENSITY, units.rows), normal_curve(changed, bins, Scale.DENSITY))
        panels.append(Panel(key=power.name, title=power.name))
        layers += [replace(layer, panel=power.name, plot=0) for layer in own]
    if not panels:
        raise StataError(459, f"no transformation of {series.title} can be drawn")
    words = "Quantile-normal plots by transformation" if quantiles else "Histograms by transformation"
    note = f"Not defined for these values: {', '.join(absent)}" if absent else ""
    graph = GraphSpec(
        kind=command.decl.name,
        title=series.title,
        subtitle=f"{words}, {units.counted}",
        x_title="Inverse Normal" if quantiles else series.title,
        y_title=series.title if quantiles else "Density",
        layers=tuple(layers),
        note=note,
        command=context.cmdline,
        summary=f"{words} of {series.title}: {units.counted}, {len(panels)} of {len(POWERS)} transformations.",
        per=units.per,
        panels=tuple(panels),
        grid=Grid(columns=3, common_x=False, common_y=False),
    )
    return Effects(graph=dressed(graph, command.parts, context))


def _has_spread(values: FloatArray) -> bool:
    """Tell whether the values vary, by an amount whose square is a number too."""
    import numpy as np

    with np.errstate(all="ignore"):
        return bool(_SMALLEST < values.var() < 1 / _SMALLEST)


COMMANDS = ((GLADDER, run), (QLADDER, run))
