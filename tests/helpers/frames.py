"""Model frames built by hand from arrays, without the language or the data room."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np

from engine.frame.columns import Column, ColumnPart
from engine.frame.modelframe import Factor, Level, ModelFrame, RandomBlock
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


def is_factor(effects: list[str]) -> bool:
    """Whether effects are those of ``R.``."""
    return len(effects) == 1 and effects[0].startswith("R.")


def block_matrix(data: dict[str, np.ndarray], effects: list[str], n: int) -> np.ndarray:
    """Z of an equation."""
    if is_factor(effects):
        return np.ones((n, 1))
    return np.column_stack([values(data, e) for e in effects]) if effects else np.zeros((n, 0))


def block_columns(effects: list[str]) -> list[Column]:
    """Columns of an equation."""
    return [Column((ColumnPart(effects[0]),))] if is_factor(effects) else [column(e) for e in effects]


def block_factor(data: dict[str, np.ndarray], effects: list[str]) -> Factor | None:
    """The variable of ``R.``."""
    if not is_factor(effects):
        return None
    name = effects[0].removeprefix("R.")
    codes = np.unique(data[name], return_inverse=True)[1].astype(np.int64)
    return Factor(name=name, codes=codes, n_levels=int(codes.max()) + 1)


def make_frame(
    data: dict[str, np.ndarray],
    y: str,
    fixed: list[str],
    equations: list[tuple[str, CovarianceKind | None, list[str]]],
    method: Method = Method.ML,
) -> ModelFrame:
    """Frame of ``mixed y fixed || level: effects, covariance(kind)``; names include ``_cons`` where it is wanted.

    ``["R.f"]`` as effects is the equation ``level: R.f``; the level ``_all`` needs no data.
    Rows with a missing value are left out. Levels are nested paths in the order in which they appear.
    """
    used = {y, *(level for level, _, _ in equations)}
    used |= {part.variable for names in (fixed, *(e[2] for e in equations)) for n in names for part in column(n).parts}
    data = {"_all": np.zeros(len(data[y])), **data}
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
            Z=block_matrix(data, effects, n),
            columns=tuple(block_columns(effects)),
            factor=block_factor(data, effects),
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
