"""What a mark of a graph is, in words: its observation or group, its exact values, its panel. Knows no widgets."""

from __future__ import annotations

import re

from engine.api import GraphSpec, Mark
from mixedgui.plots.names import PointNames
from mixedgui.plots.nearest import Hit, screen_number
from mixedgui.state.translation import tr

_WIDE = "\N{FIGURE SPACE}"
"""Between the labels of an outer and an inner category."""


def describe(graph: GraphSpec, hit: Hit, names: PointNames) -> str:
    """Return what a mark is, in lines: panel, group and observation, x, y, and the ends of an interval."""
    layer = hit.layer
    if layer.mark is Mark.BAR and not graph.x_axis.categories:
        low, high = hit.x - layer.width / 2, hit.x + layer.width / 2
        first = f"{graph.x_title}: {screen_number(low)} to {screen_number(high)}"
    else:
        first = f"{graph.x_title}: {_x_word(graph, hit.x)}" if graph.x_title else _x_word(graph, hit.x)
    measured = graph.right_title if layer.right else graph.y_title
    lines = [first, f"{layer.group or measured or 'value'}: {screen_number(hit.y)}", *_interval(hit)]
    name = names.full(hit.row_id) if hit.row_id is not None else ""
    if name:
        lines.insert(0, name[0].upper() + name[1:] if name.startswith("observation") else name)
        own = names.labelled(hit.row_id) if hit.row_id is not None else ""
        lines += [f"{names.label}: {own}"] if own else []
    elif len(hit.layer.members) and hit.y != len(hit.row_ids):
        lines.append(f"{len(hit.row_ids):,} {'group' if graph.per else 'observation'}{'s' * (len(hit.row_ids) != 1)}")
    if layer.panel:
        title = next((panel.title for panel in graph.panels if panel.key == layer.panel), "")
        lines.insert(0, title) if title else None
    return "\n".join(lines)


def _x_word(graph: GraphSpec, value: float) -> str:
    """Return a value of x: the name of its category, and of the one around it, where the axis has categories."""
    axis = graph.x_axis
    if not (axis.categories and axis.ticks):
        return screen_number(value)
    outer = [tick for tick in axis.ticks if "\n" in tick.label or _WIDE in tick.label]
    near = [min(ticks, key=lambda tick: abs(tick.value - value)) for ticks in (axis.ticks, outer) if ticks]
    words = dict.fromkeys(word for tick in near for word in re.split(rf"\n|{_WIDE}+", tick.label) if word.strip())
    return ", ".join(words) or screen_number(value)


def _interval(hit: Hit) -> list[str]:
    """Return the ends of an interval or the quartiles of a box."""
    layer = hit.layer
    if not len(layer.ll):
        return []
    low, high = screen_number(float(layer.ll[hit.index])), screen_number(float(layer.ul[hit.index]))
    return [(tr("quartiles: {0} and {1}") if layer.mark is Mark.BOX else tr("from {0} to {1}")).format(low, high)]
