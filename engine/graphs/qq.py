"""Normal quantile plot (``qnorm``)."""

from __future__ import annotations

import numpy as np

from engine.graphs.graphspec import FloatArray, GraphSpec, Layer, LayerStyle, Mark
from engine.graphs.series import Series, Units, require_spread
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
    require_spread(series, "A normal quantile plot needs at least two different values.")
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
