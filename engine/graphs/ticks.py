"""Round places for the labels of an axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_MOST = 100
_LARGEST = 1e6
"""From here on labels have exponents: 2e10 is read faster than ten zeros."""

_LONG, _SMALL = 4, 1e-2
"""So do numbers below this limit with more decimals: 5e-5 is shorter than 0.00005."""


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


def tick_texts(values: Sequence[float]) -> list[str]:
    """Return labels for places of one axis: as many decimals as tell them apart, exponents for very large and small.

    The minus is ASCII; renderers make it a true one.
    """
    largest = max((abs(value) for value in values), default=0.0)
    if largest == 0.0 or not math.isfinite(largest):
        return [f"{value:g}" for value in values]
    ordered = sorted(values)
    steps = [b - a for a, b in pairwise(ordered) if b > a]
    near = 1e-3 * min(steps, default=largest)
    if 1e-4 <= largest < _LARGEST:
        decimals = next((d for d in range(10) if all(abs(round(v, d) - v) <= near for v in values)), 10)
    if 1e-4 <= largest < _LARGEST and not (decimals > _LONG and largest < _SMALL):
        return [f"{0.0 if abs(value) <= near else value:.{decimals}f}" for value in values]
    digits = next((d for d in range(10) if all(abs(float(f"{v:.{d}e}") - v) <= near for v in values)), 10)
    return [_with_power(value, digits) if abs(value) > near else "0" for value in values]


def _with_power(value: float, digits: int) -> str:
    mantissa, _, power = f"{value:.{digits}e}".partition("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{int(power)}"
