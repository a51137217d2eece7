"""What ``lowess`` does with smoothed values before they are drawn: the same mean, or logits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engine.graphs.graphspec import FloatArray
from engine.graphs.smoother import Smooth


def adjusted(smooth: Smooth, y: FloatArray) -> Smooth:
    """Return the smooth multiplied so that its mean over the observations is that of y ([R] lowess, ``adjust``)."""
    mean = float(smooth.at_all.mean())
    return smooth if mean == 0.0 else _changed(smooth, lambda values: values * (float(y.mean()) / mean))


def as_logits(smooth: Smooth) -> Smooth:
    """Return the smooth as log odds; values below .0001 or above .9999 become 1/n and 1 - 1/n ([R] lowess)."""
    edge = 1.0 / len(smooth.at_all)

    def logits(values: FloatArray) -> FloatArray:
        inside = np.where(values < 0.0001, edge, np.where(values > 0.9999, 1.0 - edge, values))
        return np.asarray(np.log(inside / (1.0 - inside)))

    return _changed(smooth, logits)


def _changed(smooth: Smooth, change: Callable[[FloatArray], FloatArray]) -> Smooth:
    return replace(smooth, y=change(smooth.y), at_all=change(smooth.at_all))
