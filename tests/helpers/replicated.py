"""Frequency weights the long way: every group and every row stands in the data as often as its weight says."""

from __future__ import annotations

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
