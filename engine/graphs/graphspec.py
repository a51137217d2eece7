"""A graph as numbers to draw; matplotlib and pyqtgraph render the same description."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.graphs.axes import (
    PLAIN_AXIS,
    PLAIN_LEGEND,
    SQUARE_GRID,
    USUAL_SIZES,
    Axis,
    Grid,
    Key,
    Legend,
    Panel,
    TextSizes,
)
from engine.graphs.look import PLAIN, Look

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]


class Mark(Enum):
    """How a layer is drawn."""

    POINT = "point"
    LINE = "line"
    BAR = "bar"
    INTERVAL = "interval"
    """From `Layer.ll` to `Layer.ul` at each x; with the style `BAND` the area between the two curves."""
    BOX = "box"
    """y is the median, ll and ul are the quartiles; whiskers are a layer of intervals, values beyond one of points."""


class LayerStyle(Enum):
    """What a layer means; renderers choose pens by it."""

    DATA = "data"
    SMOOTH = "smooth"
    REFERENCE = "reference"
    CURVE = "curve"
    """A theoretical curve (the normal density over a histogram)."""
    BAND = "band"
    """Intervals drawn as one filled area (confidence band, envelope)."""


def _no_numbers() -> FloatArray:
    return np.empty(0)


def _no_places() -> IntArray:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One set of marks.

    Attributes
    ----------
    x, y
        Shape (m,), equally long, finite; a bar's x is its centre.
    ll, ul
        Interval ends, empty otherwise.
    base
        Where bars stand, shape (m,), empty for zero.
    rows
        `Dataset.row_ids` behind each mark (for hover and brushing), empty when marks are not observations.
    panel, group
        Key of the panel and label of the series, empty when there is one.
    plot
        Number of the series from 0: it decides colour, marker and dash, and layers that share it share a line of the
        legend. None: counted by `group`.
    width
        Common width of bars and boxes, 0 for other marks.
    starts
        Places in x and y where a line begins anew, empty when it runs through (one stroke per unit of a panel).
    texts
        Labels of the marks, empty or shape (m,).
    clock
        Side of the mark on which its label stands, by the hour; 0 is on the mark.
    look
        What was asked for beyond the look of the series.
    across
        A straight level or upright line through the whole plot; its arrays hold the ends on the range of the data.
    right
        True when y is measured on the axis at the right (``yaxis(2)``).
    true_x, true_y
        Values of marks that are drawn beside them so that they do not hide each other (``jitter()``); empty otherwise.
    members, member_of
        `Dataset.row_ids` of all observations that marks stand for together, and the place of the mark of each, shape
        (k,): the values in a bin, those of a box. Empty where `rows` says it.
    """

    mark: Mark
    x: FloatArray
    y: FloatArray
    ll: FloatArray = field(default_factory=_no_numbers)
    ul: FloatArray = field(default_factory=_no_numbers)
    base: FloatArray = field(default_factory=_no_numbers)
    rows: IntArray = field(default_factory=_no_places)
    panel: str = ""
    group: str = ""
    plot: int | None = None
    style: LayerStyle = LayerStyle.DATA
    width: float = 0.0
    starts: IntArray = field(default_factory=_no_places)
    texts: tuple[str, ...] = ()
    clock: int = 3
    look: Look = PLAIN
    across: bool = False
    right: bool = False
    true_x: FloatArray = field(default_factory=_no_numbers)
    true_y: FloatArray = field(default_factory=_no_numbers)
    members: IntArray = field(default_factory=_no_places)
    member_of: IntArray = field(default_factory=_no_places)

    @property
    def exact_x(self) -> FloatArray:
        """The values of x, wherever their marks are drawn."""
        return self.true_x if len(self.true_x) else self.x

    @property
    def exact_y(self) -> FloatArray:
        """The values of y, wherever their marks are drawn."""
        return self.true_y if len(self.true_y) else self.y


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphSpec:
    """A whole graph; `command` is what redraws it.

    Attributes
    ----------
    subtitle
        Second line of the title: how many observations, which bandwidth, which fitted values.
    note, caption
        Below the plot.
    summary
        One paragraph that says in words what the graph shows.
    per
        Level variables when a point stands for a group; empty when it stands for an observation.
    x_axis, y_axis
        Axes of the graph, or of every panel that has none of its own.
    right_axis, right_title
        The axis at the right, for layers that are measured on it.
    panels
        In the order in which they are drawn; empty when there is one plot.
    parts
        Whole graphs side by side (``graph combine``) in the rows and columns of `grid`; such a graph has no layers.
    swapped
        True when x runs upwards and y to the right (horizontal bars and boxes).
    scheme
        Name in `engine.graphs.appearance.SCHEMES`; empty for the standard one.
    name
        Under which the session keeps it (``name()``), empty for the graph drawn last.
    scale, font
        Factor on the size of all text, and its family where one was chosen.
    sizes
        Factors on the sizes of titles, labels and legend, on top of `scale`.
    aspect
        Height over width of the plot, None to fill the space there is.
    unseen
        True when it is kept for later but not shown now (``nodraw``).
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
    caption: str = ""
    per: tuple[str, ...] = ()
    x_axis: Axis = PLAIN_AXIS
    y_axis: Axis = PLAIN_AXIS
    right_axis: Axis = PLAIN_AXIS
    right_title: str = ""
    panels: tuple[Panel, ...] = ()
    parts: tuple[GraphSpec, ...] = ()
    grid: Grid = SQUARE_GRID
    legend: Legend = PLAIN_LEGEND
    swapped: bool = False
    scheme: str = ""
    name: str = ""
    scale: float = 1.0
    font: str = ""
    sizes: TextSizes = USUAL_SIZES
    aspect: float | None = None
    unseen: bool = False

    @property
    def n_points(self) -> int:
        """Number of point marks, whole."""
        own = sum(len(layer.x) for layer in self.layers if layer.mark is Mark.POINT)
        return own + sum(part.n_points for part in self.parts)

    @property
    def every_layer(self) -> tuple[Layer, ...]:
        """All layers, those of `parts` with the name or the number of their graph before the key of the panel."""
        found = list(self.layers)
        for number, part in enumerate(self.parts, start=1):
            name = part.name or str(number)
            for layer in part.every_layer:
                found.append(replace(layer, panel=f"{name}: {layer.panel}" if layer.panel else name))
        return tuple(found)

    @property
    def most_points(self) -> int:
        """Number of point marks in the panel that has most of them: it decides how large and how faint they are."""
        counts: dict[str, int] = {}
        for layer in self.layers:
            if layer.mark is Mark.POINT:
                counts[layer.panel] = counts.get(layer.panel, 0) + len(layer.x)
        return max(counts.values(), default=0)

    @property
    def has_right(self) -> bool:
        """Whether something is measured on the axis at the right."""
        return any(layer.right for layer in self.layers)

    @property
    def series(self) -> tuple[str, ...]:
        """Labels of the series in drawing order, empty when there is one."""
        return tuple(dict.fromkeys(layer.group for layer in self.layers if layer.group))

    @property
    def keys(self) -> tuple[Key, ...]:
        """What the legend lists; empty where there is none."""
        if self.legend.shown is False:
            return ()
        if self.legend.keys:
            return self.legend.keys
        found: dict[int, str] = {}
        for layer in self.layers:
            if layer.group:
                found.setdefault(self.plot_of(layer), layer.group)
        if len(found) < 2 and not self.legend.shown:
            return ()
        return tuple(Key(plot, text) for plot, text in found.items())

    def plot_of(self, layer: Layer) -> int:
        """Return the number of the series that a layer belongs to, 0 when there is only one."""
        if layer.plot is not None:
            return layer.plot
        return self.series.index(layer.group) if layer.group else 0

    def layers_of(self, panel: str) -> tuple[Layer, ...]:
        """Return the layers of one panel, those of the only plot for an empty key."""
        return tuple(layer for layer in self.layers if layer.panel == panel)
