"""The criterion with structured residual errors against n x n algebra, finite differences and its own other routes."""

from __future__ import annotations

import numpy as np
import pytest
from dense import profile_criterion
from differences import derivatives_agree
from residual_criterion import feasible_point, make_criterion, shortcuts_agree
from residual_frames import KINDS, LEVELS, covariance, residual_frame

from engine.events import CancelToken
from engine.fit.residuals import outer, sums
from engine.fit.residuals import stage as stages
from engine.fit.residuals.markov import Markov
from engine.fit.search import log_likelihood
from engine.spec.mixed import Method

ALL = [
    pytest.param(kind, order, levels, by, id=f"{kind} {order or ''}, {levels}{', by' if by else ''}")
    for kind, order in KINDS
    for levels in LEVELS
    for by in (False, True)
    if not by or (kind != "independent" and levels in ("no random effects", "two levels"))
]


@pytest.mark.parametrize(("kind", "order", "levels", "by"), ALL)
class TestEveryStructure:
    @pytest.fixture
    def case(self, kind, order, levels, by):
        seed = [len(kind), order or 0, list(LEVELS).index(levels), int(by)]
        rng = np.random.default_rng(seed)
        method = Method.REML if sum(seed) % 2 else Method.ML
        frame = residual_frame(kind, order, levels, rng, by=by, method=method)
        criterion = make_criterion(frame)
        return frame, criterion, feasible_point(criterion, rng)

    def test_the_value_is_that_of_plain_dense_algebra(self, case):
        frame, criterion, gamma = case
        layout, reml = criterion.layout, criterion.reml
        theta, _ = layout.from_root(gamma)
        Psis = [np.zeros((0, 0))] * len(frame.blocks)
        for block in layout.blocks:
            T = criterion.design.basis.random_maps[block.block]
            Psis[block.block] = T @ block.structure.matrix(theta[block.parameters]) @ T.T
        natural = [layout.residual.natural(theta[layout.n_random :], b) for b in range(len(layout.residual.structures))]
        want = profile_criterion(frame, Psis, reml=reml, W=covariance(frame.residual, natural))
        value = -2.0 * log_likelihood(criterion(theta, 0).value, criterion.design, reml=reml)
        assert value == pytest.approx(want, rel=1e-10)

    def test_the_derivatives_are_those_of_finite_differences(self, case):
        _, criterion, gamma = case
        derivatives_agree(criterion, gamma)

    def test_the_shortcuts_give_what_group_by_group_evaluation_gives(self, case):
        frame, criterion, gamma = case
        if frame.residual.kind == "independent":  # by() may vary within groups, where there is no common W
            return
        shortcuts_agree(criterion, frame, gamma)

    def test_the_search_starts_where_every_covariance_matrix_is_definite(self, case):
        _, criterion, _ = case
        theta = np.append(np.zeros(criterion.layout.n_random), criterion.stage.start())
        assert np.isfinite(criterion(theta, 0).value)


def test_parameters_outside_their_range_are_infinitely_bad():
    frame = residual_frame("ar", 2, "intercept", np.random.default_rng(5), by=False)
    criterion = make_criterion(frame)
    assert criterion(np.array([0.5, 0.9, 0.2]), 2).value == np.inf


@pytest.mark.parametrize("levels", LEVELS)
@pytest.mark.parametrize(
    ("kind", "order", "by"), [("exponential", None, True), ("ar", 1, False), ("exponential", None, False)]
)
def test_a_chain_in_time_gives_what_whole_matrices_give(kind, order, by, levels, monkeypatch):
    monkeypatch.setattr(sums, "MOST_GAPS", 0)
    monkeypatch.setattr(sums, "_MOST_WITHOUT_EFFECTS", 0)
    monkeypatch.setattr(stages, "_CHAIN", 0)
    frame = residual_frame(kind, order, levels, np.random.default_rng(8), by=by)
    criterion = make_criterion(frame)
    theta, _ = criterion.layout.from_root(feasible_point(criterion, np.random.default_rng(9)))
    chain, plain = criterion(theta, 2), make_criterion(frame, by_group=True)(theta, 2)
    assert isinstance(criterion.stage.products, Markov)
    assert chain.value == pytest.approx(plain.value, rel=1e-11)
    assert chain.gradient == pytest.approx(plain.gradient, rel=1e-8, abs=1e-8)
    assert chain.hessian == pytest.approx(plain.hessian, rel=1e-8, abs=1e-7)


@pytest.mark.parametrize("levels", ["intercept", "slope on a covariate", "two levels"])
@pytest.mark.parametrize(
    ("kind", "order"), [("ar", 2), ("ma", 1), ("toeplitz", 2), ("unstructured", None), ("har", None)]
)
def test_outer_products_made_once_give_what_rows_give(kind, order, levels, monkeypatch):
    monkeypatch.setattr(outer, "_FEWEST", 0)
    frame = residual_frame(kind, order, levels, np.random.default_rng(8), by=levels == "two levels")
    criterion = make_criterion(frame, by_group=True)
    theta, _ = criterion.layout.from_root(feasible_point(criterion, np.random.default_rng(9)))
    plain = criterion(theta, 2)
    stage = criterion.stage
    stage.products = outer.make_outer(stage.residual, stage.parameters, CancelToken())
    found = criterion(theta, 2)
    assert found.value == pytest.approx(plain.value, rel=1e-11)
    assert found.gradient == pytest.approx(plain.gradient, rel=1e-8, abs=1e-8)
    assert found.hessian == pytest.approx(plain.hessian, rel=1e-8, abs=1e-7)
