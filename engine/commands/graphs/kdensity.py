"""``kdensity``: a kernel density estimate."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.graphs.graph_options import GRAPH_OPTIONS, LINES
from engine.commands.graphs.kdensity_options import KDENSITY_OPTIONS
from engine.commands.graphs.plot_options import PER
from engine.errors import StataError
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule
from engine.results.stored import Stored

if TYPE_CHECKING:
    from engine.data.dataset import Dataset
    from engine.graphs.kdensity import Density
    from engine.lang.command import OptionUse

DECLARATION = CommandDecl(
    name="kdensity",
    minimum=4,
    title="Kernel density estimation",
    help="Draws a smooth estimate of a variable's density.",
    menu=("Graphics", "Smoothing and densities", "Kernel density estimation"),
    varlist=VarlistRule.REQUIRED,
    allow_if=True,
    allow_in=True,
    options=(
        *KDENSITY_OPTIONS,
        OptionDecl(
            name="normal",
            minimum=3,
            label="Add the normal density",
            help="Adds the density of a normal distribution with the same mean and standard deviation.",
            page="model",
        ),
        PER,
        OptionDecl(
            name="generate",
            minimum=3,
            kind=OptionKind.NEW_VARIABLES,
            label="New variables for places and density",
            help="Creates a variable with the places and one with the density at them.",
            page="model",
        ),
        OptionDecl(
            name="nograph",
            minimum=3,
            label="No graph",
            help="Draws nothing; for use with generate().",
            page="model",
        ),
        *LINES,
        *GRAPH_OPTIONS,
    ),
    examples=("kdensity mathach", "kdensity resid, normal bwidth(.5)"),
)


def run(command: Command, context: Context) -> Effects:
    """Draw the density, create the variables, or both."""
    from engine.commands.graphs.graph_dress import dressed
    from engine.commands.graphs.graph_looks import line_look
    from engine.commands.graphs.plot_data import plot_data, plotted_names
    from engine.commands.graphs.twoway_density import density_of, kernel_of
    from engine.graphs.densities import density_graph

    part = command.main
    data = plot_data(plotted_names(part, context.dataset, least=1, most=1), part, context)
    new = _new_names(part.option("generate"), context.dataset)
    density = density_of(part, data.series[0].values)
    graph = density_graph(
        data.series[0],
        data.units,
        density,
        kernel=kernel_of(part),
        normal=part.has("normal"),
        command=context.cmdline,
    )
    first = replace(graph.layers[0], look=line_look(part))
    graph = dressed(replace(graph, layers=(first, *graph.layers[1:])), command.parts, context)
    scalars = {"bwidth": density.bandwidth, "n": float(len(density.x)), "scale": _step(density)}
    return Effects(
        graph=None if part.has("nograph") else graph,
        dataset=_with_density(context.dataset, new, density, data.series[0].title) if new else None,
        r=Stored(scalars=scalars, macros={"kernel": kernel_of(part)}),
    )


def _step(density: Density) -> float:
    return float(density.x[1] - density.x[0])


def _new_names(use: OptionUse | None, dataset: Dataset) -> tuple[str, str] | None:
    from engine.frame.resolve import check_new_name

    if use is None:
        return None
    words = (use.argument or "").split()
    if len(words) != 2:
        raise StataError(198, "option generate() incorrectly specified: it takes two new names", use.span)
    return check_new_name(words[0], dataset, use.argument_span), check_new_name(words[1], dataset, use.argument_span)


def _with_density(dataset: Dataset, names: tuple[str, str], density: Density, title: str) -> Dataset:
    import numpy as np

    from engine.data.dataset import Variable
    from engine.data.formats import default_format
    from engine.data.missing import MISSING

    if len(density.x) > dataset.n_obs:
        raise StataError(198, f"generate() needs {len(density.x)} observations; the data have {dataset.n_obs}")
    for name, values, label in zip(names, (density.x, density.y), (title, f"density: {title}"), strict=True):
        column = np.full(dataset.n_obs, MISSING)
        column[: len(values)] = values
        dataset = dataset.with_variable(Variable(name, "double", default_format("double"), label), column)
    return dataset
