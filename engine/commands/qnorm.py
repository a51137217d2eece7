"""``qnorm``: the normal quantile plot of a variable."""

from __future__ import annotations

from engine.commands.base import Context, Effects
from engine.commands.plot_data import PER, plot_data, plotted_names
from engine.graphs.qq import normal_quantiles
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, VarlistRule

DECLARATION = CommandDecl(
    name="qnorm",
    minimum=5,
    title="Normal quantile plot",
    help="Draws the sorted values of a variable against the quantiles of a normal distribution with the same mean and "
    "standard deviation. Points on the line mean a normal distribution.",
    menu=("Graphics", "Distributional graphs", "Normal quantile plot"),
    varlist=VarlistRule.REQUIRED,
    allow_if=True,
    allow_in=True,
    options=(PER,),
    examples=("qnorm resid", "qnorm u_id_cons, per(id)"),
)


def run(command: Command, context: Context) -> Effects:
    """Draw the plot."""
    part = command.main
    names = plotted_names(part, context.dataset, least=1, most=1)
    data = plot_data(names, part, context)
    return Effects(graph=normal_quantiles(data.series[0], data.units, command=context.cmdline))
