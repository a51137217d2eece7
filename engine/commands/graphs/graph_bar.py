"""``graph bar``, ``graph hbar`` and ``graph dot``: statistics of variables over categories."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.graphs.graph_box import OVER
from engine.commands.graphs.graph_options import AREAS, BY, GRAPH_OPTIONS
from engine.errors import StataError
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule

if TYPE_CHECKING:
    from engine.commands.graphs.graph_bar_values import Bars
    from engine.graphs.categories import Group
    from engine.graphs.graphspec import FloatArray, GraphSpec, IntArray, Layer
    from engine.graphs.overlay import BoolArray


def _flag(name: str, minimum: int, label: str, help_: str) -> OptionDecl:
    return OptionDecl(name=name, minimum=minimum, label=label, help=help_, page="model")


_OPTIONS = (
    OVER,
    _flag("asyvars", 3, "First categories as colours", "Draws the categories of the first over() as series."),
    _flag("ascategory", 5, "Variables as categories", "Draws the variables as categories of one series."),
    _flag("stack", 5, "Stacked", "Draws the series on top of each other."),
    _flag("percentages", 4, "As shares", "Draws each series as a percentage of their sum."),
    OptionDecl(
        name="blabel",
        minimum=4,
        kind=OptionKind.TEXT,
        label="Labels of the bars",
        help="bar writes the height at each bar; after a comma format().",
        page="model",
    ),
    BY,
    *AREAS,
    *GRAPH_OPTIONS,
)

BAR = CommandDecl(
    name="graph bar",
    minimum=3,
    title="Bar chart",
    help="Draws a statistic of each variable over categories: graph bar (mean) y, over(group). Without a variable the "
    "percentage of the observations in each category; (count) gives their number.",
    menu=("Graphics", "Bar chart"),
    varlist=VarlistRule.OPTIONAL,
    allow_if=True,
    allow_in=True,
    options=_OPTIONS,
    examples=("graph bar (mean) mathach, over(sector)", "graph bar (count), over(female)"),
)
HBAR = replace(
    BAR,
    name="graph hbar",
    minimum=4,
    title="Horizontal bar chart",
    menu=("Graphics", "Horizontal bar chart"),
    examples=("graph hbar mathach, over(sector)",),
)
DOT = replace(
    BAR,
    name="graph dot",
    minimum=3,
    title="Dot chart",
    menu=("Graphics", "Dot chart"),
    examples=("graph dot (median) mathach, over(sector)",),
)


def run(command: Command, context: Context) -> Effects:
    """Draw the bars or dots.

    Raises
    ------
    StataError
        198 for an unknown statistic, 2000 without observations.
    """
    from engine.commands.graphs.graph_bar_values import read_bars, read_quantities
    from engine.commands.graphs.graph_dress import dressed, uses
    from engine.commands.graphs.graph_over import read_over
    from engine.commands.graphs.graph_panels import cuts_of, read_panels
    from engine.commands.graphs.plot_data import axis_title
    from engine.graphs.overlay import with_panel_note
    from engine.graphs.words import counted

    part, dataset = command.main, context.dataset
    titles = {q.name: axis_title(dataset, q.name) for q in read_quantities(part, context) if q.name}
    mask = context.selected(part)
    if not mask.any():
        raise StataError(2000, "no observations")
    overs = read_over(uses(command.parts, "over"), context)
    bars = read_bars(part, context, mask, overs, titles)
    by = part.option("by")
    panels = read_panels(by, dataset, mask) if by is not None else None
    dot = command.decl.name == DOT.name
    layers: list[Layer] = []
    for key, inside in cuts_of(panels, mask):
        drawn = _layers(part, bars.groups, bars.heights(context, mask & inside), bars.labels, dot)
        drawn = [_with_members(layer, bars.groups, mask & inside, dataset.row_ids) for layer in drawn]
        layers += [replace(layer, panel=key) for layer in drawn]
    if not any(len(layer.x) for layer in layers):
        raise StataError(2000, "no observations")
    graph = _graph(command, context, bars, layers, titles)
    graph = replace(graph, subtitle=counted(int(mask.sum()), "observation"))
    if panels is not None:
        graph = replace(graph, panels=panels.panels, grid=panels.grid)
    return Effects(graph=with_panel_note(dressed(graph, command.parts, context), panels))


def _graph(command: Command, context: Context, bars: Bars, layers: list[Layer], titles: dict[str, str]) -> GraphSpec:
    """Return the graph of the layers, with its titles and the axis of its categories."""
    from engine.commands.graphs.plot_data import axis_title
    from engine.graphs.categories import category_axis
    from engine.graphs.graphspec import GraphSpec

    swapped = command.decl.name != BAR.name
    over_title = ", ".join(axis_title(context.dataset, over.name) for over in bars.along)
    y_title = ", ".join(dict.fromkeys(q.label(titles) for _, q, _ in bars.series))
    angle = bars.along[0].angle if bars.along else 0.0
    return GraphSpec(
        kind=command.decl.name.split()[1],
        title=f"{y_title[:1].upper()}{y_title[1:]}" + (f" over {over_title}" if over_title else ""),
        x_title=over_title,
        y_title=y_title,
        layers=tuple(layers),
        command=context.cmdline,
        summary=_in_words(y_title, bars.groups, layers),
        x_axis=category_axis(bars.groups, reverse=swapped, grid=command.decl.name == DOT.name, angle=angle),
        swapped=swapped,
    )


def _layers(part: Part, groups: list[Group], heights: FloatArray, labels: list[str], dot: bool) -> list[Layer]:
    """Return one layer for each series; `heights` has shape (series, categories)."""
    import numpy as np

    from engine.commands.graphs.graph_looks import area_look
    from engine.graphs.categories import BAR_WIDTH, positions
    from engine.graphs.graphspec import Layer, Mark

    if part.has("percentages"):
        sums = np.nansum(heights, axis=0)
        heights = 100.0 * heights / np.where(sums == 0.0, np.nan, sums)
    centres, n = positions(groups), len(heights)
    stacked = part.has("stack")
    width = BAR_WIDTH if stacked or dot else BAR_WIDTH / n
    layers: list[Layer] = []
    below = np.zeros(len(groups))
    for k, values in enumerate(heights):
        known = np.isfinite(values)
        if not known.any():
            continue
        x = centres if stacked or dot else centres + width * (k - (n - 1) / 2)
        top = below + np.where(known, values, 0.0) if stacked else values
        layers.append(
            Layer(
                mark=Mark.POINT if dot else Mark.BAR,
                x=x[known],
                y=top[known],
                base=below[known].copy() if stacked and not dot else np.empty(0),
                width=0.0 if dot else width * (1.0 if stacked or n == 1 else 0.96),
                plot=k,
                group=labels[k] if n > 1 else "",
                look=area_look(part),
                texts=_bar_labels(part, values[known]),
                clock=12,
            )
        )
        below = top if stacked else below
    return layers


def _with_members(layer: Layer, groups: list[Group], mask: BoolArray, row_ids: IntArray) -> Layer:
    """Return a layer with the observations behind each of its categories."""
    import numpy as np

    from engine.graphs.categories import positions

    places = np.abs(positions(groups)[:, None] - layer.x).argmin(axis=0)
    rows = [groups[place].rows[mask[groups[place].rows]] for place in places]
    return replace(
        layer, members=row_ids[np.concatenate(rows)], member_of=np.repeat(np.arange(len(rows)), [len(r) for r in rows])
    )


def _bar_labels(part: Part, values: FloatArray) -> tuple[str, ...]:
    from engine.commands.graphs.graph_words import read_argument
    from engine.data.formats import format_value

    use = part.option("blabel")
    if use is None:
        return ()
    argument = read_argument(use, {"format": 3})
    if argument.text not in ("bar", "total"):
        raise argument.wrong("write blabel(bar)")
    display = argument.options.get("format") or "%9.4g"
    return tuple(format_value(value, display).strip() for value in values.tolist())


def _in_words(title: str, groups: list[Group], layers: list[Layer]) -> str:
    from engine.graphs.words import number

    text = f"{title[:1].upper()}{title[1:]}."
    for group, value in zip(groups[:20], layers[0].y.tolist(), strict=False):
        text += f" {group.label + ': ' if group.label else ''}{number(float(value))}."
    return text


COMMANDS = ((BAR, run), (HBAR, run), (DOT, run))
