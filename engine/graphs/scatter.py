"""Scatter plot of one or more variables against another (``scatter``)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.graphs.graphspec import FloatArray, GraphSpec, Layer, LayerStyle, Mark
from engine.graphs.series import Series, Units, require_points
from engine.graphs.words import number


def reference_lines(x: FloatArray, y: FloatArray, *, yline: Sequence[float], xline: Sequence[float]) -> list[Layer]:
    """Return straight lines across the range of the data, at the given heights and places."""
    lines = []
    for height in yline:
        ends = np.array([x.min(), x.max()])
        lines.append(Layer(mark=Mark.LINE, x=ends, y=np.full(2, height), style=LayerStyle.REFERENCE))
    for place in xline:
        ends = np.array([y.min(), y.max()])
        lines.append(Layer(mark=Mark.LINE, x=np.full(2, place), y=ends, style=LayerStyle.REFERENCE))
    return lines


def scatter_graph(
    ys: Sequence[tuple[str, Series, Units]],
    x: Sequence[Series],
    *,
    yline: Sequence[float] = (),
    xline: Sequence[float] = (),
    command: str = "",
) -> GraphSpec:
    """Draw each y against its x (the same variable, on the observations where both are known).

    Parameters
    ----------
    ys
        Name, values and units of each series.
    x
        For each series the values of the variable on the horizontal axis.
    yline, xline
        Heights and places of reference lines across the range of the data.
    command
        The command that redraws the graph.

    Raises
    ------
    StataError
        2000 without observations.
    """
    several = len(ys) > 1
    points = []
    for (name, y, units), along in zip(ys, x, strict=True):
        require_points(y)
        points.append(
            Layer(mark=Mark.POINT, x=along.values, y=y.values, rows=units.rows, group=name if several else "")
        )
    all_x = np.concatenate([layer.x for layer in points])
    all_y = np.concatenate([layer.y for layer in points])
    y_title = " / ".join(name for name, _, _ in ys) if several else ys[0][1].title
    most = max((units for _, _, units in ys), key=lambda units: len(units.rows))
    return GraphSpec(
        kind="scatter",
        title=f"{y_title} against {x[0].title}",
        subtitle=most.counted,
        x_title=x[0].title,
        y_title=y_title,
        layers=(*points, *reference_lines(all_x, all_y, yline=yline, xline=xline)),
        command=command,
        summary=" ".join(
            _in_words(y.title, along, y.values, units) for (_, y, units), along in zip(ys, x, strict=True)
        ),
        per=most.per,
    )


def _in_words(title: str, x: Series, y: FloatArray, units: Units) -> str:
    text = (
        f"Scatter plot of {title} against {x.title}: {units.counted}. {x.title} runs from "
        f"{number(float(x.values.min()))} to {number(float(x.values.max()))}, {title} from "
        f"{number(float(y.min()))} to {number(float(y.max()))}."
    )
    if len(y) > 2 and np.ptp(y) > 0 and np.ptp(x.values) > 0:
        text += f" Their correlation is {float(np.corrcoef(x.values, y)[0, 1]):.3f}."
    return text
