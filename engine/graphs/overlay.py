"""Several plots over each other, in one panel or in one for each group: what every two-way graph is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.errors import StataError
from engine.graphs.axes import PLAIN_AXIS, SQUARE_GRID, Axis, Grid, Panel
from engine.graphs.graphspec import GraphSpec, IntArray, Layer, Mark
from engine.graphs.words import counted, number

BoolArray: TypeAlias = npt.NDArray[np.bool_]

_TOO_FEW = frozenset({459, 2000, 2001})
"""Return codes that leave a plot out of a panel that has too few observations for it."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A layer and which of its plot's series it belongs to; `like` is the series whose colour it takes instead."""

    series: int
    layer: Layer
    like: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """One plot before it is cut into panels.

    Attributes
    ----------
    kind
        Its name: ``scatter``, ``lowess``, ``lfit`` …
    labels
        What the legend calls each of its series.
    rows
        Positions in the data set of what it is drawn from, shape (m,).
    draw
        Gives the layers for some of the m places, as a mask or as indices in order.
    x_title, y_titles
        What its axes are called.
    notes
        Filled while drawing: sentences for the note of the graph.
    right
        Measured on an axis of its own at the right.
    """

    kind: str
    labels: tuple[str, ...]
    rows: IntArray
    draw: Callable[[IntArray], list[Drawn]]
    x_title: str
    y_titles: tuple[str, ...]
    notes: list[str] = field(default_factory=list)
    x_axis: Axis | None = None
    swapped: bool = False
    right: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Panels:
    """How a graph is cut: the panels, the rows of the data set in each, shape (n_obs,), grid and note."""

    panels: tuple[Panel, ...]
    masks: tuple[BoolArray, ...]
    grid: Grid = SQUARE_GRID
    note: str = ""
    title: str = ""


def layers_of(plots: Sequence[Plot], panels: Panels | None) -> tuple[Layer, ...]:
    """Return the layers of all plots in all panels, numbered through in the order of the plots.

    Raises
    ------
    StataError
        Whatever a plot says when there is one panel only; 2000 when no panel shows anything.
    """
    several = sum(len(plot.labels) for plot in plots) > 1
    layers: list[Layer] = []
    for key, mask in [("", None)] if panels is None else _keyed(panels):
        first = 0
        for plot in plots:
            chosen = np.arange(len(plot.rows)) if mask is None else np.flatnonzero(mask[plot.rows])
            for drawn in _draw(plot, chosen, alone=mask is None):
                group = plot.labels[drawn.series] if several else ""
                layer = replace(drawn.layer, panel=key, plot=first + drawn.series, group=group, right=plot.right)
                if drawn.like is not None:
                    layer = replace(layer, look=replace(layer.look, like=first + drawn.like))
                layers.append(layer)
            first += len(plot.labels)
    if not layers:
        raise StataError(2000, "no observations")
    return tuple(layers)


def _keyed(panels: Panels) -> list[tuple[str, BoolArray | None]]:
    return [(panel.key, mask) for panel, mask in zip(panels.panels, panels.masks, strict=True)]


def _draw(plot: Plot, chosen: IntArray, *, alone: bool) -> list[Drawn]:
    if not len(chosen) and not alone:
        return []
    try:
        return plot.draw(chosen)
    except StataError as error:
        if alone or error.rc not in _TOO_FEW:
            raise
        return []


def overlay(
    plots: Sequence[Plot], panels: Panels | None = None, *, kind: str = "twoway", command: str = ""
) -> GraphSpec:
    """Return the graph of plots over each other, cut into panels where there are some.

    Raises
    ------
    StataError
        2000 when there is nothing to draw.
    """
    layers = layers_of(plots, panels)
    y_title = _joined(plots) or "y"
    left = [plot for plot in plots if not plot.right]
    x_title = " / ".join(dict.fromkeys(plot.x_title for plot in plots if plot.x_title)) or "x"
    notes = list(dict.fromkeys(note for plot in plots for note in plot.notes))
    n = len(np.unique(np.concatenate([plot.rows for plot in plots])))
    shown = [panel for panel in panels.panels if any(layer.panel == panel.key for layer in layers)] if panels else []
    return GraphSpec(
        kind=kind,
        title=f"{y_title} against {x_title}" if y_title and x_title else y_title or x_title,
        subtitle=counted(n, "observation") if n else "",
        x_title=x_title,
        y_title=(_joined(left) or "y") if left else "",
        right_title=_joined([plot for plot in plots if plot.right]),
        layers=layers,
        note="\n".join(notes),
        command=command,
        summary=_in_words(plots, layers, (x_title, y_title), n, len(shown)),
        x_axis=next((plot.x_axis for plot in plots if plot.x_axis is not None), PLAIN_AXIS),
        y_axis=PLAIN_AXIS if left else Axis(hidden=True),
        panels=tuple(shown),
        grid=panels.grid if panels else SQUARE_GRID,
        swapped=any(plot.swapped for plot in plots),
    )


def _joined(plots: Sequence[Plot]) -> str:
    """Return the titles of the y axis of plots, each once."""
    return " / ".join(dict.fromkeys(title for plot in plots for title in plot.y_titles if title))


def with_panel_note(graph: GraphSpec, panels: Panels | None) -> GraphSpec:
    """Return the graph with ``Graphs by …`` below its note, and the title that ``by()`` gives."""
    if panels is None:
        return graph
    note = "\n".join(text for text in (graph.note, panels.note) if text)
    return replace(graph, note=note, title=panels.title or graph.title)


def _in_words(plots: Sequence[Plot], layers: Sequence[Layer], titles: tuple[str, str], n: int, n_panels: int) -> str:
    x_title, y_title = titles
    kinds = ", ".join(dict.fromkeys(f"{plot.kind} plot" for plot in plots))
    drawn = f" of {y_title} against {x_title}" if x_title and y_title else f" of {y_title or x_title}"
    text = f"{kinds[:1].upper()}{kinds[1:]}{drawn}: {counted(n, 'observation')}"
    text += f" in {counted(n_panels, 'panel')}." if n_panels else "."
    data = [layer for layer in layers if layer.mark in (Mark.POINT, Mark.LINE) and len(layer.x)]
    if not data:
        return text
    x_ends = min(float(layer.x.min()) for layer in data), max(float(layer.x.max()) for layer in data)
    y_ends = min(float(layer.y.min()) for layer in data), max(float(layer.y.max()) for layer in data)
    text += (
        f" The horizontal axis shows {number(x_ends[0])} to {number(x_ends[1])}, the vertical axis "
        f"{number(y_ends[0])} to {number(y_ends[1])}."
    )
    points = [layer for layer in layers if layer.mark is Mark.POINT]
    if len(plots) == 1 and len(points) == 1 and n > 2 and np.ptp(points[0].x) > 0 and np.ptp(points[0].y) > 0:
        text += f" Their correlation is {float(np.corrcoef(points[0].x, points[0].y)[0, 1]):.3f}."
    return text
