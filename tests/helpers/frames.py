"""Model frames built by hand from arrays, without the language or the data room."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np

from engine.frame.columns import Column, ColumnPart
from engine.frame.modelframe import Level, ModelFrame, RandomBlock
from engine.spec.mixed import CovarianceKind, Method


def read_csv(path: Path) -> dict[str, np.ndarray]:
    """Read a numeric CSV file as columns."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt") as file:
        names = file.readline().strip().split(",")
        values = np.genfromtxt(file, delimiter=",")
    return dict(zip(names, values.T, strict=True))


def column(name: str) -> Column:
    """Column of a coefficient name: ``ses``, ``1.sector#c.ses``, ``_cons``."""
    if name == "_cons":
        return Column(())
    parts = []
    for part in name.split("#"):
        head, _, variable = part.partition(".")
        parts.append(ColumnPart(variable, int(head)) if head.isdigit() else ColumnPart(variable or head))
    return Column(tuple(parts))


def values(data: dict[str, np.ndarray], name: str) -> np.ndarray:
    """Values of a column."""
    out = np.ones(len(next(iter(data.values()))))
    for part in column(name).parts:
        out = out * (data[part.variable] if part.level is None else data[part.variable] == part.level)
    return out


def make_frame(
    data: dict[str, np.ndarray],
    y: str,
    fixed: list[str],
    equations: list[tuple[str, CovarianceKind | None, list[str]]],
    method: Method = Method.ML,
) -> ModelFrame:
    """Frame of ``mixed y fixed || level: effects, covariance(kind)``; names include ``_cons`` where it is wanted.

    Rows with a missing value are left out. Levels are nested paths in the order in which they appear.
    """
    used = {y, *(level for level, _, _ in equations)}
    used |= {part.variable for names in (fixed, *(e[2] for e in equations)) for n in names for part in column(n).parts}
    keep = np.all([np.isfinite(data[name]) for name in used], axis=0)
    data = {name: data[name][keep] for name in used}
    n = int(keep.sum())
    names = list(dict.fromkeys(level for level, _, _ in equations))
    levels = []
    path = np.zeros(n, dtype=np.int64)
    for name in names:
        own = np.unique(data[name], return_inverse=True)[1]
        path = np.unique(path * (own.max() + 1) + own, return_inverse=True)[1].astype(np.int64)
        levels.append(Level(name=name, codes=path, n_groups=int(path.max()) + 1))
    blocks = tuple(
        RandomBlock(
            level=names.index(level),
            level_name=level,
            structure=kind,
            Z=np.column_stack([values(data, e) for e in effects]) if effects else np.zeros((n, 0)),
            columns=tuple(column(e) for e in effects),
        )
        for level, kind, effects in equations
    )
    return ModelFrame(
        depvar=y,
        y=data[y].astype(float),
        X=np.column_stack([values(data, f) for f in fixed]) if fixed else np.zeros((n, 0)),
        columns=tuple(column(f) for f in fixed),
        levels=tuple(levels),
        blocks=blocks,
        method=method,
        e_sample=keep,
    )
