"""Residuals against fitted values and predictors, their spread, and by group."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.events import CancelToken
from engine.graphs.axes import Axis, Grid, Tick
from engine.graphs.categories import box_numbers
from engine.graphs.diagnostic.panels import Points, key_of, level_line, named_panels
from engine.graphs.graphspec import GraphSpec, IntArray, Layer, LayerStyle, Mark
from engine.graphs.look import Look
from engine.graphs.smoother import smooth
from engine.graphs.words import counted, number

MOST_BOXES = 60
"""Groups shown as boxes; of more, those with the most outlying medians."""


def against(
    y: Points, xs: Sequence[Points], *, kind: str, title: str, note: str, command: str, zero: bool, cancel: CancelToken
) -> GraphSpec:
    """Draw y against each of `xs`, a panel each, with a smoother; `zero` adds the level line at 0."""
    names = [x.name for x in xs]
    layers: list[Layer] = []
    words = []
    for x in xs:
        key = key_of(x.name, names)
        layers.append(Layer(mark=Mark.POINT, x=x.values, y=y.values, rows=y.rows, panel=key, plot=0))
        if zero:
            layers.append(level_line(0.0, x.values, key))
        if len(x.values) > 2 and x.values.min() < x.values.max():
            line = smooth(y.values, x.values, exact=False, cancel=cancel)
            layers.append(Layer(mark=Mark.LINE, x=line.x, y=line.y, style=LayerStyle.SMOOTH, panel=key, plot=0))
            words.append(f"along {x.name} the smoother runs from {number(line.y.min())} to {number(line.y.max())}")
    single = len(xs) == 1
    return GraphSpec(
        kind=kind,
        title=title,
        subtitle=counted(len(y.values), "observation"),
        x_title=xs[0].name if single else "",
        y_title=y.name,
        layers=tuple(layers),
        panels=named_panels(names),
        grid=Grid(common_x=False),
        note=note,
        command=command,
        summary=f"{y.name} of {counted(len(y.values), 'observation')}; " + "; ".join(words) + ".",
    )


def residuals_by_group(y: Points, codes: IntArray, labels: Sequence[str], *, level: str, command: str) -> GraphSpec:
    """Draw a box per group in order of the medians; of many groups only those whose medians lie farthest out."""
    order = np.argsort(codes, kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(codes, minlength=len(labels)))[:-1])
    boxes = [box_numbers(y.values[part]) for part in parts]
    medians = np.array([box.median for box in boxes])
    shown = np.argsort(medians, kind="stable")
    if len(shown) > MOST_BOXES:
        outer = np.argsort(-np.abs(medians - np.median(medians)), kind="stable")[:MOST_BOXES]
        shown = outer[np.argsort(medians[outer], kind="stable")]
    x = np.arange(1, len(shown) + 1, dtype=np.float64)
    some = [boxes[g] for g in shown]
    whiskers = np.array([box.adjacent for box in some])
    quartiles = np.array([(box.lower, box.upper) for box in some])
    beyond = [parts[g][box.outside] for g, box in zip(shown, some, strict=True)]
    at = np.concatenate([np.full(len(part), place) for place, part in zip(x, beyond, strict=True)])
    outside = np.concatenate(beyond)
    middle = medians[shown]
    layers = [
        Layer(mark=Mark.INTERVAL, x=x, y=middle, ll=whiskers[:, 0], ul=whiskers[:, 1], look=Look(caps=True)),
        Layer(
            mark=Mark.BOX,
            x=x,
            y=middle,
            ll=quartiles[:, 0],
            ul=quartiles[:, 1],
            width=0.7,
            members=y.rows[np.concatenate([parts[g] for g in shown])],
            member_of=np.repeat(np.arange(len(shown)), [len(parts[g]) for g in shown]),
        ),
        Layer(mark=Mark.POINT, x=at, y=y.values[outside], rows=y.rows[outside]),
        level_line(0.0, x),
    ]
    few = len(shown) <= 25
    which = "" if len(shown) == len(labels) else f"; the {len(shown)} with the most outlying medians of {len(labels):,}"
    ticks = tuple(Tick(float(place), labels[g]) for place, g in zip(x, shown, strict=True))
    spread = np.array([y.values[part].std(ddof=1) for part in parts if len(part) > 2])
    words = (
        f" Standard deviations within groups run from {number(spread.min())} to {number(spread.max())}."
        if len(spread)
        else ""
    )
    return GraphSpec(
        kind="residgroup",
        title=f"Residuals by {level}",
        subtitle=f"{counted(len(shown), 'group')} in order of the median{which}",
        x_title=level,
        y_title=y.name,
        layers=tuple(layers),
        x_axis=Axis(ticks=ticks, categories=True, bare=not few, angle=45.0 if few and len(shown) > 8 else 0.0),
        command=command,
        summary=f"Residuals of {counted(len(labels), 'group')} of {level}.{words}",
        per=(),
    )
