"""Crossed effects spelled out: every value of a factor as an indicator of its own among the effects of its level.

Each group of the level numbers the values that occur in it, so that there are as many indicators as the group with most
values has. What follows is a nested model, with all that those can do: weights of groups, scores by cluster, structured
residual errors. It costs the square of the number of values, which `engine.design.equivalent` avoids where it can.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.errors import StataError
from engine.frame.columns import Column, ColumnPart
from engine.frame.crossing import crossing
from engine.frame.modelframe import Factor, FloatArray, IntArray, Level, ModelFrame, RandomBlock
from engine.spec.mixed import CovarianceKind

_MOST = 600
"""Indicators of a level."""
_NUMBERS = 1 << 25
"""Numbers in the indicators, and in the products of the lower levels with them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spelled:
    """The same model without ``R.``.

    Attributes
    ----------
    frame
        Levels as asked for; a factor's block is one of its indicators, followed by that of the shared effect where it
        is exchangeable.
    parts
        For each block of the model asked for, its blocks here; none where it is empty.
    places
        For each block, the group and the indicator of each combination of `engine.frame.crossing`; None without factor.
    """

    frame: ModelFrame
    parts: tuple[tuple[int, ...], ...]
    places: tuple[tuple[IntArray, IntArray] | None, ...]


def needs_spelling(frame: ModelFrame) -> bool:
    """Whether a model with factors asks for what only nested models can do."""
    weighted = frame.weights is not None and any(weights is not None for weights in frame.weights.groups)
    return frame.residual is not None or frame.clusters is not None or weighted


def spelled_out(frame: ModelFrame) -> Spelled:
    """Rewrite `frame`; StataError r(909) where there would be too many indicators."""
    blocks: list[RandomBlock] = []
    parts: list[tuple[int, ...]] = []
    places: list[tuple[IntArray, IntArray] | None] = []
    _check_size(frame)
    for block in frame.blocks:
        first = len(blocks)
        if block.factor is None:
            blocks.append(block)
            places.append(None)
        else:
            indicators, place = _indicators(frame.levels[block.level], block.factor)
            name = block.factor.name
            columns = tuple(
                Column((ColumnPart(f"R.{name}@{block.level_name}", level=k),)) for k in range(len(indicators.T))
            )
            own = replace(block, structure=CovarianceKind.IDENTITY, factor=None)
            blocks.append(replace(own, Z=indicators, columns=columns, indicators=True))
            if block.structure is CovarianceKind.EXCHANGEABLE:
                blocks.append(replace(own, Z=np.broadcast_to(1.0, (len(block.Z), 1)), columns=(Column(()),)))
            places.append(place)
        parts.append(tuple(range(first, len(blocks))) if block.structure is not None else ())
    return Spelled(frame=replace(frame, blocks=tuple(blocks)), parts=tuple(parts), places=tuple(places))


def _indicators(level: Level, factor: Factor) -> tuple[FloatArray, tuple[IntArray, IntArray]]:
    """Return the indicators (n, K) and, for each combination, its group and its indicator."""
    cells = crossing(level, factor)
    first = np.searchsorted(cells.groups, np.arange(level.n_groups))
    number = np.arange(cells.n_groups) - first[cells.groups]
    Z = np.zeros((len(cells.codes), int(number.max()) + 1))
    Z[np.arange(len(Z)), number[cells.codes]] = 1.0
    return Z, (cells.groups, number)


def _width(frame: ModelFrame, index: int) -> int:
    """Indicators of a level."""
    level = frame.levels[index]
    width = 0
    for block in frame.blocks:
        if block.level == index and block.factor is not None:
            width += int(np.bincount(crossing(level, block.factor).groups).max())
    return width


def _check_size(frame: ModelFrame) -> None:
    """Raise StataError r(909) when the indicators are too many to be handled one by one."""
    widths = [_width(frame, k) for k in range(len(frame.levels))]
    products = sum(
        width * (width + len(frame.X.T) + 4) * level.n_groups
        for k, width in enumerate(widths)
        for level in frame.levels[k:]
        if width
    )
    wide = max(widths)
    if wide <= _MOST and wide * len(frame.y) <= _NUMBERS and products <= _NUMBERS:
        return
    level = frame.levels[int(np.argmax(widths))]
    what = "residuals()" if frame.residual is not None else "robust errors" if frame.clusters else "weights of groups"
    raise StataError(
        909,
        f"R. with {what} handles every value of the factor as an effect of its own, and a group of {level.name} has "
        f"{wide:,} of them among {len(frame.y):,} observations: too many (at most {_MOST}). Drop {what}, or group the "
        "values more coarsely.",
    )
