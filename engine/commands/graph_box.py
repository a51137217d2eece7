"""``graph box`` and ``graph hbox``: medians, quartiles and what lies beyond."""

from __future__ import annotations

from dataclasses import replace

from engine.commands.base import Context, Effects
from engine.commands.graph_options import AREAS, BY, GRAPH_OPTIONS
from engine.errors import StataError
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule

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

    from engine.commands.graph_dress import dressed, uses
    from engine.commands.graph_looks import area_look
    from engine.commands.graph_over import categories, read_over
    from engine.commands.graph_panels import read_panels
    from engine.commands.plot_data import axis_title, plotted_names
    from engine.data.missing import is_missing
    from engine.graphs.axes import SQUARE_GRID, Axis, Tick
    from engine.graphs.categories import Group, box_layers, category_axis
    from engine.graphs.graphspec import GraphSpec
    from engine.graphs.overlay import with_panel_note
    from engine.graphs.words import counted

    part, dataset = command.main, context.dataset
    names = plotted_names(part, dataset, least=1, most=50)
    columns = [np.where(is_missing(dataset.numeric(name)), np.nan, dataset.numeric(name)) for name in names]
    mask = context.selected(part) & ~np.all(np.isnan(columns), axis=0)
    overs = read_over(uses(command.parts, "over"), context)

    def median(group: Group) -> float:
        return float(np.nanmedian(columns[0][group.rows]))

    horizontal = command.decl.name == HBOX.name
    groups = categories(overs, context, mask, median)
    by = part.option("by")
    panels = read_panels(by, dataset, mask) if by is not None else None
    labels = [axis_title(dataset, name) for name in names]
    cuts = [("", mask)] if panels is None else [(p.key, m) for p, m in zip(panels.panels, panels.masks, strict=True)]
    layers = []
    for key, inside in cuts:
        own = [replace(group, rows=group.rows[inside[group.rows]]) for group in groups]
        try:
            drawn = box_layers(
                columns, own, dataset.row_ids, labels=labels, look=area_look(part), outsides=not part.has("nooutsides")
            )
        except StataError:
            if panels is None:
                raise
            continue
        layers += [replace(layer, panel=key) for layer in drawn]
    axis = category_axis(groups, reverse=horizontal, angle=overs[0].angle if overs else 0.0)
    if not overs:
        axis = Axis(ticks=(Tick(1.0, " " if len(names) > 1 else labels[0]),), categories=True, reverse=horizontal)
    title = " / ".join(labels)
    over_title = ", ".join(axis_title(dataset, over.name) for over in overs)
    graph = GraphSpec(
        kind="box",
        title=f"{title} over {over_title}" if over_title else title,
        subtitle=counted(int(mask.sum()), "observation"),
        x_title=over_title,
        y_title=title if over_title or len(names) == 1 else "",
        layers=tuple(layers),
        command=context.cmdline,
        summary=_in_words(title, over_title, [(group.label, columns[0][group.rows]) for group in groups]),
        x_axis=axis,
        swapped=horizontal,
        panels=panels.panels if panels else (),
        grid=panels.grid if panels else SQUARE_GRID,
    )
    return Effects(graph=with_panel_note(dressed(graph, command.parts, context), panels))


def _in_words(title: str, over: str, parts: list[tuple[str, object]]) -> str:
    import numpy as np

    from engine.graphs.categories import box_numbers
    from engine.graphs.words import number

    text = f"Box plot of {title}{f' over {over}' if over else ''}."
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
