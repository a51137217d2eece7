"""A graph as numbers to draw; matplotlib and pyqtgraph render the same description."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float64]


class Mark(Enum):
    """How a layer is drawn."""

    POINT = "point"
    LINE = "line"
    BAR = "bar"
    INTERVAL = "interval"
    BOX = "box"


class LayerStyle(Enum):
    """What a layer means; renderers choose pens by it."""

    DATA = "data"
    SMOOTH = "smooth"
    REFERENCE = "reference"
    CURVE = "curve"
    """A theoretical curve (the normal density over a histogram)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One set of marks.

    Attributes
    ----------
    x, y
        Shape (m,), equally long, finite; a bar's x is its centre.
    ll, ul
        Interval ends, empty otherwise.
    rows
        `Dataset.row_ids` behind each mark (for hover and brushing), empty when marks are not observations.
    panel, group
        Labels of the panel and of the series, empty when there is one.
    width
        Common width of bars, 0 for other marks.
    """

    mark: Mark
    x: FloatArray
    y: FloatArray
    ll: FloatArray = field(default_factory=lambda: np.empty(0))
    ul: FloatArray = field(default_factory=lambda: np.empty(0))
    rows: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    panel: str = ""
    group: str = ""
    style: LayerStyle = LayerStyle.DATA
    width: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphSpec:
    """A whole graph; `command` is what redraws it.

    Attributes
    ----------
    subtitle
        Second line of the title: how many observations, which bandwidth, which fitted values.
    summary
        One paragraph that says in words what the graph shows.
    per
        Level variables when a point stands for a group; empty when it stands for an observation.
    """

    kind: str
    title: str
    x_title: str
    y_title: str
    layers: tuple[Layer, ...]
    note: str = ""
    command: str = ""
    summary: str = ""
    subtitle: str = ""
    per: tuple[str, ...] = ()

    @property
    def n_points(self) -> int:
        """Number of point marks, whole."""
        return sum(len(layer.x) for layer in self.layers if layer.mark is Mark.POINT)

    @property
    def series(self) -> tuple[str, ...]:
        """Labels of the series in drawing order, empty when there is one."""
        return tuple(dict.fromkeys(layer.group for layer in self.layers if layer.group))
