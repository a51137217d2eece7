"""Simulated models that are hard to fit: few groups, no variance, correlations near one, lonely observations."""

from __future__ import annotations

import numpy as np
from frames import make_frame

from engine.frame.modelframe import ModelFrame
from engine.spec.mixed import CovarianceKind, Method

UN, IND, ID, EXC = (
    CovarianceKind.UNSTRUCTURED,
    CovarianceKind.INDEPENDENT,
    CovarianceKind.IDENTITY,
    CovarianceKind.EXCHANGEABLE,
)
ONE = ["_cons"]


def _groups(rng, groups, least, most):
    sizes = rng.integers(least, most + 1, groups)
    return np.repeat(np.arange(float(groups)), sizes)


def _response(rng, g, X, Sigma, sigma=1.0):
    """Return 1 + x + Zu + e with u of covariance Sigma over the columns of X and a constant."""
    n = len(g)
    Z = np.column_stack((*X, np.ones(n)))
    values, vectors = np.linalg.eigh(Sigma)
    u = rng.normal(size=(int(g.max()) + 1, Z.shape[1])) @ (vectors * np.sqrt(np.maximum(values, 0.0))).T
    return 1.0 + X[0] + (Z * u[g.astype(int)]).sum(axis=1) + sigma * rng.normal(size=n)


def few_groups(rng, method):
    g = _groups(rng, int(rng.integers(2, 5)), 2, 6)
    x = rng.normal(size=len(g))
    data = {"g": g, "x": x, "y": _response(rng, g, [x], np.diag([0.5, 1.0]))}
    return make_frame(data, "y", ["x", *ONE], [("g", UN, ["x", *ONE])], method)


def zero_variances(rng, method):
    g = _groups(rng, int(rng.integers(5, 30)), 3, 8)
    x = rng.normal(size=len(g))
    data = {"g": g, "x": x, "y": _response(rng, g, [x], np.zeros((2, 2)))}
    kind = [UN, IND, EXC][rng.integers(3)]
    return make_frame(data, "y", ["x", *ONE], [("g", kind, ["x", *ONE])], method)


def correlation_near_one(rng, method):
    g = _groups(rng, int(rng.integers(6, 40)), 3, 8)
    x = rng.normal(size=len(g)) + rng.integers(0, 3)
    r = float(rng.choice([-1.0, 1.0])) * float(rng.choice([1.0, 0.999, 0.97]))
    data = {"g": g, "x": x, "y": _response(rng, g, [x], np.array([[1.0, r], [r, 1.0]]))}
    return make_frame(data, "y", ["x", *ONE], [("g", UN, ["x", *ONE])], method)


def lonely_observations(rng, method):
    g = _groups(rng, int(rng.integers(10, 40)), 1, 2)
    x = rng.normal(size=len(g))
    data = {"g": g, "x": x, "y": _response(rng, g, [x], np.diag([0.0, float(rng.choice([0.0, 1.0]))]))}
    return make_frame(data, "y", ["x", *ONE], [("g", ID, ONE)], method)


def collinear_slopes(rng, method):
    g = _groups(rng, int(rng.integers(10, 30)), 6, 12)
    x = rng.normal(size=len(g))
    z = x + 1e-3 * rng.normal(size=len(g))
    data = {"g": g, "x": x, "z": z, "y": _response(rng, g, [x], np.diag([0.5, 1.0]))}
    return make_frame(data, "y", ["x", *ONE], [("g", UN, ["x", "z", *ONE])], method)


def six_effects(rng, method):
    g = _groups(rng, int(rng.integers(15, 40)), 7, 14)
    names = [f"x{k}" for k in range(5)]
    X = [rng.normal(size=len(g)) * 10.0**k for k in rng.integers(-3, 4, 5)]
    root = rng.normal(size=(6, int(rng.integers(1, 7))))
    scale = np.append([1.0 / x.std() for x in X], 1.0)
    Sigma = 0.3 * np.outer(scale, scale) * (root @ root.T)
    data = {"g": g, **dict(zip(names, X, strict=True)), "y": _response(rng, g, X, Sigma)}
    return make_frame(data, "y", [names[0], *ONE], [("g", UN, [*names, *ONE])], method)


def nested_zeros(rng, method):
    g = _groups(rng, int(rng.integers(3, 10)), 4, 12)
    n = len(g)
    x = rng.normal(size=n)
    data = {"g": g, "h": g * 100 + rng.integers(0, 3, n), "x": x, "y": x + rng.normal(size=n)}
    return make_frame(data, "y", ["x", *ONE], [("g", UN, ["x", *ONE]), ("h", ID, ONE)], method)


KINDS = (
    few_groups, zero_variances, correlation_near_one, lonely_observations, collinear_slopes, six_effects, nested_zeros,
)  # fmt: skip


def hard_model(seed: int) -> tuple[str, ModelFrame]:
    """Return the name and the frame of hard model number `seed`."""
    kind = KINDS[seed % len(KINDS)]
    rng = np.random.default_rng(1000 + seed)
    return kind.__name__, kind(rng, (Method.ML, Method.REML)[(seed // len(KINDS)) % 2])
