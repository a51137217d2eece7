"""Two hundred simulated hard models: each converges or says why not, and none ends below another starting point."""

from __future__ import annotations

import numpy as np
import pytest
from hard_models import hard_model

from engine.errors import StataError
from engine.events import CancelToken
from engine.fit.em import starting_theta
from engine.fit.estimate import estimate
from engine.fit.metric import RootMetric
from engine.fit.model import make_criterion
from engine.fit.newton import StoppingRule, maximize
from engine.fit.search import log_likelihood
from engine.fit.start import accelerated_start
from engine.results.verdict import Trust
from engine.spec.mixed import Method
from engine.tables.mixed_notes import warning_lines


def numbered(first, last, *marks):
    return [pytest.param(seed, marks=marks) for seed in range(first, last)]


@pytest.mark.parametrize("seed", [*numbered(0, 21), *numbered(21, 200, pytest.mark.slow)])
def test_a_hard_model_converges_or_is_explained(seed):
    _, frame = hard_model(seed)
    result = fitted(frame)
    if isinstance(result, StataError):
        assert result.message[0].islower()
        assert "nan" not in result.message.lower()
        return
    verdict = result.record.verdict
    estimates = np.array([parameter.estimate for parameter in result.parameters])
    assert np.all(np.isfinite(estimates))
    assert np.all(np.isfinite(result.beta))
    assert np.all(np.isfinite(result.vcov_beta))
    assert np.isfinite(result.ll)
    assert result.record.converged
    for block in result.blocks:
        assert np.linalg.eigvalsh(block.Sigma)[0] >= -1e-9 * max(1e-300, float(np.abs(block.Sigma).max()))
    if any(np.isnan(parameter.se) for parameter in result.parameters):  # what has no standard error is explained
        assert verdict.trust is Trust.CAREFUL
        assert warning_lines(result)
    assert result.ll >= best_of_other_starts(frame, seed) - 1e-6 * (1.0 + abs(result.ll))


def fitted(frame):
    """Return the result, or the refusal."""
    try:
        return estimate(frame)
    except StataError as refusal:
        return refusal


def best_of_other_starts(frame, seed):
    """Log likelihood of the best of four random starting points."""
    criterion = make_criterion(frame, CancelToken())
    reml = frame.method is Method.REML
    rng = np.random.default_rng(seed)
    best = -np.inf
    for _ in range(4):
        theta = starting_theta(criterion)
        for block in criterion.layout.blocks:
            q = block.structure.q
            root = rng.normal(size=(q, q)) * 10.0 ** rng.uniform(-1.5, 1.5)
            scale = np.sqrt(np.diag(block.structure.matrix(theta[block.parameters])))
            theta[block.parameters] = block.structure.average(np.outer(scale, scale) * (root @ root.T))
        with np.errstate(all="ignore"):
            start, _ = accelerated_start(
                criterion, RootMetric(criterion.layout), theta, report=lambda *_: None, cancel=CancelToken()
            )
            found = maximize(criterion, start, rule=StoppingRule(), report=lambda *_: None, cancel=CancelToken())
        best = max(best, log_likelihood(found.profile.value, criterion.design, reml=reml))
    return best
