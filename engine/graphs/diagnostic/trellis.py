"""Some groups side by side: observations, the group's own line, the line of its prediction, and the population's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.graphs.axes import Panel
from engine.graphs.graphspec import FloatArray, GraphSpec, IntArray, Layer, Mark
from engine.graphs.look import Dash, Look
from engine.graphs.words import counted

_LINES = (("own line", Dash.DASH), ("prediction", Dash.SOLID), ("population", Dash.DOT))


@dataclass(frozen=True, slots=True, eq=False)
class GroupRows:
    """The observations of one group: its label, x, response, fitted values, fixed part, and row ids, (m,) each."""

    label: str
    x: FloatArray
    y: FloatArray
    fitted: FloatArray
    xb: FloatArray
    rows: IntArray


def trellis(groups: Sequence[GroupRows], *, x: str, y: str, level: str, of: int, command: str) -> GraphSpec:
    """Draw a panel per group.

    The lines are least-squares lines in x through the observations, through the fitted values and through the fixed
    part of the group, so that other covariates do not bend them.
    """
    layers: list[Layer] = []
    for group in groups:
        layers.append(Layer(mark=Mark.POINT, x=group.x, y=group.y, rows=group.rows, panel=group.label, plot=0))
        ends = np.array([float(group.x.min()), float(group.x.max())])
        for number, ((name, dash), values) in enumerate(
            zip(_LINES, (group.y, group.fitted, group.xb), strict=True), start=1
        ):
            line = _least_squares(group.x, values, ends)
            layers.append(
                Layer(mark=Mark.LINE, x=ends, y=line, panel=group.label, plot=number, group=name, look=Look(dash=dash))
            )
    return GraphSpec(
        kind="trellis",
        title=f"{y} and {x} by {level}",
        subtitle=f"{counted(len(groups), 'group')} of {of:,}",
        x_title=x,
        y_title=y,
        layers=tuple(layers),
        panels=tuple(Panel(key=group.label, title=group.label) for group in groups),
        note=f"Graphs by {level}",
        command=command,
        summary=f"Observations and lines of {counted(len(groups), 'group')} of {level}.",
    )


def _least_squares(x: FloatArray, y: FloatArray, at: FloatArray) -> FloatArray:
    centred = x - x.mean()
    square = float(centred @ centred)
    slope = float(centred @ y) / square if square > 0.0 else 0.0
    return np.asarray(y.mean() + slope * (at - x.mean()))
