"""P-values of likelihood-ratio tests whose null hypothesis lies on the boundary of the parameter space.

Asymptotically the statistic is the squared length of the projection of a normal vector on the cone of admissible
covariance matrices, in the metric of their information at the null hypothesis (Self and Liang 1987; Stram and Lee
1994).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.covariance.structure import FloatArray, Structure
from engine.inference.normal import chi2_tail

_DRAWS = 400
_STEPS = 80
_SEED = 20240501
_SINGULAR = 1e-6
"""Share of the largest pivot below which the data do not tell parameters apart."""
_ZERO = 1e-5
"""Statistics below this are those of an optimum at the boundary."""


def one_effect_added(chi2: float, q: int) -> float:
    """P-value when one random effect joins q correlated ones: half chi2(q), half chi2(q + 1) (Stram and Lee 1994)."""
    if chi2 < _ZERO:
        return 1.0
    lower = chi2_tail(chi2, q) if q else 0.0
    return 0.5 * lower + 0.5 * chi2_tail(chi2, q + 1)


@dataclass(frozen=True, slots=True, eq=False)
class NullCone:
    """All random effects of a model against none: the cone and the information of its parameters at zero.

    Attributes
    ----------
    structures
        Of the equations, their parameters in the order of theta; the `n_free` parameters after them have no edge.
    measure
        Gives the information of theta at zero, the residual variance profiled out, shape (K, K); asked for once, and
        only when a p-value is.
    """

    structures: tuple[Structure, ...]
    measure: Callable[[], FloatArray]
    n_free: int = 0
    _cache: dict[float, float] = field(default_factory=dict, repr=False)

    @property
    def simulated(self) -> bool:
        """Whether the p-value is simulated; with a single variance, or none, it is exact."""
        return sum(shape.m for shape in self.structures) > 1

    def p_value(self, chi2: float) -> float:
        """Return P(statistic >= chi2) under the null hypothesis, always the same for the same model."""
        if np.isnan(chi2):
            return float("nan")
        if not self.simulated and not self.n_free:
            return one_effect_added(chi2, 0)
        if chi2 < _ZERO:
            return 1.0
        if chi2 not in self._cache:
            self._cache[chi2] = self._simulate(chi2)
        return self._cache[chi2]

    def _simulate(self, chi2: float) -> float:
        """Average over random directions: given the direction, the statistic is a share of a chi2(K)."""
        from scipy.special import chdtrc

        information = self.measure()
        K = len(information)
        if not np.all(np.diag(information) > 0.0):
            return float("nan")
        units = self._units(np.diag(information))
        information = information * np.outer(units, units)
        try:
            L = np.linalg.cholesky(0.5 * (information + information.T))
        except np.linalg.LinAlgError:  # effects that the data do not tell apart
            return float("nan")
        if np.diag(L).min() < _SINGULAR * np.diag(L).max():
            return float("nan")
        if not self.simulated:
            return one_effect_added(chi2, self.n_free) if self.structures else chi2_tail(chi2, self.n_free)
        rng = np.random.default_rng(_SEED)
        u = rng.normal(size=(_DRAWS, K))
        u = np.concatenate((u, -u))  # antithetic pairs
        u /= np.linalg.norm(u, axis=1, keepdims=True)
        z = np.linalg.solve(L.T, u.T).T
        share = _squared_projection(z, information, self.structures)
        positive = share > 1e-12
        tails = np.zeros(len(share))
        tails[positive] = chdtrc(K, chi2 / np.minimum(share[positive], 1.0))
        return float(tails.mean())

    def _units(self, diagonal: FloatArray) -> FloatArray:
        """Scales of theta that make effects comparable and leave the cone what it is."""
        units = np.empty(len(diagonal))
        at = 0
        for shape in self.structures:
            own = diagonal[at : at + shape.m]
            roots = {k: max(own[k], 1e-300) ** -0.25 for k, p in enumerate(shape.parameters) if p.is_variance}
            for k, parameter in enumerate(shape.parameters):
                i, j = parameter.variances or (k, k)
                units[at + k] = roots[i] * roots[j]
            at += shape.m
        units[at:] = np.maximum(diagonal[at:], 1e-300) ** -0.5
        return units


def _squared_projection(z: FloatArray, information: FloatArray, structures: Sequence[Structure]) -> FloatArray:
    """Return the squared length of each row's projection on the cone, by accelerated projected gradients."""
    spread = np.ones(len(information))
    edged = [np.sqrt((E**2).sum()) for shape in structures for E in shape.basis]
    spread[: len(edged)] = edged
    step = 1.0 / float(np.linalg.eigvalsh(information / np.outer(spread, spread))[-1])
    t = _project(z, structures)
    ahead, momentum = t, 1.0
    for _ in range(_STEPS):
        gradient = (ahead - z) @ information
        new = _project(ahead - step * gradient / spread**2, structures)
        following = 0.5 * (1.0 + np.sqrt(1.0 + 4.0 * momentum**2))
        ahead = new + (momentum - 1.0) / following * (new - t)
        t, momentum = new, following
    return np.asarray(np.einsum("ni,ij,nj->n", t, information, t))


def _project(theta: FloatArray, structures: Sequence[Structure]) -> FloatArray:
    """Project rows of parameters on positive semidefinite matrices, equation by equation; the others stay."""
    out = theta.copy()
    at = 0
    for shape in structures:
        own = slice(at, at + shape.m)
        part = theta[:, own]
        if all(parameter.is_variance for parameter in shape.parameters):
            out[:, own] = np.maximum(part, 0.0)
        else:
            matrices = np.tensordot(part, shape.basis, axes=1)
            values, vectors = np.linalg.eigh(matrices)
            clipped = (vectors * np.maximum(values, 0.0)[:, None, :]) @ vectors.swapaxes(1, 2)
            out[:, own] = shape.coordinates(clipped)
        at += shape.m
    return out
