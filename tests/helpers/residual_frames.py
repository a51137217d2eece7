"""Small random models with structured residual errors, and their covariance matrices by the textbook."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from frames import make_frame
from simulated import nested_data

from engine.frame.modelframe import ModelFrame
from engine.frame.residualerrors import LowestLevel, ResidualErrors, ResidualRequest, bind_residuals
from engine.spec.mixed import CovarianceKind, Method

KINDS = (
    ("independent", None),
    ("exchangeable", None),
    ("ar", 1),
    ("ar", 2),
    ("ar", 3),
    ("ma", 1),
    ("ma", 2),
    ("unstructured", None),
    ("banded", 0),
    ("banded", 1),
    ("toeplitz", 2),
    ("toeplitz", None),
    ("exponential", None),
    ("hexchangeable", None),
    ("har", None),
)
LEVELS = {
    "no random effects": [],
    "intercept": [(CovarianceKind.IDENTITY, ["_cons"])],
    "slope on a covariate": [(CovarianceKind.UNSTRUCTURED, ["a", "_cons"])],
    "slope on time": [(CovarianceKind.UNSTRUCTURED, ["t", "_cons"])],
    "two levels": [(CovarianceKind.IDENTITY, ["_cons"]), (CovarianceKind.UNSTRUCTURED, ["a", "_cons"])],
}
"""Equations from the top down; residuals are correlated within the groups of the last level."""


def residual_frame(
    kind: str, order: int | None, levels: str, rng: np.random.Generator, *, by: bool, method: Method = Method.ML
) -> ModelFrame:
    """A frame with unbalanced groups in random row order, times with gaps, real times for exponential."""
    equations = LEVELS[levels]
    depth = max(len(equations), 1)
    grid = kind in (
        "unstructured",
        "banded",
        "hexchangeable",
        "har",
    )  # every pair of times has to occur in some group of each by()
    data = nested_data(rng, depth, top=24 if grid and depth == 1 else 9, most_rows=3 if grid else 4)
    path = np.zeros(len(data["y"]))
    for k in range(depth):
        path = path * 100.0 + data[f"l{k}"]
    values, codes = np.unique(path, return_inverse=True)
    t, by_values = np.zeros(len(path)), np.zeros(len(path))
    for g in range(len(values)):
        rows = np.flatnonzero(codes == g)
        t[rows] = rng.choice(3 if grid else 5, len(rows), replace=False)
        by_values[rows] = g % 2
    if kind == "exponential":
        t += rng.uniform(0.0, 0.5, len(t))
    if kind == "independent":
        by_values = rng.integers(0, 3, len(t)).astype(float)
    data["t"] = t
    frame = make_frame(
        data, "y", ["a", "b", "_cons"], [(f"l{k}", own, names) for k, (own, names) in enumerate(equations)], method
    )
    if frame.levels:
        codes = frame.levels[-1].codes
    lowest = LowestLevel("g", codes.astype(np.int64), len(values), codes)
    request = ResidualRequest(kind=kind, order=order, by="by" if by or kind == "independent" else "", t="t")
    errors = bind_residuals(request, lowest, {"t": t, "by": by_values}.__getitem__)
    return replace(frame, residual=errors)


def with_residuals(frame: ModelFrame, kind: str, order: int | None) -> ModelFrame:
    """Add residual errors to a frame: times without repetition within its lowest level, two values of by()."""
    last = frame.levels[-1]
    place = np.empty(len(frame.y))
    for g in range(last.n_groups):
        rows = np.flatnonzero(last.codes == g)
        place[rows] = np.arange(len(rows))
    values = {"t": place, "by": (last.codes % 2).astype(float)}
    lowest = LowestLevel(last.name, last.codes, last.n_groups, last.codes)
    request = ResidualRequest(kind=kind, order=order, by="by" if kind == "independent" else "", t="t")
    return replace(frame, residual=bind_residuals(request, lowest, values.__getitem__))


def covariance(errors: ResidualErrors, natural: list[np.ndarray]) -> np.ndarray:
    """The n x n matrix R of natural parameters per by() group, entry by entry."""
    n = len(errors.codes)
    R = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            if errors.codes[i] == errors.codes[j] and (errors.kind != "independent" or i == j):
                b = errors.by_codes[i]
                if errors.kind == "exchangeable":
                    R[i, j] = natural[b][0 if i == j else 1]
                else:
                    R[i, j] = _entry(errors, natural[b], b, (errors.times[i], errors.times[j]))
    return R


def _entry(errors: ResidualErrors, v: np.ndarray, b: int, times: tuple[float, float]) -> float:
    lag = abs(times[0] - times[1])
    kind, order = errors.kind, errors.order
    if kind == "independent":
        return v[0]
    if kind in ("unstructured", "banded"):
        grid = sorted(set(errors.times[errors.by_codes == b]))
        i, j = sorted((grid.index(times[0]), grid.index(times[1])))
        if i == j:
            return v[i]
        width = len(grid) - 1 if kind == "unstructured" else order
        if j - i > width:
            return 0.0
        before = sum(min(width, len(grid) - 1 - row) for row in range(i))
        return v[len(grid) + before + j - i - 1]
    if kind in ("hexchangeable", "har"):
        grid = sorted(set(errors.times[errors.by_codes == b]))
        correlation = v[-1] ** lag if kind == "har" else v[-1] if lag else 1.0
        return np.sqrt(v[grid.index(times[0])] * v[grid.index(times[1])]) * correlation
    if kind == "exponential" or (kind == "ar" and order == 1):
        return v[0] * v[1] ** lag
    if kind == "toeplitz":
        lags = [f"rho{int(lag)}" == p.label for p in errors.structures[b].parameters]
        return v[0] if lag == 0.0 else v[0] * v[lags.index(True)] if any(lags) else 0.0
    weights = _innovation_weights(tuple(v[1:].tolist())) if kind == "ar" else np.concatenate(([1.0], v[1:]))
    k = int(lag)
    return (
        v[0] * float(weights[: len(weights) - k] @ weights[k:] if k < len(weights) else 0.0) / float(weights @ weights)
    )


@lru_cache(maxsize=64)
def _innovation_weights(coefficients: tuple[float, ...]) -> np.ndarray:
    """Weights of the innovations of an autoregression, by recursion far into the past."""
    weights = np.zeros(3000)
    weights[0] = 1.0
    for k in range(1, len(weights)):
        weights[k] = sum(c * weights[k - 1 - m] for m, c in enumerate(coefficients[:k]))
    return weights
