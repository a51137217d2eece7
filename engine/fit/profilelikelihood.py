"""Profile likelihood: -2 log L with one parameter held, maximised over all others, and the limits that follow from it.

Variance parameters move in the metric of e(b) (log standard deviations, atanh correlations), where the profile is close
to a parabola; limits are where it has risen by the chi-squared(1) quantile. For a coefficient held at c, the residual
sum of squares grows by (b_k - c)^2 / (A^-1)_kk with A = X' H^-1 X (Bates 2010, *lme4*, section 1.5; Pinheiro and Bates
2000, section 2.4).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from engine.covariance.transforms import from_log, log_jacobian
from engine.errors import StataError
from engine.fit.criterion import Criterion
from engine.fit.variances import data_units, unit_map
from engine.frame.modelframe import FloatArray

_TOLERANCE = 1e-10
"""Decrease of -2 log L that a quasi-Newton step promises when the others are at their maximum."""
_STEPS = 60
_ROOT = 1e-6
"""Difference from the wanted rise, relative to it, that ends the search for a limit."""
_FAR = 12.0
"""How far log standard deviations and atanh correlations are followed: sd of e^-12 is zero, tanh 12 is one."""
_FLOOR = -7.0
"""Log ratio to the residual standard deviation at which a standard deviation of zero is put."""

_Target: TypeAlias = Callable[[FloatArray], tuple[float, FloatArray]]
_Held: TypeAlias = tuple[FloatArray, float]
"""A combination of the working coefficients and the value at which it is held."""


@dataclass(frozen=True, slots=True)
class Profiled:
    """Limits of one parameter in the metric in which it was followed, and points (value, signed root of the rise)."""

    ll: float
    ul: float
    points: tuple[tuple[float, float], ...]


class ProfileLikelihood:
    """Follows the profiles of one model.

    Parameters
    ----------
    criterion
        Of the model; without structured residual errors.
    theta, sigma2
        The optimum in working units.
    """

    def __init__(self, criterion: Criterion, theta: FloatArray, sigma2: float) -> None:
        if criterion.layout.residual is not None:
            raise StataError(321, "profiles are not available for models with structured residual errors")
        self._criterion = criterion
        self._layout = criterion.layout
        self._to_data = unit_map(criterion.design, criterion.layout)
        self._from_data = np.linalg.inv(self._to_data)
        self._scale = np.log(np.sqrt(data_units(criterion.design, criterion.layout)[-1]))
        self._alpha = self._start(theta, sigma2)
        self._curvature = np.eye(len(self._alpha))
        self._alpha, self._least, _ = self._minimise(self._alpha, None, None)

    @property
    def size(self) -> int:
        """Number of variance parameters, the residual's included."""
        return len(self._alpha)

    def variance(self, k: int, rise: float) -> Profiled:
        """Follow variance parameter k of e(b), sigma2 last; the result is in that metric and in units of the data."""
        is_sd = self._is_sd(k)
        shift = self._scale if is_sd else 0.0
        low, high = (-_FAR, _FAR) if is_sd else (-_FAR / 2.0, _FAR / 2.0)
        middle = self._alpha[k]

        def held(c: float, start: FloatArray) -> tuple[float, FloatArray]:
            x = start.copy()
            x[k] = c
            found, value, _ = self._minimise(x, k, None)
            return value - self._least, found

        ends = [_limit(held, (middle, self._alpha), side, bound, rise) for side, bound in ((-1, low), (1, high))]
        points = _points(ends, middle, shift)
        return Profiled(ends[0].value + shift, ends[1].value + shift, points)

    def coefficient(self, a: FloatArray, estimate: float, se: float, rise: float) -> Profiled:
        """Follow a'b, b the working coefficients, from its `estimate` with standard error `se`; r(321) under REML."""
        if self._criterion.reml:
            raise StataError(321, "coefficients have no profile likelihood under REML; fit the model by ML")

        def held(c: float, start: FloatArray) -> tuple[float, FloatArray]:
            found, value, _ = self._minimise(start, None, (a, estimate + se * c))
            return value - self._least, found

        ends = [_limit(held, (0.0, self._alpha), side, side * 1e6, rise) for side in (-1, 1)]
        points = tuple((estimate + se * c, root) for c, root in _points(ends, 0.0, 0.0))
        return Profiled(estimate + se * ends[0].value, estimate + se * ends[1].value, points)

    def _is_sd(self, k: int) -> bool:
        if k == self._layout.size:
            return True
        block = next(block for block in self._layout.blocks if block.parameters.start <= k < block.parameters.stop)
        return bool(block.shown.parameters[k - block.parameters.start].is_variance)

    def _start(self, theta: FloatArray, sigma2: float) -> FloatArray:
        """Return the optimum in the metric followed, zeros of variance a little inside."""
        natural = self._to_data @ np.append(sigma2 * theta, sigma2)
        alpha = np.empty(len(natural))
        alpha[-1] = 0.5 * np.log(sigma2)
        for block in self._layout.blocks:
            own, shape = block.parameters, block.shown
            values = natural[own]
            for k, parameter in enumerate(shape.parameters):
                if parameter.variances is None:
                    alpha[own.start + k] = 0.5 * np.log(max(values[k], sigma2 * np.exp(2.0 * _FLOOR)))
            for k, parameter in enumerate(shape.parameters):
                if parameter.variances is not None:
                    i, j = parameter.variances
                    r = values[k] / np.exp(alpha[own.start + i] + alpha[own.start + j])
                    alpha[own.start + k] = np.arctanh(np.clip(r, -0.999, 0.999))
        return alpha

    def _working(self, alpha: FloatArray) -> tuple[FloatArray, float, FloatArray]:
        """Return theta, log sigma2, and the Jacobian of (theta, log sigma2) with respect to alpha."""
        K = self._layout.size
        natural, slope = np.empty(K + 1), np.zeros((K + 1, K + 1))
        for block in self._layout.blocks:
            own = block.parameters
            natural[own] = from_log(block.shown, alpha[own])
            slope[own, own] = log_jacobian(block.shown, natural[own])
        s = 2.0 * alpha[K]
        working = (self._from_data[:K, :K] @ natural[:K]) * np.exp(-s)
        jacobian = np.zeros((K + 1, K + 1))
        jacobian[:K, :K] = (self._from_data[:K, :K] @ slope[:K, :K]) * np.exp(-s)
        jacobian[:K, K] = -2.0 * working
        jacobian[K, K] = 2.0
        return working, s, jacobian

    def _value(self, alpha: FloatArray, held: _Held | None) -> tuple[float, FloatArray]:
        """Return -2 log L at alpha, beta profiled out, and its gradient; infinite where there is no such model."""
        theta, s, jacobian = self._working(alpha)
        try:
            at = self._criterion(theta, 1)
        except (StataError, np.linalg.LinAlgError):
            return np.inf, np.zeros(len(alpha))
        nu, rss = self._criterion.nu, self._criterion.nu * at.sigma2
        p = len(at.b)
        c = np.append(-at.b, 1.0)
        moved = at.jets.dS @ c
        drss = moved @ c
        determinant = at.value - nu * (np.log(at.sigma2) + 1.0)
        slope = at.gradient - nu * drss / rss
        if held is not None:
            a, value = held
            column = np.linalg.solve(at.jets.S[:p, :p], a)
            away, width = float(a @ at.b) - value, float(a @ column)
            d_away = moved[:, :p] @ column
            d_width = -np.einsum("i,kij,j->k", column, at.jets.dS[:, :p, :p], column)
            rss = rss + away**2 / width
            drss = drss + 2.0 * away * d_away / width - away**2 * d_width / width**2
        total = determinant + nu * s + rss * np.exp(-s)
        gradient = np.append(slope + drss * np.exp(-s), nu - rss * np.exp(-s))
        return float(total), np.asarray(jacobian.T @ gradient)

    def _minimise(
        self, start: FloatArray, fixed: int | None, held: _Held | None
    ) -> tuple[FloatArray, float, FloatArray]:
        """Return where -2 log L is smallest with parameter `fixed` or the coefficient `held` where they are."""
        free = np.array([i for i in range(len(start)) if i != fixed], dtype=np.int64)

        def target(x: FloatArray) -> tuple[float, FloatArray]:
            whole = start.copy()
            whole[free] = x
            value, gradient = self._value(whole, held)
            return value, gradient[free]

        x, value, inverse = _bfgs(
            target, start[free], self._curvature[np.ix_(free, free)], self._criterion.cancel.check
        )
        whole = start.copy()
        whole[free] = x
        if fixed is None:
            self._curvature = inverse
        return whole, value, inverse


def _bfgs(
    target: _Target, x: FloatArray, inverse: FloatArray, check: Callable[[], None]
) -> tuple[FloatArray, float, FloatArray]:
    """Minimise by quasi-Newton steps with halving (Nocedal and Wright 2006, algorithm 6.1)."""
    value, gradient = target(x)
    for _ in range(_STEPS):
        check()
        step = -inverse @ gradient
        promised = -float(gradient @ step)
        if promised <= _TOLERANCE * (1.0 + 1e-3 * abs(value)) * 1e-2 or not np.isfinite(promised):
            break
        length = min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-300))
        for _ in range(40):
            new, new_gradient = target(x + length * step)
            if new <= value - 1e-4 * length * promised:
                break
            length *= 0.5
        else:
            break
        moved, change = length * step, new_gradient - gradient
        x, value, gradient = x + moved, new, new_gradient
        curvature = float(moved @ change)
        if curvature > 1e-12 * float(np.linalg.norm(moved) * np.linalg.norm(change)):
            left = np.eye(len(x)) - np.outer(moved, change) / curvature
            inverse = left @ inverse @ left.T + np.outer(moved, moved) / curvature
    return x, value, inverse


@dataclass(frozen=True, slots=True)
class _End:
    """A limit and the points (value, rise) on the way to it."""

    value: float
    trail: tuple[tuple[float, float], ...]


def _limit(
    held: Callable[[float, FloatArray], tuple[float, FloatArray]],
    start: tuple[float, FloatArray],
    side: int,
    bound: float,
    rise: float,
) -> _End:
    """Find where the profile has risen by `rise` on one side of where it starts; infinite where not at `bound`.

    `held` gives the rise with the parameter held and where the others then are; `start` is its estimate and theirs.
    """
    middle, x = start
    wanted = np.sqrt(rise)
    near, near_root = middle, 0.0
    trail: list[tuple[float, float]] = []
    far, step = middle, 0.5
    while True:
        far = far + side * step
        beyond = side * far >= side * bound
        far = bound if beyond else far
        value, x_far = held(far, x)
        far_root = np.sqrt(max(value, 0.0))
        trail.append((far, value))
        if far_root >= wanted:
            break
        if beyond:
            return _End(side * np.inf, tuple(trail))
        near, near_root, x = far, far_root, x_far
        step *= 1.7
    for _ in range(40):
        share = (wanted - near_root) / max(far_root - near_root, 1e-300)
        c = near + float(np.clip(share, 0.05, 0.95)) * (far - near)
        value, x_c = held(c, x)
        root = np.sqrt(max(value, 0.0))
        trail.append((c, value))
        if abs(value - rise) <= _ROOT * rise:
            return _End(c, tuple(trail))
        if root < wanted:
            near, near_root, x = c, root, x_c
        else:
            far, far_root = c, root
        if abs(far - near) <= 1e-10 * (1.0 + abs(near)):
            break
    return _End(0.5 * (near + far), tuple(trail))


def _points(ends: list[_End], middle: float, shift: float) -> tuple[tuple[float, float], ...]:
    """Return the points of both sides in order, with the signed root of the rise."""
    found = [(c, np.sign(c - middle) * np.sqrt(max(rise, 0.0))) for end in ends for c, rise in end.trail]
    found.append((middle, 0.0))
    return tuple((c + shift, float(root)) for c, root in sorted(found) if np.isfinite(c))
