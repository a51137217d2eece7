"""Where values lie in the view: logarithmic axes are drawn as logarithms, and x may run upwards."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engine.api import Layer, Mark

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measure:
    """How the axis at the right lies on that at the left: left = shift + factor * right, of logarithms where log.

    Both ranges fill the plot, so that one view holds all marks and both axes move together.
    """

    shift: float
    factor: float
    log: bool
    left_log: bool

    @classmethod
    def of(cls, left: tuple[float, float], right: tuple[float, float], *, log: bool, left_log: bool) -> Measure:
        """Return the measure for the ranges of both axes, as drawn from below."""
        low, high = _logged(left, left_log)
        first, last = _logged(right, log)
        factor = (high - low) / (last - first)
        return cls(low - factor * first, factor, log, left_log)

    def to_left(self, values: FloatArray) -> FloatArray:
        """Return the values at the left that lie as high as values at the right."""
        along = self.shift + self.factor * (np.log10(values) if self.log else values)
        return np.asarray(10.0**along if self.left_log else along)

    def to_right(self, place: float) -> float:
        """Return where a place of the view lies on the axis at the right, a logarithm where that is logarithmic."""
        return (place - self.shift) / self.factor


@dataclass(frozen=True, slots=True)
class Place:
    """The axes of a panel, in the terms of the description."""

    x_log: bool = False
    y_log: bool = False
    swapped: bool = False
    right: Measure | None = None

    def put(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return horizontal and vertical places of values of x and y; the same arrays on plain axes."""
        x = np.log10(x) if self.x_log else x
        y = np.log10(y) if self.y_log else y
        return (y, x) if self.swapped else (x, y)

    def on_left(self, layer: Layer) -> Layer:
        """Return a layer of the axis at the right in the values of the axis at the left; any other as it is."""
        if not layer.right or self.right is None:
            return layer
        base = layer.base
        if layer.mark is Mark.BAR and not len(base):
            base = np.zeros(len(layer.x))
        y, ll, ul, base = (self.right.to_left(values) for values in (layer.y, layer.ll, layer.ul, base))
        return replace(layer, right=False, y=y, ll=np.minimum(ll, ul), ul=np.maximum(ll, ul), base=base)

    def of(self, layer: Layer) -> tuple[FloatArray, FloatArray]:
        """Return the places of a layer's marks."""
        y = layer.y if not layer.right or self.right is None else self.right.to_left(layer.y)
        return self.put(layer.x, y)

    def pairs(self, x: FloatArray, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the ends of intervals one after the other, shape (2m,)."""
        return self.put(np.repeat(x, 2), np.column_stack([low, high]).ravel())

    def rectangles(self, layer: Layer) -> FloatArray:
        """Return left, bottom, right and top of the bars or boxes of a layer, shape (m, 4)."""
        layer = self.on_left(layer)
        base = layer.base if len(layer.base) else np.zeros(len(layer.x))
        ends = (layer.ll, layer.ul) if layer.mark is Mark.BOX else (base, layer.y)
        half = layer.width / 2
        left, first = self.put(layer.x - half, np.minimum(*ends))
        right, last = self.put(layer.x + half, np.maximum(*ends))
        return np.column_stack([left, first, right, last])

    def range_across(self, x: tuple[float, float], y: tuple[float, float]) -> tuple[float, float]:
        """Return the range of the horizontal axis of the view."""
        return _logged(y, self.y_log) if self.swapped else _logged(x, self.x_log)

    def range_up(self, x: tuple[float, float], y: tuple[float, float]) -> tuple[float, float]:
        """Return the range of the vertical axis of the view."""
        return _logged(x, self.x_log) if self.swapped else _logged(y, self.y_log)


def _logged(ends: tuple[float, float], log: bool) -> tuple[float, float]:
    return (float(np.log10(ends[0])), float(np.log10(ends[1]))) if log else ends
