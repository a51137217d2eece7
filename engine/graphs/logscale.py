"""Logarithmic axes: what cannot be shown on them is left out, and the note says how much."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import StataError
from engine.graphs.graphspec import GraphSpec, Layer, LayerStyle, Mark
from engine.graphs.words import counted


def on_log_axes(graph: GraphSpec) -> GraphSpec:
    """Return the graph without marks at zero or below on an axis that is logarithmic.

    Raises
    ------
    StataError
        198 when nothing is left, or when bars would have to stand on zero.
    """
    if not (graph.x_axis.log or graph.y_axis.log or graph.right_axis.log):
        return graph
    if any(layer.mark is Mark.BAR and not len(layer.base) and _is_log(graph, layer) for layer in graph.layers):
        raise StataError(198, "bars stand on zero, which a logarithmic axis does not have")
    layers, lost = [], 0
    for layer in graph.layers:
        kept = _positive(layer, x=graph.x_axis.log, y=_is_log(graph, layer))
        if layer.style is not LayerStyle.REFERENCE and layer.mark is Mark.POINT:
            lost += len(layer.x) - int(kept.sum())
        layers.append(layer if kept.all() else _cut(layer, kept))
    if not any(len(layer.x) for layer in layers):
        raise StataError(198, "nothing to draw: every value is zero or below, which a logarithmic axis cannot show")
    note = f"{counted(lost, 'point')} at zero or below not shown on the logarithmic axis" if lost else ""
    return replace(graph, layers=tuple(layers), note="\n".join(text for text in (graph.note, note) if text))


def _is_log(graph: GraphSpec, layer: Layer) -> bool:
    """Tell whether y of a layer is measured on a logarithmic axis."""
    return (graph.right_axis if layer.right else graph.y_axis).log


def _positive(layer: Layer, *, x: bool, y: bool) -> npt.NDArray[np.bool_]:
    kept = np.ones(len(layer.x), dtype=bool)
    if x:
        kept &= layer.x > 0
    if y:
        for values in (layer.y, layer.ll, layer.ul):
            if len(values):
                kept &= values > 0
    return kept


def _cut(layer: Layer, kept: npt.NDArray[np.bool_]) -> Layer:
    """Return a layer with the marks that are kept; a line breaks where one is missing."""
    places = np.flatnonzero(kept)
    starts = np.flatnonzero(np.diff(places) > 1) + 1
    if len(layer.starts):
        starts = np.union1d(starts, np.searchsorted(places, layer.starts))
    starts = starts[(starts > 0) & (starts < len(places))]
    return replace(
        layer,
        x=layer.x[kept],
        y=layer.y[kept],
        ll=layer.ll[kept] if len(layer.ll) else layer.ll,
        ul=layer.ul[kept] if len(layer.ul) else layer.ul,
        base=layer.base[kept] if len(layer.base) else layer.base,
        rows=layer.rows[kept] if len(layer.rows) else layer.rows,
        texts=tuple(layer.texts[place] for place in places) if layer.texts else (),
        **_members_kept(layer, kept),
        starts=starts.astype(np.int64),
    )


def _members_kept(layer: Layer, kept: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """Return the observations of the marks that are kept, and the new places of these marks."""
    if not len(layer.members):
        return {}
    inside = kept[layer.member_of]
    return {"members": layer.members[inside], "member_of": (np.cumsum(kept) - 1)[layer.member_of[inside]]}
