"""Frequency weights the long way: every group and every row stands in the data as often as its weight says."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np

from engine.frame.weighting import WeightNames, Weights


def make_weights(frame, rows, groups, kind="fweight"):
    """Weights of rows (n,) and of the groups of each level; frequency weights unless `kind` says otherwise."""
    total = np.ones(len(frame.y)) if rows is None else rows.copy()
    for level, weights in zip(frame.levels, groups, strict=True):
        if weights is not None:
            total = total * weights[level.codes]
    texts = tuple("" if weights is None else "w" for weights in groups)
    none = ("",) * len(texts)
    frequency = kind == "fweight"
    names = WeightNames(
        kind="" if rows is None else kind,
        expression="" if rows is None else "w",
        frequency=texts if frequency else none,
        sampling=none if frequency else texts,
    )
    return Weights(rows=rows, groups=groups, n_obs=round(total.sum()) if frequency else len(frame.y), names=names)


def replicate(data: dict[str, np.ndarray], levels: list[str], weights: dict[str, str], rows: str | None):
    """Replicate groups under new codes, level by level, then rows; `weights` names the weight column of a level."""
    data = dict(data)
    for i, level in enumerate(levels):
        path = np.column_stack([data[name] for name in levels[: i + 1]])
        groups, own = np.unique(path, axis=0, return_inverse=True)
        own = own.reshape(-1)
        count = np.ones(len(groups), dtype=int)
        if level in weights:
            count[own] = data[weights[level]].astype(int)
        index, code = [], []
        for g in range(len(groups)):
            members = np.flatnonzero(own == g)
            for copy in range(count[g]):
                index.append(members)
                code.append(np.full(len(members), 1000.0 * g + copy))
        chosen = np.concatenate(index)
        data = {name: values[chosen] for name, values in data.items()}
        data[level] = np.concatenate(code)
    if rows is not None:
        chosen = np.repeat(np.arange(len(data[rows])), data[rows].astype(int))
        data = {name: values[chosen] for name, values in data.items()}
    return data


def replicate_frame(frame):
    """The frame with every group and row of a weighted one written out; groups get new codes, path by path."""
    counts = [np.ones(len(frame.y), dtype=int)] * (len(frame.levels) + 1)
    for k, (level, weights) in enumerate(zip(frame.levels, frame.weights.groups, strict=True)):
        if weights is not None:
            counts[k] = weights[level.codes].astype(int)
    if frame.weights.rows is not None:
        counts[-1] = frame.weights.rows.astype(int)
    copies = [
        (i, *copy) for i in range(len(frame.y)) for copy in itertools.product(*(range(count[i]) for count in counts))
    ]
    table = np.array(copies)
    rows = table[:, 0]
    levels = []
    for k, level in enumerate(frame.levels):
        path = np.column_stack((level.codes[rows], table[:, 1 : k + 2]))
        codes = np.unique(path, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)
        levels.append(replace(level, codes=codes, n_groups=int(codes.max()) + 1))
    blocks = tuple(
        replace(
            block,
            Z=block.Z[rows],
            factor=None if block.factor is None else replace(block.factor, codes=block.factor.codes[rows]),
        )
        for block in frame.blocks
    )
    residual = frame.residual
    if residual is not None:
        own = levels[-1] if levels else None
        residual = replace(
            residual,
            codes=np.zeros(len(rows), dtype=np.int64) if own is None else own.codes,
            n_groups=1 if own is None else own.n_groups,
            by_codes=residual.by_codes[rows],
            times=residual.times[rows],
        )
    return replace(
        frame, y=frame.y[rows], X=frame.X[rows], levels=tuple(levels), blocks=blocks, residual=residual, weights=None
    )
