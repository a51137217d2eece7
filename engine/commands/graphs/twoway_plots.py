"""The kinds of plot that ``twoway`` draws over each other, with their options."""

from __future__ import annotations

from dataclasses import replace

from engine.commands.graphs.graph_options import AREAS, BY, CONNECT, GRAPH_OPTIONS, JITTER, LINES, MARKERS, XAXIS, YAXIS
from engine.commands.graphs.histogram_options import HISTOGRAM_OPTIONS
from engine.commands.graphs.kdensity_options import KDENSITY_OPTIONS
from engine.commands.graphs.lowess_options import LOWESS_OPTIONS
from engine.commands.graphs.plot_options import PER
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule

_EVERYWHERE = (BY, *GRAPH_OPTIONS)

_LEVEL = OptionDecl(
    name="level",
    minimum=3,
    kind=OptionKind.REAL,
    label="Confidence level",
    help="Level of the limits in percent.",
    low=10,
    high=99.99,
    page="model",
)
_FORECAST = OptionDecl(
    name="stdf",
    minimum=4,
    label="Limits for a new observation",
    help="Draws limits for a new observation instead of limits for the mean.",
    page="model",
)
_BARWIDTH = OptionDecl(
    name="barwidth",
    minimum=4,
    kind=OptionKind.REAL,
    label="Width of the bars",
    help="In units of x; left out, 1.",
    low=1e-12,
    page="model",
)
_BASE = OptionDecl(
    name="base", minimum=4, kind=OptionKind.REAL, label="Where bars stand", help="Left out, zero.", page="model"
)
_RANGE = OptionDecl(
    name="range",
    minimum=2,
    kind=OptionKind.NUMBERS,
    label="Range of x",
    help="Smallest and largest x at which the function is drawn; left out, 0 and 1.",
    page="model",
)
_COUNT = OptionDecl(
    name="n",
    minimum=1,
    kind=OptionKind.INTEGER,
    label="Number of places",
    help="At how many places the function is evaluated; left out, 300.",
    low=2,
    high=100_000,
    page="model",
)


def _plot(
    name: str,
    minimum: int,
    title: str,
    options: tuple[OptionDecl, ...],
    *,
    synonyms: tuple[tuple[str, int], ...] = (),
    assign: bool = False,
) -> CommandDecl:
    return CommandDecl(
        name=name,
        minimum=minimum,
        title=title,
        varlist=VarlistRule.TEXT if assign else VarlistRule.REQUIRED,
        assign=assign,
        allow_if=not assign,
        allow_in=not assign,
        options=(*options, XAXIS, YAXIS, *_EVERYWHERE),
        synonyms=synonyms,
    )


_JOINED = (*CONNECT, *MARKERS, *JITTER, *LINES, PER)

SCATTER = _plot("scatter", 2, "Scatter plot", _JOINED)
LINE = _plot("line", 4, "Line plot", _JOINED)

PLOTS = (
    SCATTER,
    LINE,
    _plot("connected", 3, "Points joined by lines", _JOINED),
    _plot("lfit", 4, "Least-squares line", LINES),
    _plot("lfitci", 6, "Least-squares line with limits", (*LINES, _LEVEL, _FORECAST, AREAS[0], AREAS[1])),
    _plot("qfit", 4, "Least-squares parabola", LINES),
    _plot("qfitci", 6, "Least-squares parabola with limits", (*LINES, _LEVEL, _FORECAST, AREAS[0], AREAS[1])),
    _plot("lowess", 3, "Lowess smoother", (*LOWESS_OPTIONS, *LINES)),
    _plot("histogram", 4, "Histogram", (*HISTOGRAM_OPTIONS, *AREAS)),
    _plot("kdensity", 4, "Kernel density", (*KDENSITY_OPTIONS, *LINES)),
    _plot("function", 8, "Function of x", (_RANGE, _COUNT, *LINES), assign=True),
    _plot("bar", 3, "Bars", (_BARWIDTH, _BASE, *AREAS)),
    _plot("area", 4, "Area", (_BASE, *AREAS)),
    _plot("spike", 5, "Spikes", (_BASE, *LINES)),
    _plot("dropline", 4, "Spikes with a marker", (_BASE, *MARKERS, *LINES)),
    _plot("rspike", 4, "Intervals", LINES),
    _plot("rcap", 4, "Intervals with caps", LINES),
    _plot("rarea", 5, "Area between two curves", AREAS),
)
"""Every kind of plot; the first whose name a word abbreviates is meant."""


def standing_alone(plot: CommandDecl, **changes: object) -> CommandDecl:
    """Return the declaration of a plot that is a command by itself and may be followed by others."""
    return replace(plot, plots=PLOTS, **changes)  # type: ignore[arg-type]  # fields of the declaration by name
