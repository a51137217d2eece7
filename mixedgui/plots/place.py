"""Where values lie in the view: logarithmic axes are drawn as logarithms, and x may run upwards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.api import Layer

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Place:
    """The axes of a panel, in the terms of the description."""

    x_log: bool = False
    y_log: bool = False
    swapped: bool = False

    def put(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return horizontal and vertical places of values of x and y; the same arrays on plain axes."""
        x = np.log10(x) if self.x_log else x
        y = np.log10(y) if self.y_log else y
        return (y, x) if self.swapped else (x, y)

    def of(self, layer: Layer) -> tuple[FloatArray, FloatArray]:
        """Return the places of a layer's marks."""
        return self.put(layer.x, layer.y)

    def pairs(self, x: FloatArray, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the ends of intervals one after the other, shape (2m,)."""
        return self.put(np.repeat(x, 2), np.column_stack([low, high]).ravel())

    def range_across(self, x: tuple[float, float], y: tuple[float, float]) -> tuple[float, float]:
        """Return the range of the horizontal axis of the view."""
        return _logged(y, self.y_log) if self.swapped else _logged(x, self.x_log)

    def range_up(self, x: tuple[float, float], y: tuple[float, float]) -> tuple[float, float]:
        """Return the range of the vertical axis of the view."""
        return _logged(x, self.x_log) if self.swapped else _logged(y, self.y_log)


def _logged(ends: tuple[float, float], log: bool) -> tuple[float, float]:
    return (float(np.log10(ends[0])), float(np.log10(ends[1]))) if log else ends
