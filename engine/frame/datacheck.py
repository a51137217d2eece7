"""What the data have against a model, and which part of the model is to blame: asked before a fit, by dialogs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.data.dataset import Dataset
from engine.errors import Problem, StataError
from engine.frame.bind import bind
from engine.spec.mixed import MixedSpec
from engine.spec.mixed_fields import without

NO_OBSERVATIONS = 2000
"""Return code of a model without observations."""


def needs_data_check(spec: MixedSpec) -> bool:
    """Tell whether `spec` has parts that the data can rule out: residual structure, weights, clusters, a condition."""
    if spec.if_ is not None:
        return True
    weighted = spec.weight is not None or any(e.fweight or e.pweight for e in spec.equations)
    return weighted or spec.residuals is not None or any(name == "vce" for name, _ in spec.others)


def data_problem(spec: MixedSpec, dataset: Dataset) -> Problem | None:
    """Return why residual structure, weights, clusters or the condition of `spec` do not go with the data, else None.

    `Problem.option` is the part without which the model would bind: ``residuals_by``, ``residuals_order``,
    ``residuals_t``, ``residuals``, ``vce_cluster``, ``weight_exp``, ``equations`` or ``if``. A model that does not bind
    for other reasons gives None: the command says why.
    """
    error = _failure(spec, dataset)
    if error is None:
        return None
    if error.rc == NO_OBSERVATIONS and spec.if_ is not None:
        other = _failure(replace(spec, if_=None), dataset)
        empty = other is None or other.rc != NO_OBSERVATIONS
        return Problem(error.rc, error.message, "if") if empty else None
    for option, simpler in _simpler(spec):
        other = _failure(simpler, dataset)
        if other is None or other.message != error.message:
            return Problem(error.rc, error.message, option)
    return None


def _failure(spec: MixedSpec, dataset: Dataset) -> StataError | None:
    try:
        bind(spec, dataset)
    except StataError as error:
        return error
    return None


def _simpler(spec: MixedSpec) -> Iterator[tuple[str, MixedSpec]]:
    """Yield the model without one of its parts, the smallest parts first."""
    residuals = spec.residuals
    if residuals is not None:
        if residuals.by is not None:
            yield "residuals_by", replace(spec, residuals=replace(residuals, by=None))
        if residuals.order is not None:
            yield "residuals_order", replace(spec, residuals=replace(residuals, order=None))
        yield ("residuals" if residuals.t is None else "residuals_t"), without(spec, ["residuals"])
    if any(name == "vce" for name, _ in spec.others):
        yield "vce_cluster", without(spec, ["vce"])
    if any(equation.fweight or equation.pweight for equation in spec.equations):
        plain = tuple(replace(equation, fweight=None, pweight=None) for equation in spec.equations)
        yield "equations", replace(spec, equations=plain)
    if spec.weight is not None:
        yield "weight_exp", without(spec, ["weight"])
