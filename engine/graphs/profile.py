"""Profiles as curves: the signed root of the rise of -2 log L against each parameter, straight where quadratic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.graphs.axes import Grid, Panel
from engine.graphs.graphspec import FloatArray, GraphSpec, Layer, LayerStyle, Mark
from engine.graphs.words import counted


@dataclass(frozen=True, slots=True)
class Curve:
    """One parameter: points (value, signed root) in order, and the straight line of its Wald interval, if known."""

    name: str
    points: tuple[tuple[float, float], ...]
    estimate: float
    se: float


def profile_graph(curves: Sequence[Curve], *, z: float, level: float, command: str) -> GraphSpec:
    """Draw a panel per parameter; reference lines at ±`z` cut the curve at its confidence limits."""
    layers: list[Layer] = []
    for curve in curves:
        x, y = np.array(curve.points).T
        seen = np.abs(y) <= 1.25 * z
        x, y = x[seen], y[seen]
        ends = np.array([x[0], x[-1]])
        if np.isfinite(curve.se) and curve.se > 0.0:
            straight = (ends - curve.estimate) / curve.se
            layers.append(_line(ends, np.clip(straight, -1.25 * z, 1.25 * z), curve.name, LayerStyle.CURVE))
        layers += [_line(ends, np.full(2, side * z), curve.name, LayerStyle.REFERENCE) for side in (-1.0, 1.0)]
        layers.append(_line(x, y, curve.name, LayerStyle.DATA))
    crossing = f"where a curve crosses ±{z:.2f} are its {level:g}% limits"
    return GraphSpec(
        kind="profile",
        title="Profile likelihood",
        x_title="Parameter",
        y_title="Signed root of the rise of −2 log L",
        layers=tuple(layers),
        panels=tuple(Panel(key=curve.name, title=curve.name) for curve in curves),
        grid=Grid(common_x=False),
        note=f"Dashed: {level:g}% limits. A straight curve means that Wald limits would do.",
        command=command,
        summary=f"Profiles of {counted(len(curves), 'parameter')}; {crossing}.",
    )


def _line(x: FloatArray, y: FloatArray, panel: str, style: LayerStyle) -> Layer:
    return Layer(mark=Mark.LINE, x=x, y=y, panel=panel, style=style)
