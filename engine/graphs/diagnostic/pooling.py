"""From each group's own estimate to its prediction: shrinkage, and the plane of two effects with its ellipses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.graphs.axes import Grid
from engine.graphs.diagnostic.panels import key_of, level_line, named_panels
from engine.graphs.graphspec import FloatArray, GraphSpec, IntArray, Layer, LayerStyle, Mark
from engine.graphs.look import Dash, Look, Symbol
from engine.graphs.words import counted, number

_OWN = "own estimate"
_BLUP = "prediction (BLUP)"
_CIRCLE = 181


@dataclass(frozen=True, slots=True, eq=False)
class Shrunk:
    """One effect by group: what it is called, own estimates, predictions, the coefficient they are shrunk to."""

    name: str
    own: FloatArray
    blup: FloatArray
    centre: float


def shrinkage(
    effects: Sequence[Shrunk], sizes: FloatArray, rows: IntArray, *, per: tuple[str, ...], command: str
) -> GraphSpec:
    """Draw each group's own estimate, its prediction and the way between, against the size of the group."""
    names = [effect.name for effect in effects]
    layers: list[Layer] = []
    words = []
    for effect in effects:
        known = np.isfinite(effect.own)
        x, own, blup, key = sizes[known], effect.own[known], effect.blup[known], key_of(effect.name, names)
        ends = (np.minimum(own, blup), np.maximum(own, blup))
        layers += [
            Layer(mark=Mark.INTERVAL, x=x, y=blup, ll=ends[0], ul=ends[1], panel=key, plot=0, look=Look(alpha=0.5)),
            Layer(mark=Mark.POINT, x=x, y=own, rows=rows[known], panel=key, plot=0, group=_OWN, look=Look(hollow=True)),
            Layer(mark=Mark.POINT, x=x, y=blup, rows=rows[known], panel=key, plot=1, group=_BLUP),
            level_line(effect.centre, sizes, key),
        ]
        spread = float(np.std(own - effect.centre))
        share = 1.0 - float(np.std(blup - effect.centre)) / spread if spread > 0.0 else 0.0
        words.append(f"{effect.name}: predictions spread {100.0 * share:.0f}% less than own estimates")
    return GraphSpec(
        kind="shrinkage",
        title="Shrinkage",
        subtitle=f"{counted(len(sizes), 'group')}: own estimates and predictions",
        x_title="Observations in the group",
        y_title=names[0] if len(names) == 1 else "Estimate",
        layers=tuple(layers),
        panels=named_panels(names),
        grid=Grid(common_y=False),
        note="Level line: the coefficient of the fixed part. The less a group says, the farther it moves.",
        command=command,
        summary="; ".join(words) + ".",
        per=per,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Ellipse:
    """The curve that holds 95% of a normal distribution with covariance matrix `cov` (2, 2) around `centre`."""

    label: str
    cov: FloatArray


def plane(
    x: Shrunk, y: Shrunk, rows: IntArray, ellipses: Sequence[Ellipse], *, per: tuple[str, ...], command: str
) -> GraphSpec:
    """Draw two effects of each group against each other, own estimates and predictions, with ellipses."""
    known = np.isfinite(x.own) & np.isfinite(y.own)
    starts = np.arange(0, 2 * int(known.sum()), 2, dtype=np.int64)
    ways_x, ways_y = (np.column_stack([e.own[known], e.blup[known]]).ravel() for e in (x, y))
    layers = [
        Layer(mark=Mark.LINE, x=ways_x, y=ways_y, starts=starts, plot=0, look=Look(alpha=0.35, width=0.8)),
        Layer(
            mark=Mark.POINT,
            x=x.own[known],
            y=y.own[known],
            rows=rows[known],
            plot=0,
            group=_OWN,
            look=Look(hollow=True),
        ),
        Layer(mark=Mark.POINT, x=x.blup, y=y.blup, rows=rows, plot=1, group=_BLUP),
        Layer(
            mark=Mark.POINT,
            x=np.array([x.centre]),
            y=np.array([y.centre]),
            style=LayerStyle.REFERENCE,
            look=Look(symbol=Symbol.PLUS, size=12.0),
        ),
    ]
    for number_, (ellipse, dash) in enumerate(zip(ellipses, (Dash.SOLID, Dash.DASH, Dash.DOT), strict=False), start=2):
        curve = ellipse_points(ellipse.cov, (x.centre, y.centre))
        layers.append(
            Layer(
                mark=Mark.LINE, x=curve[0], y=curve[1], plot=number_, group=ellipse.label, look=Look(dash=dash),
                style=LayerStyle.CURVE,
            )
        )  # fmt: skip
    return GraphSpec(
        kind="plane",
        title=f"{y.name} against {x.name}",
        subtitle=f"{counted(len(rows), 'group')}; ellipses hold 95%",
        x_title=x.name,
        y_title=y.name,
        layers=tuple(layers),
        note="Ellipses of own estimates and predictions are those of a group of average information.",
        command=command,
        summary=f"Predictions of {counted(len(rows), 'group')}; their correlation is "
        f"{number(float(np.corrcoef(x.blup, y.blup)[0, 1]))}.",
        per=per,
    )


def ellipse_points(cov: FloatArray, centre: tuple[float, float]) -> FloatArray:
    """Return the curve of squared distance 5.9915, the 95% quantile of chi2(2), shape (2, m)."""
    values, vectors = np.linalg.eigh(cov)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    turn = np.linspace(0.0, 2.0 * np.pi, _CIRCLE)
    circle = np.sqrt(-2.0 * np.log(0.05)) * np.vstack([np.cos(turn), np.sin(turn)])
    return np.asarray(root @ circle + np.array(centre)[:, None])
