"""Whole graphs side by side (``graph combine``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.graphs.appearance import extent
from engine.graphs.axes import Axis, Grid
from engine.graphs.graphspec import GraphSpec
from engine.graphs.words import counted

_SMALLEST, _POWER = 0.5, 0.35


def usual_scale(rows: int, columns: int) -> float:
    """Return the factor on the text of graphs in so many rows and columns: the more, the smaller, down to a half."""
    return float(max(_SMALLEST, max(rows, columns) ** -_POWER))


def combined(
    parts: Sequence[GraphSpec],
    grid: Grid,
    *,
    scale: float | None,
    common: tuple[bool, bool],
    command: str,
) -> GraphSpec:
    """Return one graph of several.

    Parameters
    ----------
    parts, grid
        The graphs and their arrangement.
    scale
        Factor on the size of their text, None for `usual_scale`.
    common
        Whether the horizontal and the vertical axes of all have the same range.
    command
        What draws the graph again.
    """
    rows, columns = grid.shape(len(parts))
    factor = usual_scale(rows, columns) if scale is None else scale
    own = [replace(part, scale=part.scale * factor) for part in parts]
    for wanted, horizontal in zip(common, (True, False), strict=True):
        if wanted:
            own = _with_common_range(own, horizontal=horizontal)
    words = " ".join(f"{k}: {part.summary}" for k, part in enumerate(own, start=1))
    return GraphSpec(
        kind="combine",
        title="",
        x_title="",
        y_title="",
        layers=(),
        parts=tuple(own),
        grid=grid,
        command=command,
        summary=f"{counted(len(own), 'graph')} side by side. {words}",
    )


def _with_common_range(parts: Sequence[GraphSpec], *, horizontal: bool) -> list[GraphSpec]:
    """Return the graphs with one range on an axis of the page; axes of categories keep their own.

    Logarithmic axes have a range in common with each other only.
    """
    reach: dict[bool, tuple[float, float]] = {}
    for part in parts:
        axis = _axis(part, horizontal=horizontal)
        if not axis.categories and not part.parts:
            low, high = _ends(part, horizontal=horizontal)
            before = reach.get(axis.log, (low, high))
            reach[axis.log] = min(before[0], low), max(before[1], high)
    return [_with_range(part, reach, horizontal=horizontal) for part in parts]


def _is_x(part: GraphSpec, *, horizontal: bool) -> bool:
    """Tell whether the axis of the page is that of x."""
    return horizontal != part.swapped


def _axis(part: GraphSpec, *, horizontal: bool) -> Axis:
    return part.x_axis if _is_x(part, horizontal=horizontal) else part.y_axis


def _ends(part: GraphSpec, *, horizontal: bool) -> tuple[float, float]:
    """Return the range over all panels, the smaller end first."""
    is_x = _is_x(part, horizontal=horizontal)
    areas = [extent(part, panel.key) for panel in part.panels] or [extent(part)]
    ends = [end for area in areas for end in (area.x if is_x else area.y)]
    return min(ends), max(ends)


def _with_range(part: GraphSpec, reach: dict[bool, tuple[float, float]], *, horizontal: bool) -> GraphSpec:
    axis = _axis(part, horizontal=horizontal)
    if axis.categories or part.parts:
        return part
    name = "x_axis" if _is_x(part, horizontal=horizontal) else "y_axis"
    low, high = reach[axis.log]

    def fixed(own: Axis) -> Axis:
        return replace(own, low=low, high=high, exact=True)

    panels = tuple(
        panel if getattr(panel, name) is None else replace(panel, **{name: fixed(getattr(panel, name))})  # type: ignore[arg-type]  # by name
        for panel in part.panels
    )
    return replace(part, panels=panels, **{name: fixed(axis)})  # type: ignore[arg-type]  # the field is named by a text
