"""``predict``: new variables from the last fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule

if TYPE_CHECKING:
    from engine.commands.base import Context, Effects
    from engine.lang.command import Command


REGRESSION = ("regress", "anova")
"""Commands whose results have statistics of single observations."""


def _regression() -> tuple[OptionDecl, ...]:
    """Return what is there after ``regress`` and ``xtreg`` only."""
    statistics = (
        ("stdf", 4, "Standard error of the forecast", "Standard error of a future value: residual variance included."),
        ("stdr", 4, "Standard error of the residuals", "Residual standard deviation times the root of 1 - leverage."),
        ("rstudent", 4, "Studentized residuals", "Residuals over their standard error without the observation."),
        ("leverage", 1, "Leverage", "Diagonal of the hat matrix, in the estimation sample."),
        ("hat", 3, "Leverage (hat)", "Synonym for leverage."),
        ("cooksd", 1, "Cook's distance", "How far the coefficients move without the observation."),
        ("dfits", 3, "DFITS", "Studentized residual times the root of leverage over 1 - leverage."),
        ("welsch", 1, "Welsch distance", "DFITS grown by the root of (n - 1) / (1 - leverage)."),
        ("covratio", 3, "COVRATIO", "Ratio of the determinants of e(V) without and with the observation."),
        ("ue", 2, "Combined residual", "After xtreg: panel effect plus residual, u_i + e_it."),
        ("u", 1, "Fixed or random effect", "After xtreg: the effect of each panel."),
        ("e", 1, "Overall error component", "After xtreg: the residual beside the effect of the panel."),
        ("xbu", 3, "Prediction with effect", "After xtreg: linear prediction plus the effect of the panel."),
    )
    dfbeta = OptionDecl(
        name="dfbeta",
        minimum=3,
        kind=OptionKind.TEXT,
        label="DFBETA of a coefficient",
        help="After regress: how many standard errors the coefficient moves without the observation.",
        page="regression",
        after=REGRESSION,
    )
    return dfbeta, *(
        OptionDecl(
            name=name,
            minimum=minimum,
            label=label,
            help=help_,
            page="regression",
            older=name == "hat",
            after=("xtreg",) if help_.startswith("After xtreg") else REGRESSION,
        )
        for name, minimum, label, help_ in statistics
    )


DECLARATION = CommandDecl(
    name="predict",
    minimum=7,
    title="Predictions",
    help="Creates variables from the last fit: predictions, residuals, random effects and their standard errors.",
    menu=("Statistics", "Postestimation", "Predictions, residuals, BLUPs"),
    varlist=VarlistRule.NEW,
    allow_if=True,
    allow_in=True,
    options=(
        OptionDecl(
            name="xb",
            minimum=2,
            label="Linear prediction for the fixed portion",
            help="Sum of coefficients times covariates, without random effects; computed wherever the covariates are.",
            page="model",
        ),
        OptionDecl(
            name="stdp",
            minimum=4,
            label="Standard error of the fixed-portion linear prediction",
            help="Standard error of xb from the covariance matrix of the coefficients.",
            page="model",
        ),
        OptionDecl(
            name="fitted",
            minimum=3,
            label="Fitted values",
            help="Linear prediction of the fixed portion plus the predicted random effects.",
            page="model",
            after=("mixed",),
        ),
        OptionDecl(
            name="residuals",
            minimum=3,
            label="Residuals",
            help="Response minus fitted values.",
            page="model",
            after=("mixed", *REGRESSION),
        ),
        OptionDecl(
            name="rstandard",
            minimum=4,
            label="Standardized residuals",
            help="Residuals divided by the residual standard deviation, in the estimation sample.",
            page="model",
            after=("mixed", *REGRESSION),
        ),
        OptionDecl(
            name="reffects",
            minimum=3,
            label="Best linear unbiased predictions (BLUPs) of the random effects",
            help="One variable per random effect, in the order of the random-effects table; give as many names, or "
            "stub*. With weights, a group's observations count as often as their weights say.",
            page="model",
            after=("mixed",),
        ),
        OptionDecl(
            name="reses",
            minimum=5,
            kind=OptionKind.NEW_VARIABLES,
            label="Standard errors of the BLUPs",
            help="Names, or stub*, for the standard errors of the BLUPs; without names the new variables are these "
            "standard errors.",
            bare=True,
            page="model",
            after=("mixed",),
        ),
        OptionDecl(
            name="relevel",
            minimum=5,
            kind=OptionKind.VARIABLE,
            label="Level variable",
            help="Random effects of this level only; fitted values and residuals with the random effects from the "
            "top level down to this one.",
            page="model",
            after=("mixed",),
        ),
        OptionDecl(
            name="scores",
            minimum=2,
            label="Scores",
            help="Derivatives of the log likelihood with respect to each element of e(b), in the last observation of "
            "each group of the top level; give as many names, or stub*.",
            page="model",
            after=("mixed", *REGRESSION),
        ),
        *_regression(),
    ),
    examples=(
        "predict yhat, fitted",
        "predict r, residuals",
        "predict u*, reffects",
        "predict u*, reffects reses(s*)",
        "predict sc*, scores",
    ),
)


def run(command: Command, context: Context) -> Effects:
    """Create the variables; raises what the module for the active estimates does, r(301) without results."""
    from engine.results.estimates import MixedEstimates, needs_estimates
    from engine.results.margins import needs_model

    estimates = needs_estimates(context.estimates)
    needs_model(estimates.result, "predict")
    if isinstance(estimates, MixedEstimates):
        from engine.commands.postestimation.predict_mixed import run as predict_mixed

        return predict_mixed(command, context)
    from engine.commands.postestimation.predict_linear import run as predict_linear

    return predict_linear(command, context, estimates)
