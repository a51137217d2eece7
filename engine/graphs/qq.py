"""Normal quantile plot (``qnorm``)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.data.summary import percentile
from engine.graphs.graphspec import FloatArray, GraphSpec, Layer, LayerStyle, Mark
from engine.graphs.look import Dash, Look
from engine.graphs.series import Series, Units, require_variance
from engine.graphs.words import number

_TAIL_SHARE = 0.05
_TAIL_SHIFT = 0.1
"""A tail is called longer or shorter when its points lie this many standard deviations off the line on average."""


def inverse_normal(values: FloatArray) -> FloatArray:
    """Return the plotting positions of n sorted values, shape (n,).

    Position i is ``mean + sd * invnormal(i / (n + 1))`` with divisor n - 1 in the standard deviation
    ([R] Diagnostic plots, Methods and formulas).
    """
    from scipy.special import ndtri

    n = len(values)
    probabilities = np.arange(1, n + 1) / (n + 1)
    positions: FloatArray = values.mean() + values.std(ddof=1) * ndtri(probabilities)
    return positions


def normal_quantiles(series: Series, units: Units, *, command: str = "") -> GraphSpec:
    """Draw sorted values against normal quantiles of the same mean and standard deviation, with the line y = x.

    Raises
    ------
    StataError
        2000 without observations, 459 when the values do not vary.
    """
    require_variance(series, "A normal quantile plot needs at least two different values.")
    order = np.argsort(series.values, kind="stable")
    y = series.values[order]
    x = inverse_normal(y)
    ends = x[[0, -1]]
    return GraphSpec(
        kind="qnorm",
        title="Normal quantile plot",
        subtitle=units.counted,
        x_title="Inverse Normal",
        y_title=series.title,
        layers=(
            Layer(mark=Mark.POINT, x=x, y=y, rows=units.rows[order]),
            Layer(mark=Mark.LINE, x=ends, y=ends.copy(), style=LayerStyle.REFERENCE),
        ),
        command=command,
        summary=_in_words(series.title, units, x, y),
        per=units.per,
    )


def normal_probabilities(series: Series, units: Units, *, name: str, command: str = "") -> GraphSpec:
    """Draw the normal distribution function of the standardised values against i / (n + 1), with the diagonal.

    Raises
    ------
    StataError
        2000 without observations, 459 when the values do not vary.
    """
    from scipy.special import ndtr

    require_variance(series, "A normal probability plot needs at least two different values.")
    order = np.argsort(series.values, kind="stable")
    ordered = series.values[order]
    n = len(ordered)
    x = np.arange(1, n + 1) / (n + 1)
    y: FloatArray = ndtr((ordered - ordered.mean()) / ordered.std(ddof=1))
    gap = float(np.abs(y - x).max())
    ends = np.array([0.0, 1.0])
    return GraphSpec(
        kind="pnorm",
        title="Standardized normal probability plot",
        subtitle=units.counted,
        x_title="Empirical P[i] = i/(N+1)",
        y_title=f"Normal F[({name}-m)/s]",
        layers=(
            Layer(mark=Mark.POINT, x=x, y=y, rows=units.rows[order]),
            Layer(mark=Mark.LINE, x=ends, y=ends.copy(), style=LayerStyle.REFERENCE),
        ),
        command=command,
        summary=f"Normal probability plot of {series.title}: {units.counted}. The points lie at most {gap:.3f} off "
        "the diagonal, on which a normal distribution would lie.",
        per=units.per,
    )


def uniform_quantiles(series: Series, units: Units, *, command: str = "") -> GraphSpec:
    """Draw the sorted values against (i - 1/2) / n, with the line of a uniform distribution over their range.

    Raises
    ------
    StataError
        2000 without observations, 459 when the values do not vary.
    """
    require_variance(series, "A quantile plot needs at least two different values.")
    order = np.argsort(series.values, kind="stable")
    y = series.values[order]
    n = len(y)
    x = (np.arange(1, n + 1) - 0.5) / n
    quarters = ", ".join(number(float(value)) for value in np.quantile(y, (0.25, 0.5, 0.75)))
    return GraphSpec(
        kind="quantile",
        title="Quantile plot",
        subtitle=units.counted,
        x_title="Fraction of the data",
        y_title=f"Quantiles of {series.title}",
        layers=(
            Layer(mark=Mark.POINT, x=x, y=y, rows=units.rows[order]),
            Layer(mark=Mark.LINE, x=np.array([0.0, 1.0]), y=y[[0, -1]], style=LayerStyle.REFERENCE),
        ),
        command=command,
        summary=f"Quantile plot of {series.title}: {units.counted}, sorted from {number(float(y[0]))} to "
        f"{number(float(y[-1]))}; the quartiles are {quarters}.",
        per=units.per,
    )


_FAINT = Look(dash=Dash.DOT, width=0.8, alpha=0.7)
GRID_PERCENTILES = (5, 10, 25, 50, 75, 90, 95)
GRID_NOTE = "Grid lines are 5, 10, 25, 50, 75, 90, and 95 percentiles"


def with_percentile_grid(graph: GraphSpec, values: FloatArray) -> GraphSpec:
    """Return a normal quantile or probability plot with lines at percentiles of the data and of the normal."""
    from scipy.special import ndtri

    shares = np.array(GRID_PERCENTILES) / 100
    if graph.kind == "qnorm":
        across = values.mean() + values.std(ddof=1) * ndtri(shares)
        ordered = np.sort(values)
        up = np.array([percentile(ordered, p) for p in GRID_PERCENTILES])
    else:
        across = up = shares
    points = graph.layers[0]
    x_ends, y_ends = points.x[[0, -1]], points.y[[0, -1]]
    lines = [
        Layer(mark=Mark.LINE, x=np.full(2, at), y=y_ends, style=LayerStyle.REFERENCE, across=True, look=_FAINT)
        for at in across
    ] + [
        Layer(mark=Mark.LINE, x=x_ends, y=np.full(2, at), style=LayerStyle.REFERENCE, across=True, look=_FAINT)
        for at in up
    ]
    return replace(graph, layers=(*graph.layers, *lines), note=GRID_NOTE)


def _in_words(title: str, units: Units, x: FloatArray, y: FloatArray) -> str:
    sd = float(y.std(ddof=1))
    correlation = float(np.corrcoef(x, y)[0, 1])
    tail = max(1, round(_TAIL_SHARE * len(y)))
    lower = float((y[:tail] - x[:tail]).mean()) / sd
    upper = float((y[-tail:] - x[-tail:]).mean()) / sd
    return (
        f"Normal quantile plot of {title}: {units.counted}, mean {number(float(y.mean()), beside=sd)}, "
        f"standard deviation {number(sd)}. The correlation of the points with normal quantiles is {correlation:.3f}. "
        f"The lower tail is {_tail_word(-lower)} and the upper tail {_tail_word(upper)}."
    )


def _tail_word(outward: float) -> str:
    if outward > _TAIL_SHIFT:
        return "longer than normal"
    if outward < -_TAIL_SHIFT:
        return "shorter than normal"
    return "about normal"
