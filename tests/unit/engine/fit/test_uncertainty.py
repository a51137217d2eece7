"""Kenward and Roger's method with structured residual errors against n x n algebra with slopes of V by differences."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
from crossed import crossed_frame
from dense import covariance_ratio
from dense_smallsample import DenseSmallSample, derivatives
from residual_frames import KINDS, LEVELS, covariance, residual_frame, with_residuals

from engine.errors import StataError
from engine.events import CancelToken
from engine.fit.model import make_criterion
from engine.fit.uncertainty import variance_uncertainty
from engine.inference import kenward_roger, satterthwaite
from engine.inference.fixedeffects import FixedEffects
from engine.spec.dfmethod import DfInformation
from engine.spec.mixed import Method

STEP = 1e-5


def feasible_point(criterion, rng):
    for _ in range(200):
        theta = criterion.layout.from_root(rng.normal(size=criterion.layout.size) * 0.3)[0]
        at = criterion(theta, 2)
        if np.isfinite(at.value):
            return at
    raise AssertionError("no feasible point found")


def dense_at(frame, criterion, at):
    """The formulas of the manual at the same point, in the units of the data."""
    layout, basis = criterion.layout, criterion.design.basis
    sigma2 = at.sigma2 * basis.scale**2
    Psis = [np.zeros((0, 0))] * len(frame.blocks)
    for block in layout.blocks:
        T = basis.random_maps[block.block]
        Psis[block.block] = T @ block.structure.matrix(at.theta[block.parameters]) @ T.T
    relative = at.theta[layout.n_random :]
    natural = [layout.residual.natural(relative, b).copy() for b in range(len(layout.residual.structures))]
    for b, structure in enumerate(layout.residual.structures):
        natural[b] *= [sigma2 if p.degree else 1.0 for p in structure.parameters]
    V = sigma2 * (covariance_ratio(frame, Psis) - np.eye(len(frame.y))) + covariance(frame.residual, natural)
    slopes = derivatives(frame)[:-1]
    for values in natural:
        for k in range(len(values)):
            step = STEP * max(abs(values[k]), 0.1)
            ends = []
            for sign in (1.0, -1.0):
                kept, values[k] = values[k], values[k] + sign * step
                ends.append(covariance(frame.residual, natural))
                values[k] = kept
            slopes.append((ends[0] - ends[1]) / (2.0 * step))
    return DenseSmallSample(frame.X, frame.y, V, slopes)


ALL = [
    pytest.param(kind, order, levels, by, id=f"{kind} {order or ''}, {levels}{', by' if by else ''}")
    for kind, order in KINDS
    for levels, by in (("intercept", False), ("no random effects", True), ("slope on a covariate", False))
    if not (kind == "independent" and by) and not (kind == "ar" and order > (1 if by else 2))
]


def any_model(kind, order, levels, rng, *, by=False):
    """A frame on random data that the model can be estimated from, and its criterion."""
    for _ in range(50):
        with suppress(StataError):
            frame = residual_frame(kind, order, levels, rng, by=by, method=Method.REML)
            return frame, make_criterion(frame, CancelToken())
    raise AssertionError("no usable data found")


@pytest.mark.parametrize(("kind", "order", "levels", "by"), ALL)
def test_adjusted_covariances_and_degrees_of_freedom_are_those_of_plain_algebra(kind, order, levels, by):
    rng = np.random.default_rng([len(kind), order or 0, list(LEVELS).index(levels), int(by), 1])
    frame, criterion = any_model(kind, order, levels, rng, by=by)
    check_small_sample(frame, criterion, rng)


@pytest.mark.parametrize(("kind", "order"), [("ar", 1), ("exponential", None), ("ma", 1), ("exchangeable", None)])
@pytest.mark.parametrize("name", ["a factor and a level", "a factor above a slope"])
def test_they_are_beside_crossed_effects_too(name, kind, order):
    rng = np.random.default_rng([len(kind), len(name)])
    frame = with_residuals(crossed_frame(name, rng, Method.REML), kind, order)
    check_small_sample(frame, make_criterion(frame, CancelToken()), rng)


def check_small_sample(frame, criterion, rng):
    at = feasible_point(criterion, rng)
    uncertainty = variance_uncertainty(criterion, at, wanted=True)
    model = FixedEffects(
        n=len(frame.y),
        rank=frame.X.shape[1],
        Phi=uncertainty.root @ uncertainty.root.T,
        uncertainty=uncertainty,
        information=DfInformation.EXPECTED,
        frame=lambda: frame,
    )
    full = dense_at(frame, criterion, at)
    scale = np.sqrt(np.diag(full.Phi))
    assert model.Phi / np.outer(scale, scale) == pytest.approx(full.Phi / np.outer(scale, scale), abs=1e-8)
    adjusted = kenward_roger.covariance(model)
    assert adjusted / np.outer(scale, scale) == pytest.approx(full.adjusted("eim") / np.outer(scale, scale), abs=1e-5)
    eye = np.eye(model.p)
    assert satterthwaite.coefficients(model) == pytest.approx([full.single(c, "eim") for c in eye], rel=1e-5)
    joint = kenward_roger.joint(model, eye[:, :2])
    ddf, F_scale = full.kenward_roger(eye[:, :2], "eim")
    if np.isfinite(joint.ddf):
        assert (joint.ddf, joint.scale) == pytest.approx((ddf, F_scale), rel=1e-4)
    else:
        assert ddf <= 0 or F_scale <= 0


def test_the_second_evaluation_is_made_only_when_wanted():
    for kind, order, made in (("ar", 1, False), ("unstructured", None, True)):
        _, criterion = any_model(kind, order, "intercept", np.random.default_rng(1))
        at = feasible_point(criterion, np.random.default_rng(2))
        assert (variance_uncertainty(criterion, at, wanted=False) is not None) is made
