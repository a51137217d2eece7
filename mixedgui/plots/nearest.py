"""Which mark is meant at a place of the plot; knows no widgets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.api import GraphSpec, Layer, Mark


@dataclass(frozen=True, slots=True)
class Hit:
    """A mark: its layer and its place in the layer's arrays."""

    layer: Layer
    index: int

    @property
    def x(self) -> float:
        """Its exact x."""
        return float(self.layer.x[self.index])

    @property
    def y(self) -> float:
        """Its exact y."""
        return float(self.layer.y[self.index])

    @property
    def row_id(self) -> int | None:
        """The row behind it, None when it is no observation."""
        return int(self.layer.rows[self.index]) if len(self.layer.rows) else None


class Marks:
    """The points and bars of a graph, sorted by x so that a search looks only at a strip."""

    def __init__(self, graph: GraphSpec) -> None:
        points = [layer for layer in graph.layers if layer.mark is Mark.POINT]
        self._bars = [layer for layer in graph.layers if layer.mark is Mark.BAR]
        self._layers = points
        x = np.concatenate([layer.x for layer in points]) if points else np.empty(0)
        y = np.concatenate([layer.y for layer in points]) if points else np.empty(0)
        order = np.argsort(x, kind="stable")
        self._order: npt.NDArray[np.intp] = order
        self._x, self._y = x[order], y[order]
        self._starts = np.cumsum([0, *(len(layer.x) for layer in points)])

    def __len__(self) -> int:
        return len(self._x) or sum(len(layer.x) for layer in self._bars)

    def nearest(self, x: float, y: float, *, x_pixel: float, y_pixel: float, radius: float = 10.0) -> Hit | None:
        """Return the point nearest to (x, y) within `radius` pixels, else the bar under it, else None.

        `x_pixel` and `y_pixel` are the sizes of a pixel in the units of the axes.
        """
        low, high = np.searchsorted(self._x, [x - radius * x_pixel, x + radius * x_pixel], side="left")
        if high > low:
            distance = ((self._x[low:high] - x) / x_pixel) ** 2 + ((self._y[low:high] - y) / y_pixel) ** 2
            best = int(distance.argmin())
            if distance[best] <= radius * radius:
                return self._hit(int(low) + best)
        return self._bar(x, y)

    def at_rank(self, rank: int) -> Hit:
        """Return the mark of this rank along x (bars in their order)."""
        if len(self._x):
            return self._hit(rank)
        for layer in self._bars:
            if rank < len(layer.x):
                return Hit(layer, rank)
            rank -= len(layer.x)
        message = f"no mark of rank {rank}"
        raise IndexError(message)

    def _hit(self, place: int) -> Hit:
        number = int(self._order[place])
        layer = int(np.searchsorted(self._starts, number, side="right")) - 1
        return Hit(self._layers[layer], number - int(self._starts[layer]))

    def _bar(self, x: float, y: float) -> Hit | None:
        for layer in self._bars:
            inside = np.flatnonzero((np.abs(layer.x - x) <= layer.width / 2) & (layer.y >= y) & (y >= 0))
            if len(inside):
                return Hit(layer, int(inside[0]))
        return None


def screen_number(value: float) -> str:
    """Return a value to nine significant digits, with a true minus sign."""
    return f"{value:.9g}".replace("-", "\N{MINUS SIGN}")
