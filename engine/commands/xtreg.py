"""``xtreg``: regressions for panels, with fixed, random or no effects within them ([XT] xtreg)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.regress import ROBUST_OPTIONS
from engine.errors import StataError
from engine.lang.command import Command
from engine.lang.declaration import ByRule, Choice, CommandDecl, OptionDecl, OptionKind, VarlistRule
from engine.spec.regression import DISPLAY_OPTIONS, PanelModel, Vce, is_replay, read_display, read_regression

if TYPE_CHECKING:
    from engine.results.xtreg import XtregResult
    from engine.spec.mixed import DisplayOptions
    from engine.spec.regression import RegressionSpec

_MODELS = (
    ("re", "GLS random-effects", "Random effects by generalised least squares. The default."),
    ("fe", "Fixed-effects", "An intercept for each panel, estimated within panels."),
    ("be", "Between-effects", "Regression of the panel means."),
)

DECLARATION = CommandDecl(
    name="xtreg",
    minimum=5,
    title="Linear models for panel data",
    help="Fits a regression with an effect of each panel: fixed, or random by least squares.",
    menu=("Statistics", "Longitudinal/panel data", "Linear models", "Linear regression (FE, RE, BE)"),
    varlist=VarlistRule.OPTIONAL,
    factor_variables=True,
    allow_if=True,
    allow_in=True,
    by=ByRule.EACH,
    options=(
        *(OptionDecl(name=name, minimum=2, page="model", label=label, help=text) for name, label, text in _MODELS),
        OptionDecl(
            name="i",
            minimum=1,
            kind=OptionKind.VARIABLE,
            page="model",
            label="Panel variable",
            help="Variable that numbers the panels, in place of that of xtset.",
        ),
        OptionDecl(
            name="vce",
            minimum=3,
            kind=OptionKind.TEXT,
            page="se",
            default="conventional",
            label="Standard error type",
            help="How standard errors are computed.",
            choices=(
                Choice("conventional", 4, "Conventional", "Standard errors of the model. The default."),
                Choice("robust", 1, "Robust", "Robust and adjusted for the panels."),
                Choice("cluster", 2, "Clustered robust", "Robust and adjusted for clusters of a variable."),
            ),
        ),
        *ROBUST_OPTIONS,
        OptionDecl(
            name="theta",
            minimum=5,
            page="reporting",
            replay=True,
            label="Report theta",
            help="Show how much of the panel means the random-effects transformation takes off.",
        ),
        *DISPLAY_OPTIONS,
    ),
    examples=("xtreg mathach ses, fe i(id)", "xtreg mathach ses female, re i(id) theta", "xtreg"),
)


def run(command: Command, context: Context) -> Effects:
    """Fit the model of `command`, or redisplay the active results.

    Raises
    ------
    StataError
        r(301) for a redisplay without results of ``xtreg``, r(459) without panels, r(198) for options that do not go
        together, and what `engine.frame.linearframe.bind_linear` finds.
    """
    if is_replay(command):
        return _replay(command, context)
    model = _model(command)
    spec = read_regression(command, usual=Vce.CONVENTIONAL, model=model)
    use = command.main.option("theta")
    if use is not None and model is not PanelModel.RE:
        raise StataError(198, "option theta is for random effects (re) only", use.span)
    if model is PanelModel.BE and spec.vce.is_robust:
        raise StataError(198, f"vce({spec.vce.value}) is not allowed with be")
    return _fit(spec, command, context)


def _model(command: Command) -> PanelModel:
    asked = [use for use in command.main.options if use.decl.name in [name for name, _, _ in _MODELS]]
    if len({use.decl.name for use in asked}) > 1:
        raise StataError(198, "only one of re, fe and be may be chosen", asked[-1].span)
    return PanelModel(asked[0].decl.name) if asked else PanelModel.RE


def _panel_name(spec: RegressionSpec, context: Context) -> str:
    from engine.data.panel import panel_of
    from engine.frame.resolve import resolve_name

    if spec.panel:
        return resolve_name(spec.panel, context.dataset)
    settings = panel_of(context.dataset)
    if settings is None or not settings.panel:
        raise StataError(459, "panel variable not set; use xtset varname, or option i()")
    return settings.panel


def _fit(spec: RegressionSpec, command: Command, context: Context) -> Effects:
    from engine.fit.panelregression import check_clusters, fit_be, fit_fe, fit_re, within_frame
    from engine.frame.linearframe import bind_linear
    from engine.results.xtreg import XtregEstimates
    from engine.results.xtreg_stored import xtreg_stored
    from engine.tables.document import Role

    panel = _panel_name(spec, context)
    frame = bind_linear(spec, context.dataset, panel=panel, lookup=context.lookup, cancel=context.cancel)
    check_clusters(frame)
    rows = context.dataset.row_ids[frame.e_sample]
    if spec.model is PanelModel.FE:
        frame = within_frame(frame)
        result = fit_fe(frame, spec.vce, rows)
    else:
        result = fit_be(frame, rows) if spec.model is PanelModel.BE else fit_re(frame, spec.vce, rows)
    stored = xtreg_stored(result, context.cmdline)
    context.cancel.check()
    if frame.notes:
        context.say(*frame.notes, role=Role.NOTE)
    effects = _show(result, spec.display, command, context)
    estimates = XtregEstimates(command="xtreg", spec=spec, result=result, cmdline=context.cmdline, e=stored)
    return Effects(estimates=estimates, tables=effects.tables, r=effects.r, e=stored)


def _replay(command: Command, context: Context) -> Effects:
    from engine.results.xtreg import XtregEstimates

    estimates = context.estimates
    if not isinstance(estimates, XtregEstimates):
        raise StataError(301, "last estimates not found: the active results are not those of xtreg")
    for use in command.main.options:
        if not use.decl.replay:
            raise StataError(198, f"option {use.decl.name} not allowed when results are shown again", use.span)
    return _show(estimates.result, read_display(command.main), command, context)


def _show(result: XtregResult, display: DisplayOptions, command: Command, context: Context) -> Effects:
    from engine.results.stored import Stored
    from engine.tables.labels import factor_labels
    from engine.tables.xtreg import xtreg_blocks, xtreg_data, xtreg_matrix

    level = display.level if display.level is not None else context.settings.level
    blocks = xtreg_blocks(
        result,
        display,
        level=level,
        labels=factor_labels(result.columns, context.dataset),
        linesize=context.settings.linesize,
        theta=command.main.has("theta"),
    )
    context.emit(*blocks)
    r = Stored(scalars={"level": level}, matrices={"table": xtreg_matrix(result, level)})
    return Effects(tables=xtreg_data(result, level), r=r)
