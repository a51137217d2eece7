"""``xtreg``: regressions for panels, with fixed, random or no effects within them ([XT] xtreg)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.estimation.regress import PIECES, ROBUST_OPTIONS
from engine.commands.estimation.showing import replayed, show
from engine.commands.resampling.vce_replicates import CHOICES, replicated
from engine.errors import StataError
from engine.lang.command import Command
from engine.lang.declaration import ByRule, Choice, CommandDecl, OptionDecl, OptionKind, VarlistRule
from engine.spec.regression import DISPLAY_OPTIONS, PanelModel, Vce, is_replay, read_display, read_regression

if TYPE_CHECKING:
    from engine.frame.linearframe import LinearFrame
    from engine.results.xtreg import XtregResult
    from engine.spec.mixed import DisplayOptions
    from engine.spec.regression import RegressionSpec

_MODELS = (
    ("re", "GLS random-effects", "Random effects by generalised least squares. The default."),
    ("fe", "Fixed-effects", "An intercept for each panel, estimated within panels."),
    ("be", "Between-effects", "Regression of the panel means."),
    ("mle", "ML random-effects", "Normal random effects by maximum likelihood."),
)
_PLACES = {
    "theta": (PanelModel.RE,),
    "sa": (PanelModel.RE,),
    "wls": (PanelModel.BE,),
    "nonest": (PanelModel.FE,),
    "dfadj": (PanelModel.FE,),
    "noconstant": (PanelModel.MLE,),
    "nolog": (PanelModel.MLE,),
}
"""Options that belong to some models only."""


def _flag(name: str, minimum: int, page: str, label: str, text: str) -> OptionDecl:
    return OptionDecl(name=name, minimum=minimum, page=page, label=label, help=text)


DECLARATION = CommandDecl(
    name="xtreg",
    minimum=5,
    title="Linear models for panel data",
    help="Fits a regression with an effect of each panel: fixed (fe), random by least squares (re, the default) or by "
    "maximum likelihood (mle), or the regression of panel means (be). Panels are those of xtset or of i().",
    menu=("Statistics", "Longitudinal/panel data", "Linear models", "Linear regression (FE, RE, PA, BE)"),
    varlist=VarlistRule.OPTIONAL,
    pieces=PIECES,
    factor_variables=True,
    allow_if=True,
    allow_in=True,
    weights=("aweight", "fweight", "pweight"),
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
        _flag("sa", 2, "model", "Swamy-Arora estimator", "With re: the exact estimator of sigma_u for unequal panels."),
        _flag(
            "wls", 3, "model", "Weighted least squares", "With be: panel means weigh as many observations as they have."
        ),
        _flag("noconstant", 3, "model", "Suppress constant term", "With mle: fit the model without a constant."),
        OptionDecl(
            name="pa",
            minimum=2,
            page="model",
            label="Population-averaged",
            help="Population-averaged model.",
            refused="xtreg, pa (population-averaged) is not available; mixed depvar indepvars || panel: fits the same "
            "mean with equal correlations within panels.",
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
                Choice("oim", 3, "Observed information", "Standard errors of maximum likelihood (mle only)."),
                Choice("robust", 1, "Robust", "Robust and adjusted for the panels."),
                Choice("cluster", 2, "Clustered robust", "Robust and adjusted for clusters of a variable."),
                *CHOICES,
            ),
        ),
        *ROBUST_OPTIONS,
        _flag(
            "nonest", 6, "se", "Clusters may cut panels", "With fe: do not check whether panels lie within clusters."
        ),
        _flag(
            "dfadj",
            5,
            "se",
            "Count panel intercepts",
            "With fe: count the panels' intercepts in the small-sample factor of robust standard errors.",
        ),
        _flag("nolog", 3, "reporting", "Suppress the log", "With mle: leave out the iteration log."),
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
    examples=(
        "xtreg mathach ses, fe i(id)",
        "xtreg mathach ses female, re i(id) theta",
        "xtreg mathach ses female, mle i(id)",
        "xtreg",
    ),
    results=(
        ("e(N), e(N_g), e(g_min), e(g_avg), e(g_max)", "observations, panels and their sizes"),
        ("e(r2_w), e(r2_b), e(r2_o)", "R-squared within, between, overall"),
        ("e(sigma_u), e(sigma_e), e(rho)", "standard deviations, and the share of the effects' variance"),
        ("e(F), e(df_r), e(F_f), e(corr)", "with fe: tests of the slopes and of all u_i = 0, corr(u_i, Xb)"),
        ("e(chi2), e(theta), e(thta_#)", "with re: test of the slopes, theta or its quantiles"),
        ("e(ll), e(ll_0), e(ll_c), e(chi2_c)", "with mle: log likelihoods, test of sigma_u = 0"),
        ("e(b), e(V)", "coefficients and their covariance matrix"),
    ),
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
    _check_options(command, model)
    replicates = _replicated(command, context)
    if replicates is not None:
        return replicates
    usual = Vce.OIM if model is PanelModel.MLE else Vce.CONVENTIONAL
    spec = read_regression(command, usual=usual, model=model)
    _check_standard_errors(spec, command)
    return _fit(spec, command, context)


def _replicated(command: Command, context: Context) -> Effects | None:
    """Run ``vce(bootstrap)`` and ``vce(jackknife)`` on whole panels; None for other standard errors."""
    if command.main.option("vce") is None:
        return None
    use = command.main.option("i")
    return replicated(command, context, panel=_panel_name(use.argument or "" if use is not None else "", context))


def _model(command: Command) -> PanelModel:
    asked = [use for use in command.main.options if use.decl.name in [name for name, _, _ in _MODELS]]
    if len({use.decl.name for use in asked}) > 1:
        raise StataError(198, "only one of re, fe, be and mle may be chosen", asked[-1].span)
    return PanelModel(asked[0].decl.name) if asked else PanelModel.RE


def _check_options(command: Command, model: PanelModel) -> None:
    """Refuse options and weights of other models."""
    for use in command.main.options:
        places = _PLACES.get(use.decl.name, (model,))
        if model not in places:
            raise StataError(198, f"option {use.decl.name} is for xtreg, {places[0].value} only", use.span)
    weight = command.main.weight
    if weight is not None and model is not PanelModel.FE:
        raise StataError(101, f"weights not allowed with xtreg, {model.value}; xtreg, fe has them", weight.span)


def _check_standard_errors(spec: RegressionSpec, command: Command) -> None:
    use = command.main.option("vce")
    span = use.span if use is not None else None
    if spec.model is PanelModel.BE and spec.vce.is_robust:
        raise StataError(198, f"vce({spec.vce.value}) is not allowed with be", span)
    if (spec.vce is Vce.OIM) is not (spec.model is PanelModel.MLE) and not spec.vce.is_robust:
        raise StataError(198, f"vce({spec.vce.value}) is not allowed with {spec.model}", span)
    if spec.weight is not None and spec.weight.kind == "pweight" and not spec.vce.is_robust:
        raise StataError(198, f"vce({spec.vce.value}) is not allowed with pweights", span)


def _panel_name(asked: str, context: Context) -> str:
    """Return the panel variable, that of ``xtset`` where none is asked for; r(459) without either."""
    from engine.data.panel import panel_of
    from engine.frame.resolve import resolve_name

    if asked:
        return resolve_name(asked, context.dataset)
    settings = panel_of(context.dataset)
    if settings is None or not settings.panel:
        raise StataError(459, "panel variable not set; use xtset varname, or option i()")
    return settings.panel


def _fit(spec: RegressionSpec, command: Command, context: Context) -> Effects:
    from engine.frame.linearframe import bind_linear
    from engine.results.xtreg import XtregEstimates
    from engine.results.xtreg_stored import xtreg_stored
    from engine.tables.document import Role

    panel = _panel_name(spec.panel, context)
    frame = bind_linear(spec, context.dataset, panel=panel, lookup=context.lookup, cancel=context.cancel)
    frame, result = _estimated(spec, frame, command, context)
    stored = xtreg_stored(result, context.cmdline)
    context.cancel.check()
    if frame.notes:
        context.say(*frame.notes, role=Role.NOTE)
    effects = _show(result, spec.display, command, context)
    estimates = XtregEstimates(command="xtreg", spec=spec, result=result, cmdline=context.cmdline, e=stored)
    return Effects(estimates=estimates, tables=effects.tables, r=effects.r, e=stored)


def _estimated(
    spec: RegressionSpec, frame: LinearFrame, command: Command, context: Context
) -> tuple[LinearFrame, XtregResult]:
    """Fit the model; return the frame less the columns that it cannot tell apart, too."""
    from engine.fit.paneldata import between_frame, check_clusters, within_frame
    from engine.fit.panelml import fit_mle
    from engine.fit.panelregression import fit_be, fit_fe, fit_re

    part = command.main
    if not part.has("nonest"):
        check_clusters(frame)
    rows = context.dataset.row_ids[frame.e_sample]
    if spec.model is PanelModel.FE:
        frame = within_frame(frame)
        return frame, fit_fe(frame, spec.vce, rows, dfadj=part.has("dfadj"))
    if spec.model is PanelModel.BE:
        frame = between_frame(frame)
        return frame, fit_be(frame, rows, wls=part.has("wls"))
    if spec.model is PanelModel.RE:
        return frame, fit_re(frame, spec.vce, rows, sa=part.has("sa"))
    two = len(frame.estimated) > frame.constant and frame.constant and not spec.vce.is_robust
    null = _Log(context, "Fitting constant-only model:", quiet=part.has("nolog"))
    log = _Log(context, "Fitting full model:" if two else "", quiet=part.has("nolog"))
    return frame, fit_mle(frame, spec.vce, rows, null_log=null, log=log, cancel=context.cancel)


@dataclass(slots=True)
class _Log:
    """Prints the log likelihood of each step below a heading."""

    context: Context
    heading: str
    quiet: bool
    number: int = 0

    def __call__(self, ll: float) -> None:
        from engine.tables.document import Lines, Role
        from engine.tables.numbers import LIKELIHOOD, number_text

        if self.quiet:
            return
        first = ("", *((self.heading,) if self.heading else ())) if self.number == 0 else ()
        place = f"Iteration {self.number}: ".ljust(14)
        line = f"{place}Log likelihood = {number_text(ll, LIKELIHOOD):>10}  "
        self.context.emit(Lines((*first, line), Role.LOG, foldable=True))
        self.number += 1


def _replay(command: Command, context: Context) -> Effects:
    from engine.results.xtreg import XtregEstimates

    return _show(replayed(command, context, XtregEstimates).result, read_display(command.main), command, context)


def _show(result: XtregResult, display: DisplayOptions, command: Command, context: Context) -> Effects:
    from engine.tables.xtreg import xtreg_blocks, xtreg_data, xtreg_matrix

    asked = command.main.has("theta")
    return show(result, display, context, blocks=xtreg_blocks, data=xtreg_data, matrix=xtreg_matrix, theta=asked)
