"""The criterion of a small model with structured residual errors."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from engine.design.blocks import make_design
from engine.events import CancelToken
from engine.fit.criterion import Criterion
from engine.fit.layout import make_layout
from engine.fit.residuals.products import Whitened
from engine.fit.residuals.stage import make_stage
from engine.frame.modelframe import ModelFrame
from engine.spec.mixed import Method

FloatArray = npt.NDArray[np.float64]


def make_criterion(frame: ModelFrame, *, by_group: bool = False) -> Criterion:
    """Criterion of a frame; `by_group` leaves out every shortcut."""
    design = make_design(frame, CancelToken())
    layout = make_layout(design.levels, frame.blocks, frame.residual)
    stage = make_stage(frame, design, layout, frame.residual, CancelToken())
    if by_group:
        stage.whole, stage.products = None, Whitened(stage.residual, stage.parameters)
    return Criterion(design, layout, reml=frame.method is Method.REML, stage=stage)


def feasible_point(criterion: Criterion, rng: np.random.Generator) -> FloatArray:
    """Random coordinates of the search at which every covariance matrix is positive definite."""
    for _ in range(200):
        gamma = rng.normal(size=criterion.layout.size) * 0.3
        if np.isfinite(criterion(criterion.layout.from_root(gamma)[0], 0).value):
            return gamma
    raise AssertionError("no feasible point found")


def shortcuts_agree(criterion: Criterion, frame: ModelFrame, gamma: FloatArray) -> None:
    """Fail unless value and derivatives at `gamma` are those of an evaluation group by group."""
    theta, _ = criterion.layout.from_root(gamma)
    short, plain = criterion(theta, 2), make_criterion(frame, by_group=True)(theta, 2)
    assert short.value == pytest.approx(plain.value, rel=1e-11)
    assert short.gradient == pytest.approx(plain.gradient, rel=1e-8, abs=1e-8)
    assert short.hessian == pytest.approx(plain.hessian, rel=1e-8, abs=1e-7)
