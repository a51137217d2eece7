"""The criterion that a model frame asks for."""

from __future__ import annotations

from engine.design.blocks import make_design
from engine.design.crossed import make_crossed_design
from engine.design.equivalent import equivalent, has_factors
from engine.events import CancelToken
from engine.fit.checks import check_design, check_frame
from engine.fit.criterion import Criterion
from engine.fit.crossed import CrossedCriterion
from engine.fit.layout import make_layout
from engine.fit.memory import check_memory
from engine.fit.residualstage import make_stage
from engine.frame.modelframe import ModelFrame
from engine.spec.mixed import Method


def make_criterion(frame: ModelFrame, cancel: CancelToken) -> Criterion:
    """Reduce a frame to cross-products and return the criterion to be minimised.

    Raises
    ------
    StataError
        When the data cannot carry the model, or the model does not fit into memory.
    """
    check_frame(frame)
    reml = frame.method is Method.REML
    if has_factors(frame):
        model = equivalent(frame)
        check_memory(model)
        crossed = make_crossed_design(model, cancel)
        criterion = CrossedCriterion(model, frame, crossed, reml=reml, cancel=cancel)
        check_design(criterion.design, frame)
        return criterion
    design = make_design(frame, cancel)
    check_design(design, frame)
    layout = make_layout(design.levels, frame.blocks, frame.residual)
    stage = None if frame.residual is None else make_stage(frame, design, layout, frame.residual, cancel)
    return Criterion(design, layout, reml=reml, stage=stage, cancel=cancel)
