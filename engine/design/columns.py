"""The distinct columns of y, X and all Z, shifted towards zero, read in chunks of rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.events import CancelToken
from engine.frame.columns import Column
from engine.frame.modelframe import FloatArray, IntArray, ModelFrame

_CHUNK_NUMBERS = 1 << 20
"""Numbers per chunk buffer: large enough to hide Python's overhead, small enough for the cache and for cancelling."""
_SAMPLE = 1000


@dataclass(frozen=True, slots=True, eq=False)
class RawColumns:
    """Distinct columns without the constant.

    Attributes
    ----------
    sources
        Pairs of a (n, c) array and the indices of the columns taken from it, in order.
    fixed
        For each column of X its index here, -1 for the constant.
    random
        For each block, the same for the columns of Z.
    response
        Index of y.
    """

    n_rows: int
    sources: tuple[tuple[FloatArray, tuple[int, ...]], ...]
    fixed: tuple[int, ...]
    random: tuple[tuple[int, ...], ...]
    response: int

    @property
    def size(self) -> int:
        """Number of distinct columns."""
        return sum(len(taken) for _, taken in self.sources)

    def sample_means(self) -> FloatArray:
        """Mean of a thousand rows spread over the data, shape (size,): a shift that saves digits."""
        step = max(self.n_rows // _SAMPLE, 1)
        return np.concatenate([array[::step][:, list(taken)].mean(axis=0) for array, taken in self.sources])

    def chunks(
        self, shift: FloatArray, order: IntArray | None, cancel: CancelToken
    ) -> Iterator[tuple[int, int, FloatArray]]:
        """Yield ``first, last, W`` with W the (size, last-first) shifted columns of rows first … last-1 of `order`."""
        rows = int(np.clip(_CHUNK_NUMBERS // (2 * self.size), 4096, 1 << 17))
        buffer = np.empty((self.size, min(rows, self.n_rows)))
        column_shift = shift[:, None]
        for first in range(0, self.n_rows, rows):
            cancel.check()
            last = min(first + rows, self.n_rows)
            W = buffer[:, : last - first]
            taken_rows = slice(first, last) if order is None else order[first:last]
            at = 0
            for array, taken in self.sources:
                part = array[taken_rows].T
                width = len(taken)
                chosen = part if width == len(part) else part[list(taken)]
                np.subtract(chosen, column_shift[at : at + width], out=W[at : at + width])
                at += width
            yield first, last, W


def raw_columns(frame: ModelFrame) -> RawColumns:
    """Collect the distinct columns of a frame; a column of Z with the name and values of one of X is taken once."""
    known: dict[str, tuple[int, FloatArray]] = {}
    sources: list[tuple[FloatArray, tuple[int, ...]]] = []
    size = 0

    def take(array: FloatArray, columns: tuple[Column, ...]) -> tuple[int, ...]:
        nonlocal size
        indices: list[int] = []
        new: list[int] = []
        for j, column in enumerate(columns):
            if column.is_constant:
                indices.append(-1)
                continue
            seen = known.get(column.name)
            if seen is not None and np.array_equal(seen[1], array[:, j]):
                indices.append(seen[0])
                continue
            known.setdefault(column.name, (size, array[:, j]))
            indices.append(size)
            new.append(j)
            size += 1
        if new:
            sources.append((array, tuple(new)))
        return tuple(indices)

    fixed = take(frame.X, tuple(frame.columns[i] for i in frame.estimated))
    random = tuple(take(block.Z, block.columns) for block in frame.blocks)
    sources.append((frame.y[:, None], (0,)))
    return RawColumns(n_rows=len(frame.y), sources=tuple(sources), fixed=fixed, random=random, response=size)
