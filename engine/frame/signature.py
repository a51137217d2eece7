"""A checksum of the data of a fit, by which predictions notice that they have changed since."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from engine.frame.modelframe import FloatArray, ModelFrame

_CHUNK = 1 << 15
"""Rows at a time: the work on them stays in the cache."""
_ODD = 0x9E3779B97F4A7C15
_SHIFT = np.uint64(29)


def signed_variables(frame: ModelFrame) -> tuple[str, ...]:
    """Return the variables that `signature` covers: response, covariates, levels, by() and t()."""
    columns = (*frame.columns, *(column for block in frame.blocks for column in block.columns))
    names = [frame.depvar, *(part.variable for column in columns for part in column.parts)]
    names += [block.factor.name for block in frame.blocks if block.factor is not None]
    names += [level.name for level in frame.levels if level.name != "_all"]
    if frame.residual is not None:
        names += [name for name in (frame.residual.by, frame.residual.t) if name]
    return tuple(dict.fromkeys(name.rpartition(".")[2] for name in names))


def signature(frame: ModelFrame) -> str:
    """Return ``observations:variables(their names):values:groups``, the same in whatever order the rows stand.

    Each row's values are mixed into one number; these are added up modulo 2^64.
    """
    columns = [column for column in _columns(frame) if len(column)]
    odd = [np.uint64(_ODD * (2 * i + 1) % (1 << 64)) for i in range(len(columns))]
    total = 0
    for start in range(0, len(frame.y), _CHUNK):
        mixed = np.zeros(min(_CHUNK, len(frame.y) - start), dtype=np.uint64)
        for column, factor in zip(columns, odd, strict=True):
            mixed += _bits(column[start : start + _CHUNK]) * factor
        mixed ^= mixed >> _SHIFT
        mixed *= odd[0]
        total += int(mixed.sum(dtype=np.uint64))
    names = signed_variables(frame)
    sizes = zlib.crc32(b"".join(np.sort(np.bincount(level.codes)).tobytes() for level in frame.levels))
    return f"{len(frame.y)}:{len(names)}({zlib.crc32(' '.join(names).encode())}):{total % (1 << 64)}:{sizes}"


def _columns(frame: ModelFrame) -> Iterator[FloatArray]:
    yield frame.y
    yield from frame.X.T
    for block in frame.blocks:
        yield from block.Z.T
    if frame.residual is not None and frame.residual.t:
        yield frame.residual.times


def _bits(values: FloatArray) -> npt.NDArray[np.uint64]:
    return (np.ascontiguousarray(values, dtype=np.float64) + 0.0).view(np.uint64)  # + 0.0: -0 and 0 are the same value
