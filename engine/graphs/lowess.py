"""Scatter with a locally weighted smoother (``lowess``)."""

from __future__ import annotations

from engine.events import CancelToken
from engine.graphs.graphspec import GraphSpec, Layer, LayerStyle, Mark
from engine.graphs.series import Series, Units
from engine.graphs.smoother import Smooth, smooth, usable_bandwidth
from engine.graphs.words import counted, number, stata_number


def lowess_graph(
    y: Series,
    x: Series,
    units: Units,
    *,
    bandwidth: float,
    mean: bool = False,
    weighted: bool = True,
    command: str = "",
    cancel: CancelToken | None = None,
) -> tuple[GraphSpec, Smooth]:
    """Draw y against x with its smoother; the smooth is returned for ``generate()``.

    Raises
    ------
    StataError
        As `engine.graphs.smoother.smooth`.
    """
    bandwidth = usable_bandwidth(bandwidth)
    result = smooth(y.values, x.values, bandwidth=bandwidth, mean=mean, weighted=weighted, cancel=cancel)
    n, n_sites = len(x.values), len(result.sites)
    note = f"bandwidth = {stata_number(bandwidth)}"
    if n_sites < n:
        note += f"; smoothed at {n_sites} of {counted(n, 'point')}, straight lines between them"
    graph = GraphSpec(
        kind="lowess",
        title=_title(mean=mean, weighted=weighted),
        subtitle=f"{units.counted}, bandwidth {bandwidth:g}",
        x_title=x.title,
        y_title=y.title,
        layers=(
            Layer(mark=Mark.POINT, x=x.values, y=y.values, rows=units.rows),
            Layer(mark=Mark.LINE, x=result.x, y=result.y, style=LayerStyle.SMOOTH),
        ),
        note=note,
        command=command,
        summary=_in_words(y.title, x.title, units, result),
        per=units.per,
    )
    return graph, result


def _title(*, mean: bool, weighted: bool) -> str:
    if mean:
        return "Running-mean smoother"
    return "Lowess smoother" if weighted else "Running-line smoother"


def _in_words(y: str, x: str, units: Units, result: Smooth) -> str:
    low, high = int(result.y.argmin()), int(result.y.argmax())
    first, last, at_low, at_high = (number(float(result.x[i])) for i in (0, -1, low, high))
    starts, ends, lowest, highest = (number(float(result.y[i])) for i in (0, -1, low, high))
    return (
        f"Smoother of {y} along {x}: {units.counted}. {x} runs from {first} to {last}; the smoothed {y} starts at "
        f"{starts} and ends at {ends}, lowest {lowest} at {at_low}, highest {highest} at {at_high}."
    )
