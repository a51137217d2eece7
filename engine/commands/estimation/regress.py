"""``regress``: linear regression by least squares ([R] regress)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.estimation.showing import replayed, show
from engine.commands.resampling.vce_replicates import CHOICES, replicated
from engine.errors import StataError
from engine.lang.command import Command
from engine.lang.declaration import (
    ByRule,
    Choice,
    CommandDecl,
    OptionDecl,
    OptionKind,
    PieceDecl,
    PieceKind,
    VarlistRule,
)
from engine.spec.regression import DISPLAY_OPTIONS, RegressionSpec, Vce, is_replay, read_display, read_regression

if TYPE_CHECKING:
    from engine.results.regress import RegressResult
    from engine.spec.mixed import DisplayOptions

ROBUST_OPTIONS = (
    OptionDecl(
        name="robust",
        minimum=1,
        page="se",
        label="Robust",
        help="Synonym for vce(robust).",
    ),
    OptionDecl(
        name="cluster",
        minimum=2,
        kind=OptionKind.VARIABLE,
        page="se",
        label="Clustered robust",
        help="Synonym for vce(cluster variable).",
    ),
)
"""Older spellings of vce(), which many commands share."""

PIECES = (
    PieceDecl(
        name="depvar",
        kind=PieceKind.VARIABLE,
        label="Dependent variable",
        help="The variable to explain.",
        required=True,
    ),
    PieceDecl(
        name="indepvars",
        kind=PieceKind.VARIABLES,
        label="Independent variables",
        help="What explains it; i. makes a factor, # and ## interactions, c. continuous variables in them.",
    ),
)
"""What a regression consists of, in its dialog."""
BETA = OptionDecl(
    name="beta",
    minimum=1,
    page="reporting",
    replay=True,
    label="Standardized beta coefficients",
    help="Show coefficients in units of standard deviations in place of confidence intervals.",
)
NOTABLE = OptionDecl(
    name="notable",
    minimum=7,
    page="reporting",
    replay=True,
    label="Suppress coefficient table",
    help="Leave out the table of coefficients.",
)

DECLARATION = CommandDecl(
    name="regress",
    minimum=3,
    title="Linear regression",
    help="Fits a linear regression by least squares, with conventional or robust standard errors.",
    menu=("Statistics", "Linear models and related", "Linear regression"),
    varlist=VarlistRule.OPTIONAL,
    pieces=PIECES,
    factor_variables=True,
    allow_if=True,
    allow_in=True,
    weights=("aweight", "fweight", "pweight", "iweight"),
    by=ByRule.EACH,
    options=(
        OptionDecl(
            name="noconstant",
            minimum=3,
            page="model",
            label="Suppress constant term",
            help="Fit the model without a constant.",
        ),
        OptionDecl(
            name="hascons",
            minimum=2,
            page="model",
            label="Constant among the variables",
            help="The variables add up to a constant, as all indicators of a factor do: none is added.",
        ),
        OptionDecl(
            name="tsscons",
            minimum=2,
            page="model",
            label="Total sum of squares with constant",
            help="Total sum of squares about the mean although there is no constant.",
            refused="tsscons is not available; hascons says that the variables add up to a constant.",
        ),
        OptionDecl(
            name="vce",
            minimum=3,
            kind=OptionKind.TEXT,
            page="se",
            default="ols",
            label="Standard error type",
            help="How standard errors are computed.",
            choices=(
                Choice("ols", 3, "Ordinary least squares", "Standard errors for equal variances. The default."),
                Choice("robust", 1, "Robust", "Standard errors that hold with unequal variances."),
                Choice("cluster", 2, "Clustered robust", "Robust and adjusted for clusters of a variable."),
                Choice("hc2", 3, "Bias-corrected HC2", "Robust, squared residuals divided by 1 - h."),
                Choice("hc3", 3, "Bias-corrected HC3", "Robust, squared residuals divided by (1 - h) squared."),
                *CHOICES,
            ),
        ),
        *ROBUST_OPTIONS,
        BETA,
        NOTABLE,
        *DISPLAY_OPTIONS,
    ),
    examples=("regress mathach ses female", "regress mathach c.ses##i.sector, vce(cluster id)", "regress, beta"),
)


def run(command: Command, context: Context) -> Effects:
    """Fit the model of `command`, or redisplay the active results.

    Raises
    ------
    StataError
        r(301) for a redisplay without results of ``regress``, and what `engine.frame.linearframe.bind_linear` finds.
    """
    if is_replay(command):
        return _replay(command, context)
    if command.main.has("hascons") and command.main.has("noconstant"):
        raise StataError(198, "options noconstant and hascons may not be combined")
    replicates = replicated(command, context)
    if replicates is not None:
        return replicates
    spec = read_regression(command, usual=Vce.OLS)
    _check(spec, command)
    return _fit(spec, command, context)


def _check(spec: RegressionSpec, command: Command) -> None:
    """Refuse standard errors that do not go with the weights, and limits that have no room."""
    kind = spec.weight.kind if spec.weight is not None else ""
    span = command.main.weight.span if command.main.weight is not None else None
    if kind == "iweight" and spec.vce.is_robust:
        raise StataError(198, f"vce({spec.vce.value}) is not allowed with iweights", span)
    if kind == "pweight" and spec.vce in (Vce.HC2, Vce.HC3, Vce.OLS):
        raise StataError(198, f"vce({spec.vce.value}) is not allowed with pweights", span)
    if spec.vce is Vce.CLUSTER and command.main.has("beta"):
        use = command.main.option("beta")
        raise StataError(198, "option beta is not allowed with clustered standard errors", use.span if use else None)


def _fit(spec: RegressionSpec, command: Command, context: Context) -> Effects:
    from engine.fit.regress import fit_regress, has_constant
    from engine.frame.linearframe import bind_linear
    from engine.results.regress import RegressEstimates
    from engine.results.regress_stored import regress_stored

    hascons = command.main.has("hascons")
    frame = bind_linear(
        replace(spec, noconstant=spec.noconstant or hascons),
        context.dataset,
        lookup=context.lookup,
        cancel=context.cancel,
    )
    if hascons and not has_constant(frame):
        context.say("(note: hascons false)")
        hascons, frame = False, bind_linear(spec, context.dataset, lookup=context.lookup, cancel=context.cancel)
    result = fit_regress(frame, spec.vce, context.dataset.row_ids[frame.e_sample], hascons=hascons)
    stored = regress_stored(result, context.cmdline)
    context.cancel.check()
    _say_weights(result, context)
    if frame.notes:
        from engine.tables.document import Role

        context.say(*frame.notes, role=Role.NOTE)
    effects = _show(result, spec.display, command, context)
    estimates = RegressEstimates(command="regress", spec=spec, result=result, cmdline=context.cmdline, e=stored)
    return Effects(estimates=estimates, tables=effects.tables, r=effects.r, e=stored)


def _say_weights(result: RegressResult, context: Context) -> None:
    from engine.tables.numbers import number_text

    weighting = result.weighting
    if weighting is not None and weighting.kind in ("aweight", "pweight"):
        context.say(f"(sum of wgt is {number_text(weighting.total, '%18.0gc')})")


def _replay(command: Command, context: Context) -> Effects:
    from engine.results.regress import RegressEstimates

    return _show(replayed(command, context, RegressEstimates).result, read_display(command.main), command, context)


def _show(result: RegressResult, display: DisplayOptions, command: Command, context: Context) -> Effects:
    from engine.tables.regress import regress_blocks, regress_data, regress_matrix

    return show(
        result,
        display,
        context,
        blocks=regress_blocks,
        data=regress_data,
        matrix=regress_matrix,
        standardized=command.main.has("beta"),
        table=not command.main.has("notable"),
    )
