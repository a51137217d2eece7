"""The parameters of a model as asked for beside those of an equivalent one, with one or two blocks per equation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.covariance.factor import REPORTED, reported_structure, working_structure
from engine.covariance.structure import structure
from engine.fit.jets import Jets
from engine.fit.layout import BlockLayout, Layout
from engine.frame.modelframe import IntArray, ModelFrame


def outer_layout(parts: Sequence[tuple[int, ...]], frame: ModelFrame) -> Layout:
    """Lay out the parameters in the order of the equations."""
    blocks: list[BlockLayout] = []
    at = 0
    for b, block in enumerate(frame.blocks):
        if not parts[b] or block.structure is None:
            continue
        reported, to_reported = None, None
        if block.factor is None:
            shape = structure(block.structure, len(block.columns))
        else:
            shape = working_structure(block.structure, block.factor.n_levels)
            if shape.m > 1:
                reported, to_reported = reported_structure(block.structure), REPORTED
        blocks.append(
            BlockLayout(
                block=b,
                level=block.level,
                structure=shape,
                parameters=slice(at, at + shape.m),
                effects=slice(0, shape.q),
                reported=reported,
                to_reported=to_reported,
            )
        )
        at += shape.m
    return Layout(levels=(), blocks=tuple(blocks), size=at)


def inner_places(parts: Sequence[tuple[int, ...]], outer: Layout, inner: Layout) -> IntArray:
    """Index into the equivalent model's theta of each parameter."""
    where = {block.block: block.parameters for block in inner.blocks}
    places = [where[part] for block in outer.blocks for part in parts[block.block]]
    return np.concatenate([np.arange(place.start, place.stop) for place in places])


def reordered(jets: Jets, order: IntArray) -> Jets:
    """Put the derivatives of `jets` in another order of the parameters, in place."""
    if jets.order >= 1:
        jets.dlog, jets.dS = jets.dlog[order], jets.dS[order]
    if jets.order == 2:
        jets.d2log, jets.d2S = jets.d2log[np.ix_(order, order)], jets.d2S[np.ix_(order, order)]
    return jets
