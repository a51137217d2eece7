"""``twoway``, ``scatter`` and ``line``: plots over each other ([G-2] graph twoway)."""

from __future__ import annotations

from dataclasses import replace

from engine.commands.base import Context, Effects
from engine.commands.graphs.graph_options import BY, GRAPH_OPTIONS
from engine.commands.graphs.twoway_plots import LINE, PLOTS, SCATTER, standing_alone
from engine.errors import StataError
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, VarlistRule
from engine.lang.expr import Binary, Expr

TWOWAY = CommandDecl(
    name="twoway",
    minimum=2,
    title="Two-way graph",
    help="Draws plots over each other, separated by || or each in brackets: scatter, line, connected, lfit, lfitci, "
    "qfit, qfitci, lowess, histogram, kdensity, function, bar, area, spike, dropline, rspike, rcap and rarea. yaxis(2) "
    "measures a plot on an axis of its own at the right. Options about the whole graph, and if and in for all plots, "
    "may stand behind the last bracket; options also with any of the plots.",
    varlist=VarlistRule.TEXT,
    allow_if=True,
    allow_in=True,
    options=(BY, *GRAPH_OPTIONS),
    plots=PLOTS,
    examples=(
        "twoway connected weight week if id<=10, connect(L)",
        "twoway (scatter mathach ses) (lfit mathach ses), by(female)",
        "scatter mathach ses || lowess mathach ses",
        "twoway (scatter mathach ses) (kdensity ses, yaxis(2))",
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
    from engine.commands.graphs.graph_dress import ValueNames, dressed, uses
    from engine.commands.graphs.graph_panels import read_panels
    from engine.commands.graphs.twoway_read import read_plot
    from engine.graphs.overlay import overlay, with_panel_note

    parts = _plotted(command)
    plots = [replace(read_plot(_kind(command, part), part, context), right=_measured_right(part)) for part in parts]
    if any(plot.right for plot in plots) and any(plot.swapped for plot in plots):
        raise StataError(198, "horizontal bars cannot be drawn together with a second y axis")
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
        graph = replace(graph, **_per(levels, context, len(plots[parts.index(levels)].rows)))  # type: ignore[arg-type]  # by name
    x_names, y_names = _value_names(next((part for part in parts if not _measured_right(part)), parts[0]), context)
    right = next((part for part in parts if _measured_right(part)), None)
    names = ValueNames(x=x_names, y=y_names, right=_value_names(right, context)[1] if right is not None else {})
    graph = dressed(graph, command.parts, context, names)
    return Effects(graph=with_panel_note(graph, panels))


def _plotted(command: Command) -> list[Part]:
    """Return the parts that are plots, each with the ``if`` and ``in`` that stand behind the last bracket for all."""
    plots = [part for part in command.parts if part.word or part.body]
    for whole in command.parts:
        if whole.word or whole.body or (whole.if_ is None and whole.in_ is None):
            continue
        plots = [replace(part, if_=_both(part.if_, whole.if_), in_=part.in_ or whole.in_) for part in plots]
    return plots


def _both(own: Expr | None, whole: Expr | None) -> Expr | None:
    """Return the condition that holds where both do."""
    return Binary("&", own, whole) if own is not None and whole is not None else own or whole


def _per(part: Part, context: Context, n_points: int) -> dict[str, object]:
    from engine.commands.graphs.plot_data import levels_of
    from engine.graphs.series import counted_groups

    levels = levels_of(part, context.dataset)
    return {"per": levels, "subtitle": counted_groups(n_points, levels)}


def _kind(command: Command, part: Part) -> str:
    return part.word or command.decl.name


def _measured_right(part: Part) -> bool:
    """Tell whether ``yaxis(2)`` measures a plot on the axis at the right."""
    use = part.option("yaxis")
    return use is not None and int(use.argument or 1) == 2


def _value_names(part: Part, context: Context) -> tuple[dict[float, str], dict[float, str]]:
    """Return the value labels of the variables on x and y of a plot."""
    from engine.frame.resolve import resolve_names

    dataset = context.dataset
    if part.expression is not None:
        return {}, {}
    names = resolve_names(part.body, dataset, span=part.body_span, unique=False)
    labels = [dict(dataset.labels_of(name)) for name in (names[-1], names[0])]
    return labels[0], labels[1]


COMMANDS = (
    (TWOWAY, run),
    (replace(TWOWAY, name="graph twoway", minimum=2, examples=("graph twoway (scatter mathach ses)",)), run),
    (SCATTER_COMMAND, run),
    (LINE_COMMAND, run),
)
