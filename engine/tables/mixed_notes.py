"""What stands below the tables of ``mixed``: the LR test, notes and warnings."""

from __future__ import annotations

import numpy as np

from engine.frame.constraints import Constraints
from engine.results.mixed import MixedResult
from engine.results.verdict import EM_SETTLED, Trust, Verdict, boundary, not_converged
from engine.spec.dfmethod import DfInformation
from engine.spec.mixed import DisplayOptions
from engine.tables.document import Lines, Role
from engine.tables.numbers import CHI2, PROBABILITY, number_text

WIDTH = 78

CONSERVATIVE = "Note: LR test is conservative and provided only for reference."
BOUNDARY = (
    "Note: The reported degrees of freedom assumes the null hypothesis is not on the boundary of the parameter space.  "
    "If this is not true, then the reported test is conservative."
)


def constraint_lines(constraints: Constraints) -> Lines:
    """Return the list of constraints as it stands above the coefficient table."""
    return Lines(tuple(f" ({number:>2})  {line}" for number, line in enumerate(constraints.lines, start=1)))


def has_lr_test(result: MixedResult) -> bool:
    """Tell whether there is a comparison with the linear model to report."""
    return result.df_linear > 0 and bool(np.isfinite(result.chi2_linear)) and result.record.converged


def lr_lines(result: MixedResult, display: DisplayOptions) -> tuple[Lines, ...]:
    """Return the LR test against the linear model and its note; it belongs to the random-effects table."""
    if display.nolrtest or display.noretable or not has_lr_test(result):
        return ()
    value = number_text(result.chi2_linear, CHI2)
    p = number_text(result.p_linear, PROBABILITY)
    if result.chibar:
        left = f"LR test vs. linear model: chibar2(01) = {value}"
        right = f"Prob >= chibar2 = {p}"
    else:
        left = f"LR test vs. linear model: chi2({result.df_linear}) = {value}"
        right = f"Prob > chi2 = {p}"
    line = left + right.rjust(max(len(right) + 2, WIDTH - len(left)))
    if result.chibar:
        return (Lines((line,)),)
    has_random = any(parameter.block >= 0 for parameter in result.parameters)
    return (Lines((line,)), Lines(("", CONSERVATIVE if has_random else BOUNDARY), Role.NOTE))


def ddf_lines(result: MixedResult) -> tuple[Lines, ...]:
    """Say why there are no degrees of freedom where ``dfmethod()`` found none."""
    ddf = result.ddf
    if ddf is None or np.any(np.isfinite(ddf.df)):
        return ()
    method = ddf.request.method.value
    if not ddf.request.method.is_approximation:
        text = f"the {method} method leaves no degrees of freedom in this model.  Choose another method."
    elif ddf.request.information is DfInformation.OBSERVED:
        text = (
            "degrees of freedom could not be computed, because the observed information of the variance parameters is "
            f"not positive definite here.  Use dfmethod({method}), which takes the expected information."
        )
    else:
        text = (
            "degrees of freedom could not be computed, because the data tell nothing about the variance parameters "
            "that they depend on.  Choose a simpler model."
        )
    return (Lines(("", f"Note: {text}"), Role.NOTE),)


def warning_lines(result: MixedResult) -> tuple[Lines, ...]:
    """Return what a reader must know before using the numbers: boundary, convergence, missing standard errors."""
    blocks: list[Lines] = []
    record = result.record
    verdict = record.verdict
    if verdict is not None and not verdict.at_boundary:
        return _verdict_lines(verdict)
    if record.at_boundary:
        blocks.append(Lines(("", f"Note: {boundary(record.at_boundary)}"), Role.NOTE))
    if verdict is not None and verdict.trust is not Trust.NO and verdict.checks.starts_agree is False:
        blocks.append(Lines(("", f"Warning: {verdict.sentence}"), Role.WARNING))
    if not record.converged:
        text = f"Warning: {not_converged(record.iterations)}"
        blocks.append(Lines(("", text), Role.WARNING))
    elif not record.at_boundary and bool(np.isnan(result.vcov_theta).any()):
        text = (
            "Warning: standard-error calculation failed; the estimates stand, but the standard errors of the "
            "random-effects parameters are not available."
        )
        blocks.append(Lines(("", text), Role.WARNING))
    return tuple(blocks)


def _verdict_lines(verdict: Verdict) -> tuple[Lines, ...]:
    """Return the verdict as a warning, nothing where there is nothing to say."""
    if verdict.trust is Trust.YES or verdict.sentence == EM_SETTLED:
        return ()
    return (Lines(("", f"Warning: {verdict.sentence}"), Role.WARNING),)
