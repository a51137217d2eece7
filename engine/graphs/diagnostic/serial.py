"""Residuals within groups: correlogram, semivariogram, observed against implied correlations."""

from __future__ import annotations

import numpy as np

from engine.graphs.diagnostic.panels import level_line, reference
from engine.graphs.graphspec import FloatArray, GraphSpec, Layer, LayerStyle, Mark
from engine.graphs.words import counted, number
from engine.postest.serial import Autocorrelation, TimeCorrelations, Variogram


def correlogram(found: Autocorrelation, *, z: float, level: float, by: str, command: str) -> GraphSpec:
    """Draw autocorrelations as needles, with the limits of independent residuals."""
    half = z / np.sqrt(found.pairs)
    band = Layer(mark=Mark.INTERVAL, x=found.lags, y=np.zeros_like(half), ll=-half, ul=half, style=LayerStyle.BAND)
    ends = (np.minimum(found.r, 0.0), np.maximum(found.r, 0.0))
    out = int(np.count_nonzero(np.abs(found.r) > half))
    return GraphSpec(
        kind="acf",
        title="Autocorrelation of the residuals",
        subtitle=f"standardized residuals in order of {by}"
        if by
        else "standardized residuals in the order of the data",
        x_title="Lag",
        y_title="Autocorrelation",
        layers=(
            band,
            Layer(mark=Mark.INTERVAL, x=found.lags, y=found.r, ll=ends[0], ul=ends[1], plot=0),
            Layer(mark=Mark.POINT, x=found.lags, y=found.r, plot=0),
            level_line(0.0, found.lags),
        ),
        note=f"Band: {level:g}% limits of independent residuals.",
        command=command,
        summary=f"{counted(len(found.lags), 'lag')}; at lag 1 the correlation is {number(float(found.r[0]))}; {out} "
        "outside the limits.",
    )


def variogram(found: Variogram, *, by: str, command: str) -> GraphSpec:
    """Draw the semivariogram with the variance of the residuals as a level line."""
    first, last = float(found.value[0]), float(found.value[-1])
    return GraphSpec(
        kind="variogram",
        title="Semivariogram of the residuals",
        subtitle="standardized residuals within groups",
        x_title=f"Distance in {by}" if by else "Distance in the order of the data",
        y_title="Semivariance",
        layers=(
            Layer(mark=Mark.LINE, x=found.distance, y=found.value, plot=0),
            Layer(mark=Mark.POINT, x=found.distance, y=found.value, plot=0),
            level_line(found.total, found.distance),
        ),
        note="Level line: variance of the residuals. A curve that rises towards it shows serial correlation.",
        command=command,
        summary=f"From {number(first)} to {number(last)}; the variance is {number(found.total)}.",
    )


def correlations(found: TimeCorrelations, *, by: str, command: str) -> GraphSpec:
    """Draw the observed correlation of every two times against the one that the model implies."""
    upper = np.triu_indices(len(found.times), 1)
    observed, implied = found.observed[upper], found.implied[upper]
    known = np.isfinite(observed) & np.isfinite(implied)
    texts = tuple(f"{found.times[i]:g}–{found.times[j]:g}" for i, j in zip(*upper, strict=True))
    x, y = implied[known], observed[known]
    lowest, highest = (_end(np.minimum, x, y), _end(np.maximum, x, y))
    shown = tuple(text for text, keep in zip(texts, known, strict=True) if keep)
    off = float(np.sqrt(np.mean((x - y) ** 2))) if len(x) else 0.0
    return GraphSpec(
        kind="corr",
        title="Correlations within groups, observed and implied",
        subtitle=f"{counted(len(x), 'pair')} of {by}",
        x_title="Implied by the model",
        y_title="Observed",
        layers=(
            Layer(mark=Mark.POINT, x=x, y=y, texts=shown if len(x) <= 15 else ()),
            reference([lowest, highest], [lowest, highest]),
        ),
        note="Correlations of y − Xβ at two times, over groups. Points off the line show what the model misses.",
        command=command,
        summary=f"Observed and implied correlations differ by {number(off)} (root mean square).",
    )


def _end(choose: np.ufunc, x: FloatArray, y: FloatArray) -> float:
    return float(choose.reduce(np.append(x, y))) if len(x) else 0.0
