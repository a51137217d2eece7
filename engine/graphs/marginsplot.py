"""Margins as points with confidence intervals, joined along one dimension ([R] marginsplot)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from engine.data.formats import format_value
from engine.errors import StataError
from engine.graphs.axes import PLAIN_AXIS, Axis, Panel, Tick
from engine.graphs.graphspec import FloatArray, GraphSpec, Layer, LayerStyle, Mark
from engine.graphs.look import Look
from engine.inference.student import t_critical
from engine.lang.abbrev import nearest
from engine.results.margins import MarginRow, MarginsResult

CONNECTED, LINE, SCATTER, BAR = "connected", "line", "scatter", "bar"
CAPS, AREA, SPIKE = "rcap", "rarea", "rspike"
PLOTS = (CONNECTED, LINE, SCATTER, BAR)
INTERVALS = (CAPS, AREA, SPIKE)
SLOPE = "_deriv"
"""The dimension of several variables of ``dydx()``."""
_BAR_WIDTH = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginsPlot:
    """How margins are arranged.

    Attributes
    ----------
    x, plot, by
        Dimensions of the horizontal axis, of the series and of the panels; those named nowhere are series.
    level
        Confidence level in percent, None for that of the margins.
    intervals
        Whether confidence intervals are drawn.
    marks, limits
        One of `PLOTS` and of `INTERVALS`.
    labels
        Variable -> level -> value label.
    titles
        Variable -> its label.
    """

    x: tuple[str, ...] = ()
    plot: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    level: float | None = None
    intervals: bool = True
    marks: str = CONNECTED
    limits: str = CAPS
    horizontal: bool = False
    labels: Mapping[str, Mapping[float, str]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)


def dimensions_of(result: MarginsResult) -> tuple[str, ...]:
    """Return the dimensions that tell the margins apart."""
    several = len({row.variable for row in result.rows}) > 1
    return (*result.dimensions, SLOPE) if several else result.dimensions


def margins_graph(result: MarginsResult, asked: MarginsPlot, *, command: str) -> GraphSpec:
    """Return the graph.

    Raises
    ------
    StataError
        r(198) for dimensions that the margins do not have, or where terms of several kinds are in one table.
    """
    dimensions = dimensions_of(result)
    if len(result.terms) > 1:
        raise StataError(198, "marginsplot draws the margins of one term; run margins with that term only")
    x, plot, by = _arranged(dimensions, asked)
    slopes = tuple(dict.fromkeys(row.variable for row in result.rows))
    at = [_place(row, slopes) for row in result.rows]
    level = result.level if asked.level is None else asked.level
    ll, ul = _limits(result, level)
    places, axis = _x_axis(at, x, asked, slopes)
    panels = _texts(at, by, asked, slopes)
    series = _texts(at, plot, asked, slopes)
    layers: list[Layer] = []
    known = np.isfinite(result.estimates)
    for panel in dict.fromkeys(panels):
        for number, name in enumerate(dict.fromkeys(series)):
            own = [i for i in range(len(at)) if panels[i] == panel and series[i] == name and known[i]]
            own.sort(key=lambda i: places[i])
            if own:
                layers += _layers(own, (places, result.estimates, ll, ul), (panel, name, number), asked)
    if not layers:
        raise StataError(2000, "no observations: none of the margins is estimable")
    with_limits = f" with {level:g}% CIs" if asked.intervals else ""
    response = result.expression.rpartition(", predict")[0] or result.expression
    title = f"{result.title}{_of(result, slopes)}{with_limits}"
    y_title = f"Effects on {response[0].lower()}{response[1:]}" if slopes != ("",) else response
    return GraphSpec(
        kind="marginsplot",
        title=title,
        x_title=", ".join(_title(name, asked) for name in x),
        y_title=y_title,
        layers=tuple(layers),
        command=command,
        summary=_summary(result, dimensions, title),
        x_axis=axis,
        panels=tuple(Panel(key=key, title=key) for key in dict.fromkeys(panels) if key),
        swapped=asked.horizontal,
    )


def _arranged(
    dimensions: Sequence[str], asked: MarginsPlot
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the dimensions of axis, series and panels."""
    for name in (*asked.x, *asked.plot, *asked.by):
        if name not in dimensions:
            near = nearest(name, dimensions)
            hint = (
                f"; did you mean {near}?" if near else f"; they are told apart by {' '.join(dimensions) or 'nothing'}"
            )
            raise StataError(198, f"{name} is not a dimension of the margins{hint}")
    named = [*asked.x, *asked.plot, *asked.by]
    twice = next((name for name in named if named.count(name) > 1), None)
    if twice:
        raise StataError(198, f"{twice} cannot be two dimensions of the graph at once")
    free = [name for name in dimensions if name not in named]
    x = asked.x or tuple(free[:1])
    return x, (*asked.plot, *(name for name in free if name not in x)), asked.by


def _place(row: MarginRow, slopes: Sequence[str]) -> dict[str, float]:
    return {**dict(row.places), SLOPE: float(slopes.index(row.variable) + 1)}


def _limits(result: MarginsResult, level: float) -> tuple[FloatArray, FloatArray]:
    if level == result.level:
        return result.ll, result.ul
    half = np.array([t_critical(level, df) for df in result.df]) * result.se
    return result.estimates - half, result.estimates + half


def _x_axis(
    at: Sequence[Mapping[str, float]], x: Sequence[str], asked: MarginsPlot, slopes: Sequence[str]
) -> tuple[FloatArray, Axis]:
    """Return the place of each margin, and the axis: values of one variable, else one place per combination."""
    combined = [tuple(place[name] for name in x) for place in at]
    if len(x) == 1:
        values = sorted({value for (value,) in combined})
        labels = asked.labels.get(x[0], {})
        whole = all(value == int(value) for value in values)
        if x[0] == SLOPE:
            ticks = tuple(Tick(value, slopes[int(value) - 1]) for value in values)
            return np.array([value for (value,) in combined]), Axis(ticks=ticks, categories=True)
        if not labels and not whole:
            return np.array([value for (value,) in combined]), PLAIN_AXIS
        ticks = tuple(Tick(value, labels.get(value, number(value))) for value in values) if len(values) <= 25 else ()
        return np.array([value for (value,) in combined]), Axis(ticks=ticks)
    order = sorted(set(combined))
    texts = [" ".join(level_text(name, value, asked) for name, value in zip(x, key, strict=True)) for key in order]
    ticks = tuple(Tick(float(i), text or " ") for i, text in enumerate(texts, start=1))
    return np.array([order.index(key) + 1.0 for key in combined]), Axis(ticks=ticks, categories=True)


def _title(name: str, asked: MarginsPlot) -> str:
    return "Effects with respect to" if name == SLOPE else asked.titles.get(name, "") or name


def _texts(
    at: Sequence[Mapping[str, float]], names: Sequence[str], asked: MarginsPlot, slopes: Sequence[str]
) -> list[str]:
    """Return what the legend or a panel calls each margin; empty texts where `names` is empty."""
    out = []
    for place in at:
        words = [
            slopes[int(place[name]) - 1] if name == SLOPE else level_text(name, place[name], asked) for name in names
        ]
        out.append(", ".join(words))
    return out


def level_text(name: str, value: float, asked: MarginsPlot) -> str:
    """Return the value label of a level, ``sector=1`` where it has none."""
    return asked.labels.get(name, {}).get(value) or f"{name}={number(value)}"


def number(value: float) -> str:
    """Return a value as labels show it."""
    return format_value(value, "%9.0g").strip()


def _layers(
    own: Sequence[int],
    numbers: tuple[FloatArray, FloatArray, FloatArray, FloatArray],
    keys: tuple[str, str, int],
    asked: MarginsPlot,
) -> list[Layer]:
    """Return intervals, lines and points of one series in one panel."""
    x, y, ll, ul = (array[list(own)] for array in numbers)
    panel, group, plot = keys
    out: list[Layer] = []
    banded = asked.limits == AREA
    if asked.intervals and np.isfinite(ll).all():
        style = LayerStyle.BAND if banded else LayerStyle.DATA
        look = Look(caps=asked.limits == CAPS)
        interval = Layer(mark=Mark.INTERVAL, x=x, y=y, ll=ll, ul=ul, panel=panel, group=group, plot=plot, look=look)
        out.append(replace(interval, style=style))
    if asked.marks in (CONNECTED, LINE) and len(x) > 1:
        out.append(Layer(mark=Mark.LINE, x=x, y=y, panel=panel, group=group, plot=plot))
    if asked.marks == BAR:
        gaps = np.diff(np.unique(x))
        width = _BAR_WIDTH * float(gaps.min()) if len(gaps) else _BAR_WIDTH
        out.insert(0, Layer(mark=Mark.BAR, x=x, y=y, panel=panel, group=group, plot=plot, width=width))
    if asked.marks in (CONNECTED, SCATTER) or (asked.marks == LINE and len(x) == 1):
        out.append(Layer(mark=Mark.POINT, x=x, y=y, panel=panel, group=group, plot=plot))
    return out


def _of(result: MarginsResult, slopes: Sequence[str]) -> str:
    """Return `` of sector`` where one term or one effect is drawn."""
    if slopes != ("",):
        return f" of {slopes[0]}" if len(slopes) == 1 else ""
    return f" of {result.terms[0]}" if result.terms else ""


def _summary(result: MarginsResult, dimensions: Sequence[str], title: str) -> str:
    known = result.estimates[np.isfinite(result.estimates)]
    low, high = number(float(known.min())), number(float(known.max()))
    over = f" by {', '.join(dimensions)}" if dimensions else ""
    return f"{title}: {len(known)} estimates{over}, from {low} to {high}."
