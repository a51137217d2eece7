"""``histogram``: the distribution of a variable as bars."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.graphs.graph_options import AREAS, BY, GRAPH_OPTIONS
from engine.commands.graphs.histogram_options import HISTOGRAM_OPTIONS
from engine.commands.graphs.plot_options import PER
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, VarlistRule
from engine.results.stored import Stored

if TYPE_CHECKING:
    from engine.commands.graphs.plot_data import PlotData
    from engine.graphs.graphspec import Layer
    from engine.graphs.histogram import Bins, Scale
    from engine.graphs.overlay import Panels

DECLARATION = CommandDecl(
    name="histogram",
    minimum=4,
    title="Histogram",
    help="Draws the distribution of a variable as bars.",
    menu=("Graphics", "Histogram"),
    varlist=VarlistRule.REQUIRED,
    allow_if=True,
    allow_in=True,
    options=(*HISTOGRAM_OPTIONS, BY, PER, *AREAS, *GRAPH_OPTIONS),
    examples=("histogram resid, normal", "histogram size if sector == 1, bin(12) frequency"),
    synonyms=(("hist", 4),),
)


def run(command: Command, context: Context) -> Effects:
    """Print the line about the bins and draw them."""
    from engine.commands.graphs.graph_dress import ValueNames, dressed
    from engine.commands.graphs.plot_data import plot_data, plotted_names
    from engine.commands.graphs.twoway_density import histogram_bins, histogram_scale
    from engine.data.formats import format_value
    from engine.graphs.histogram import histogram_graph
    from engine.graphs.overlay import with_panel_note

    part = command.main
    names = plotted_names(part, context.dataset, least=1, most=1)
    scale = histogram_scale(part)
    data = plot_data(names, part, context)
    bins = histogram_bins(part, data.series[0].values)
    graph = histogram_graph(data.series[0], data.units, bins=bins, scale=scale, command=context.cmdline)
    panels = _panels(part, context, data)
    layers = _layers(part, data, panels, bins, scale)
    graph = replace(graph, layers=layers, subtitle=graph.subtitle + _added(part), swapped=part.has("horizontal"))
    if panels is not None:
        graph = replace(graph, panels=panels.panels, grid=panels.grid)
    graph = dressed(graph, command.parts, context, ValueNames(x=context.dataset.labels_of(names[0])))
    first = bins.start + (bins.width / 2 if part.has("discrete") else 0.0)
    start, wide = (format_value(value, "%10.0g").strip() for value in (first, bins.width))
    context.say(f"({'start' if part.has('discrete') else f'bin={bins.count}, start'}={start}, width={wide})")
    scalars = {"bin": float(bins.count), "start": first, "width": bins.width, "N": float(len(data.drawn))}
    scalars |= {"min": float(data.series[0].values.min()), "max": float(data.series[0].values.max())}
    scalars |= {"area": 1.0} if scale.value == "density" else {}
    return Effects(graph=with_panel_note(graph, panels), r=Stored(scalars=scalars))


def _panels(part: Part, context: Context, data: PlotData) -> Panels | None:
    import numpy as np

    from engine.commands.graphs.graph_panels import read_panels

    use = part.option("by")
    if use is None:
        return None
    mask = np.zeros(context.dataset.n_obs, dtype=bool)
    mask[data.drawn] = True
    return read_panels(use, context.dataset, mask)


def _layers(part: Part, data: PlotData, panels: Panels | None, bins: Bins, scale: Scale) -> tuple[Layer, ...]:
    """Return bars and curves of every panel; the bins are those of all observations together."""
    import numpy as np

    from engine.commands.graphs.graph_looks import area_look
    from engine.commands.graphs.twoway_density import density_of, gap_of
    from engine.graphs.histogram import bars, density_curve, normal_curve

    layers: list[Layer] = []
    cuts = [("", np.ones(len(data.drawn), dtype=bool))]
    if panels is not None:
        cuts = [(panel.key, mask[data.drawn]) for panel, mask in zip(panels.panels, panels.masks, strict=True)]
    for key, inside in cuts:
        values = data.series[0].values[inside]
        own = [bars(values, bins, scale, data.units.rows[inside])]
        own[0] = replace(own[0], look=area_look(part), width=own[0].width * (1 - gap_of(part)))
        varies = len(values) > 1 and float(np.ptp(values)) > 0
        if part.has("normal") and varies:
            own.append(normal_curve(values, bins, scale))
        if part.has("kdensity") and varies:
            own.append(density_curve(density_of(part, values), len(values), bins, scale))
        layers += [replace(layer, panel=key, plot=0) for layer in own]
    return tuple(layers)


def _added(part: Part) -> str:
    words = {"normal": ", normal density", "kdensity": ", kernel density"}
    return "".join(text for name, text in words.items() if part.has(name))
