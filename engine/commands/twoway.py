"""``twoway``, ``scatter`` and ``line``: plots over each other ([G-2] graph twoway)."""

from __future__ import annotations

from dataclasses import replace

from engine.commands.base import Context, Effects
from engine.commands.graph_options import BY, GRAPH_OPTIONS
from engine.commands.twoway_plots import LINE, PLOTS, SCATTER, standing_alone
from engine.errors import StataError
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, VarlistRule

TWOWAY = CommandDecl(
    name="twoway",
    minimum=2,
    title="Two-way graph",
    help="Draws plots over each other, separated by || or each in brackets: scatter, line, connected, lfit, lfitci, "
    "qfit, qfitci, lowess, histogram, kdensity, function, bar, area, spike, dropline, rspike, rcap and rarea. Options "
    "about the whole graph may stand with any of them or behind the last bracket.",
    varlist=VarlistRule.TEXT,
    options=(BY, *GRAPH_OPTIONS),
    plots=PLOTS,
    examples=(
        "twoway connected weight week if id<=10, connect(L)",
        "twoway (scatter mathach ses) (lfit mathach ses), by(female)",
        "scatter mathach ses || lowess mathach ses",
    ),
)
SCATTER_COMMAND = standing_alone(
    SCATTER,
    help="Draws one or more variables against the last one listed. Further plots may follow after ||.",
    menu=("Graphics", "Scatterplot"),
    examples=("scatter mathach ses", "scatter resid fitted, yline(0)"),
)
LINE_COMMAND = standing_alone(
    LINE,
    help="Joins the values of one or more variables by lines along the last one listed.",
    menu=("Graphics", "Line plot"),
    examples=("line weight week if id==1", "line weight age, connect(ascending) by(girl)"),
)


def run(command: Command, context: Context) -> Effects:
    """Draw the plots.

    Raises
    ------
    StataError
        100 without a plot, 198 for two ``by()``, and whatever is wrong with the plots.
    """
    from engine.commands.graph_dress import ValueNames, dressed, uses
    from engine.commands.graph_panels import read_panels
    from engine.commands.twoway_read import read_plot
    from engine.graphs.overlay import overlay, with_panel_note

    parts = [part for part in command.parts if part.word or part.body]
    plots = [read_plot(_kind(command, part), part, context) for part in parts]
    cuts = uses(command.parts, "by")
    if len(cuts) > 1:
        raise StataError(198, "by() is given twice", cuts[1].span)
    panels = None
    if cuts:
        import numpy as np

        mask = np.zeros(context.dataset.n_obs, dtype=bool)
        for plot in plots:
            mask[plot.rows] = True
        panels = read_panels(cuts[0], context.dataset, mask)
    kind = _kind(command, parts[0]) if len(parts) == 1 else "twoway"
    graph = overlay(plots, panels, kind=kind, command=context.cmdline)
    levels = next((part for part in parts if part.option("per")), None)
    if levels is not None:
        graph = replace(graph, **_per(levels, context, len(plots[parts.index(levels)].rows)))  # type: ignore[arg-type]
    x_names, y_names = _value_names(parts, context)
    graph = dressed(graph, command.parts, context, ValueNames(x=x_names, y=y_names))
    return Effects(graph=with_panel_note(graph, panels))


def _per(part: Part, context: Context, n_points: int) -> dict[str, object]:
    from engine.commands.plot_data import levels_of
    from engine.graphs.series import counted_groups

    levels = levels_of(part, context.dataset)
    return {"per": levels, "subtitle": counted_groups(n_points, levels)}


def _kind(command: Command, part: Part) -> str:
    return part.word or command.decl.name


def _value_names(parts: list[Part], context: Context) -> tuple[dict[float, str], dict[float, str]]:
    """Return the value labels of the variables on x and y of the first plot."""
    from engine.frame.resolve import resolve_names

    dataset = context.dataset
    if parts[0].expression is not None:
        return {}, {}
    names = resolve_names(parts[0].body, dataset, span=parts[0].body_span, unique=False)
    labels = [dict(dataset.labels_of(name)) for name in (names[-1], names[0])]
    return labels[0], labels[1]


COMMANDS = (
    (TWOWAY, run),
    (replace(TWOWAY, name="graph twoway", minimum=2, examples=("graph twoway (scatter mathach ses)",)), run),
    (SCATTER_COMMAND, run),
    (LINE_COMMAND, run),
)
