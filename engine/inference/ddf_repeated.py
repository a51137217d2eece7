"""Repeated-measures degrees of freedom: between and within the groups of a two-level model.

[ME] mixed, *Repeated DDF*: with M groups, coefficients of what is constant within all groups get M less their number,
the constant included; the others get n - M less theirs. Coefficients of one factor belong together.
"""

from __future__ import annotations

import numpy as np

from engine.frame.columns import Column
from engine.frame.modelframe import BoolArray, FloatArray, ModelFrame
from engine.inference.fixedeffects import FixedEffects, Joint, shared_df

_SAME = 1e-12
"""Differences within a group, relative to the largest value, that are rounding."""


def covariance(model: FixedEffects) -> FloatArray:
    """Return the covariance matrix that tests use, (p, p)."""
    return model.Phi


def coefficients(model: FixedEffects) -> FloatArray:
    """Return the degrees of freedom of each coefficient, (p,); NaN where none are left."""
    frame = model.frame()
    groups = frame.levels[-1].n_groups
    within = _varies_within(frame)
    n_within = int(within.sum())
    between_df = groups - (model.p - n_within)
    within_df = model.n - groups - n_within
    df = np.where(within, float(within_df), float(between_df))
    return np.where(df > 0.0, df, np.nan)


def single(model: FixedEffects, c: FloatArray) -> float:
    """Return the degrees of freedom of the contrast c'beta, c (p,); NaN when it mixes between and within."""
    return shared_df(coefficients(model), c)


def joint(model: FixedEffects, C: FloatArray) -> Joint:
    """Return the denominator degrees of freedom of the test of C'beta, C (p, l); NaN when it mixes both kinds."""
    return Joint(single(model, C))


def _varies_within(frame: ModelFrame) -> BoolArray:
    """Mark the coefficients whose term changes within some group, (p,)."""
    level = frame.levels[-1]
    first = np.empty(level.n_groups, dtype=np.int64)
    first[level.codes[::-1]] = np.arange(len(level.codes))[::-1]
    columns = [frame.columns[i] for i in frame.estimated]
    varies = np.zeros(len(columns), dtype=np.bool_)
    for j in range(len(columns)):
        x = frame.X[:, j]
        varies[j] = bool(np.any(np.abs(x - x[first][level.codes]) > _SAME * np.abs(x).max()))
    terms = [_term(column) for column in columns]
    changing = {term for term, change in zip(terms, varies, strict=True) if change}
    return np.array([term in changing for term in terms], dtype=np.bool_)


def _term(column: Column) -> tuple[tuple[str, bool], ...]:
    """Return what the columns of one factor, or of one interaction of factors, have in common."""
    return tuple((part.variable, part.level is None) for part in column.parts)
