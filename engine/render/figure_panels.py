"""The plots of a figure: one, a grid of panels, or whole graphs side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.graphs import appearance
from engine.graphs.axes import Axis, Panel
from engine.graphs.graphspec import GraphSpec, Layer
from engine.render.figure_dress import Dresser
from engine.render.figure_layout import PlotGrid
from engine.render.figure_marks import Canvas, draw_layer

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TITLE_GAP_PT = 3.0
_GAP = 0.6
"""Distance between plots in sizes of their text."""


def fill(axes: Axes, panel: Panel | None, dresser: Dresser) -> Axes | None:
    """Draw the layers of one panel into its axes, and return the axes that lie over them for the axis at the right."""
    graph = dresser.graph
    area = appearance.extent(graph, panel.key if panel is not None else None)
    x_axis, y_axis = appearance.axes_of(graph, panel)
    across, up = (area.y, area.x) if graph.swapped else (area.x, area.y)
    horizontal, vertical = (y_axis, x_axis) if graph.swapped else (x_axis, y_axis)
    layers = graph.layers_of(panel.key if panel is not None else "")
    _draw(axes, dresser, [layer for layer in layers if not layer.right], (across, up), (horizontal, vertical))
    if area.right is None:
        return None
    twin = axes.twinx()
    _draw(
        twin, dresser, [layer for layer in layers if layer.right], (across, area.right), (horizontal, graph.right_axis)
    )
    return twin


def _draw(
    axes: Axes,
    dresser: Dresser,
    layers: list[Layer],
    ends: tuple[tuple[float, float], tuple[float, float]],
    kinds: tuple[Axis, Axis],
) -> None:
    if kinds[0].log:
        axes.set_xscale("log")
    if kinds[1].log:
        axes.set_yscale("log")
    axes.set_xlim(*ends[0])
    axes.set_ylim(*ends[1])
    canvas = Canvas(axes, dresser.graph, dresser.colours, dresser.factor)
    for layer in layers:
        draw_layer(canvas, layer)
    axes.set_xlim(*ends[0])
    axes.set_ylim(*ends[1])


def draw_graph(dresser: Dresser) -> list[PlotGrid]:
    """Draw everything of a graph into its part of the figure; the grids have to be settled when all is drawn."""
    graph = dresser.graph
    if graph.parts:
        return _draw_parts(dresser)
    if graph.panels:
        return [_draw_panels(dresser)]
    body = dresser.frame()
    axes = body.add_subplot(facecolor=dresser.colours.background)
    twin = fill(axes, None, dresser)
    dresser.axes(axes, None, bottom=True, left=True)
    if twin is not None:
        dresser.right(twin, labelled=True, titled=True)
    dresser.titled(axes)
    dresser.legend(axes)
    group = (axes,) if twin is None else (axes, twin)
    if graph.aspect is not None:
        for each in group:
            each.set_box_aspect(graph.aspect)
    return [PlotGrid(body=body, axes=(group,), cells=((0, 0),), measured=frozenset({0}), gap_pt=_GAP * dresser.text_pt)]


def _draw_parts(dresser: Dresser) -> list[PlotGrid]:
    """Draw whole graphs side by side, in the size of text that is left for them."""
    graph, body = dresser.graph, dresser.frame()
    rows, columns = graph.grid.shape(len(graph.parts))
    grid = body.add_gridspec(rows, columns, hspace=0.0, wspace=0.0)
    found: list[PlotGrid] = []
    for part, cell in zip(graph.parts, graph.grid.cells(len(graph.parts)), strict=True):
        place = body.add_subfigure(grid[cell], facecolor=dresser.colours.background)
        size = (dresser.width_pt / columns, dresser.body_pt / rows)
        own = replace(part, scale=part.scale * graph.scale, font=part.font or graph.font)
        found += draw_graph(dresser.part(own, place, size))
    return found


def _draw_panels(dresser: Dresser) -> PlotGrid:
    graph, colours = dresser.graph, dresser.colours
    n = len(graph.panels)
    rows, columns = graph.grid.shape(n)
    size = dresser.panel_pt * graph.sizes.subtitle
    body = dresser.frame()
    titles = [dresser.wrapped(panel.title, size, 0.95 / columns) for panel in graph.panels]
    ticks = dresser.shared_ticks(rows, columns)
    drawn: list[tuple[Axes, ...]] = []
    for k, panel in enumerate(graph.panels):
        axes = body.add_subplot(rows, columns, k + 1, facecolor=colours.background)
        twin = fill(axes, panel, dresser)
        bottom, left = k + columns >= n, k % columns == 0
        dresser.axes(axes, panel, bottom=bottom, left=left, ticks=ticks)
        if twin is not None:
            last = k % columns == columns - 1
            middle = last and k // columns == (n // columns - 1) // 2
            dresser.right(twin, labelled=last or not graph.grid.common_y, titled=middle)
        if panel.text:
            text = dresser.wrapped(panel.text, size, 0.8 / columns)
            axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", color=colours.text)
        style: dict[str, Any] = {"fontsize": size, "color": colours.text, "y": 1.0, "pad": _TITLE_GAP_PT}
        axes.set_title(titles[k], **style)
        if panel.x_title:
            axes.set_xlabel(panel.x_title, color=colours.text2, fontsize=dresser.panel_pt * graph.sizes.axis)
        if panel.y_title:
            axes.set_ylabel(panel.y_title, color=colours.text2, fontsize=dresser.panel_pt * graph.sizes.axis)
        group = (axes,) if twin is None else (axes, twin)
        if graph.aspect is not None:
            for each in group:
                each.set_box_aspect(graph.aspect)
        drawn.append(group)
    across, up = dresser.common_titles()
    dresser.legend(drawn[0][0])
    return PlotGrid(
        body=body,
        axes=tuple(drawn),
        cells=tuple(divmod(k, columns) for k in range(n)),
        measured=_measured(graph, titles, rows, columns),
        gap_pt=_GAP * dresser.panel_pt,
        across=across,
        up=up,
    )


def _measured(graph: GraphSpec, titles: list[str], rows: int, columns: int) -> frozenset[int]:
    """Return the panels whose texts decide how much room there is: all of them where each has axes of its own.

    With common axes those are the panels at the left, at the right and at the bottom, and the longest title of a row.
    """
    n = len(titles)
    own = any(p.x_axis or p.y_axis or p.x_title or p.y_title for p in graph.panels)
    if own or not (graph.grid.common_x and graph.grid.common_y) or graph.swapped or graph.aspect is not None:
        return frozenset(range(n))
    found = {k for k in range(n) if k % columns in (0, columns - 1) or k + columns >= n}
    for row in range(rows):
        members = range(row * columns, min((row + 1) * columns, n))
        found.add(max(members, key=lambda k: titles[k].count("\n")))
    return frozenset(found)
