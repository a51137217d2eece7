"""What ``mixed`` does: bind the model to the data, fit it and show it, or show the last one again."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from engine.commands.base import Context, Effects
from engine.errors import StataError
from engine.events import Event, Iteration
from engine.fit.estimate import estimate
from engine.frame.bind import bind
from engine.frame.constraints import Constraints, bind_constraints
from engine.frame.modelframe import ModelFrame
from engine.frame.nesting import advice, examine
from engine.frame.signature import signature, signed_variables
from engine.inference.ddf import degrees_of_freedom
from engine.lang.command import Command
from engine.lang.linear import LinearEquation, parse_equations
from engine.lang.numlist import parse_numlist
from engine.results.estimates import MixedEstimates
from engine.results.mixed import MixedResult
from engine.results.mixed_stored import mixed_stored
from engine.results.stored import DataTable, Stored
from engine.spec.dfmethod import df_request
from engine.spec.mixed import DisplayOptions, Method, Metric, MixedReplay, MixedSpec
from engine.spec.mixed_reader import read_mixed
from engine.spec.problems import locate, problems_of
from engine.tables.document import Lines, Role
from engine.tables.labels import factor_labels
from engine.tables.mixed import coefficient_matrix, data_tables, metric_of, mixed_blocks
from engine.tables.mixed_extras import extra_tables
from engine.tables.mixed_log import MixedLog

FIRST_WITH_ML = 12.0
"""The release from which on xtmixed fits by maximum likelihood where no method is named."""


def run(command: Command, context: Context) -> Effects:
    """Fit the model of `command`, or redisplay the active results.

    Raises
    ------
    StataError
        r(198) and others for what the specification forbids, r(301) for a redisplay without results, and whatever
        `engine.frame.bind.bind` and `engine.fit.estimate.estimate` find wrong with the data.
    """
    spec = _as_of_release(read_mixed(command), command, context)
    for problem in problems_of(spec):
        if not problem.warning:
            raise locate(problem, command).to_error()
    if isinstance(spec, MixedReplay):
        return _replay(spec, context)
    return _fit(spec, _as_typed(command), context)


def _as_typed(command: Command) -> dict[str, str]:
    """Return the macros that repeat the command as typed: residuals() and the weight of the observations."""
    typed = {}
    weight = command.main.weight
    if weight is not None and weight.expression.span is not None:
        typed["wexp"] = f"= {command.text[slice(*weight.expression.span)]}"
    for part in command.parts:
        use = part.option("residuals")
        if use is not None and use.argument:
            typed["resopt"] = use.argument.strip()
    return typed


def _as_of_release(spec: MixedSpec | MixedReplay, command: Command, context: Context) -> MixedSpec | MixedReplay:
    """Return the model as the release asked for fits it: up to 11, xtmixed took REML where no method was named."""
    named = any(part.has(word) for part in command.parts for word in ("mle", "reml"))
    if (
        isinstance(spec, MixedSpec)
        and spec.command == "xtmixed"
        and context.settings.version < FIRST_WITH_ML
        and not named
    ):
        return replace(spec, method=Method.REML)
    return spec


def _fit(spec: MixedSpec, typed: dict[str, str], context: Context) -> Effects:
    frame = bind(spec, context.dataset, lookup=context.lookup, cancel=context.cancel)
    frame = replace(frame, constraints=_constraints(spec, frame, context))
    if frame.notes:
        context.say(*frame.notes, role=Role.NOTE)
    log = MixedLog(
        frame.method,
        has_random=any(block.columns for block in frame.blocks),
        pseudo=frame.clusters is not None,
        starting=frame.weights is not None or frame.residual is not None,
        maximization=spec.maximization,
    )

    def listen(event: Event) -> None:
        context.sink(event)
        if isinstance(event, Iteration):
            context.emit(*log.blocks(event))

    request = df_request(spec)
    result = estimate(
        frame,
        spec.maximization,
        sink=listen,
        cancel=context.cancel,
        sample_rows=context.dataset.row_ids[frame.e_sample],
        small_sample=request is not None and request.method.is_approximation,
    )
    result = replace(result, signature=signature(frame), signed_variables=signed_variables(frame))
    if request is not None:
        listen(Iteration("df", 0, math.nan))
        result = replace(result, ddf=degrees_of_freedom(result, request, lambda: frame))
    context.emit(*log.rest())
    if spec.nostderr:
        result = _without_standard_errors(result)
    stored = mixed_stored(result, context.cmdline, typed)
    note = _advice_on_nesting(frame, context)
    context.cancel.check()  # for the last time: what has been shown stays in memory
    tables = _show(result, spec.display, metric_of(spec.display, spec.command), context)
    if note:
        context.emit(Lines(("", *note.split("\n")), Role.WARNING))
    return Effects(
        estimates=MixedEstimates(command="mixed", spec=spec, result=result, cmdline=context.cmdline, e=stored),
        tables=tables,
        r=_returned(result, spec.display, context),
        e=stored,
        verdict=result.record.verdict,
    )


def _constraints(spec: MixedSpec, frame: ModelFrame, context: Context) -> Constraints | None:
    """Find the constraints that the model names; r(111) for a number that is not defined."""
    if spec.constraints is None:
        return None
    equations: list[LinearEquation] = []
    for number in parse_numlist(spec.constraints):
        text = context.constraints.get(int(number))
        if text is None:
            raise StataError(
                111, f"constraint {number:g} is not defined: define it with constraint {number:g} exp = exp"
            )
        equations += parse_equations(text)
    return bind_constraints(equations, frame.columns, frame.depvar)


def _without_standard_errors(result: MixedResult) -> MixedResult:
    """Return the result as nostderr shows it: variance components without standard errors, their block of e(V) zero."""
    parameters = tuple(replace(each, se=math.nan, sd_se=math.nan) for each in result.parameters)
    rank = int(np.count_nonzero(np.diag(result.vcov_beta)))
    robust = result.robust
    if robust is not None:
        none = np.zeros_like(robust.model_theta)
        robust = replace(robust, cross=np.zeros_like(robust.cross), model_theta=none)
    return replace(result, parameters=parameters, vcov_theta=np.zeros_like(result.vcov_theta), rank=rank, robust=robust)


def _replay(spec: MixedReplay, context: Context) -> Effects:
    estimates = context.mixed("mixed without variables")
    metric = metric_of(spec.display, estimates.spec.command)
    result = _at_size(estimates.result, spec.display)
    tables = _show(result, spec.display, metric, context)
    return Effects(tables=tables, r=_returned(result, spec.display, context))


def _at_size(result: MixedResult, display: DisplayOptions) -> MixedResult:
    """Return the result with small-sample inference where a redisplay asks for it, else without."""
    if not display.small and display.dftable is None:
        return replace(result, ddf=None)
    if result.ddf is None:
        option = "small" if display.small else "dftable()"
        raise StataError(198, f"{option} needs degrees of freedom: fit the model with dfmethod()")
    return result


def _level(display: DisplayOptions, context: Context) -> float:
    return display.level if display.level is not None else context.settings.level


def _returned(result: MixedResult, display: DisplayOptions, context: Context) -> Stored:
    """Return what r() holds after the command, also after a redisplay: r(table) at the level shown, and that level."""
    level = _level(display, context)
    return Stored(scalars={"level": level}, matrices={"table": coefficient_matrix(result, level)})


def _show(result: MixedResult, display: DisplayOptions, metric: Metric, context: Context) -> tuple[DataTable, ...]:
    """Print the result and return its tables, in the metric and at the level that were asked for."""
    level = _level(display, context)
    labels = factor_labels(result.columns, context.dataset)
    linesize = context.settings.linesize
    context.emit(*mixed_blocks(result, display, level=level, metric=metric, labels=labels, linesize=linesize))
    tables = (*data_tables(result, level, metric), *extra_tables(result, display))
    return tuple(table for table in tables if table.id != "lrtest" or not display.nolrtest)


def _advice_on_nesting(frame: ModelFrame, context: Context) -> str | None:
    """Return advice to print below the table when the levels are listed inside out or cannot be told apart."""
    names = tuple(level.name for level in frame.levels)
    if len(names) < 2:
        return None
    return advice(examine(context.dataset, names, np.asarray(frame.e_sample), cancel=context.cancel))
