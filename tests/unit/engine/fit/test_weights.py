"""Weights against the same rows and groups written out as often as they count."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from frames import make_frame
from replicated import make_weights, replicate
from simulated import EFFECTS, MODELS, nested_data

from engine.design.blocks import make_design
from engine.events import CancelToken
from engine.fit.criterion import Criterion
from engine.fit.estimate import log_likelihood
from engine.fit.layout import make_layout


def make_criterion(frame):
    design = make_design(frame, CancelToken())
    return Criterion(design, make_layout(design.levels, frame.blocks), reml=False)


def central(function, at, step):
    out = []
    for k in range(len(at)):
        high, low = at.copy(), at.copy()
        high[k] += step
        low[k] -= step
        out.append((function(high) - function(low)) / (2 * step))
    return np.array(out)


def pair(name, rng, *, skip=(), balanced=False, most=3):
    """Frame with frequency weights, and the frame of the replicated data."""
    levels = [f"l{k}" for k in range(len(MODELS[name]))]
    data = nested_data(rng, len(levels), balanced=balanced)
    equations = [(f"l{k}", kind, EFFECTS[q]) for k, blocks in enumerate(MODELS[name]) for kind, q in blocks]
    fixed = ["a", "b", "_cons"]
    frame = make_frame(data, "y", fixed, equations)
    rows = rng.integers(1, most + 1, size=len(frame.y)).astype(float)
    groups = tuple(
        None if i in skip else rng.integers(1, most + 1, size=level.n_groups).astype(float)
        for i, level in enumerate(frame.levels)
    )
    weighted = replace(frame, weights=make_weights(frame, rows, groups))
    data = {**data, "w": rows}
    for level, weights in zip(frame.levels, groups, strict=True):
        if weights is not None:
            data[f"w_{level.name}"] = weights[level.codes]
    names = {level: f"w_{level}" for level in levels if f"w_{level}" in data}
    long = replicate(data, levels, names, "w")
    return weighted, make_frame({k: v for k, v in long.items() if not k.startswith("w")}, "y", fixed, equations)


def to_data(criterion, theta):
    """Psi of every block in the metric of the data."""
    return [
        criterion.design.basis.random_maps[block.block]
        @ block.structure.matrix(theta[block.parameters])
        @ criterion.design.basis.random_maps[block.block].T
        for block in criterion.layout.blocks
    ]


def from_data(criterion, Psis):
    theta = np.zeros(criterion.layout.size)
    for block, Psi in zip(criterion.layout.blocks, Psis, strict=True):
        back = np.linalg.inv(criterion.design.basis.random_maps[block.block])
        theta[block.parameters] = block.structure.coordinates(back @ Psi @ back.T)
    return theta


@pytest.fixture(params=[(name, balanced) for name in MODELS for balanced in (False, True)], ids=str)
def case(request):
    name, balanced = request.param
    rng = np.random.default_rng(100 + list(MODELS).index(name))
    weighted, long = pair(name, rng, balanced=balanced)
    criterion, brute = make_criterion(weighted), make_criterion(long)
    theta = criterion.layout.from_root(rng.normal(size=criterion.layout.size))[0]
    return criterion, brute, theta


def test_weights_give_the_likelihood_of_replicated_groups_and_rows(case):
    criterion, brute, theta = case
    value = log_likelihood(criterion(theta, 0).value, criterion.design, reml=False)
    want = log_likelihood(brute(from_data(brute, to_data(criterion, theta)), 0).value, brute.design, reml=False)
    assert value == pytest.approx(want, rel=1e-10)


def test_derivatives_with_weights_are_those_of_finite_differences(case):
    criterion, _, theta = case
    gamma = criterion.layout.to_root(theta)
    at = criterion(theta, 2)
    jacobian = criterion.layout.from_root(gamma)[1]
    exact = jacobian.T @ at.gradient
    numeric = central(lambda root: criterion(criterion.layout.from_root(root)[0], 0).value, gamma, 1e-5)
    assert numeric == pytest.approx(exact, rel=0, abs=1e-6 * (1.0 + np.abs(exact).max()))

    def gradient(root):
        moved, slope = criterion.layout.from_root(root)
        return slope.T @ criterion(moved, 1).gradient

    hessian = jacobian.T @ at.hessian @ jacobian + criterion.layout.curvature(at.gradient)
    numeric = central(gradient, gamma, 1e-5)
    assert numeric == pytest.approx(hessian, rel=0, abs=2e-6 * (1.0 + np.abs(hessian).max()))
