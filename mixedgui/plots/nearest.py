"""Which mark is meant at a place of the plot; knows no widgets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.api import GraphSpec, Layer, LayerStyle, Mark
from mixedgui.plots.place import FloatArray, Place


@dataclass(frozen=True, slots=True)
class Hit:
    """A mark: its layer and its place in the layer's arrays."""

    layer: Layer
    index: int

    @property
    def x(self) -> float:
        """Its exact x."""
        return float(self.layer.exact_x[self.index])

    @property
    def y(self) -> float:
        """Its exact y."""
        return float(self.layer.exact_y[self.index])

    @property
    def row_id(self) -> int | None:
        """The row behind it, None when it is no observation."""
        return int(self.layer.rows[self.index]) if len(self.layer.rows) else None

    @property
    def row_ids(self) -> npt.NDArray[np.int64]:
        """All rows that it stands for: one for a point, those in it for a bar of a histogram or a box."""
        if len(self.layer.members):
            return np.asarray(self.layer.members[self.layer.member_of == self.index])
        return self.layer.rows[self.index : self.index + 1]


class Marks:
    """The points and bars of a panel, sorted from left to right so that a search looks only at a strip.

    Parameters
    ----------
    graph, panel
        The description and the key of the panel, empty for the only one.
    place
        Where values lie in the view; places given to `nearest` are in its units.
    """

    def __init__(self, graph: GraphSpec, *, panel: str = "", place: Place | None = None) -> None:
        self._place = place or Place()
        layers = graph.layers_of(panel)
        points = [layer for layer in layers if _pointed(layer, layers)]
        self._bars = [layer for layer in layers if layer.mark is Mark.BAR]
        self._boxes = [layer for layer in layers if layer.mark is Mark.BOX]
        self._layers = points
        self._sorted: tuple[npt.NDArray[np.intp], FloatArray, FloatArray] | None = None
        self._starts = np.cumsum([0, *(len(layer.x) for layer in points)])

    def is_line_of_rows(self, layer: Layer) -> bool:
        """Tell whether a layer is a line, or intervals, whose places are observations that no points show."""
        shown = any(other.mark is Mark.POINT and other.plot == layer.plot for other in self._layers)
        return (
            layer.mark in (Mark.LINE, Mark.INTERVAL)
            and any(layer is own for own in self._layers)
            and len(layer.rows) > 0
            and not shown
        )

    def _along(self) -> tuple[npt.NDArray[np.intp], FloatArray, FloatArray]:
        """Return order, x and y of the points from left to right; sorted when they are first pointed at."""
        if self._sorted is None:
            places = [self._place.of(layer) for layer in self._layers]
            x = np.concatenate([across for across, _ in places]) if places else np.empty(0)
            y = np.concatenate([up for _, up in places]) if places else np.empty(0)
            order = np.argsort(x, kind="stable")
            self._sorted = order, x[order], y[order]
        return self._sorted

    def __len__(self) -> int:
        return int(self._starts[-1]) or sum(len(layer.x) for layer in (*self._bars, *self._boxes))

    def nearest(self, x: float, y: float, *, x_pixel: float, y_pixel: float, radius: float = 10.0) -> Hit | None:
        """Return the point nearest to (x, y) within `radius` pixels, else the bar or box under it, else None.

        `x_pixel` and `y_pixel` are the sizes of a pixel in the units of the view.
        """
        x_pixel, y_pixel = abs(x_pixel), abs(y_pixel)
        _, xs, ys = self._along()
        low, high = np.searchsorted(xs, [x - radius * x_pixel, x + radius * x_pixel], side="left")
        if high > low:
            distance = ((xs[low:high] - x) / x_pixel) ** 2 + ((ys[low:high] - y) / y_pixel) ** 2
            best = int(distance.argmin())
            if distance[best] <= radius * radius:
                return self._hit(int(low) + best)
        return self._under(x, y)

    def at_rank(self, rank: int) -> Hit:
        """Return the mark of this rank from left to right (bars in their order)."""
        if self._starts[-1]:
            return self._hit(rank)
        for layer in (*self._bars, *self._boxes):
            if rank < len(layer.x):
                return Hit(layer, rank)
            rank -= len(layer.x)
        message = f"no mark of rank {rank}"
        raise IndexError(message)

    def where(self, hit: Hit) -> tuple[float, float]:
        """Return where a mark lies in the view."""
        one = slice(hit.index, hit.index + 1)
        layer = hit.layer
        y = layer.y[one] if not layer.right or self._place.right is None else self._place.right.to_left(layer.y[one])
        x, y = self._place.put(layer.x[one], y)
        return float(x[0]), float(y[0])

    def _hit(self, place: int) -> Hit:
        number = int(self._along()[0][place])
        layer = int(np.searchsorted(self._starts, number, side="right")) - 1
        return Hit(self._layers[layer], number - int(self._starts[layer]))

    def _under(self, across: float, up: float) -> Hit | None:
        x, y = (up, across) if self._place.swapped else (across, up)
        x = 10.0**x if self._place.x_log else x
        y = 10.0**y if self._place.y_log else y
        for own in (*self._bars, *self._boxes):
            layer = self._place.on_left(own)
            ends = (layer.ll, layer.ul) if layer.mark is Mark.BOX else (_base(layer), layer.y)
            low, high = np.minimum(*ends), np.maximum(*ends)
            inside = np.flatnonzero((np.abs(layer.x - x) <= layer.width / 2) & (low <= y) & (y <= high))
            if len(inside):
                return Hit(own, int(inside[0]))
        return None


def _base(layer: Layer) -> npt.NDArray[np.float64]:
    return layer.base if len(layer.base) else np.zeros(len(layer.x))


def _pointed(layer: Layer, layers: tuple[Layer, ...]) -> bool:
    """Tell whether the marks of a layer can be pointed at one by one: points, interval middles, rows of a line."""
    if layer.mark is Mark.POINT:
        return True
    if layer.mark is Mark.INTERVAL:
        boxed = any(other.mark is Mark.BOX for other in layers)
        return layer.style is not LayerStyle.BAND and not boxed and not layer.texts  # texts: leads to names
    twin = any(other.mark is Mark.POINT and other.plot == layer.plot for other in layers)
    return layer.mark is Mark.LINE and len(layer.rows) > 0 and not twin


def screen_number(value: float) -> str:
    """Return a value to nine significant digits, with a true minus sign."""
    return f"{value:.9g}".replace("-", "\N{MINUS SIGN}")
