"""Ordered values against what the normal or chi-squared distribution expects, and effects in order with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.graphs.axes import Grid
from engine.graphs.diagnostic.panels import Points, key_of, level_line, named_panels, reference
from engine.graphs.graphspec import FloatArray, GraphSpec, Layer, LayerStyle, Mark
from engine.graphs.histogram import Scale, bars, choose_bins, normal_curve
from engine.graphs.look import PLAIN, Look
from engine.graphs.qq import inverse_normal
from engine.graphs.words import counted, number

_MANY = 40
"""Intervals beyond which each is drawn faint."""


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """Limits of the ordered values, (m,) each."""

    ll: FloatArray
    ul: FloatArray


def quantile_panels(
    panels: Sequence[Points],
    bands: Sequence[Band | None],
    *,
    kind: str,
    title: str,
    per: tuple[str, ...],
    note: str,
    command: str,
) -> GraphSpec:
    """Draw ordered values against normal quantiles of the same mean and standard deviation, with simulated limits."""
    names = [points.name for points in panels]
    layers: list[Layer] = []
    words = []
    for points, band in zip(panels, bands, strict=True):
        key = key_of(points.name, names)
        order = np.argsort(points.values, kind="stable")
        y = points.values[order]
        x = inverse_normal(y)
        if band is not None:
            layers.append(Layer(mark=Mark.INTERVAL, x=x, y=y, ll=band.ll, ul=band.ul, style=LayerStyle.BAND, panel=key))
            out = int(np.count_nonzero((y < band.ll) | (y > band.ul)))
            words.append(f"{points.name}: {out} of {len(y):,} outside the limits")
        layers.append(Layer(mark=Mark.POINT, x=x, y=y, rows=points.rows[order], panel=key, plot=0))
        layers.append(reference(x[[0, -1]], x[[0, -1]], key))
    unit = "group" if per else "observation"
    return GraphSpec(
        kind=kind,
        title=title,
        subtitle=f"{counted(len(panels[0].values), unit)}{', one point each' if per else ''}",
        x_title="Inverse Normal",
        y_title=names[0] if len(names) == 1 else "Prediction",
        layers=tuple(layers),
        panels=named_panels(names),
        grid=Grid(common_x=False, common_y=False),
        note=note,
        command=command,
        summary=f"{title}. " + ("; ".join(words) + "." if words else ""),
        per=per,
    )


def histogram_panels(
    panels: Sequence[Points], *, kind: str, title: str, per: tuple[str, ...], command: str
) -> GraphSpec:
    """Draw a histogram with the normal density of the same mean and standard deviation in each panel."""
    names = [points.name for points in panels]
    spreads = [f"{p.name}, standard deviation {number(float(p.values.std(ddof=1)))}" for p in panels]
    layers: list[Layer] = []
    for points in panels:
        key = key_of(points.name, names)
        bins = choose_bins(points.values)
        layers.append(replace(bars(points.values, bins, Scale.DENSITY, points.rows), panel=key))
        layers.append(replace(normal_curve(points.values, bins, Scale.DENSITY), panel=key))
    return GraphSpec(
        kind=kind,
        title=title,
        subtitle=counted(len(panels[0].values), "group"),
        x_title=names[0] if len(names) == 1 else "Prediction",
        y_title="Density",
        layers=tuple(layers),
        panels=named_panels(names),
        grid=Grid(common_x=False, common_y=False),
        command=command,
        summary=f"{title}: " + "; ".join(spreads) + ".",
        per=per,
    )


def caterpillar(
    panels: Sequence[Points],
    errors: Sequence[FloatArray],
    *,
    z: float,
    level: float,
    per: tuple[str, ...],
    note: str,
    command: str,
) -> GraphSpec:
    """Draw predictions in order, each with prediction ± z standard errors, a panel per effect."""
    names = [points.name for points in panels]
    layers: list[Layer] = []
    words = []
    for points, se in zip(panels, errors, strict=True):
        key = key_of(points.name, names)
        order = np.argsort(points.values, kind="stable")
        x, y, half = np.arange(1.0, len(order) + 1.0), points.values[order], z * se[order]
        faint = Look(width=0.8, alpha=0.45) if len(x) > _MANY else PLAIN
        layers.append(
            Layer(
                mark=Mark.INTERVAL,
                x=x,
                y=y,
                ll=y - half,
                ul=y + half,
                rows=points.rows[order],
                panel=key,
                plot=0,
                look=faint,
            )
        )
        layers.append(Layer(mark=Mark.POINT, x=x, y=y, rows=points.rows[order], panel=key, plot=0))
        layers.append(level_line(0.0, x, key))
        apart = int(np.count_nonzero((y - half > 0.0) | (y + half < 0.0)))
        words.append(f"{points.name}: {apart} of {len(y):,} intervals exclude 0")
    return GraphSpec(
        kind="caterpillar",
        title="Random effects in order",
        subtitle=f"{counted(len(panels[0].values), 'group')}, {level:g}% intervals",
        x_title="Rank",
        y_title="Prediction (BLUP)",
        layers=tuple(layers),
        panels=named_panels(names),
        grid=Grid(common_x=False, common_y=False),
        note=note,
        command=command,
        summary="; ".join(words) + ".",
        per=per,
    )


def distance_quantiles(points: Points, df: int, *, level: str, per: tuple[str, ...], command: str) -> GraphSpec:
    """Draw ordered squared Mahalanobis distances against quantiles of chi2(df), position (i - 1/2) / G."""
    from scipy.special import chdtri

    order = np.argsort(points.values, kind="stable")
    y = points.values[order]
    x = np.asarray(chdtri(df, 1.0 - (np.arange(len(y)) + 0.5) / len(y)))
    ends = np.array([0.0, float(x[-1])])
    return GraphSpec(
        kind="mdist",
        title=f"Mahalanobis distance of the random effects of {level}",
        subtitle=f"{counted(len(y), 'group')}, one point each",
        x_title=f"Quantile of chi2({df})",
        y_title="Squared distance",
        layers=(Layer(mark=Mark.POINT, x=x, y=y, rows=points.rows[order]), reference(ends, ends)),
        note="Groups far above the line have effects that the model finds hard to believe.",
        command=command,
        summary=f"The largest squared distance is {number(float(y[-1]))} where {number(float(x[-1]))} is expected.",
        per=per,
    )
