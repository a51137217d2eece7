"""Student's t and the F distribution, as far as tables need them.

Without positive degrees of freedom the result is NaN; with infinitely many, t is the normal distribution.
"""

from __future__ import annotations

import numpy as np

from engine.inference.normal import critical_value, two_sided


def t_critical(level: float, df: float) -> float:
    """Return t with P(|T(df)| <= t) = level percent."""
    from scipy.special import stdtrit

    if np.isposinf(df):
        return critical_value(level)
    return float(stdtrit(df, 0.5 + level / 200.0)) if df > 0.0 else float("nan")


def t_two_sided(t: float, df: float) -> float:
    """Return P(|T(df)| > |t|)."""
    from scipy.special import stdtr

    if np.isposinf(df):
        return two_sided(t)
    return float(2.0 * stdtr(df, -abs(t))) if df > 0.0 else float("nan")


def f_tail(F: float, df: float, ddf: float) -> float:
    """Return P(F(df, ddf) > F)."""
    from scipy.special import fdtrc

    if not df or np.isnan(F) or not ddf > 0.0:
        return float("nan")
    return float(fdtrc(df, ddf, max(F, 0.0)))
