"""Scatter with a locally weighted smoother (``lowess``)."""

from __future__ import annotations

from engine.graphs.graphspec import FloatArray, IntArray, Layer, LayerStyle, Mark
from engine.graphs.marks import SeriesLook
from engine.graphs.series import Units
from engine.graphs.smoother import Smooth
from engine.graphs.words import number


def smoothed_layers(
    y: FloatArray, x: FloatArray, rows: IntArray, smooth: Smooth | None, *, look: SeriesLook, panel: str = ""
) -> list[Layer]:
    """Return the points of one panel and the smoother through them, if there is one."""
    layers = [Layer(mark=Mark.POINT, x=x, y=y, rows=rows, panel=panel, plot=0, look=look.marker)]
    if smooth is not None:
        line = Layer(
            mark=Mark.LINE, x=smooth.x, y=smooth.y, style=LayerStyle.SMOOTH, panel=panel, plot=0, look=look.line
        )
        layers.append(line)
    return layers


def title_of(*, mean: bool, weighted: bool) -> str:
    """Return the title that Stata gives the smoother."""
    if mean:
        return "Running-mean smoother"
    return "Lowess smoother" if weighted else "Running-line smoother"


def in_words(y: str, x: str, units: Units, smooth: Smooth) -> str:
    """Return what a smoother shows."""
    low, high = int(smooth.y.argmin()), int(smooth.y.argmax())
    first, last, at_low, at_high = (number(float(smooth.x[i])) for i in (0, -1, low, high))
    starts, ends, lowest, highest = (number(float(smooth.y[i])) for i in (0, -1, low, high))
    return (
        f"Smoother of {y} along {x}: {units.counted}. {x} runs from {first} to {last}; the smoothed {y} starts at "
        f"{starts} and ends at {ends}, lowest {lowest} at {at_low}, highest {highest} at {at_high}."
    )
