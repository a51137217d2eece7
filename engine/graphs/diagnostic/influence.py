"""Groups in order of their influence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.graphs.axes import Axis, Tick
from engine.graphs.graphspec import FloatArray, GraphSpec, IntArray, Layer, Mark
from engine.graphs.words import counted, number

_NAMED = 5
_LABELLED = 25


def influence_needles(
    cooksd: FloatArray, rows: IntArray, labels: Sequence[str], *, level: str, per: tuple[str, ...], command: str
) -> GraphSpec:
    """Draw Cook's distance of each group as a needle, the largest first and named."""
    known = np.flatnonzero(np.isfinite(cooksd))
    order = known[np.argsort(-cooksd[known], kind="stable")]
    x, y = np.arange(1.0, len(order) + 1.0), cooksd[order]
    few = len(order) <= _LABELLED
    ticks = tuple(Tick(float(place), labels[g]) for place, g in zip(x, order, strict=True)) if few else ()
    texts = tuple(labels[g] if i < _NAMED and not few else "" for i, g in enumerate(order))
    return GraphSpec(
        kind="influence",
        title=f"Influence of the groups of {level} on the fixed effects",
        subtitle=counted(len(order), "group"),
        x_title=level if few else "Rank",
        y_title="Cook's distance",
        layers=(
            Layer(mark=Mark.INTERVAL, x=x, y=y, ll=np.zeros_like(y), ul=y, plot=0),
            Layer(mark=Mark.POINT, x=x, y=y, rows=rows[order], texts=texts if not few else (), plot=0),
        ),
        x_axis=Axis(ticks=ticks, categories=few, angle=45.0 if few and len(order) > 8 else 0.0),
        note="Variance parameters are held at their estimates; estat influence shows the numbers.",
        command=command,
        summary=f"The largest Cook's distance is {number(float(y[0])) if len(y) else 'unknown'}"
        + (f", of {labels[order[0]]}." if len(y) else "."),
        per=per,
    )
