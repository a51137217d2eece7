"""Options of histograms, on their own and under other plots."""

from __future__ import annotations

from engine.lang.declaration import OptionDecl, OptionKind

_MOST_BINS = 10_000

HISTOGRAM_OPTIONS = (
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
    OptionDecl(
        name="kdensity",
        minimum=4,
        label="Add a kernel density",
        help="Adds a density that is estimated from the data, in the same scale.",
        page="model",
    ),
    OptionDecl(
        name="discrete",
        minimum=4,
        label="One bar for each value",
        help="Treats the values as discrete: bars are as wide as the smallest distance between two values.",
        page="model",
    ),
    OptionDecl(
        name="horizontal",
        minimum=3,
        label="Horizontal bars",
        help="Draws the bars from left to right.",
        page="model",
    ),
    OptionDecl(
        name="gap",
        minimum=3,
        kind=OptionKind.REAL,
        label="Gap between bars",
        help="How much narrower the bars are drawn, in percent.",
        low=0,
        high=99,
        page="model",
    ),
)
