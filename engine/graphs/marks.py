"""The layers of one series: points, the line that joins them, and the labels beside them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.graphs.graphspec import FloatArray, IntArray, Layer, LayerStyle, Mark
from engine.graphs.look import PLAIN, Look, Symbol
from engine.graphs.styles import Connect, path


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesLook:
    """How one series is drawn: its markers, its line, and how the line joins the points."""

    marker: Look = PLAIN
    line: Look = PLAIN
    connect: Connect = Connect.NONE
    clock: int = 3


def series_layers(
    x: FloatArray,
    y: FloatArray,
    rows: IntArray,
    look: SeriesLook,
    *,
    texts: tuple[str, ...] = (),
    gaps: IntArray | None = None,
    style: LayerStyle = LayerStyle.DATA,
) -> list[Layer]:
    """Return the line (where points are joined) and the points (where they have a marker or a label).

    `gaps` are places at which the line begins anew because a value before is missing.
    """
    layers = []
    if look.connect is not Connect.NONE:
        line_x, line_y, starts = path(x, y, look.connect)
        whole = line_x is x
        if gaps is not None and len(gaps) and whole:
            starts = np.union1d(starts, gaps).astype(np.int64)
        layers.append(
            Layer(
                mark=Mark.LINE,
                x=line_x,
                y=line_y,
                rows=rows if whole else np.empty(0, dtype=np.int64),
                starts=starts,
                style=style,
                look=look.line,
            )
        )
    if look.marker.symbol is not Symbol.NONE or texts or not layers:
        marker = look.marker
        if layers and not marker.colour and look.line.colour:
            marker = replace(marker, colour=look.line.colour)
        layers.append(Layer(mark=Mark.POINT, x=x, y=y, rows=rows, look=marker, texts=texts, clock=look.clock))
    return layers
