"""A small picture of an example: its outcome as the first model sees it, in the unit square."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.api import Dataset, Example, MixedSpec, Session, StataError, is_missing, mixed_spec_from_text

_Array = npt.NDArray[np.float64]

MOST_POINTS = 600
MOST_LINES = 24
MOST_STRIPS = 8
MOST_STEPS = 30
"""A predictor with more values than this is drawn as a cloud, with fewer as a line per group."""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """Points (n, 2), thin lines, and lines that stand out; y runs upwards."""

    points: _Array
    lines: tuple[_Array, ...] = ()
    accents: tuple[_Array, ...] = ()


def thumbnail_of(example: Example) -> Thumbnail | None:
    """Read an example and draw its outcome against its first predictor, or by group; None when it cannot be read."""
    session = Session()
    try:
        spec = mixed_spec_from_text(example.command)
        session.run(f'use "{example.path}"')
        if not isinstance(spec, MixedSpec):
            return None
        return _draw(session.data, spec)
    except (StataError, KeyError, ValueError):
        return None


def _draw(data: Dataset, spec: MixedSpec) -> Thumbnail | None:
    y = _column(data, spec.depvar)
    predictor = next((item.name for item in spec.indepvars.items if hasattr(item, "name")), "")
    if spec.residuals is not None and spec.residuals.t:
        predictor = spec.residuals.t  # a course in time is what such a model is about
    x = _column(data, predictor) if predictor else np.zeros(len(y))
    level = spec.equations[-1].level if spec.equations else None
    groups = _column(data, level) if level and level in data.names else np.zeros(len(y))
    known = np.isfinite(x) & np.isfinite(y) & np.isfinite(groups)
    x, y, groups = x[known], y[known], groups[known]
    if not len(y):
        return None
    distinct = len(np.unique(x))
    if distinct <= 2:
        return _strips(groups if distinct == 1 else x, y)
    if distinct <= MOST_STEPS and len(y) <= len(np.unique(groups)) * distinct:
        return _by_group(x, y, groups)
    return _cloud(x, y)


def _column(data: Dataset, name: str) -> _Array:
    values = np.asarray(data.numeric(name), dtype=np.float64)
    return np.where(is_missing(values), np.nan, values)


def _cloud(x: _Array, y: _Array) -> Thumbnail:
    """Draw points with the least-squares line."""
    slope, intercept = np.polyfit(x, y, 1)
    ends = np.array([x.min(), x.max()])
    kept = np.random.default_rng(1).permutation(len(y))[:MOST_POINTS]
    scale = _UnitSquare(x, y)
    return Thumbnail(scale(x[kept], y[kept]), accents=(scale(ends, intercept + slope * ends),))


def _by_group(x: _Array, y: _Array, groups: _Array) -> Thumbnail:
    """Draw a line for each of some groups; the one that rises least stands out."""
    scale = _UnitSquare(x, y)
    names = np.unique(groups)
    chosen = names[np.unique(np.linspace(0, len(names) - 1, MOST_LINES).round().astype(int))]
    lines, rises = [], []
    for name in chosen:
        mine = groups == name
        order = np.argsort(x[mine], kind="stable")
        lines.append(scale(x[mine][order], y[mine][order]))
        rises.append(y[mine][order][-1] - y[mine][order][0])
    least = int(np.argmin(rises))
    others = tuple(line for number, line in enumerate(lines) if number != least)
    return Thumbnail(np.empty((0, 2)), others, (lines[least],))


def _strips(by: _Array, y: _Array) -> Thumbnail:
    """Draw the values of some groups side by side, each with its mean."""
    names = np.unique(by)[:MOST_STRIPS]
    inside = np.isin(by, names)
    place = np.searchsorted(names, by[inside]).astype(np.float64)
    values = y[inside]
    scale = _UnitSquare(np.array([-0.6, len(names) - 0.4]), values)
    means = [float(values[place == number].mean()) for number in range(len(names))]
    marks = tuple(
        scale(np.array([number - 0.3, number + 0.3]), np.array([mean, mean])) for number, mean in enumerate(means)
    )
    kept = np.random.default_rng(1).permutation(len(values))[:MOST_POINTS]
    return Thumbnail(scale(place[kept], values[kept]), accents=marks)


class _UnitSquare:
    """Maps data to the unit square."""

    def __init__(self, x: _Array, y: _Array) -> None:
        self._low = np.array([x.min(), y.min()])
        size = np.array([x.max(), y.max()]) - self._low
        self._size = np.where(size > 0, size, 1.0)

    def __call__(self, x: _Array, y: _Array) -> _Array:
        placed: _Array = (np.column_stack([x, y]) - self._low) / self._size
        return placed
