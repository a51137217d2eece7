"""The graph of a kernel density (``kdensity``)."""

from __future__ import annotations

import numpy as np

from engine.data.formats import format_value
from engine.graphs.graphspec import FloatArray, GraphSpec, Layer, LayerStyle, Mark
from engine.graphs.kdensity import Density
from engine.graphs.series import Series, Units
from engine.graphs.words import number

_CURVE_POINTS = 300


def density_graph(
    series: Series, units: Units, density: Density, *, kernel: str, normal: bool = False, command: str = ""
) -> GraphSpec:
    """Draw a density, with `normal` the normal one of the same mean and standard deviation."""
    values = series.values
    layers = [Layer(mark=Mark.LINE, x=density.x, y=density.y, group=_label("Kernel density estimate", normal), plot=0)]
    if normal and len(values) > 1 and np.ptp(values) > 0:
        layers.append(_normal(values, density))
    width = format_value(density.bandwidth, "%6.4f").strip()
    peak = int(density.y.argmax())
    return GraphSpec(
        kind="kdensity",
        title="Kernel density estimate",
        subtitle=units.counted,
        x_title=series.title,
        y_title="Density",
        layers=tuple(layers),
        note=f"kernel = {kernel}, bandwidth = {width}",
        command=command,
        summary=f"Kernel density of {series.title}: {units.counted}, bandwidth {number(density.bandwidth)}. "
        f"The density is highest at {number(float(density.x[peak]))}.",
        per=units.per,
    )


def _label(text: str, wanted: bool) -> str:
    return text if wanted else ""


def _normal(values: FloatArray, density: Density) -> Layer:
    mean, sd = float(values.mean()), float(values.std(ddof=1))
    x: FloatArray = np.linspace(density.x[0], density.x[-1], _CURVE_POINTS)
    z = (x - mean) / sd
    y: FloatArray = np.exp(-0.5 * z * z) / (sd * np.sqrt(2.0 * np.pi))
    return Layer(mark=Mark.LINE, x=x, y=y, style=LayerStyle.CURVE, group="Normal density", plot=1)
