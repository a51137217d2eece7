"""Markers moved a little at random so that they do not hide each other (``jitter()`` of scatter)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.graphs.appearance import axes_of, extent
from engine.graphs.axes import Axis
from engine.graphs.graphspec import FloatArray, GraphSpec, Layer


def jittered(graph: GraphSpec) -> GraphSpec:
    """Return the graph with the markers moved that were asked to be; their values stay in `Layer.true_x`, `true_y`.

    Each is moved by independent uniform amounts of up to half of ``jitter()`` percent of the range of either axis, on
    a logarithmic axis of its decades. The same seed moves them to the same places.
    """
    if not any(_waiting(layer) for layer in graph.layers):
        return graph
    return replace(graph, layers=tuple(_moved(graph, layer) if _waiting(layer) else layer for layer in graph.layers))


def _waiting(layer: Layer) -> bool:
    return layer.look.jitter > 0.0 and len(layer.x) > 0 and not len(layer.true_x)


def _moved(graph: GraphSpec, layer: Layer) -> Layer:
    panel = next((panel for panel in graph.panels if panel.key == layer.panel), None)
    area = extent(graph, layer.panel if panel is not None else None)
    x_axis, y_axis = axes_of(graph, panel)
    if layer.right:
        y_axis = graph.right_axis
    rng = np.random.default_rng([layer.look.seed, graph.plot_of(layer)])
    share = layer.look.jitter / 100.0
    x = _shaken(layer.x, rng, share, area.x, x_axis)
    y = _shaken(layer.y, rng, share, area.right if layer.right and area.right else area.y, y_axis)
    return replace(layer, x=x, y=y, true_x=layer.x, true_y=layer.y)


def _shaken(
    values: FloatArray, rng: np.random.Generator, share: float, ends: tuple[float, float], axis: Axis
) -> FloatArray:
    """Return values moved by up to half of a share of the range that is drawn."""
    on_axis = np.log10 if axis.log else np.asarray
    low, high = (float(on_axis(np.float64(end))) for end in ends)
    moved = on_axis(values) + share * abs(high - low) * (rng.random(len(values)) - 0.5)
    return np.asarray(10.0**moved if axis.log else moved)
