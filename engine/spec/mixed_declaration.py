"""The declaration of ``mixed``: what parser, printer, dialog, completion and help read ([ME] mixed, *Syntax*)."""

from __future__ import annotations

from dataclasses import replace

from engine.lang.declaration import ByRule, Choice, CommandDecl, OptionDecl, OptionKind, Scope, VarlistRule

_INTEGER, _REAL, _CHOICE, _TEXT = OptionKind.INTEGER, OptionKind.REAL, OptionKind.CHOICE, OptionKind.TEXT
_EXPRESSION, _FORMAT, _NUMBERS = OptionKind.EXPRESSION, OptionKind.FORMAT, OptionKind.NUMBERS

COVARIANCES = (
    Choice("independent", 3, "Independent", "One variance per random effect; no covariances. The default."),
    Choice("exchangeable", 2, "Exchangeable", "One common variance and one common covariance."),
    Choice("identity", 2, "Identity", "One common variance; no covariances."),
    Choice("unstructured", 2, "Unstructured", "All variances and covariances are estimated."),
)

RESIDUAL_TYPES = (
    Choice("independent", 3, "Independent", "Independent residuals with one variance, or one per group of by()."),
    Choice("exchangeable", 3, "Exchangeable", "One variance and one covariance within the lowest-level groups."),
    Choice("ar", 2, "Autoregressive", "Autoregressive of the given order over the time variable."),
    Choice("ma", 2, "Moving average", "Moving average of the given order over the time variable."),
    Choice("unstructured", 2, "Unstructured", "A variance for each value of t() and a covariance for each pair."),
    Choice("banded", 2, "Banded", "Unstructured with covariances beyond the given order set to zero."),
    Choice("toeplitz", 2, "Toeplitz", "One covariance per lag, up to the given order."),
    Choice("exponential", 3, "Exponential", "Correlation that decays with the distance in time."),
    Choice(
        "hexchangeable",
        3,
        "Heterogeneous exchangeable",
        "A variance for each value of t() and one correlation for all pairs. Not in Stata.",
    ),
    Choice(
        "har",
        3,
        "Heterogeneous autoregressive",
        "Autoregressive of order 1 with a variance for each value of t(). Not in Stata.",
    ),
)

DF_METHODS = (
    Choice("residual", 3, "Residual", "Observations less the rank of the fixed effects."),
    Choice("repeated", 3, "Repeated-measures ANOVA", "Between and within subjects; two-level models."),
    Choice("anova", 5, "ANOVA", "Traditional ANOVA degrees of freedom."),
    Choice("satterthwaite", 3, "Satterthwaite", "Satterthwaite's approximation; needs REML."),
    Choice("kroger", 2, "Kenward–Roger", "Kenward and Roger's approximation; needs REML."),
)

TECHNIQUES = (
    Choice("nr", 2, "Newton–Raphson", "Newton and Raphson's steps. The default."),
    Choice("bfgs", 4, "BFGS", "Broyden, Fletcher, Goldfarb and Shanno's quasi-Newton steps."),
    Choice("dfp", 3, "DFP", "Davidon, Fletcher and Powell's quasi-Newton steps."),
)

VCE_TYPES = (
    Choice("oim", 3, "Observed information matrix", "Standard errors from the model. The default."),
    Choice("robust", 1, "Robust", "Robust standard errors, clustered on the highest level."),
    Choice("cluster", 2, "Clustered robust", "Robust standard errors, clustered on a variable."),
)  # fmt: skip


def _model() -> tuple[OptionDecl, ...]:
    constant = OptionDecl(
        name="noconstant", minimum=6, synonym_minimum=3, scope=Scope.FIXED, page="model",
        label="Suppress constant term from the fixed-effects equation",
        help="Fit the fixed part without a constant.",
    )  # fmt: skip
    return (
        constant,
        replace(
            constant, scope=Scope.RANDOM, page="equation",
            label="Suppress constant term from the random-effects equation",
            help="Leave out the random intercept of this equation.",
        ),
        OptionDecl(
            name="covariance", minimum=3, kind=_CHOICE, scope=Scope.RANDOM, page="equation",
            choices=COVARIANCES, default="independent", label="Variance-covariance structure of the random effects",
            help="How the random effects of this equation vary together.",
        ),
        OptionDecl(
            name="collinear", minimum=3, scope=Scope.RANDOM, page="equation", label="Keep collinear variables",
            help="Do not drop collinear variables from this equation.",
        ),
        OptionDecl(
            name="fweight", minimum=2, kind=_EXPRESSION, scope=Scope.RANDOM, page="equation",
            label="Frequency weights at this level", help="How many groups each group of this level stands for.",
        ),
        OptionDecl(
            name="pweight", minimum=2, kind=_EXPRESSION, scope=Scope.RANDOM, page="equation",
            label="Sampling weights at this level", help="Inverse of the probability that a group was sampled.",
        ),
        OptionDecl(
            name="mle", minimum=2, page="model", label="Maximum likelihood",
            help="Fit the model via maximum likelihood. The default.",
        ),
        OptionDecl(
            name="reml", minimum=4, page="model", label="Restricted maximum likelihood",
            help="Fit the model via restricted maximum likelihood.",
        ),
        OptionDecl(
            name="constraints", minimum=5, kind=_NUMBERS, page="model", label="Constraints",
            help="Apply linear constraints to the fixed effects; define them with constraint.",
        ),
        OptionDecl(
            name="pwscale", minimum=7, kind=_CHOICE, page="model", label="Scaling of sampling weights",
            help="How the sampling weights of a two-level model are scaled.",
            choices=(
                Choice("size", 4, "Size", "Scale to the sample size of each group."),
                Choice("effective", 3, "Effective", "Scale to the effective sample size of each group."),
                Choice("gk", 2, "Graubard–Korn", "Method of Graubard and Korn."),
            ),
        ),
        OptionDecl(
            name="residuals", minimum=3, kind=_TEXT, page="model", choices=RESIDUAL_TYPES, label="Residuals",
            help="Structure of the residual errors within the lowest-level groups.",
        ),
        OptionDecl(
            name="dfmethod", minimum=3, kind=_TEXT, page="model", choices=DF_METHODS,
            label="Compute degrees of freedom",
            help="Test fixed effects with t and F and these degrees of freedom instead of z and chi-squared.",
        ),
    )  # fmt: skip


def _standard_errors() -> tuple[OptionDecl, ...]:
    return (
        OptionDecl(
            name="vce", minimum=3, kind=_TEXT, page="se", choices=VCE_TYPES, default="oim",
            label="Standard error type", help="How standard errors are computed.",
        ),
        OptionDecl(
            name="robust", minimum=1, page="se", label="Robust", help="Synonym for vce(robust).",
        ),
        OptionDecl(
            name="cluster", minimum=2, kind=OptionKind.VARIABLE, page="se", label="Clustered robust",
            help="Synonym for vce(cluster variable).",
        ),
    )  # fmt: skip


def _reporting() -> tuple[OptionDecl, ...]:
    def flag(name: str, minimum: int, label: str, help: str, refused: str = "") -> OptionDecl:
        return OptionDecl(
            name=name, minimum=minimum, page="reporting", replay=True, label=label, help=help, refused=refused
        )

    return (
        OptionDecl(
            name="level", minimum=1, kind=_REAL, low=10, high=99.99, default=95, page="reporting", replay=True,
            label="Confidence level", help="Confidence level of the intervals, in percent.",
        ),
        flag("variance", 3, "Variances and covariances", "Show random effects as variances and covariances."),
        flag("stddeviations", 6, "Standard deviations and correlations",
             "Show random effects as standard deviations and correlations."),
        OptionDecl(
            name="dftable", minimum=5, kind=_CHOICE, page="reporting", replay=True, default="default",
            choices=(
                Choice("default", 3, "Default", "The usual columns."),
                Choice("ci", 2, "DF and confidence intervals", "Degrees of freedom with confidence intervals."),
                Choice("pvalue", 2, "DF and p-values", "Degrees of freedom with test statistics and p-values."),
            ),
            label="Fixed-effects table", help="Show the fixed effects with their degrees of freedom.",
        ),
        flag("small", 5, "Small-sample inference", "Redisplay with the degrees of freedom of dfmethod()."),
        flag("noretable", 5, "Suppress random-effects table", "Leave out the variance components and the test below."),
        flag("nofetable", 5, "Suppress fixed-effects table", "Leave out the table of fixed effects."),
        flag("estmetric", 4, "Show parameters in the estimation metric",
             "Show variance components as logs and hyperbolic arctangents."),
        flag("noheader", 6, "Suppress output header", "Leave out the header."),
        flag("nogroup", 4, "Suppress group table", "Leave out the table of groups."),
        replace(
            flag("nostderr", 5, "Suppress standard errors of random effects",
                 "Leave out the standard errors of the variance components."),
            replay=False,
        ),
        flag("nolrtest", 4, "Suppress LR test", "Leave out the comparison with the linear model."),
        flag("nocnsreport", 6, "Do not display constraints", "Leave out the list of constraints."),
        flag("coeflegend", 5, "Display legend instead of statistics", "Show how to refer to each coefficient."),
        flag("extras", 6, "Show extras", "Show a boundary-correct LR test, R-squared and the intraclass correlation."),
        flag("terms", 5, "Test each term", "Show a type III test of each term of the fixed effects."),
        flag("noci", 4, "Suppress confidence intervals", "Leave out the confidence intervals."),
        flag("nopvalues", 4, "Suppress p-values", "Leave out the test statistics and p-values."),
        flag("noomitted", 6, "Do not display omitted variables", "Leave out collinear variables."),
        flag("vsquish", 7, "Suppress blank lines between factor variables", "Leave out the blank lines."),
        flag("noemptycells", 7, "Do not display empty cells", "Leave out interactions without observations."),
        flag("baselevels", 4, "Show base levels of main effects", "Show the base level of each factor variable."),
        flag("allbaselevels", 7, "Show all base levels", "Show base levels of interactions too."),
        flag("nofvlabel", 7, "Display values instead of labels", "Show the values of factor variables."),
        OptionDecl(
            name="fvwrap", minimum=6, kind=_INTEGER, low=0, page="reporting", replay=True, label="Wrap value labels",
            help="On how many lines a long value label may stand.",
        ),
        OptionDecl(
            name="fvwrapon", minimum=8, kind=_CHOICE, page="reporting", replay=True, label="Wrap on",
            choices=(Choice("word", 4, "Words", "Wrap between words."), Choice("width", 5, "Width", "Wrap anywhere.")),
            help="Where long value labels are broken.",
        ),
        OptionDecl(
            name="cformat", minimum=7, kind=_FORMAT, high=9, page="reporting", replay=True, label="Coefficients",
            help="Format of coefficients, standard errors and confidence limits.",
        ),
        OptionDecl(
            name="pformat", minimum=7, kind=_FORMAT, high=5, page="reporting", replay=True, label="p-values",
            help="Format of p-values.",
        ),
        OptionDecl(
            name="sformat", minimum=7, kind=_FORMAT, high=8, page="reporting", replay=True, label="Test statistics",
            help="Format of test statistics.",
        ),
        flag("nolstretch", 10, "Do not widen the table", "Keep the table narrow when names are long."),
    )  # fmt: skip


def _em() -> tuple[OptionDecl, ...]:
    return (
        OptionDecl(
            name="emiterate", minimum=6, kind=_INTEGER, low=0, high=16000, default=20, page="em",
            label="Number of EM iterations", help="How many EM iterations are taken before the gradient-based ones.",
        ),
        OptionDecl(
            name="emtolerance", minimum=5, kind=_REAL, low=0, default=1e-10, page="em", label="EM tolerance",
            help="EM stops when the log likelihood changes relatively by less.",
        ),
        OptionDecl(
            name="emonly", minimum=6, page="em", label="Fit model exclusively using EM",
            help="Do not switch to gradient-based optimisation.",
        ),
        OptionDecl(
            name="emlog", minimum=5, page="em", label="List EM iterations", help="Show each EM iteration.",
        ),
        OptionDecl(
            name="emdots", minimum=5, page="em", label="Show EM iterations as dots",
            help="Show a dot per EM iteration.",
        ),
    )  # fmt: skip


def _maximization() -> tuple[OptionDecl, ...]:
    def tolerance(name: str, minimum: int, default: float, label: str, help: str) -> OptionDecl:
        return OptionDecl(
            name=name, minimum=minimum, kind=_REAL, low=0, default=default, page="maximization", label=label, help=help
        )

    def flag(name: str, minimum: int, label: str, help: str) -> OptionDecl:
        return OptionDecl(name=name, minimum=minimum, page="maximization", label=label, help=help)

    return (
        flag("difficult", 3, "Different stepping in nonconcave regions", "Step differently where Newton's step fails."),
        OptionDecl(
            name="technique", minimum=4, kind=_TEXT, page="maximization", label="Technique",
            default="nr", choices=TECHNIQUES,
            help="Maximization technique: nr, bfgs, dfp, or several in turn with counts (bfgs 10 nr 5).",
        ),
        OptionDecl(
            name="iterate", minimum=4, kind=_INTEGER, low=0, high=16000, default=300, page="maximization",
            label="Maximum iterations", help="How many iterations are taken at most.",
        ),
        flag("log", 3, "Show iteration log", "Show the iteration log. The default."),
        flag("nolog", 5, "Suppress iteration log", "Do not show the iteration log."),
        flag("trace", 2, "Parameter vector", "Show the parameters in the log."),
        flag("gradient", 4, "Gradient vector", "Show the gradient in the log."),
        flag("showstep", 8, "Steps", "Show the steps within an iteration in the log."),
        flag("hessian", 4, "Hessian matrix", "Show the Hessian matrix in the log."),
        flag("showtolerance", 7, "Tolerances", "Show the convergence criteria in the log."),
        tolerance("tolerance", 3, 1e-6, "Tolerance for the coefficient vector",
                  "Converged when the parameters change relatively by less."),
        tolerance("ltolerance", 4, 1e-7, "Tolerance for the log likelihood",
                  "Converged when the log likelihood changes relatively by less."),
        tolerance("nrtolerance", 5, 1e-5, "Tolerance for the scaled gradient",
                  "Converged when the gradient scaled by the Hessian matrix is smaller."),
        flag("nonrtolerance", 7, "Do not use the scaled gradient", "Ignore the scaled gradient for convergence."),
        flag("matsqrt", 7, "Matrix square root", "Optimise the square root of the covariance matrix. The default."),
        flag("matlog", 6, "Matrix logarithm", "Optimise the logarithm of the covariance matrix."),
    )  # fmt: skip


MIXED = CommandDecl(
    name="mixed",
    minimum=5,
    title="Multilevel mixed-effects linear regression",
    help="Fit linear mixed-effects models: fixed effects, and random effects at any number of nested levels.",
    menu=("Statistics", "Multilevel mixed-effects models", "Linear regression"),
    varlist=VarlistRule.OPTIONAL,
    factor_variables=True,
    allow_if=True,
    allow_in=True,
    weights=("fweight", "pweight"),
    equations=True,
    by=ByRule.EACH,
    options=(*_model(), *_standard_errors(), *_reporting(), *_em(), *_maximization()),
    examples=(
        "mixed weight week || id:",
        "mixed weight week || id: week, covariance(unstructured)",
        "mixed gsp private emp hwy water other unemp || region: || state:, reml",
    ),
    results=(
        ("e(N), e(N_g)", "numbers of observations and of groups of each level (matrix, with g_min g_avg g_max)"),
        ("e(ll), e(ll_c)", "log likelihood, and that of the linear model"),
        ("e(chi2), e(df_m), e(p)", "Wald test of the fixed effects"),
        ("e(chi2_c), e(df_c), e(p_c)", "test against the linear model"),
        ("e(b), e(V)", "all parameters and their covariance matrix"),
        ("e(rank), e(k), e(k_f)", "rank of e(V); numbers of parameters and of fixed effects"),
        ("e(df), e(ddf_m)", "degrees of freedom (dfmethod)"),
        ("e(converged), e(ic)", "1 if converged; number of iterations"),
        ("e(ivars), e(title), e(vce)", "levels, title, kind of standard errors, and others as in the manual"),
        ("e(sample)", "marks the estimation sample"),
    ),
    synonyms=(("xtmixed", 7),),
)
