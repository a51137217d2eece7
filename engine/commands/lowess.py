"""``lowess``: a scatter plot with a locally weighted smoother."""

from __future__ import annotations

import numpy as np

from engine.commands.base import Context, Effects
from engine.commands.plot_data import PER, PlotData, axis_title, plot_data, plotted_names
from engine.data.dataset import Dataset, Variable
from engine.data.formats import default_format
from engine.data.missing import MISSING
from engine.errors import StataError
from engine.frame.resolve import check_new_name
from engine.graphs.graphspec import FloatArray
from engine.graphs.lowess import lowess_graph
from engine.graphs.smoother import DEFAULT_BANDWIDTH
from engine.lang.command import Command, OptionUse
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule

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
        OptionDecl(
            name="bwidth",
            minimum=2,
            kind=OptionKind.REAL,
            label="Bandwidth",
            help="Share of the data that each local fit uses, between 0 and 1; anything else stands for .8.",
            default=DEFAULT_BANDWIDTH,
            page="model",
        ),
        OptionDecl(
            name="mean",
            minimum=2,
            label="Local means instead of local lines",
            help="Smooths by weighted means of the neighbouring points instead of by straight lines.",
            page="model",
        ),
        OptionDecl(
            name="noweight",
            minimum=3,
            label="Same weight for all neighbours",
            help="Gives every neighbouring point the same weight instead of less weight to points further away.",
            page="model",
        ),
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
    ),
    examples=("lowess mathach ses", "lowess resid ses, bwidth(.4)"),
)


def run(command: Command, context: Context) -> Effects:
    """Draw the plot, create the variable, or both."""
    part, dataset = command.main, context.dataset
    names = plotted_names(part, dataset, least=2, most=2)
    new = _new_name(part.option("generate"), dataset)
    bandwidth = part.option("bwidth")
    data = plot_data(names, part, context)
    y, x = data.series
    graph, smooth = lowess_graph(
        y,
        x,
        data.units,
        bandwidth=float(bandwidth.argument) if bandwidth and bandwidth.argument else DEFAULT_BANDWIDTH,
        mean=part.has("mean"),
        weighted=not part.has("noweight"),
        command=context.cmdline,
        cancel=context.cancel,
    )
    return Effects(
        graph=None if part.has("nograph") else graph,
        dataset=None if new is None else _with_smooth(dataset, new, names[0], data, smooth.at_all),
    )


def _new_name(use: OptionUse | None, dataset: Dataset) -> str | None:
    if use is None:
        return None
    words = (use.argument or "").split()
    if len(words) != 1:
        raise StataError(198, "option generate() incorrectly specified: it takes one new name", use.span)
    return check_new_name(words[0], dataset, use.argument_span)


def _with_smooth(dataset: Dataset, new: str, name: str, data: PlotData, smoothed: FloatArray) -> Dataset:
    column = np.full(dataset.n_obs, MISSING)
    column[data.rows] = smoothed[data.point_of]
    variable = Variable(new, "double", default_format("double"), f"lowess: {axis_title(dataset, name)}")
    return dataset.with_variable(variable, column)
