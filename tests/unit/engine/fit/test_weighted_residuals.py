"""Weights beside structured residual errors, against groups (and rows, where they may be) written out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from differences import derivatives_agree
from replicated import make_weights, replicate_frame
from residual_criterion import feasible_point, make_criterion, shortcuts_agree
from residual_frames import KINDS, residual_frame

from engine.events import CancelToken
from engine.fit.scores import group_scores
from engine.fit.search import log_likelihood

TIMELESS = ("independent", "exchangeable")
CASES = [
    pytest.param(kind, order, levels, rows, id=f"{kind} {order or ''}, {levels}{', rows weighted' if rows else ''}")
    for kind, order in KINDS
    for levels in ("intercept", "slope on a covariate", "slope on time", "two levels")
    for rows in (False, True)
    if not rows or kind in TIMELESS
]


def weighted_frame(kind, order, levels, rng, *, rows):
    frame = residual_frame(kind, order, levels, rng, by=False)
    groups = tuple(rng.integers(1, 4, size=level.n_groups).astype(float) for level in frame.levels)
    own = rng.integers(1, 4, size=len(frame.y)).astype(float) if rows else None
    return replace(frame, weights=make_weights(frame, own, groups))


def same_model(criterion, other, theta):
    """Theta of the other criterion at the same covariance matrices in the metric of the data."""
    out = theta.copy()
    for mine, theirs in zip(criterion.layout.blocks, other.layout.blocks, strict=True):
        T = np.linalg.solve(other.design.basis.random_maps[mine.block], criterion.design.basis.random_maps[mine.block])
        Psi = T @ mine.structure.matrix(theta[mine.parameters]) @ T.T
        out[theirs.parameters] = theirs.structure.coordinates(Psi)
    return out


@pytest.mark.parametrize(("kind", "order", "levels", "rows"), CASES)
class TestWeightedResiduals:
    @pytest.fixture
    def case(self, kind, order, levels, rows):
        rng = np.random.default_rng([len(kind), order or 0, len(levels), int(rows)])
        frame = weighted_frame(kind, order, levels, rng, rows=rows)
        criterion = make_criterion(frame)
        strictest = criterion if kind in TIMELESS else make_criterion(frame, by_group=True)  # needs W itself definite
        return frame, criterion, feasible_point(strictest, rng)

    def test_the_likelihood_is_that_of_the_data_written_out(self, case):
        frame, criterion, gamma = case
        theta = criterion.layout.from_root(gamma)[0]
        brute = make_criterion(replicate_frame(frame))
        value = log_likelihood(criterion(theta, 0).value, criterion.design, reml=False)
        want = log_likelihood(brute(same_model(criterion, brute, theta), 0).value, brute.design, reml=False)
        assert value == pytest.approx(want, rel=1e-9)

    def test_the_derivatives_are_those_of_finite_differences(self, case):
        _, criterion, gamma = case
        derivatives_agree(criterion, gamma)

    def test_the_shortcuts_give_what_group_by_group_evaluation_gives(self, case):
        frame, criterion, gamma = case
        if frame.residual.kind in TIMELESS:  # their rows may have weights, where there is no one W
            return
        shortcuts_agree(criterion, frame, gamma)


@pytest.mark.parametrize(("kind", "order"), KINDS)
@pytest.mark.parametrize("levels", ["slope on a covariate", "two levels"])
def test_the_score_of_a_top_level_group_counts_by_its_weight(kind, order, levels):
    rng = np.random.default_rng([7, len(kind), order or 0])
    frame = weighted_frame(kind, order, levels, rng, rows=False)
    tops = frame.weights.groups[0]
    frame = replace(frame, weights=make_weights(frame, None, (tops, *(None for _ in frame.levels[1:])), "pweight"))
    criterion = make_criterion(frame)
    plain = make_criterion(replace(frame, weights=None), by_group=kind != "independent")
    at = plain(plain.layout.from_root(feasible_point(plain, rng))[0], 1)
    at = replace(at, b=at.b + 0.1, sigma2=1.3)
    found = group_scores(criterion, at, frame, CancelToken())
    want = group_scores(plain, at, replace(frame, weights=None), CancelToken())
    own = tops[frame.levels[0].codes[want.rows]]
    assert found.b == pytest.approx(want.b * own, rel=1e-9, abs=1e-12)
    assert found.variances == pytest.approx(want.variances * own, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("kind", TIMELESS)
def test_scores_with_weights_of_observations_are_those_of_the_rows_written_out(kind):
    rng = np.random.default_rng(11)
    frame = weighted_frame(kind, None, "intercept", rng, rows=True)
    frame = replace(frame, weights=make_weights(frame, frame.weights.rows, (None,)))
    long = replicate_frame(frame)
    criterion, brute = make_criterion(frame), make_criterion(long)
    at, other = criterion(np.array([0.4, 0.2, 0.3][: criterion.layout.size]), 1), None
    other = brute(same_model(criterion, brute, at.theta), 1)
    found = group_scores(criterion, at, frame, CancelToken())
    want = group_scores(brute, other, long, CancelToken())
    first = np.argsort(long.levels[0].codes[want.rows])
    own = np.argsort(frame.levels[0].codes[found.rows])
    mine, theirs = (each.design.basis.scale ** (2.0 * each.layout.degrees[1:, None]) for each in (criterion, brute))
    last = slice(1, criterion.layout.size)  # parameters of the residuals, variances in the units of the data
    assert found.variances[last, own] / mine == pytest.approx(want.variances[last, first] / theirs, rel=1e-8, abs=1e-10)
