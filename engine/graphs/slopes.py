"""A slope along its moderator, with its interval and the bounds beyond which it differs from zero."""

from __future__ import annotations

import numpy as np

from engine.graphs.diagnostic.panels import level_line
from engine.graphs.graphspec import FloatArray, GraphSpec, Layer, LayerStyle, Mark
from engine.graphs.words import number


def slopes_graph(
    along: FloatArray,
    slopes: FloatArray,
    half: FloatArray,
    *,
    focal: str,
    moderator: str,
    level: float,
    bounds: tuple[float, ...],
    command: str,
) -> GraphSpec:
    """Draw slopes ± `half` along the moderator; upright lines stand at the bounds inside its range."""
    low, high = slopes - half, slopes + half
    inside = [bound for bound in bounds if along[0] <= bound <= along[-1]]
    uprights = [
        Layer(
            mark=Mark.LINE,
            x=np.full(2, bound),
            y=np.array([low.min(), high.max()]),
            style=LayerStyle.REFERENCE,
            across=True,
        )
        for bound in inside
    ]
    note = f"Band: {level:g}% intervals."
    if inside:
        note += f" Upright: where the interval reaches zero, at {', '.join(number(b) for b in inside)}."
    return GraphSpec(
        kind="slopes",
        title=f"Slope of {focal} along {moderator}",
        x_title=moderator,
        y_title=f"Slope of {focal}",
        layers=(
            Layer(mark=Mark.INTERVAL, x=along, y=slopes, ll=low, ul=high, style=LayerStyle.BAND),
            Layer(mark=Mark.LINE, x=along, y=slopes),
            level_line(0.0, along),
            *uprights,
        ),
        note=note,
        command=command,
        summary=f"The slope of {focal} runs from {number(float(slopes[0]))} to {number(float(slopes[-1]))}.",
    )
