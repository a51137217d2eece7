"""``graph matrix``: every variable against every other."""

from __future__ import annotations

from engine.commands.base import Context, Effects
from engine.commands.graphs.graph_options import GRAPH_OPTIONS, JITTER, MARKERS
from engine.errors import StataError
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, OptionDecl, VarlistRule

_MOST = 12

DECLARATION = CommandDecl(
    name="graph matrix",
    minimum=3,
    title="Scatterplot matrix",
    help="Draws each variable against each other, on the observations where all of them are known.",
    menu=("Graphics", "Scatterplot matrix"),
    varlist=VarlistRule.REQUIRED,
    allow_if=True,
    allow_in=True,
    options=(
        OptionDecl(
            name="half",
            minimum=4,
            label="Lower half only",
            help="Draws each pair of variables once.",
            page="model",
        ),
        *MARKERS[:3],
        *JITTER,
        *GRAPH_OPTIONS,
    ),
    examples=("graph matrix mathach ses meanses",),
)


def run(command: Command, context: Context) -> Effects:
    """Draw the matrix.

    Raises
    ------
    StataError
        102 for one variable, 103 for more than twelve, 2000 without observations.
    """
    from engine.commands.graphs.graph_dress import dressed
    from engine.commands.graphs.graph_looks import series_looks
    from engine.commands.graphs.plot_data import plot_data, plotted_names
    from engine.graphs.axes import Axis, Grid, Panel
    from engine.graphs.graphspec import GraphSpec, Layer, Mark
    from engine.graphs.styles import Connect
    from engine.graphs.words import counted

    part = command.main
    names = plotted_names(part, context.dataset, least=2, most=_MOST)
    if len(set(names)) < len(names):
        raise StataError(198, "a variable is listed twice", part.body_span)
    data = plot_data(names, part, context)
    look = series_looks(part, 1, connect=Connect.NONE, symbols=True)[0].marker
    k = len(names)
    ranges = [Axis(low=float(s.values.min()), high=float(s.values.max())) for s in data.series]
    panels, layers = [], []
    for i in range(k):
        for j in range(k):
            key = f"{names[i]} {names[j]}"
            upper = j > i and part.has("half")
            edge = Axis(low=ranges[j].low, high=ranges[j].high, hidden=i < k - 1 or upper)
            side = Axis(low=ranges[i].low, high=ranges[i].high, hidden=j > 0 or upper)
            if i == j or upper:
                text = data.series[i].title if i == j else ""
                blank = Panel(key=key, text=text or " ", x_axis=edge, y_axis=side)
                panels.append(blank)
                continue
            panels.append(Panel(key=key, x_axis=edge, y_axis=side))
            layers.append(
                Layer(
                    mark=Mark.POINT,
                    x=data.series[j].values,
                    y=data.series[i].values,
                    rows=data.units.rows,
                    panel=key,
                    plot=0,
                    look=look,
                )
            )
    graph = GraphSpec(
        kind="matrix",
        title="Scatterplot matrix",
        subtitle=counted(len(data.drawn), "observation"),
        x_title="",
        y_title="",
        layers=tuple(layers),
        command=context.cmdline,
        summary=f"Scatterplot matrix of {', '.join(s.title for s in data.series)}: {data.units.counted}.",
        panels=tuple(panels),
        grid=Grid(columns=k, common_x=False, common_y=False),
    )
    return Effects(graph=dressed(graph, command.parts, context))
