"""Traditional ANOVA degrees of freedom ([ME] mixed, *ANOVA DDF*).

A covariate that also stands in random-effects equations gets the smallest number of groups of their levels, less one;
one that does not gets n - rank(X, Z). The constant counts as the covariate of a random intercept.
"""

from __future__ import annotations

import numpy as np

from engine.design.rank import rank_of_fixed_and_random
from engine.design.rank_crossed import rank_of_crossed
from engine.frame.columns import Column
from engine.frame.modelframe import FloatArray
from engine.inference.fixedeffects import FixedEffects, Joint, shared_df


def covariance(model: FixedEffects) -> FloatArray:
    """Return the covariance matrix that tests use, (p, p)."""
    return model.Phi


def coefficients(model: FixedEffects) -> FloatArray:
    """Return the degrees of freedom of each coefficient, (p,); NaN where none are left."""
    frame = model.frame()
    groups: dict[tuple[str, ...], int] = {}
    for block in frame.blocks:
        if block.factor is not None:  # the effects of a factor's values have no covariate
            continue
        n_groups = frame.levels[block.level].n_groups
        for column in block.columns:
            known = groups.get(_covariate(column), n_groups)
            groups[_covariate(column)] = min(known, n_groups)
    covariates = [_covariate(frame.columns[i]) for i in frame.estimated]
    others = np.nan
    if any(covariate not in groups for covariate in covariates):
        crossed = any(block.factor is not None for block in frame.blocks)
        others = float(model.n - (rank_of_crossed(frame) if crossed else rank_of_fixed_and_random(frame)))
    df = np.array([groups[each] - 1.0 if each in groups else others for each in covariates])
    return np.where(df > 0.0, df, np.nan)


def single(model: FixedEffects, c: FloatArray) -> float:
    """Return the degrees of freedom of the contrast c'beta, c (p,); NaN when its coefficients differ in theirs."""
    return shared_df(coefficients(model), c)


def joint(model: FixedEffects, C: FloatArray) -> Joint:
    """Return the denominator degrees of freedom of the test of C'beta, C (p, l); NaN when its coefficients differ."""
    return Joint(single(model, C))


def _covariate(column: Column) -> tuple[str, ...]:
    """Return the variables of a column; all levels of a factor are one covariate, the constant has none."""
    return tuple(sorted(part.variable for part in column.parts))
