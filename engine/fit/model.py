"""The criterion that a model frame asks for."""

from __future__ import annotations

from engine.design.blocks import make_design
from engine.design.crossed import make_crossed_design
from engine.design.equivalent import equivalent, has_factors
from engine.design.spelled import needs_spelling, spelled_out
from engine.events import CancelToken
from engine.fit.checks import check_design, check_frame
from engine.fit.criterion import Criterion
from engine.fit.crossed import CrossedCriterion
from engine.fit.layout import make_layout
from engine.fit.memory import check_memory
from engine.fit.residuals.stage import make_stage
from engine.fit.spelled import SpelledCriterion
from engine.frame.modelframe import ModelFrame
from engine.spec.mixed import Method


def make_criterion(frame: ModelFrame, cancel: CancelToken, *, spelled: bool = False) -> Criterion:
    """Reduce a frame to cross-products and return the criterion to be minimised.

    With `spelled` crossed effects are spelled out, whose scores are known by group.

    Raises
    ------
    StataError
        When the data cannot carry the model, or the model does not fit into memory.
    """
    check_frame(frame)
    reml = frame.method is Method.REML
    if has_factors(frame) and (spelled or needs_spelling(frame)):
        written = spelled_out(frame)
        return SpelledCriterion(written, frame, _nested(written.frame, cancel, reml=reml))
    if has_factors(frame):
        model = equivalent(frame)
        check_memory(model)
        crossed = make_crossed_design(model, cancel)
        criterion = CrossedCriterion(model, frame, crossed, reml=reml, cancel=cancel)
        check_design(criterion.design, frame)
        return criterion
    return _nested(frame, cancel, reml=reml)


def _nested(frame: ModelFrame, cancel: CancelToken, *, reml: bool) -> Criterion:
    design = make_design(frame, cancel)
    check_design(design, frame)
    layout = make_layout(design.levels, frame.blocks, frame.residual)
    stage = None if frame.residual is None else make_stage(frame, design, layout, frame.residual, cancel)
    return Criterion(design, layout, reml=reml, stage=stage, cancel=cancel)
