"""Weights against the same rows and groups written out as often as they count."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from differences import derivatives_agree
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


def pair(name, rng, *, row_weights=True, balanced=False, most=3):
    """Frame with frequency weights, and the frame of the replicated data."""
    levels = [f"l{k}" for k in range(len(MODELS[name]))]
    data = nested_data(rng, len(levels), balanced=balanced)
    equations = [(f"l{k}", kind, EFFECTS[q]) for k, blocks in enumerate(MODELS[name]) for kind, q in blocks]
    fixed = ["a", "b", "_cons"]
    frame = make_frame(data, "y", fixed, equations)
    rows = rng.integers(1, most + 1, size=len(frame.y)).astype(float)
    groups = tuple(rng.integers(1, most + 1, size=level.n_groups).astype(float) for level in frame.levels)
    weighted = replace(frame, weights=make_weights(frame, rows if row_weights else None, groups))
    data = {**data, "w": rows if row_weights else np.ones(len(rows))}
    for level, weights in zip(frame.levels, groups, strict=True):
        data[f"w_{level.name}"] = weights[level.codes]
    names = {level: f"w_{level}" for level in levels}
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


WAYS = {"any rows": (False, True), "balanced": (True, True), "equal rows": (True, False)}
"""Balanced or not, rows weighted or not; without weights of rows, groups of one size share a pattern."""


@pytest.fixture(params=[(name, way) for name in MODELS for way in WAYS], ids=str)
def case(request):
    name, way = request.param
    balanced, row_weights = WAYS[way]
    rng = np.random.default_rng(100 + list(MODELS).index(name))
    weighted, long = pair(name, rng, balanced=balanced, row_weights=row_weights)
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
    derivatives_agree(criterion, gamma)


@pytest.mark.parametrize("name", ["one level, intercept", "three levels", "four levels"])
def test_group_weights_leave_patterns_of_the_lowest_level_in_place(name):
    rng = np.random.default_rng(3)
    weighted, _ = pair(name, rng, balanced=True, row_weights=False)
    criterion = make_criterion(weighted)
    theta = criterion.layout.from_root(rng.normal(size=criterion.layout.size))[0]
    assert criterion.patterns is not None
    compressed = criterion(theta, 2)
    criterion.patterns = None
    plain = criterion(theta, 2)
    assert compressed.value == pytest.approx(plain.value, rel=1e-12)
    assert compressed.gradient == pytest.approx(plain.gradient, rel=1e-9)
    assert compressed.hessian == pytest.approx(plain.hessian, rel=1e-8, abs=1e-8)
