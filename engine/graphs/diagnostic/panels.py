"""What the panels of diagnostic graphs have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.graphs.axes import Panel
from engine.graphs.graphspec import FloatArray, IntArray, Layer, LayerStyle, Mark


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """The groups or observations of one panel: `name` of the panel, values (m,), and `rows` behind them."""

    name: str
    values: FloatArray
    rows: IntArray


def reference(x: Sequence[float] | FloatArray, y: Sequence[float] | FloatArray, panel: str = "") -> Layer:
    """Return a reference line through points."""
    return Layer(
        mark=Mark.LINE,
        x=np.asarray(x, dtype=np.float64),
        y=np.asarray(y, dtype=np.float64),
        style=LayerStyle.REFERENCE,
        panel=panel,
    )


def level_line(at: float, x: FloatArray, panel: str = "") -> Layer:
    """Return a level reference line over the range of x."""
    ends = np.array([float(x.min()), float(x.max())])
    return reference(ends, np.full(2, at), panel)


def named_panels(names: Sequence[str]) -> tuple[Panel, ...]:
    """Return a panel per name; none where there is only one plot."""
    return tuple(Panel(key=name, title=name) for name in names) if len(names) > 1 else ()


def key_of(name: str, names: Sequence[str]) -> str:
    """Return the key of a panel, empty where there is only one plot."""
    return name if len(names) > 1 else ""
