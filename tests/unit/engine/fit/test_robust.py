"""Scores by group against finite differences of the group's own dense likelihood; the sandwich made of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from replicated import make_weights
from simulated import MODELS, random_frame

from engine.design.blocks import make_design
from engine.events import CancelToken, ignore_event
from engine.fit.criterion import Criterion
from engine.fit.layout import make_layout
from engine.fit.scores import group_scores
from engine.fit.search import find_optimum
from engine.spec.mixed import Maximization


def make_criterion(frame):
    design = make_design(frame, CancelToken())
    return Criterion(design, make_layout(design.levels, frame.blocks), reml=False)


@pytest.fixture(params=[(name, weighted) for name in MODELS for weighted in (False, True)], ids=str)
def case(request):
    name, weighted = request.param
    rng = np.random.default_rng(7 + list(MODELS).index(name))
    frame = random_frame(name, rng)
    if weighted:
        rows = rng.uniform(0.5, 3.0, size=len(frame.y))
        groups = tuple(rng.uniform(0.5, 3.0, size=level.n_groups) for level in frame.levels)
        frame = replace(frame, weights=make_weights(frame, rows, groups, "pweight"))
    criterion = make_criterion(frame)
    theta = criterion.layout.from_root(rng.normal(size=criterion.layout.size))[0]
    return frame, criterion, theta


def log_likelihood(criterion, b, phi):
    """Log likelihood without its constant at coefficients b of X~ and (Sigma entries, sigma2), working units."""
    sigma2 = phi[-1]
    jets = criterion.jets(phi[:-1] / sigma2, 0)
    c = np.append(-b, 1.0)
    return -0.5 * (criterion.design.n * np.log(sigma2) + jets.log_det + c @ jets.S @ c / sigma2)


def doubled(frame, group):
    """The frame with one group of the top level counted once more."""
    if frame.weights is None:
        groups = [np.ones(level.n_groups) for level in frame.levels]
        rows = np.ones(len(frame.y))
    else:
        groups, rows = [weights.copy() for weights in frame.weights.groups], frame.weights.rows
    groups[0][group] *= 2.0
    return replace(frame, weights=make_weights(frame, rows, tuple(groups), "pweight"))


def test_scores_are_the_slopes_of_each_group_s_own_log_likelihood(case):
    """What a group adds to the log likelihood is what counting it once more adds."""
    frame, criterion, theta = case
    at = replace(criterion(theta, 1), sigma2=1.3)
    at = replace(at, b=at.b + 0.1)
    found = group_scores(criterion, at, frame, CancelToken())
    phi = np.append(1.3 * theta, 1.3)
    top = frame.levels[0]
    for group in range(top.n_groups):
        more = make_criterion(doubled(frame, group))
        place = int(np.flatnonzero(top.codes[found.rows] == group)[0])

        def own(b, phi, more=more):
            return log_likelihood(more, b, phi) - log_likelihood(criterion, b, phi)

        scale = 1.0 + np.abs(found.variances).max() + np.abs(found.b).max()
        for k in range(len(at.b)):
            step = np.zeros(len(at.b))
            step[k] = 1e-5
            numeric = (own(at.b + step, phi) - own(at.b - step, phi)) / 2e-5
            assert found.b[k, place] == pytest.approx(numeric, rel=0, abs=1e-7 * scale)
        for k in range(len(phi)):
            step = np.zeros(len(phi))
            step[k] = 1e-5
            numeric = (own(at.b, phi + step) - own(at.b, phi - step)) / 2e-5
            assert found.variances[k, place] == pytest.approx(numeric, rel=0, abs=1e-6 * scale)


def test_scores_of_all_groups_add_up_to_zero_at_the_maximum():
    frame = random_frame("two levels, unstructured", np.random.default_rng(5), top=30)
    criterion = make_criterion(frame)
    fit = find_optimum(criterion, Maximization(), names=(), sink=ignore_event, cancel=CancelToken())
    found = group_scores(criterion, fit.profile, frame, CancelToken())
    assert found.b.sum(axis=1) == pytest.approx(0.0, abs=1e-8)
    assert found.variances[-1].sum() == pytest.approx(0.0, abs=1e-4)
