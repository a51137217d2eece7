"""``rvfplot``: residuals of the last fit against its fitted values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.commands.base import Context, Effects
from engine.commands.graphs.graph_options import GRAPH_OPTIONS, MARKERS
from engine.errors import StataError
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, OptionDecl

DECLARATION = CommandDecl(
    name="rvfplot",
    minimum=7,
    title="Residual-versus-fitted plot",
    help="Draws the residuals of the last fit against its fitted values, on the estimation sample. The residuals are "
    "the outcome minus fixed and random part; the note of the graph says which fitted values are drawn.",
    menu=("Graphics", "Regression diagnostic plots", "Residual-versus-fitted"),
    allow_if=True,
    allow_in=True,
    options=(
        OptionDecl(
            name="fitted",
            minimum=3,
            label="Fitted values: fixed and random part",
            help="Draws against the fitted values with the predicted random effects. This is the default.",
            page="model",
        ),
        OptionDecl(
            name="xb",
            minimum=2,
            label="Fitted values: fixed part only",
            help="Draws against the linear prediction of the fixed part.",
            page="model",
        ),
        *MARKERS[:3],
        *GRAPH_OPTIONS,
    ),
    examples=("rvfplot, yline(0)", "rvfplot, xb"),
)


def run(command: Command, context: Context) -> Effects:
    """Draw the plot.

    Raises
    ------
    StataError
        r(301) without results, r(184) for both kinds of fitted values, r(459) when the data have changed since the
        fit, r(2000) when no observation is left.
    """
    from engine.commands.graphs.graph_dress import dressed
    from engine.commands.graphs.graph_looks import series_looks
    from engine.frame.prediction import sample_mask
    from engine.graphs.rvf import FittedKind, residuals_versus_fitted
    from engine.graphs.series import Units
    from engine.graphs.styles import Connect
    from engine.postest.linear import LinearRows
    from engine.postest.predict import Fitted, fitted_values, linear_prediction, residuals
    from engine.results.estimates import needs_estimates
    from engine.results.regress import RegressEstimates

    part = command.main
    if part.has("xb") and part.has("fitted"):
        raise StataError(184, "options xb and fitted may not be combined")
    active = needs_estimates(context.estimates)
    rows = context.selected(part) & sample_mask(context.dataset, active.result.sample_rows)
    if isinstance(active, RegressEstimates):
        linear = LinearRows(active.result, context.dataset, rows)
        kind, x, y = FittedKind.LINEAR, linear.xb, linear.residuals
    else:
        estimates = context.mixed("rvfplot")
        model = Fitted(estimates.spec, estimates.result, context.dataset)
        kind = FittedKind.XB if part.has("xb") else FittedKind.FITTED
        y = residuals(model, rows)
        x = linear_prediction(model, rows) if kind is FittedKind.XB else fitted_values(model, rows)
    known = np.isfinite(x) & np.isfinite(y)
    graph = residuals_versus_fitted(
        y[known],
        x[known],
        Units(context.dataset.row_ids[rows][known]),
        kind=kind,
        command=context.cmdline,
    )
    look = series_looks(part, 1, connect=Connect.NONE, symbols=True)[0].marker
    graph = replace(graph, layers=(replace(graph.layers[0], look=look),))
    return Effects(graph=dressed(graph, command.parts, context))
