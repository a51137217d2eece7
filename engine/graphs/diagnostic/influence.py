"""Groups in order of their influence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.graphs.axes import Axis, Tick
from engine.graphs.graphspec import FloatArray, GraphSpec, IntArray, Layer, Mark
from engine.graphs.look import Look
from engine.graphs.words import counted, number

_MOST = 2_000
"""Needles drawn: of more, the largest."""

_NAMED = 5
_LABELLED = 25
_LINE = 0.055
"""Height of a line of text as a share of the largest needle."""


def influence_needles(
    cooksd: FloatArray,
    rows: IntArray,
    labels: Sequence[str],
    *,
    level: str,
    per: tuple[str, ...],
    command: str,
    note: str = "Variance parameters are held at their estimates; estat influence shows the numbers.",
) -> GraphSpec:
    """Draw Cook's distance of each group as a needle, the largest first and named; without `per` of observations."""
    known = np.flatnonzero(np.isfinite(cooksd))
    order = known[np.argsort(-cooksd[known], kind="stable")][:_MOST]
    unit = "group" if per else "observation"
    of = f", the largest of {len(known):,}" if len(known) > _MOST else ""
    x, y = np.arange(1.0, len(order) + 1.0), cooksd[order]
    few = len(order) <= _LABELLED
    ticks = tuple(Tick(float(place), labels[g]) for place, g in zip(x, order, strict=True)) if few else ()
    named = () if few else (_named(x, y, [labels[g] for g in order[:_NAMED]]),)
    return GraphSpec(
        kind="influence",
        title=f"Influence of the {f'groups of {level}' if per else 'observations'} on the fixed effects",
        subtitle=f"{counted(len(order), unit)}{of}",
        x_title=level if few else "Rank",
        y_title="Cook's distance",
        layers=(
            Layer(mark=Mark.INTERVAL, x=x, y=y, ll=np.zeros_like(y), ul=y, rows=rows[order], plot=0),
            Layer(mark=Mark.POINT, x=x, y=y, rows=rows[order], plot=0),
            *named,
        ),
        x_axis=Axis(ticks=ticks, categories=few, angle=45.0 if few and len(order) > 8 else 0.0),
        note=note,
        command=command,
        summary=f"The largest Cook's distance is {number(float(y[0])) if len(y) else 'unknown'}"
        + (f", of {labels[order[0]]}." if len(y) else "."),
        per=per,
    )


def _named(x: FloatArray, y: FloatArray, labels: Sequence[str]) -> Layer:
    """Return the names of the largest needles: each above the needles behind it and a line above the next name."""
    n = len(labels)
    line = _LINE * float(y[0])
    places = y[:n].copy()
    floor = float(y[n]) if len(y) > n else 0.0
    for k in reversed(range(n)):
        floor = max(float(places[k]), floor + line)
        places[k] = floor
    look = Look(width=0.8, alpha=0.45)
    return Layer(mark=Mark.INTERVAL, x=x[:n], y=places, ll=y[:n], ul=places, texts=tuple(labels), plot=0, look=look)
