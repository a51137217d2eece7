"""``graph bar``, ``graph hbar`` and ``graph dot``: statistics of variables over categories."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.graph_box import OVER
from engine.commands.graph_options import AREAS, BY, GRAPH_OPTIONS
from engine.errors import StataError
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule

if TYPE_CHECKING:
    from engine.graphs.categories import Group
    from engine.graphs.graphspec import FloatArray, IntArray, Layer
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

_HEAD = re.compile(r"\(\s*(\w+)\s*\)")
_PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class _Quantity:
    """What a bar shows: a statistic of a variable, or with no name the number or share of observations."""

    statistic: str
    name: str

    def label(self, titles: dict[str, str]) -> str:
        return f"{self.statistic} of {titles[self.name]}" if self.name else self.statistic


def run(command: Command, context: Context) -> Effects:
    """Draw the bars or dots.

    Raises
    ------
    StataError
        198 for an unknown statistic, 2000 without observations.
    """
    import numpy as np

    from engine.commands.graph_dress import dressed, uses
    from engine.commands.graph_over import categories, read_over
    from engine.commands.graph_panels import read_panels
    from engine.commands.plot_data import axis_title
    from engine.graphs.axes import SQUARE_GRID
    from engine.graphs.categories import Group, category_axis
    from engine.graphs.graphspec import GraphSpec
    from engine.graphs.overlay import with_panel_note
    from engine.graphs.words import counted

    part, dataset = command.main, context.dataset
    quantities = _quantities(part, context)
    titles = {q.name: axis_title(dataset, q.name) for q in quantities if q.name}
    mask = context.selected(part)
    if not mask.any():
        raise StataError(2000, "no observations")
    overs = read_over(uses(command.parts, "over"), context)
    series = overs.pop(0) if part.has("asyvars") and len(quantities) == 1 and overs else None
    dot = command.decl.name == DOT.name

    def height(group: Group) -> float:
        return _value(quantities[0], context, group.rows, int(mask.sum()))

    groups = categories(overs, context, mask, height)
    by = part.option("by")
    panels = read_panels(by, dataset, mask) if by is not None else None
    cuts = [("", mask)] if panels is None else [(p.key, m) for p, m in zip(panels.panels, panels.masks, strict=True)]
    parts = [(q.label(titles), q, mask) for q in quantities]
    if series is not None:
        inside = categories([series], context, mask)
        parts = [(g.label, quantities[0], _mask(g, len(mask))) for g in inside]
    if part.has("ascategory") and not overs:
        groups = [Group(q.label(titles), "", np.flatnonzero(mask)) for q in quantities]
    layers: list[Layer] = []
    for key, inside_panel in cuts:
        heights = np.array(
            [
                [
                    _value(q, context, g.rows[(chosen & inside_panel)[g.rows]], int((mask & inside_panel).sum()))
                    for g in groups
                ]
                for _, q, chosen in parts
            ]
        )
        if part.has("ascategory") and not overs:
            heights = np.diag(heights).copy()[None, :]
        layers += [replace(layer, panel=key) for layer in _layers(part, groups, heights, [t for t, _, _ in parts], dot)]
    if not any(len(layer.x) for layer in layers):
        raise StataError(2000, "no observations")
    angle = overs[0].angle if overs else 0.0
    swapped = command.decl.name != BAR.name
    over_title = ", ".join(axis_title(dataset, over.name) for over in overs)
    y_title = ", ".join(dict.fromkeys(q.label(titles) for q in quantities))
    graph = GraphSpec(
        kind=command.decl.name.split()[1],
        title=f"{y_title[:1].upper()}{y_title[1:]}" + (f" over {over_title}" if over_title else ""),
        subtitle=counted(int(mask.sum()), "observation"),
        x_title=over_title,
        y_title=y_title,
        layers=tuple(layers),
        command=context.cmdline,
        summary=_in_words(y_title, groups, layers),
        x_axis=category_axis(groups, reverse=swapped, grid=dot, angle=angle),
        swapped=swapped,
        panels=panels.panels if panels else (),
        grid=panels.grid if panels else SQUARE_GRID,
    )
    return Effects(graph=with_panel_note(dressed(graph, command.parts, context), panels))


def _mask(group: Group, n: int) -> BoolArray:
    import numpy as np

    inside = np.zeros(n, dtype=bool)
    inside[group.rows] = True
    return inside


def _quantities(part: Part, context: Context) -> list[_Quantity]:
    """Read ``(mean) y1 y2 (median) y3``; mean where nothing is said, percent without variables."""
    from engine.commands.plot_data import plotted_names
    from engine.graphs.categories import statistic

    found: list[_Quantity] = []
    name, at, text = "", 0, part.body
    pieces = [*((m.start(), m.end(), m[1]) for m in _HEAD.finditer(text)), (len(text), len(text), "")]
    for start, end, following in pieces:
        names = text[at:start].strip()
        if names:
            own = replace(part, body=names)
            found += [
                _Quantity(name or "mean", variable)
                for variable in plotted_names(own, context.dataset, least=1, most=50)
            ]
        elif name in (_PERCENT, "count") and (at or start):
            found.append(_Quantity(name, ""))
        elif name and at:
            raise StataError(100, f"a variable is missing after ({name})", part.body_span)
        name, at = following, end
    for quantity in found:
        if quantity.statistic != _PERCENT:
            import numpy as np

            statistic(quantity.statistic, np.zeros(1))
    return found or [_Quantity(_PERCENT, "")]


def _value(quantity: _Quantity, context: Context, rows: IntArray, total: int) -> float:
    """Return what a bar shows for some rows of the data, of `total` in all."""
    from engine.data.missing import is_missing
    from engine.graphs.categories import statistic

    if not quantity.name:
        return 100.0 * len(rows) / total if quantity.statistic == _PERCENT and total else float(len(rows))
    values = context.dataset.numeric(quantity.name)[rows]
    known = values[~is_missing(values)]
    if quantity.statistic == _PERCENT:
        return 100.0 * len(known) / total if total else 0.0
    return statistic(quantity.statistic, known)


def _layers(part: Part, groups: list[Group], heights: FloatArray, labels: list[str], dot: bool) -> list[Layer]:
    """Return one layer for each series; `heights` has shape (series, categories)."""
    import numpy as np

    from engine.commands.graph_looks import area_look
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


def _bar_labels(part: Part, values: FloatArray) -> tuple[str, ...]:
    from engine.commands.graph_words import read_argument
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
