"""Residual degrees of freedom: n - rank(X) for every test ([ME] mixed, *Residual DDF*)."""

from __future__ import annotations

import numpy as np

from engine.frame.modelframe import FloatArray
from engine.inference.fixedeffects import FixedEffects, Joint, shared_df


def covariance(model: FixedEffects) -> FloatArray:
    """Return the covariance matrix that tests use, (p, p)."""
    return model.Phi


def coefficients(model: FixedEffects) -> FloatArray:
    """Return the degrees of freedom of each coefficient, (p,)."""
    return np.full(model.p, float(model.n - model.rank))


def single(model: FixedEffects, c: FloatArray) -> float:
    """Return the degrees of freedom of the contrast c'beta, c (p,)."""
    return shared_df(coefficients(model), c)


def joint(model: FixedEffects, C: FloatArray) -> Joint:
    """Return the denominator degrees of freedom of the test of C'beta, C (p, l)."""
    return Joint(single(model, C))
