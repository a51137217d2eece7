"""Simple slopes of one predictor at values of another, and where they differ from zero (Johnson and Neyman 1936)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.frame.columns import Column
from engine.frame.modelframe import FloatArray


@dataclass(frozen=True, slots=True)
class Region:
    """Values of the moderator between or beyond which slopes differ from zero.

    `bounds` are the values at which a slope is just significant, in order; `inside` tells whether slopes differ from
    zero between two of them, or below a single one.
    """

    bounds: tuple[float, ...]
    inside: bool


def slope_weights(
    columns: tuple[Column, ...], focal: str, moderator: str, value: float, others: dict[str, float]
) -> FloatArray:
    """Return c with slope = c' beta: the derivative of X beta with respect to `focal` at a value of `moderator`, (k,).

    Parameters
    ----------
    columns
        Of e(b).
    focal, moderator, value
        Names, and the moderator's value: a level where it is a factor.
    others
        Values of the other variables in interactions with `focal` (``age``, or ``2.group`` for an indicator).
    """
    out = np.zeros(len(columns))
    for i, column in enumerate(columns):
        power = sum(part.variable == focal and part.level is None for part in column.parts)
        if not power:
            continue
        weight = float(power)
        if power > 1:
            weight *= others[focal] ** (power - 1)
        for part in column.parts:
            if part.variable == focal:
                continue
            if part.variable == moderator:
                weight *= value if part.level is None else float(part.level == value)
            else:
                weight *= others[part.name]
        out[i] = weight
    return out


def region_of_significance(
    at_zero: FloatArray, by_unit: FloatArray, beta: FloatArray, V: FloatArray, critical: float
) -> Region:
    """Solve (slope / se)^2 = critical^2 in the moderator, where the slope's weights are at_zero + value by_unit, (k,).

    `beta` (k,) and `V` (k, k) are the coefficients and their covariance matrix; Bauer and Curran (2005), *Multivariate
    Behavioral Research* 40(3), equations 16 to 18.
    """
    a, b = float(at_zero @ beta), float(by_unit @ beta)
    v0, v01, v1 = float(at_zero @ V @ at_zero), float(at_zero @ V @ by_unit), float(by_unit @ V @ by_unit)
    q = critical**2
    A, B, C = b**2 - q * v1, 2.0 * (a * b - q * v01), a**2 - q * v0
    if abs(A) <= 1e-14 * (b**2 + q * v1):
        bounds = (-C / B,) if B else ()
        return Region(bounds, inside=B < 0.0 if bounds else C > 0.0)
    discriminant = B**2 - 4.0 * A * C
    if discriminant <= 0.0:
        return Region((), inside=A > 0.0)
    root = np.sqrt(discriminant)
    first, second = sorted(((-B - root) / (2.0 * A), (-B + root) / (2.0 * A)))
    return Region((float(first), float(second)), inside=A < 0.0)
