"""Ticks of a matplotlib axis: labels without a power of ten set apart, and one set of places for many panels."""

from __future__ import annotations

from matplotlib.ticker import Formatter, MaxNLocator

from engine.graphs.appearance import tick_text
from engine.graphs.ticks import tick_texts

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_MOST = 9


class PlainFormatter(Formatter):
    """Labels as on the screen; matplotlib's own sets 1e10 apart, where it runs into the title of the next panel."""

    def format_ticks(self, values: list[float]) -> list[str]:
        """Return the labels of all ticks."""
        return [tick_text(text) for text in tick_texts([float(value) for value in values])]

    def __call__(self, x: float, pos: int | None = None) -> str:
        """Return the label of one value."""
        return tick_text(tick_texts([float(x)])[0])


def places(ends: tuple[float, float], length_pt: float, text_pt: float, *, horizontal: bool) -> list[float]:
    """Return the places of ticks on an axis so long that their labels do not touch, inside its range."""
    low, high = sorted(ends)
    room = int(length_pt / (text_pt * (4.0 if horizontal else 2.2)))
    found = MaxNLocator(nbins=min(max(room, 1), _MOST), steps=_STEPS).tick_values(low, high)
    slack = 1e-9 * (high - low)
    return [float(place) for place in found if low - slack <= place <= high + slack]
