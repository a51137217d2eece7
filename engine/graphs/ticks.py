"""Round places for the labels of an axis."""

from __future__ import annotations

import math

import numpy as np

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_MOST = 100


def round_ticks(low: float, high: float, about: int = 5) -> tuple[float, ...]:
    """Return about so many round numbers that cover the range from `low` to `high`."""
    about = min(max(about, 2), _MOST)
    if not high > low:
        return (low,)
    raw = (high - low) / (about - 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = min((size * power for size in _STEPS), key=lambda size: abs(_count(low, high, size) - about))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(float(value) for value in np.arange(first, last + 1) * step)


def _count(low: float, high: float, step: float) -> int:
    return math.ceil(high / step - 1e-9) - math.floor(low / step + 1e-9) + 1


def decades(low: float, high: float) -> tuple[float, ...]:
    """Return round numbers for a logarithmic axis: powers of ten, with 2 and 5 between them on a short axis."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    parts = (1.0, 2.0, 5.0) if last - first <= 2 else (1.0,)
    stride = max(1, (last - first) // 6)
    places = [part * 10.0**power for power in range(first, last + 1, stride) for part in parts]
    inside = tuple(place for place in places if low <= place <= high)
    return inside if len(inside) >= 2 else (low, high)
