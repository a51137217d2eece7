"""``lowess``: a scatter plot with a locally weighted smoother."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.graphs.graph_options import BY, GRAPH_OPTIONS, LINES, MARKERS
from engine.commands.graphs.lowess_options import LOWESS_OPTIONS
from engine.commands.graphs.plot_options import PER
from engine.errors import StataError
from engine.lang.command import Command, OptionUse, Part
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule

if TYPE_CHECKING:
    from engine.commands.graphs.plot_data import PlotData
    from engine.data.dataset import Dataset
    from engine.graphs.graphspec import GraphSpec, IntArray
    from engine.graphs.overlay import Panels
    from engine.graphs.smoother import Smooth

DECLARATION = CommandDecl(
    name="lowess",
    minimum=6,
    title="Lowess smoothing",
    help="Draws the first variable against the second with a smooth line through the points, fitted locally by "
    "weighted least squares. Up to 20,000 points every point has its own local fit.",
    menu=("Graphics", "Smoothing and densities", "Lowess smoothing"),
    varlist=VarlistRule.REQUIRED,
    allow_if=True,
    allow_in=True,
    options=(
        *LOWESS_OPTIONS,
        BY,
        PER,
        OptionDecl(
            name="generate",
            minimum=3,
            kind=OptionKind.NEW_VARIABLES,
            label="New variable for the smoothed values",
            help="Creates a variable that holds the smoothed values.",
            page="model",
        ),
        OptionDecl(
            name="nograph",
            minimum=3,
            label="No graph",
            help="Draws nothing; for use with generate().",
            page="model",
        ),
        *MARKERS[:3],
        *LINES,
        *GRAPH_OPTIONS,
    ),
    examples=("lowess mathach ses", "lowess resid ses, bwidth(.4)"),
)


def run(command: Command, context: Context) -> Effects:
    """Draw the plot, create the variable, or both."""
    import numpy as np

    from engine.commands.graphs.graph_panels import read_panels
    from engine.commands.graphs.plot_data import plot_data, plotted_names

    part, dataset = command.main, context.dataset
    names = plotted_names(part, dataset, least=2, most=2)
    new = _new_name(part.option("generate"), dataset)
    data = plot_data(names, part, context)
    by = part.option("by")
    panels = None
    if by is not None:
        mask = np.zeros(dataset.n_obs, dtype=bool)
        mask[data.drawn] = True
        panels = read_panels(by, dataset, mask)
    smooths = _smooths(part, context, data, panels)
    graph = None if part.has("nograph") else _graph(command, context, data, panels, smooths)
    return Effects(graph=graph, dataset=None if new is None else _with_smooth(dataset, new, names[0], data, smooths))


def _smooths(
    part: Part, context: Context, data: PlotData, panels: Panels | None
) -> list[tuple[str, IntArray, Smooth | None]]:
    """Return the smoother of each panel (all in one without ``by()``) with the places it was made from."""
    import numpy as np

    from engine.commands.graphs.twoway_read import smoothed

    y, x = (series.values for series in data.series)
    if panels is None:
        return [("", np.arange(len(x)), smoothed(part, context, y, x))]
    found: list[tuple[str, IntArray, Smooth | None]] = []
    for panel, mask in zip(panels.panels, panels.masks, strict=True):
        places = np.flatnonzero(mask[data.drawn])
        enough = len(places) >= 3 and bool(np.ptp(x[places]) > 0)
        found.append((panel.key, places, smoothed(part, context, y[places], x[places]) if enough else None))
    return found


def _graph(
    command: Command,
    context: Context,
    data: PlotData,
    panels: Panels | None,
    smooths: list[tuple[str, IntArray, Smooth | None]],
) -> GraphSpec:
    from dataclasses import replace

    from engine.commands.graphs.graph_dress import dressed
    from engine.commands.graphs.graph_looks import series_looks
    from engine.commands.graphs.twoway_read import bandwidth_of, lowess_note
    from engine.graphs.graphspec import GraphSpec
    from engine.graphs.lowess import in_words, smoothed_layers, title_of
    from engine.graphs.overlay import with_panel_note
    from engine.graphs.styles import Connect

    part = command.main
    y, x = data.series
    look = series_looks(part, 1, connect=Connect.NONE, symbols=True)[0]
    layers = [
        layer
        for key, places, smooth in smooths
        for layer in smoothed_layers(
            y.values[places], x.values[places], data.units.rows[places], smooth, look=look, panel=key
        )
    ]
    results = [smooth for _, _, smooth in smooths if smooth is not None]
    if not results:
        raise StataError(2001, "insufficient observations: no panel has three different points")
    graph = GraphSpec(
        kind="lowess",
        title=title_of(mean=part.has("mean"), weighted=not part.has("noweight")),
        subtitle=f"{data.units.counted}, bandwidth {bandwidth_of(part):g}",
        x_title=x.title,
        y_title=y.title,
        layers=tuple(layers),
        note=lowess_note(part, results),
        command=context.cmdline,
        summary=in_words(y.title, x.title, data.units, results[0]),
        per=data.units.per,
    )
    if panels is not None:
        graph = replace(graph, panels=panels.panels, grid=panels.grid)
    return with_panel_note(dressed(graph, command.parts, context), panels)


def _new_name(use: OptionUse | None, dataset: Dataset) -> str | None:
    from engine.frame.resolve import check_new_name

    if use is None:
        return None
    words = (use.argument or "").split()
    if len(words) != 1:
        raise StataError(198, "option generate() incorrectly specified: it takes one new name", use.span)
    return check_new_name(words[0], dataset, use.argument_span)


def _with_smooth(
    dataset: Dataset, new: str, name: str, data: PlotData, smooths: list[tuple[str, IntArray, Smooth | None]]
) -> Dataset:
    """Return the data with the smoothed values; an observation in a panel without smoother has none."""
    import numpy as np

    from engine.commands.graphs.plot_data import axis_title
    from engine.data.dataset import Variable
    from engine.data.formats import default_format
    from engine.data.missing import MISSING

    at_points = np.full(len(data.drawn), MISSING)
    for key, places, smooth in smooths:
        if smooth is not None and (key != "Total" or len(smooths) == 1):
            at_points[places] = smooth.at_all
    column = np.full(dataset.n_obs, MISSING)
    column[data.rows] = at_points[data.point_of]
    variable = Variable(new, "double", default_format("double"), f"lowess: {axis_title(dataset, name)}")
    return dataset.with_variable(variable, column)
