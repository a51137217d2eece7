"""Histograms, kernel densities and functions as plots of ``twoway``."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.commands.base import Context
from engine.commands.graphs.graph_looks import area_look, line_look
from engine.commands.graphs.plot_data import axis_title, plot_data, plotted_names
from engine.data.dataset import Dataset
from engine.data.missing import is_missing
from engine.errors import StataError
from engine.graphs.graphspec import FloatArray, IntArray, Layer, LayerStyle, Mark
from engine.graphs.histogram import Bins, Scale, bars, choose_bins, discrete_bins
from engine.graphs.kdensity import Density, kernel_density
from engine.graphs.overlay import Drawn, Plot
from engine.graphs.series import require_spread
from engine.lang.command import Part
from engine.lang.numlist import parse_numlist

_FUNCTION_POINTS = 300


def histogram_scale(part: Part) -> Scale:
    """Return what the heights mean; r(184) when two scales are asked for."""
    chosen = [scale for scale in Scale if part.has(scale.value)]
    if len(chosen) > 1:
        raise StataError(184, f"options {chosen[0].value} and {chosen[1].value} may not be combined")
    return chosen[0] if chosen else Scale.DENSITY


def histogram_bins(part: Part, values: FloatArray) -> Bins:
    """Return the bins that the options ask for, over all values of the graph."""
    if part.has("discrete"):
        for name in ("bin",):
            if part.has(name):
                raise StataError(184, f"options discrete and {name}() may not be combined")
        return discrete_bins(values, width=_number(part, "width"), start=_number(part, "start"))
    if part.has("bin") and part.has("width"):
        raise StataError(184, "options bin() and width() may not be combined")
    count, width = _number(part, "bin"), _number(part, "width")
    if width is not None and width <= 0:
        raise StataError(198, "width() must be greater than 0")
    return choose_bins(values, count=None if count is None else int(count), width=width, start=_number(part, "start"))


def _number(part: Part, name: str) -> float | None:
    use = part.option(name)
    return None if use is None or use.argument is None else float(use.argument)


def gap_of(part: Part) -> float:
    """Return the share of a bar's width that is left free."""
    return (_number(part, "gap") or 0.0) / 100.0


def density_of(part: Part, values: FloatArray) -> Density:
    """Return the kernel density that the options ask for."""
    named = [name for name in _kernel_names() if part.has(name)]
    use = part.option("kernel")
    if len(named) > 1 or (named and use is not None):
        raise StataError(184, "only one kernel may be chosen")
    kernel = named[0] if named else "epanechnikov"
    if use is not None and use.argument:
        from engine.lang.options import find_choice

        kernel = find_choice(use.decl, use.argument) or kernel
    points = _number(part, "n")
    return kernel_density(
        values, bandwidth=_number(part, "bwidth"), kernel=kernel, points=None if points is None else int(points)
    )


def _kernel_names() -> tuple[str, ...]:
    from engine.graphs.kdensity import KERNELS

    return tuple(KERNELS)


def kernel_of(part: Part) -> str:
    """Return the name of the kernel in force."""
    use = part.option("kernel")
    if use is not None and use.argument:
        from engine.lang.options import find_choice

        return find_choice(use.decl, use.argument) or "epanechnikov"
    return next((name for name in _kernel_names() if part.has(name)), "epanechnikov")


def _histogram(part: Part, context: Context) -> Plot:
    data = plot_data(plotted_names(part, context.dataset, least=1, most=1), part, context)
    require_spread(data.series[0], "A histogram needs at least two different values.")
    values, scale = data.series[0].values, histogram_scale(part)
    bins, look, gap = histogram_bins(part, values), area_look(part), gap_of(part)

    def draw(chosen: IntArray) -> list[Drawn]:
        layer = bars(values[chosen], bins, scale, data.units.rows[chosen])
        return [Drawn(0, replace(layer, look=look, width=layer.width * (1 - gap)))]

    return Plot(
        kind="histogram",
        labels=(scale.value.capitalize(),),
        rows=data.drawn,
        draw=draw,
        x_title=data.series[0].title,
        y_titles=(scale.value.capitalize(),),
        swapped=part.has("horizontal"),
    )


def _kdensity(part: Part, context: Context) -> Plot:
    names = plotted_names(part, context.dataset, least=1, most=1)
    data = plot_data(names, part, context)
    values, look = data.series[0].values, line_look(part)

    def draw(chosen: IntArray) -> list[Drawn]:
        density = density_of(part, values[chosen])
        return [Drawn(0, Layer(mark=Mark.LINE, x=density.x, y=density.y, look=look))]

    label = f"kdensity {names[0]}"
    return Plot(
        kind="kdensity",
        labels=(label,),
        rows=data.drawn,
        draw=draw,
        x_title=axis_title(context.dataset, names[0]),
        y_titles=("Density",),
    )


def _function(part: Part, context: Context) -> Plot:
    """Draw ``function y = exp`` over ``range()``; the expression is one of x."""
    from engine.data.dataset import Variable
    from engine.frame.evaluate import evaluate

    if part.expression is None or part.body not in ("y", ""):
        raise StataError(198, "write function y = exp, an expression of x", part.body_span)
    use = part.option("range")
    ends = parse_numlist(use.argument or "", 0) if use is not None else (0.0, 1.0)
    if len(ends) != 2 or ends[0] == ends[1]:
        raise StataError(198, "range() needs the smallest and the largest x", use.argument_span if use else None)
    count = int(_number(part, "n") or _FUNCTION_POINTS)
    x = np.linspace(min(ends), max(ends), count)
    own = Dataset().with_variable(Variable("x", "double", "%10.0g"), x)
    y = evaluate(part.expression, own, lookup=context.lookup)
    if y.dtype == object:
        raise StataError(109, "type mismatch: a function gives numbers", part.expression.span)
    known = ~is_missing(y)
    if not known.any():
        raise StataError(2000, "the function has no value in this range")
    starts = np.flatnonzero(np.diff(np.flatnonzero(known)) > 1) + 1
    layer = Layer(mark=Mark.LINE, x=x[known], y=y[known], look=line_look(part), style=LayerStyle.DATA, starts=starts)
    return Plot(
        kind="function",
        labels=("y",),
        rows=np.empty(0, dtype=np.int64),
        draw=lambda chosen: [Drawn(0, layer)],
        x_title="",
        y_titles=(),
    )


DENSITY_BUILDERS = {"histogram": _histogram, "kdensity": _kdensity, "function": _function}
"""Plot -> what reads it."""
