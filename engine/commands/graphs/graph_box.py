"""``graph box`` and ``graph hbox``: medians, quartiles and what lies beyond."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.graphs.graph_options import AREAS, BY, GRAPH_OPTIONS
from engine.errors import StataError
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule

if TYPE_CHECKING:
    from engine.commands.graphs.graph_over import Over
    from engine.graphs.categories import Group
    from engine.graphs.graphspec import FloatArray, GraphSpec, Layer

OVER = OptionDecl(
    name="over",
    minimum=4,
    kind=OptionKind.TEXT,
    label="Categories",
    help="Variable whose values are the categories; after a comma sort(1), descending, relabel(), label(angle()), "
    "total and missing. A second over() groups the categories.",
    page="model",
    repeatable=True,
)

BOX = CommandDecl(
    name="graph box",
    minimum=3,
    title="Box plot",
    help="Draws median, quartiles, the last values within 1.5 interquartile ranges, and every value beyond them.",
    menu=("Graphics", "Box plot"),
    varlist=VarlistRule.REQUIRED,
    allow_if=True,
    allow_in=True,
    options=(
        OVER,
        OptionDecl(
            name="nooutsides",
            minimum=5,
            label="Without values beyond the whiskers",
            help="Draws boxes and whiskers only.",
            page="model",
        ),
        BY,
        *AREAS,
        *GRAPH_OPTIONS,
    ),
    examples=("graph box ses", "graph box mathach, over(female)"),
)
HBOX = replace(
    BOX,
    name="graph hbox",
    minimum=4,
    title="Horizontal box plot",
    menu=("Graphics", "Horizontal box plot"),
    examples=("graph hbox mathach, over(sector)",),
)


def run(command: Command, context: Context) -> Effects:
    """Draw the boxes.

    Raises
    ------
    StataError
        2000 without observations, and whatever is wrong with variables and options.
    """
    import numpy as np

    from engine.commands.graphs.graph_dress import dressed, uses
    from engine.commands.graphs.graph_over import categories, read_over
    from engine.commands.graphs.graph_panels import cuts_of, read_panels
    from engine.commands.graphs.plot_data import axis_title, plotted_names
    from engine.data.missing import is_missing
    from engine.graphs.overlay import with_panel_note
    from engine.graphs.words import counted

    part, dataset = command.main, context.dataset
    names = plotted_names(part, dataset, least=1, most=50)
    columns = [np.where(is_missing(dataset.numeric(name)), np.nan, dataset.numeric(name)) for name in names]
    mask = context.selected(part) & ~np.all(np.isnan(columns), axis=0)
    overs = read_over(uses(command.parts, "over"), context)
    groups = categories(overs, context, mask, lambda group: float(np.nanmedian(columns[0][group.rows])))
    by = part.option("by")
    panels = read_panels(by, dataset, mask) if by is not None else None
    labels = [axis_title(dataset, name) for name in names]
    layers: list[Layer] = []
    for key, inside in cuts_of(panels, mask):
        own = [replace(group, rows=group.rows[inside[group.rows]]) for group in groups]
        drawn = _layers(part, context, columns, own, labels)
        if not drawn and panels is None:
            raise StataError(2000, "no observations")
        layers += [replace(layer, panel=key) for layer in drawn]
    graph = _graph(command, context, overs, groups, labels)
    subtitle = counted(int(mask.sum()), "observation")
    summary = _in_words(graph.title, [(group.label, columns[0][group.rows]) for group in groups])
    graph = replace(graph, layers=tuple(layers), subtitle=subtitle, summary=summary)
    if panels is not None:
        graph = replace(graph, panels=panels.panels, grid=panels.grid)
    return Effects(graph=with_panel_note(dressed(graph, command.parts, context), panels))


def _layers(
    part: Part, context: Context, columns: list[FloatArray], groups: list[Group], labels: list[str]
) -> list[Layer]:
    """Return the boxes of one panel, none where it has no value."""
    from engine.commands.graphs.graph_looks import area_look
    from engine.graphs.categories import box_layers

    if not any(len(group.rows) for group in groups):
        return []
    ids, outsides = context.dataset.row_ids, not part.has("nooutsides")
    return box_layers(columns, groups, ids, labels=labels, look=area_look(part), outsides=outsides)


def _graph(command: Command, context: Context, overs: list[Over], groups: list[Group], labels: list[str]) -> GraphSpec:
    """Return the graph without its layers: titles and the axis of the categories."""
    from engine.commands.graphs.plot_data import axis_title
    from engine.graphs.axes import Axis, Tick
    from engine.graphs.categories import category_axis
    from engine.graphs.graphspec import GraphSpec

    horizontal = command.decl.name == HBOX.name
    axis = category_axis(groups, reverse=horizontal, angle=overs[0].angle if overs else 0.0)
    if not overs:
        axis = Axis(ticks=(Tick(1.0, " " if len(labels) > 1 else labels[0]),), categories=True, reverse=horizontal)
    title = " / ".join(labels)
    over_title = ", ".join(axis_title(context.dataset, over.name) for over in overs)
    return GraphSpec(
        kind="box",
        title=f"{title} over {over_title}" if over_title else title,
        x_title=over_title,
        y_title=title if over_title or len(labels) == 1 else "",
        layers=(),
        command=context.cmdline,
        x_axis=axis,
        swapped=horizontal,
    )


def _in_words(title: str, parts: list[tuple[str, object]]) -> str:
    import numpy as np

    from engine.graphs.categories import box_numbers
    from engine.graphs.words import number

    text = f"Box plot of {title}."
    for label, values in parts[:12]:
        known = np.asarray(values)[~np.isnan(np.asarray(values))]
        if len(known):
            box = box_numbers(known)
            text += (
                f" {label + ': ' if label else ''}median {number(box.median)}, quartiles {number(box.lower)} and "
                f"{number(box.upper)}, {len(box.outside)} beyond the whiskers."
            )
    return text


COMMANDS = ((BOX, run), (HBOX, run))
