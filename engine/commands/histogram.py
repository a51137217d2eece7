"""``histogram``: the distribution of a variable as bars."""

from __future__ import annotations

from engine.commands.base import Context, Effects
from engine.commands.plot_data import PER, plot_data, plotted_names
from engine.data.formats import format_value
from engine.errors import StataError
from engine.graphs.histogram import Scale, choose_bins, histogram_graph
from engine.lang.command import Command, OptionUse, Part
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule
from engine.results.stored import Stored

_MOST_BINS = 10_000

DECLARATION = CommandDecl(
    name="histogram",
    minimum=4,
    title="Histogram",
    help="Draws the distribution of a variable as bars.",
    menu=("Graphics", "Histogram"),
    varlist=VarlistRule.REQUIRED,
    allow_if=True,
    allow_in=True,
    options=(
        OptionDecl(
            name="bin",
            minimum=3,
            kind=OptionKind.INTEGER,
            label="Number of bins",
            help="How many bars; left out, the smaller of the square root of n and 10 log10(n).",
            low=1,
            high=_MOST_BINS,
            page="model",
        ),
        OptionDecl(
            name="width",
            minimum=5,
            kind=OptionKind.REAL,
            label="Width of bins",
            help="Width of each bar in the units of the variable, instead of a number of bins.",
            page="model",
        ),
        OptionDecl(
            name="start",
            minimum=5,
            kind=OptionKind.REAL,
            label="Start of the first bin",
            help="Where the first bar begins; at most the smallest value, which is the default.",
            page="model",
        ),
        OptionDecl(
            name="density",
            minimum=3,
            label="Scale: density",
            help="The bars have a total area of one. This is the default.",
            page="model",
        ),
        OptionDecl(
            name="fraction",
            minimum=4,
            label="Scale: fraction",
            help="The heights of the bars sum to one.",
            page="model",
        ),
        OptionDecl(
            name="frequency",
            minimum=4,
            label="Scale: frequency",
            help="The heights of the bars are numbers of observations.",
            page="model",
        ),
        OptionDecl(
            name="percent",
            minimum=3,
            label="Scale: percent",
            help="The heights of the bars sum to one hundred.",
            page="model",
        ),
        OptionDecl(
            name="normal",
            minimum=4,
            label="Add the normal density",
            help="Adds the density of a normal distribution with the same mean and standard deviation.",
            page="model",
        ),
        PER,
    ),
    examples=("histogram resid, normal", "histogram size if sector == 1, bin(12) frequency"),
    synonyms=(("hist", 4),),
)


def run(command: Command, context: Context) -> Effects:
    """Print the line about the bins and draw them."""
    part = command.main
    names = plotted_names(part, context.dataset, least=1, most=1)
    scale = _scale(part)
    if part.has("bin") and part.has("width"):
        raise StataError(184, "options bin() and width() may not be combined")
    data = plot_data(names, part, context)
    count, width, start = (_number(part.option(name)) for name in ("bin", "width", "start"))
    if width is not None and width <= 0:
        raise StataError(198, "width() must be greater than 0")
    values = data.series[0].values
    bins = choose_bins(values, count=None if count is None else int(count), width=width, start=start)
    graph = histogram_graph(
        data.series[0], data.units, bins=bins, scale=scale, normal=part.has("normal"), command=context.cmdline
    )
    first, wide = (format_value(value, "%10.0g") for value in (bins.start, bins.width))
    context.say(f"(bin={bins.count}, start={first}, width={wide})")
    return Effects(
        graph=graph,
        r=Stored(scalars={"bin": float(bins.count), "start": bins.start, "width": bins.width}),
    )


def _scale(part: Part) -> Scale:
    chosen = [scale for scale in Scale if part.has(scale.value)]
    if len(chosen) > 1:
        raise StataError(184, f"options {chosen[0].value} and {chosen[1].value} may not be combined")
    return chosen[0] if chosen else Scale.DENSITY


def _number(use: OptionUse | None) -> float | None:
    return None if use is None or use.argument is None else float(use.argument)
